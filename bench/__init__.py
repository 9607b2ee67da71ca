"""Benchmarks: what this project's engines take, beside what others take for the same work."""
