"""Audited tables: each row names the audit line that stands for it, and that line carries a digest of all its rows.

The digest of a line's rows in one table is the SHA-256 of their texts in the order of the primary key. A text is
``name:bytes:value,`` for each column that is not null, `line` left out: a column added later leaves older digests alone.
"""

import hashlib
from collections.abc import Iterable

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.storage.records import append_only, read_frame

LINE = "line"
"""The column that every audited table has: the number of the audit line that stands for the row."""


def audited(table: sa.Table) -> sa.Table:
    """``table``, append-only, whose rows are written by `Audit.append` alone."""
    table.append_column(sa.Column(LINE, sa.Integer, nullable=False, index=True))
    return append_only(table)


def digest(table: sa.Table, rows: pl.DataFrame) -> str:
    """The digest of ``rows``, one line's rows in ``table``; in any order, absent columns being null."""
    return _sha256(_texts(table, rows)["text"])


def digests(connection: Connection, table: sa.Table, first: int, last: int) -> dict[int, str]:
    """Audit line -> digest of its rows in ``table``, of the lines from ``first`` to ``last``."""
    line = table.c[LINE]
    rows = read_frame(connection, sa.select(table).where(line.between(first, last)))
    grouped = _texts(table, rows).group_by(LINE, maintain_order=True).agg("text")
    return {number: _sha256(texts) for number, texts in grouped.iter_rows()}


def beyond(connection: Connection, table: sa.Table, last: int) -> tuple[int, str] | None:
    """The first row for which no line up to ``last`` can stand: the line that it names, and what the row is."""
    line, key = table.c[LINE], [column.name for column in table.primary_key]
    strange = sa.select(line, *table.primary_key).where((line > last) | (line < 1))
    row = connection.execute(strange.order_by(line, *table.primary_key).limit(1)).first()
    if row is None:
        return None
    return row[0], f"{table.name} " + "，".join(f"{name}={value}" for name, value in zip(key, row[1:], strict=True))


def _texts(table: sa.Table, rows: pl.DataFrame) -> pl.DataFrame:
    names = [column.name for column in table.columns if column.name != LINE and column.name in rows.columns]
    values = {name: pl.col(name).cast(pl.String) for name in names}
    parts = [pl.format("{}:{}:{},", pl.lit(name), value.str.len_bytes(), value) for name, value in values.items()]
    key = [column.name for column in table.primary_key]
    text = pl.concat_str(parts, ignore_nulls=True).alias("text")
    return rows.sort(key).select(text, *[LINE for _ in [0] if LINE in rows.columns])


def _sha256(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
