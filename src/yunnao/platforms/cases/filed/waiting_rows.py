"""Rows of the projection, the most urgent first. Every statement follows an index, however many cases there are."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed.store import NOW, SHARES

_OF_SHARE = ("department", "since", "due_on", "due_clock", "provisional")
"""Columns that a row of a share has of its own; the others are those of its case."""


def waiting_rows(
    connection: Connection, department: str | None, closed: bool | None, limit: int, flow: str | None = None
) -> list[dict[str, Any]]:
    """Rows of `store.NOW` with `share` (whether the department only co-handles it) and `lead` (which department has it then).

    No deadline last, then by number; of one flow, if one is named.
    """
    rows: list[dict[str, Any]] = []
    for statement in statements(department, closed, limit, flow):
        rows += [dict(row) for row in connection.execute(statement).mappings()]
    rows.sort(key=lambda row: (row["due_on"] is None, row["due_on"] or "", row["case_id"], row["share"]))
    return rows[:limit]


def statements(
    department: str | None, closed: bool | None, limit: int, flow: str | None = None
) -> Iterator[sa.Select[Any]]:
    """What is asked for an inbox: each brings the first ``limit`` of its kind."""
    now = NOW.c
    for ended in (False, True) if closed is None else (closed,):
        where = [now.closed == ended] if department is None else [now.department == department, now.closed == ended]
        where += [now.flow == flow] if flow else []
        statement = sa.select(NOW, now.department.label("lead"), sa.false().label("share")).where(*where).limit(limit)
        # apart, because an order by "is null" first follows no index
        yield statement.where(now.due_on.is_not(None)).order_by(now.due_on, now.case_id)
        yield statement.where(now.due_on.is_(None)).order_by(now.due_on, now.case_id)
    if department is not None and closed is not True:  # no flow but that of appeals has shares
        shares = SHARES.c
        own = sa.select(SHARES).where(shares.department == department).limit(limit)
        for page in (
            own.where(shares.due_on.is_not(None)).order_by(shares.due_on, shares.case_id),
            own.where(shares.due_on.is_(None)).order_by(shares.due_on, shares.case_id),
        ):
            yield with_cases(page)


def with_cases(page: sa.Select[Any]) -> sa.Select[Any]:
    """The rows of `store.NOW` for a query on `store.SHARES`, with what each share has of its own; `lead` has the case.

    Args:
        page: limited before it is joined, else PostgreSQL joins all of a department's shares.
    """
    now, own = NOW.c, page.subquery()
    columns = [own.c[name] if name in _OF_SHARE else column for name, column in now.items()]
    statement = sa.select(*columns, now.department.label("lead"), sa.true().label("share"))
    return statement.join_from(own, NOW, now.case_id == own.c.case_id)
