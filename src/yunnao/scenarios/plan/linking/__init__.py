"""Promises joined to what came of them: names, units, arithmetic, pairs, verdicts, and questions to the officer."""
