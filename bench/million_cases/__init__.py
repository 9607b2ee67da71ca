"""A record store with a million filed cases, and how long it takes to ask it something."""
