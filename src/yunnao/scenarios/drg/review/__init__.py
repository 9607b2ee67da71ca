"""Review and fairness: questions to a reviewer, special-case reviews and objections as cases, and what was decided as a register."""
