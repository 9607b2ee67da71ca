"""Photos and recordings from outside, made harmless before anybody keeps them."""
