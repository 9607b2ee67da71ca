"""Tables are named by their bytes."""

import datetime as dt
import hashlib
from pathlib import Path

import polars as pl
import pytest

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.text import Text
from yunnao.storage.tables import TableStore, conform, parquet_bytes, schema

FACTS = tuple(
    FactDefinition(id=kind.value, type=kind, title=Text(kind.value, kind.value))
    for kind in (FactType.KEY, FactType.MONEY, FactType.DATE, FactType.BOOLEAN, FactType.SHARE)
)
FRAME = pl.DataFrame(
    {
        "key": [f"k{i:06d}" for i in range(100_000)],
        "money": range(100_000),
        "date": [dt.date(2020, 1, 1)] * 100_000,
        "boolean": [None, True] * 50_000,
        "share": [5 * 10**10] * 100_000,
    },
    schema=schema(FACTS),
)


def test_equal_frames_give_equal_bytes_however_they_are_chunked() -> None:
    chunked = pl.concat([FRAME.head(3), FRAME.slice(3, 70_001), FRAME.slice(70_004)], rechunk=False)
    assert parquet_bytes(chunked) == parquet_bytes(FRAME)


def test_a_table_is_added_once_and_read_back(tmp_path: Path) -> None:
    store = TableStore(tmp_path)
    name = store.add(FRAME)
    before = store.path(name).stat().st_mtime_ns
    assert store.add(FRAME) == name
    assert store.path(name).stat().st_mtime_ns == before
    assert hashlib.sha256(store.path(name).read_bytes()).hexdigest() == name
    assert pl.read_parquet(store.verified(name)).equals(FRAME)


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_damage_is_noticed_and_mended_by_adding_again(tmp_path: Path, damage: str) -> None:
    store = TableStore(tmp_path)
    name = store.add(FRAME)
    store.verified(name)
    content = bytearray(store.path(name).read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        store.path(name).write_bytes(content)
    elif damage == "cut":
        store.path(name).write_bytes(content[:-1])
    else:
        store.path(name).unlink()
    with pytest.raises(YunnaoError, match="缺失或已损坏"):
        TableStore(tmp_path).verified(name)
    with pytest.raises(YunnaoError, match="缺失或已损坏"):
        store.verified(name)
    assert store.add(FRAME) == name
    assert store.is_whole(name)


def test_conforming_fills_orders_and_drops_columns() -> None:
    older = pl.LazyFrame({"other": [1], "money": [5], "key": ["k"]})
    assert conform(older, FACTS).collect().to_dicts() == [
        {"key": "k", "money": 5, "date": None, "boolean": None, "share": None}
    ]
    assert conform(older, FACTS).collect_schema() == schema(FACTS)
