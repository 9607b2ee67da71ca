"""The four bases. They never import one another."""
