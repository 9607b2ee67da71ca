"""Histories of many filed cases at once, read in a few statements however many there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.projection import now_row, share_rows

TOGETHER = 500
"""Cases in one statement."""

History = tuple[FiledFlow, list[FiledEvent]]
Projected = tuple[dict[str, Any], list[dict[str, Any]]]
"""A case's row of `store.NOW` and those of `store.SHARES`."""


def numbers(
    connection: Connection, column: sa.ColumnElement[str], *where: sa.ColumnElement[bool], after: str = ""
) -> list[str]:
    """The next `TOGETHER` numbers in ``column`` after ``after``, in order, of rows that fit; fewer at the end."""
    statement = sa.select(column).where(*where, column > after).order_by(column).limit(TOGETHER)
    return list(connection.execute(statement).scalars())


def histories(connection: Connection, flows: Mapping[str, FiledFlow], case_ids: Sequence[str]) -> dict[str, History]:
    """Case -> flow and events, without the words that people wrote, which neither states nor clocks depend on.

    Cases that are not there, or whose flow is gone, are left out.
    """
    found: dict[str, History] = {}
    for start in range(0, len(case_ids), TOGETHER):
        some = case_ids[start : start + TOGETHER]
        cases = store.CASES.c
        flow_of = {
            row.case_id: row.flow
            for row in connection.execute(sa.select(cases.case_id, cases.flow).where(cases.case_id.in_(some)))
        }
        events: dict[str, list[FiledEvent]] = defaultdict(list)
        statement = sa.select(store.EVENTS).where(store.EVENTS.c.case_id.in_(some))
        for row in connection.execute(statement).mappings():
            events[row["case_id"]].append(store.event_from(row, {}))
        for case_id, own in events.items():
            if flow_of[case_id] in flows:
                found[case_id] = flows[flow_of[case_id]], sorted(own, key=lambda event: event.seq)
    return found


def projected(
    connection: Connection, flows: Mapping[str, FiledFlow], case_ids: Sequence[str], calendar: WorkingCalendar
) -> dict[str, Projected]:
    """Case -> what its rows of the projection should be, made from its events and those of the case that it follows."""
    found = histories(connection, flows, case_ids)
    leads = {each for _, events in found.values() if (each := events[-1].follows)}
    known = found | histories(connection, flows, sorted(leads - set(found)))
    rows = {}
    for case_id, (flow, events) in found.items():
        lead = known.get(events[-1].follows or "")
        now = now_row(case_id, flow, events, calendar, lead[1] if lead else None)
        rows[case_id] = now, share_rows(case_id, flow, events, calendar)
    return rows


def kept_rows(connection: Connection, case_ids: Sequence[str]) -> dict[str, Projected]:
    """Case -> its rows of the projection as they are kept; cases without any are left out."""
    shares: dict[str, list[dict[str, Any]]] = defaultdict(list)
    of_cases = sa.select(store.SHARES).where(store.SHARES.c.case_id.in_(case_ids)).order_by(store.SHARES.c.department)
    for row in connection.execute(of_cases).mappings():
        shares[row["case_id"]].append(dict(row))
    now = sa.select(store.NOW).where(store.NOW.c.case_id.in_(case_ids))
    return {row["case_id"]: (dict(row), shares[row["case_id"]]) for row in connection.execute(now).mappings()}


def project_anew(
    connection: Connection, flows: Mapping[str, FiledFlow], case_ids: Sequence[str], calendar: WorkingCalendar
) -> None:
    """Put what the events say in place of the rows of these cases; a number that no case has loses its row.

    A case whose flow is gone keeps its row until the flow is there again.
    """
    rows = projected(connection, flows, case_ids, calendar)
    cases = store.CASES.c.case_id
    there = set(connection.execute(sa.select(cases).where(cases.in_(case_ids))).scalars())
    older = [case_id for case_id in case_ids if case_id in rows or case_id not in there]
    store.replace_now(connection, [now for now, _ in rows.values()], older)
    store.replace_shares(connection, [share for _, shares in rows.values() for share in shares], older)
