"""From grouped stays to payments: a dated policy, exact points, shared budgets, runs that are kept."""
