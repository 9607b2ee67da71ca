"""Actors, roles and the rows they may see."""
