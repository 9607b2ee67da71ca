"""Audited tables: each row names the audit line that stands for it, and that line carries a digest of all its rows.

The digest of a line's rows in one table is the SHA-256 of their texts in the order of the primary key. A text is
``name:bytes:value,`` for each column that is not null, `line` left out, then a line's end: a column added later leaves
older digests alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.storage.records import append_only, read_frames

LINE = "line"
"""The column that every audited table has: the number of the audit line that stands for the row."""

UNLINED = 0
"""What stands for the line of rows from before their table was audited: they have none."""

_FEW = 100  # rows: below, plain Python is quicker than a columnar engine's preparations


@dataclass(frozen=True, slots=True)
class Found:
    """What a table holds: audit line -> digest of its rows, and -> its first row in words."""

    digests: dict[int, str] = field(default_factory=dict)
    first: dict[int, str] = field(default_factory=dict)


def audited(table: sa.Table, *, later: bool = False) -> sa.Table:
    """``table``, append-only, whose rows are written by `Audit.append` alone.

    Args:
        later: it joined later: rows from before have no line; that of the upgrade stands for them (`unlined`).
    """
    table.append_column(sa.Column(LINE, sa.Integer, nullable=later))
    return append_only(table)


def digest(table: sa.Table, rows: pl.DataFrame) -> str:
    """The digest of ``rows``, one line's rows in ``table``; in any order, absent columns being null."""
    if rows.height >= _FEW:
        text = rows.sort(_key(table)).select(_texts(table, rows).str.join("")).item()
    else:
        names, key = _names(table), _key(table)
        in_order = sorted(rows.rows(named=True), key=lambda row: [row[name] for name in key])
        text = "".join(_text(names, row) for row in in_order)
    return hashlib.sha256(text.encode()).hexdigest()


def unlined(connection: Connection, table: sa.Table) -> str | None:
    """The digest of the rows of ``table`` that have no line; none if all have one."""
    return found(connection, table, table.c[LINE].is_(None)).digests.get(UNLINED)


def found(connection: Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> Found:
    """What ``table`` holds, of the rows that fit; read once, in the order of its key, in pieces."""
    running: dict[int, hashlib._Hash] = {}
    result = Found()
    collation = "BINARY" if connection.dialect.name == "sqlite" else "C"  # bytes, as polars sorts
    texts = (sa.String, sa.Text)
    order = [c.collate(collation) if isinstance(c.type, texts) else c for c in table.primary_key]
    for rows in read_frames(connection, sa.select(table).where(*where).order_by(*order)):
        piece = rows.with_columns(pl.col(LINE).fill_null(UNLINED))
        grouped = piece.group_by(LINE, maintain_order=True)
        for line, *key, text in grouped.agg(pl.col(_key(table)).first(), _texts(table, piece).str.join("")).iter_rows():
            if line not in running:
                running[line] = hashlib.sha256()
                result.first[line] = "，".join(f"{name}={value}" for name, value in zip(_key(table), key, strict=True))
            running[line].update(text.encode())
    result.digests.update({line: hash_.hexdigest() for line, hash_ in running.items()})
    return result


def _key(table: sa.Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _names(table: sa.Table) -> list[str]:
    return [column.name for column in table.columns if column.name != LINE]


def _texts(table: sa.Table, rows: pl.DataFrame) -> pl.Expr:
    values = {name: pl.col(name).cast(pl.String) for name in _names(table) if name in rows.columns}
    parts = [pl.format("{}:{}:{},", pl.lit(name), value.str.len_bytes(), value) for name, value in values.items()]
    return pl.concat_str([*parts, pl.lit("\n")], ignore_nulls=True)


def _text(names: list[str], row: Mapping[str, Any]) -> str:
    texts = [(name, _plain(row[name])) for name in names if row.get(name) is not None]
    return "".join(f"{name}:{len(text.encode())}:{text}," for name, text in texts) + "\n"


def _plain(value: Any) -> str:
    """As the columnar engine writes it: a truth value in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)
