"""The form of a store's tables: numbered once, completed without touching a row; on both databases."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.platforms.cases.databases import dialect, postgres_uri, records, target
from yunnao.kernel.errors import YunnaoError
from yunnao.storage.records import Records, append_only
from yunnao.storage.revisions import REVISIONS, UNNUMBERED, complete, number, revision

__all__ = ["dialect", "postgres_uri", "records", "target"]


def declared(*more: sa.Column[str], index: tuple[str, ...] = ("words",)) -> sa.MetaData:
    """A table of notes with further columns, and an index."""
    metadata = sa.MetaData()
    columns = (sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), sa.Column("words", sa.String))
    append_only(sa.Table("note", metadata, *columns, *more, sa.Index("ix_note", *index)))
    return metadata


@pytest.fixture
def older(records: Records) -> Records:
    """A store with one note, in the first form."""
    records.create(declared())
    with records.write() as connection:
        connection.exec_driver_sql("INSERT INTO note (id, words) VALUES (1, '照旧')")
    return records


def test_a_store_without_a_number_is_empty_or_of_the_first_revision(records: Records) -> None:
    with records.write() as connection:
        assert revision(connection) is None
        declared().create_all(connection)
        assert revision(connection) == UNNUMBERED
        number(connection, 4, "2026-01-01T00:00:00.000000Z")
        number(connection, 3, "2026-01-02T00:00:00.000000Z")
        assert revision(connection) == 4
    with pytest.raises((DBAPIError, YunnaoError), match="append-only"), records.write() as connection:
        connection.execute(sa.delete(REVISIONS))


def test_columns_and_indexes_are_added_and_rows_and_triggers_stay(older: Records) -> None:
    wanted = declared(sa.Column("place", sa.String), index=("words", "place"))
    with older.write() as connection:
        assert complete(connection, wanted) == {"note"}
        assert complete(connection, wanted) == set()
    with older.read() as connection:
        assert connection.execute(sa.select(wanted.tables["note"])).all() == [(1, "照旧", None)]
        (index,) = sa.inspect(connection).get_indexes("note")
    assert index["column_names"] == ["words", "place"]
    with pytest.raises((DBAPIError, YunnaoError), match="append-only"), older.write() as connection:
        connection.exec_driver_sql("UPDATE note SET place = 'x'")


def test_a_new_table_comes_with_its_triggers(records: Records) -> None:
    with records.write() as connection:
        assert complete(connection, declared()) == {"note"}
        connection.exec_driver_sql("INSERT INTO note (id, words) VALUES (1, 'x')")
    with pytest.raises((DBAPIError, YunnaoError), match="append-only"), records.write() as connection:
        connection.exec_driver_sql("DELETE FROM note")


def test_what_may_not_be_empty_cannot_be_added(older: Records) -> None:
    wanted = declared(sa.Column("place", sa.String, nullable=False))
    with pytest.raises(YunnaoError, match="表 note 没有列 place"), older.write() as connection:
        complete(connection, wanted)
