"""Filed cases read in bulk: words and standings for topics, events for measures."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed import store

_AT_ONCE = 500
"""Numbers in one statement."""


def text_rows(
    connection: Connection,
    flow: str,
    *,
    since: dt.date | None = None,
    newest: int | None = None,
    among: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Of cases of a flow, by number: case_id, title, body, opened_on (text), state, department, attributes (JSON), contact_sha256.

    Args:
        since: only those opened on that day or later.
        newest: only so many, those with the highest numbers.
        among: only those with these numbers.
    """
    statement = _texts(flow)
    if since is not None:
        statement = statement.where(store.NOW.c.opened_on >= since.isoformat())
    if newest is not None:
        statement = statement.order_by(store.CASES.c.case_id.desc()).limit(newest)
    if among is None:
        return _read(connection, statement)
    numbers = sorted(among)
    pieces = [numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE)]
    return [row for piece in pieces for row in _read(connection, statement.where(store.CASES.c.case_id.in_(piece)))]


def _read(connection: Connection, statement: sa.Select[Any]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in connection.execute(statement).mappings()]
    return sorted(rows, key=lambda row: str(row["case_id"]))


def _texts(flow: str) -> sa.Select[Any]:
    title, body, now = store.WORDS.alias("title"), store.WORDS.alias("body"), store.NOW
    words = (title.c.text.label("title"), body.c.text.label("body"))
    standing = (now.c.opened_on, now.c.state, now.c.department, now.c.attributes)
    return (
        sa.select(store.CASES.c.case_id, *words, *standing, store.PERSONS.c.contact_sha256)
        .join(now, now.c.case_id == store.CASES.c.case_id)
        .join(title, sa.and_(title.c.case_id == store.CASES.c.case_id, title.c.place == "title"))
        .join(body, sa.and_(body.c.case_id == store.CASES.c.case_id, body.c.place == "body"))
        .outerjoin(store.PERSONS, store.PERSONS.c.case_id == store.CASES.c.case_id)
        .where(store.CASES.c.flow == flow)
    )


def event_columns(flow: str) -> sa.Select[Any]:
    """Every event of every case of a flow, by number and seq: what measures read."""
    events = store.EVENTS.c
    columns = (events.case_id, events.seq, events.step, events.to_state, events.at, events.department)
    return (
        sa.select(*columns, events.given, events.sets)
        .join(store.CASES, store.CASES.c.case_id == events.case_id)
        .where(store.CASES.c.flow == flow)
        .order_by(events.case_id, events.seq)
    )
