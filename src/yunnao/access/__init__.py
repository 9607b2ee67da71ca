"""操作人与范围: who acts, in which roles, on which department's cases."""
