"""应用场景: one folder each; they never import one another."""
