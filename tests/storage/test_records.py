"""The record store; the same on SQLite and PostgreSQL where it can be."""

import datetime as dt
import gc
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.platforms.cases.databases import dialect, postgres_uri, records, target
from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.storage.records import Records, append_only, insert_frame, read_frame

__all__ = ["dialect", "postgres_uri", "records", "target"]

METADATA = sa.MetaData()
NOTES = append_only(
    sa.Table(
        "note",
        METADATA,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("words", sa.Text),
        sa.Column("fen", sa.BigInteger),
        sa.Column("good", sa.Boolean),
        sa.Column("day", sa.Date),
    )
)
FREE = sa.Table("free", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("d", sa.JSON))
SCHEMA = {"id": pl.Int64, "words": pl.String, "fen": pl.Int64, "good": pl.Boolean, "day": pl.Date}


@pytest.fixture
def store(records: Records) -> Records:
    records.create(METADATA)
    return records


def rows(*words: str | None) -> pl.DataFrame:
    return pl.DataFrame({"id": range(len(words)), "words": words}, schema={"id": pl.Int64, "words": pl.String})


def count(store: Records) -> int:
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(NOTES)).scalar_one()


def test_creating_again_changes_nothing(store: Records) -> None:
    with store.write() as connection:
        insert_frame(connection, NOTES, rows("x"))
    store.create(METADATA)
    assert count(store) == 1


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    values=st.lists(
        st.tuples(
            st.none() | TEXT,
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.booleans(),
            st.none() | st.dates(dt.date(1900, 1, 1)),
        ),
        max_size=20,
    )
)
def test_a_frame_comes_back_as_it_went_in(
    store: Records, values: list[tuple[str | None, int | None, bool | None, dt.date | None]]
) -> None:
    frame = pl.DataFrame([(number, *row) for number, row in enumerate(values)], schema=SCHEMA, orient="row")
    stored = frame.with_columns(pl.col("day").cast(pl.String)) if store.dialect == "sqlite" else frame
    with store.write() as connection:
        insert_frame(connection, NOTES, stored)
        assert_frame_equal(read_frame(connection, sa.select(NOTES).order_by(NOTES.c.id)), frame)
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    assert count(store) == 0


def test_reading_nothing_keeps_the_types(store: Records) -> None:
    assert store.read_frame(sa.select(NOTES)).schema == SCHEMA


@pytest.mark.parametrize("statement", ["UPDATE note SET words = 'b'", "DELETE FROM note"])
def test_append_only(store: Records, statement: str) -> None:
    with store.write() as connection:
        insert_frame(connection, NOTES, rows("a"))
    with pytest.raises(DBAPIError, match="note is append-only"), store.write() as connection:
        connection.exec_driver_sql(statement)
    assert store.read_frame(sa.select(NOTES.c.words)).rows() == [("a",)]


def test_append_only_by_the_back_doors(store: Records) -> None:
    with store.write() as connection:
        insert_frame(connection, NOTES, rows("a"))
    back_door = (
        "INSERT OR REPLACE INTO note (id, words) VALUES (0, 'b')"
        if store.dialect == "sqlite"
        else "TRUNCATE note CASCADE"
    )
    with pytest.raises(DBAPIError, match="append-only"), store.write() as connection:
        connection.exec_driver_sql(back_door)
    assert store.read_frame(sa.select(NOTES.c.words)).rows() == [("a",)]


def test_json_keys_in_chinese_are_found(store: Records) -> None:
    with store.write() as connection:
        connection.execute(sa.insert(FREE).values(id=1, d={"街": "示例街"}))
    with store.read() as connection:
        found = connection.execute(sa.select(FREE.c.id).where(FREE.c.d["街"].as_string() == "示例街")).scalars().all()
    assert found == [1]


def test_a_transaction_is_whole_or_nothing(store: Records) -> None:
    def twice() -> None:
        with store.write() as connection:
            insert_frame(connection, NOTES, rows("a"))
            insert_frame(connection, NOTES, rows("b"))

    with pytest.raises(IntegrityError):
        twice()
    assert count(store) == 0
    with store.write() as connection:
        insert_frame(connection, NOTES, rows("c"))
    assert count(store) == 1


def test_a_reader_sees_one_moment(store: Records) -> None:
    with store.read() as connection:
        first = connection.execute(sa.select(sa.func.count()).select_from(NOTES)).scalar_one()
        with store.write() as writer:
            insert_frame(writer, NOTES, rows("a"))
        assert connection.execute(sa.select(sa.func.count()).select_from(NOTES)).scalar_one() == first == 0
    assert count(store) == 1


def test_writers_wait_for_one_another(store: Records) -> None:
    entered = threading.Event()

    def slow() -> None:
        with store.write() as connection:
            entered.set()
            time.sleep(0.3)
            insert_frame(connection, NOTES, rows("first"))

    thread = threading.Thread(target=slow)
    thread.start()
    assert entered.wait(5)
    with store.write() as connection:
        seen = connection.execute(sa.select(NOTES.c.words)).scalars().all()
    thread.join()
    assert seen == ["first"]


