"""Targets of a plan: what was promised, judged exactly, followed through the year."""
