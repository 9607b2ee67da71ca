"""留言答复时限: whether messages to the government were answered in time."""
