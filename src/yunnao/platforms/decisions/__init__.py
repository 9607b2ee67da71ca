"""决策: published policies decide, and explain."""
