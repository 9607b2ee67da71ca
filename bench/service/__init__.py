"""What measures a served district has in common: its home, its database, its process, its citizens."""
