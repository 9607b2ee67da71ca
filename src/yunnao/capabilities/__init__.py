"""能力: pure functions that any scenario or outside system may call; no storage, no clock, no network."""
