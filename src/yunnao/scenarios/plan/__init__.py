"""Plan reports: what a district reached and promised, read from the words of its own report."""
