"""同类诉求: which messages are about the same event, which events move most citizens, and what a new message may repeat."""
