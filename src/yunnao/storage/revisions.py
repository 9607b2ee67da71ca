"""The form of a record store's tables: which revision it has, kept in the store itself, and how missing parts of it are added.

A store is numbered when it is made. One that has tables but no number is of revision 1, from before there were numbers.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateColumn

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.records import append_only

METADATA = sa.MetaData()

REVISIONS = append_only(
    sa.Table(
        "store_revision",
        METADATA,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
    )
)
"""The revision that the store was made with and every one that it was brought to, with the instant; the greatest holds."""

UNNUMBERED = 1


def revision(connection: Connection) -> int | None:
    """The revision of the store's tables; none if it is empty."""
    present = sa.inspect(connection).get_table_names()
    if REVISIONS.name not in present:
        return UNNUMBERED if present else None
    return int(connection.execute(sa.select(sa.func.max(REVISIONS.c.number))).scalar_one())


def number(connection: Connection, revision_: int, at: str) -> None:
    """Note that the store has the form of ``revision_`` from the instant ``at`` on."""
    METADATA.create_all(connection)
    connection.execute(sa.insert(REVISIONS).values(number=revision_, at=at))


def complete(connection: Connection, metadata: sa.MetaData) -> set[str]:
    """Add what the store lacks of ``metadata``: tables with their triggers, columns (empty in the rows there are), indexes.

    Rows are neither changed nor removed. An index that has other columns than declared is made anew.

    Returns:
        The tables that were made or got columns.

    Raises:
        YunnaoError: a column is lacking that may not be empty: no earlier revision had such a table.
    """
    inspector = sa.inspect(connection)
    present, changed = set(inspector.get_table_names()), set()
    for table in metadata.sorted_tables:
        if table.name not in present:
            table.create(connection)
            changed.add(table.name)
            continue
        known = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name in known:
                continue
            if not column.nullable:
                raise YunnaoError(
                    f"记录库的表 {table.name} 没有列 {column.name}，不是任何已发布版本写下的；请从备份恢复后再升级"
                )
            declared = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {declared}")
            changed.add(table.name)
        indexes = {index["name"]: index["column_names"] for index in inspector.get_indexes(table.name)}
        for index in table.indexes:
            wanted = [column.name for column in index.columns]
            if indexes.get(index.name) != wanted:
                if index.name in indexes:
                    index.drop(connection)
                index.create(connection)
    return changed
