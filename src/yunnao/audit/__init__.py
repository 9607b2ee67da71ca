"""审计: an append-only log in which every line carries the hash of the one before."""
