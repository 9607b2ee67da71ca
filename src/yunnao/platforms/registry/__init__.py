"""数据: registers become facts, facts become snapshots."""
