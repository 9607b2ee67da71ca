"""The shared words of the house. Imports nothing of ours."""
