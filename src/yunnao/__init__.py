"""Yunnao (云脑): an open city brain for a district."""
