"""能力超市: finds scenarios and runs them from facts to indicators."""
