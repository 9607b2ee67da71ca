"""Where a filed case stands, as one row: made from its events, kept for inboxes, and comparable with what is kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.clocks import Due, clock_runs, due
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent, FiledStanding, fold
from yunnao.platforms.cases.filed.shares import open_shares
from yunnao.platforms.cases.filed.store import canonical


def dues(flow: FiledFlow, events: Sequence[FiledEvent], today: dt.date, calendar: WorkingCalendar) -> list[Due]:
    """When the clocks that run now are due, the earliest first; those beyond the calendar are left out."""
    found = []
    for run in clock_runs(flow, events):
        if run.stopped is None:
            inside = tuple(outer for outer in run.inside if not outer.standing_still)
            try:
                found.append(due(replace(run, inside=inside), today, calendar))
            except YunnaoError:
                continue
    return sorted(found, key=lambda each: (each.day, each.run.clock.id))


def _first(flow: FiledFlow, events: Sequence[FiledEvent], calendar: WorkingCalendar, share: str | None) -> Due | None:
    """The clock of the case itself, or of a department's share, that is due first."""
    running = dues(flow, events, events[-1].day, calendar)
    return next((each for each in running if each.run.share == share and not each.run.standing_still), None)


def share_rows(
    case_id: str, flow: FiledFlow, events: Sequence[FiledEvent], calendar: WorkingCalendar
) -> list[dict[str, Any]]:
    """The rows of `store.SHARES`, by department: a function of the events and the calendar alone.

    While the clock that a share lies inside of stands still, its end moves on with every day and is never passed; the share is then
    given by its own days.
    """
    rows = []
    for department, share in sorted(open_shares(flow, events).items()):
        first = _first(flow, events, calendar, department)
        rows.append(
            {
                "case_id": case_id,
                "department": department,
                "since": share.opened.isoformat(),
                "due_on": first.day.isoformat() if first else None,
                "due_clock": first.run.clock.id if first else None,
                "provisional": bool(first and first.provisional),
            }
        )
    return rows


def shown_department(standing: FiledStanding, lead: Sequence[FiledEvent] | None) -> str | None:
    """Who has a case: its own department, or that of the case it follows."""
    return fold(lead).department if standing.follows is not None and lead else standing.department


def now_row(
    case_id: str,
    flow: FiledFlow,
    events: Sequence[FiledEvent],
    calendar: WorkingCalendar,
    lead: Sequence[FiledEvent] | None = None,
) -> dict[str, Any]:
    """The row of `store.NOW`: a function of the events and the calendar alone.

    A clock that stands still is given as of the case's last event.

    Args:
        lead: events of the case that it follows, whose department it is shown with.
    """
    standing = fold(events)
    first = _first(flow, events, calendar, None)
    return {
        "case_id": case_id,
        "flow": flow.id,
        "state": standing.state,
        "closed": standing.state in flow.closed,
        "department": shown_department(standing, lead),
        "attributes": canonical(dict(standing.attributes)),
        "opened_on": standing.opened.isoformat(),
        "since": standing.since.isoformat(),
        "due_on": first.day.isoformat() if first else None,
        "due_clock": first.run.clock.id if first else None,
        "provisional": bool(first and first.provisional),
        "category": standing.attributes.get("category"),
        "street": standing.attributes.get("street"),
        "follows": standing.follows,
        "seq": standing.seq,
    }
