from tests.platforms.cases.databases import dialect, postgres_uri, records, target

__all__ = ["dialect", "postgres_uri", "records", "target"]