def test_a_writer_that_waits_too_long_says_so(store: Records, target: str) -> None:
    impatient = Records.open(target, wait_seconds=1)
    try:
        with store.write() as connection:
            insert_frame(connection, NOTES, rows("a"))
            with pytest.raises(HomeBusy, match="正有别的命令在写"), impatient.write():
                pass
    finally:
        impatient.close()
    assert count(store) == 1


def test_more_rows_than_are_moved_at_a_time(store: Records) -> None:
    frame = pl.DataFrame({"id": pl.int_range(0, 120_001, eager=True)}).with_columns(words=pl.format("字{}", "id"))
    with store.write() as connection:
        insert_frame(connection, NOTES, frame)
    back = store.read_frame(sa.select(NOTES.c.id, NOTES.c.words).order_by(NOTES.c.id))
    assert_frame_equal(back, frame)


def test_a_full_disk_is_a_sentence_and_leaves_everything_whole(tmp_path: Path) -> None:
    store = Records.open(tmp_path / "records.sqlite")
    store.create(METADATA)
    with store.write() as connection:
        insert_frame(connection, NOTES, rows("kept"))

    def fill() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 20")
            insert_frame(connection, NOTES, pl.DataFrame({"id": range(1, 100), "words": ["x" * 4000] * 99}))

    with pytest.raises(YunnaoError, match="磁盘已满"):
        fill()
    assert store.read_frame(sa.select(NOTES.c.words)).rows() == [("kept",)]
    store.close()


def test_a_nul_is_kept_or_refused_with_a_sentence(store: Records) -> None:
    def by_frame() -> None:
        with store.write() as connection:
            insert_frame(connection, NOTES, rows("a\0b"))

    def by_row() -> None:
        with store.write() as connection:
            connection.execute(sa.insert(NOTES).values(id=1, words="a\0b"))

    for insert in (by_frame, by_row):
        if store.dialect == "sqlite":
            insert()
        else:
            with pytest.raises(YunnaoError, match="控制字符"):
                insert()
    kept = store.read_frame(sa.select(NOTES.c.words))["words"].to_list()
    assert kept == (["a\0b"] * 2 if store.dialect == "sqlite" else [])


def test_broken_stores_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("this is not a database " * 100)
    with sqlite3.connect(tmp_path / "other.sqlite"):
        pass
    for place, says in (
        (tmp_path / "text.sqlite", "不是可用的记录库"),
        (tmp_path, "打不开记录库"),
        (tmp_path / "no" / "such" / "folder.sqlite", "打不开记录库"),
        ("postgresql://u:secret@127.0.0.1:1/x", "连不上数据库"),
        ("mysql://u:p@h/x", "不支持的数据库：mysql"),
        ("not a url", "写法不对"),
        ("sqlite://", "不支持的数据库"),
    ):
        with pytest.raises(YunnaoError, match=says) as caught:
            Records.open(place).create(METADATA)
        assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there(postgres_uri: str) -> None:
    with pytest.raises(YunnaoError, match="不存在"):
        Records.open(postgres_uri.replace("/postgres?", "/nowhere?")).create(METADATA)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    store = Records.open(tmp_path / "records.sqlite")
    store.create(METADATA)
    assert [path.stat().st_mode & 0o777 for path in sorted(tmp_path.iterdir())] == [0o600] * len(
        list(tmp_path.iterdir())
    )
    store.close()


def test_another_process_that_closes_the_file_leaves_the_log_of_this_one(tmp_path: Path) -> None:
    """Every connection more keeps the locks of those before; without them the last one to close elsewhere deletes the log."""
    file = tmp_path / "records.sqlite"
    store = Records.open(file)
    store.create(METADATA)
    ask = (
        f"import sqlite3; c = sqlite3.connect({str(file)!r}); "
        "print(c.execute('select count(*) from free').fetchone()[0]); c.close()"
    )

    def asked_elsewhere() -> int:
        return int(subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, text=True).stdout)

    with store.read() as first, store.read() as second:
        first.execute(sa.select(FREE)).all()
        second.execute(sa.select(FREE)).all()
    assert asked_elsewhere() == 0
    assert (tmp_path / "records.sqlite-wal").exists()
    with store.write() as connection:
        connection.execute(sa.insert(FREE), [{"id": 1, "d": {}}])
    assert asked_elsewhere() == 1
    store.close()


def test_a_store_that_nobody_holds_any_more_leaves_no_connection_open(target: str) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        store = Records.open(target)
        with store.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        holder: list[object] = [store]
        holder.append(holder)  # as a district and what it hands out hold each other
        del store, connection, holder
        gc.collect()
    assert [str(each.message) for each in warned if issubclass(each.category, ResourceWarning)] == []
