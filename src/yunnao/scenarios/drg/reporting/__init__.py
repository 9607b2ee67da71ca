"""Settlement statements as Word documents, and the same numbers as workbooks; every sum is that of the run's own frames."""
