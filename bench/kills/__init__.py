"""kill -9 of the service at random instants under mixed load, and what must hold afterwards."""
