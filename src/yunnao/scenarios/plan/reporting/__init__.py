"""The next report's skeleton, out of the targets and results that a home keeps."""
