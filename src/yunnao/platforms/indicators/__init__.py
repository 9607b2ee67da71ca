"""度量: numbers with lineage."""
