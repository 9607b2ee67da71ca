"""流转: matters with steps and deadlines."""
