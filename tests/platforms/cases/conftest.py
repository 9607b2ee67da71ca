from pathlib import Path

import pytest

from tests.platforms.cases.databases import another_target, dialect, postgres_uri, records, target
from tests.platforms.cases.world import World
from yunnao.storage.records import Records

__all__ = ["another_target", "dialect", "postgres_uri", "records", "target"]


@pytest.fixture
def world(records: Records, tmp_path: Path) -> World:
    """A district without budgets."""
    return World(records, tmp_path)
