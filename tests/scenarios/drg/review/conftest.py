"""The databases that every contract is tested on."""

from tests.platforms.cases.databases import another_target, dialect, postgres_uri, records, target

__all__ = ["another_target", "dialect", "postgres_uri", "records", "target"]
