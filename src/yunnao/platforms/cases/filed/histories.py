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
from yunnao.platforms.cases.filed.projection import now_row

TOGETHER = 500
"""Cases in one statement."""

History = tuple[FiledFlow, list[FiledEvent]]


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


def now_rows(
    connection: Connection, flows: Mapping[str, FiledFlow], case_ids: Sequence[str], calendar: WorkingCalendar
) -> dict[str, dict[str, Any]]:
    """Case -> what its row of the projection should be, made from its events and those of the case that it follows."""
    found = histories(connection, flows, case_ids)
    leads = {events[-1].follows for _, events in found.values()} - {None}
    known = found | histories(connection, flows, sorted(lead for lead in leads if lead and lead not in found))
    return {
        case_id: now_row(
            case_id, flow, events, calendar, known[events[-1].follows][1] if events[-1].follows in known else None
        )
        for case_id, (flow, events) in found.items()
    }
