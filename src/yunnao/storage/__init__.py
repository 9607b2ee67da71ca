"""The only floor that knows a database or a file format."""
