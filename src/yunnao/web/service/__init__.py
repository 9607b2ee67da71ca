"""The running service: the doors by which citizens and other systems file appeals and follow them."""
