"""Rows of the projection, the most urgent first. Every statement follows an index, however many cases there are."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed.store import NOW, SHARES

_OF_SHARE = ("department", "since", "due_on", "due_clock", "provisional")
"""Columns that a row of a share has of its own; the others are those of its case."""


def waiting_rows(
    connection: Connection, department: str | None, closed: bool | None, limit: int
) -> list[dict[str, Any]]:
    """Rows of `store.NOW` with `share` (whether the department only co-handles it), no deadline last, then by number."""
    rows: list[dict[str, Any]] = []
    for statement in statements(department, closed, limit):
        rows += [dict(row) for row in connection.execute(statement).mappings()]
    rows.sort(key=lambda row: (row["due_on"] is None, row["due_on"] or "", row["case_id"], row["share"]))
    return rows[:limit]


def statements(department: str | None, closed: bool | None, limit: int) -> Iterator[sa.Select[Any]]:
    """What is asked for an inbox: each yields its rows in the inbox's order, ``limit`` at most."""
    now = NOW.c
    for ended in (False, True) if closed is None else (closed,):
        where = [now.closed == ended] if department is None else [now.department == department, now.closed == ended]
        statement = sa.select(NOW, sa.false().label("share")).where(*where).limit(limit)
        # apart, because an order by "is null" first follows no index
        yield statement.where(now.due_on.is_not(None)).order_by(now.due_on, now.case_id)
        yield statement.where(now.due_on.is_(None)).order_by(now.case_id)
    if department is not None and closed is not True:
        own = [SHARES.c[name] if name in _OF_SHARE else column for name, column in now.items()]
        shared = sa.select(*own, sa.true().label("share")).join_from(SHARES, NOW, now.case_id == SHARES.c.case_id)
        shared = shared.where(SHARES.c.department == department).limit(limit)
        yield shared.where(SHARES.c.due_on.is_not(None)).order_by(SHARES.c.due_on, SHARES.c.case_id)
        yield shared.where(SHARES.c.due_on.is_(None)).order_by(SHARES.c.case_id)
