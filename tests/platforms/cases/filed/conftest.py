from pathlib import Path

import pytest

from tests.platforms.cases.databases import dialect, postgres_uri, records, target
from tests.platforms.cases.filed.desk import Desk
from yunnao.storage.records import Records

__all__ = ["dialect", "postgres_uri", "records", "target"]


@pytest.fixture
def desk(records: Records, tmp_path: Path) -> Desk:
    """An empty desk, on each database in turn."""
    return Desk(records, folder=tmp_path / "attachments")
