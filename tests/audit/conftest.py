from tests.platforms.cases.databases import postgres_uri, records, target

__all__ = ["postgres_uri", "records", "target"]
