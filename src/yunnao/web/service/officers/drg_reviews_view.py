"""Special-case reviews and objections as a hospital follows them: where each stands, by when, and what was answered."""

import datetime as dt
from collections.abc import Collection, Sequence
from types import SimpleNamespace

from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.clocks import due
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.service import FiledCases, FiledView
from yunnao.scenarios.drg.review.filings import FLOWS, stay_of
from yunnao.web.service.officers.drg_views import STAY, Cell, Grid, path, row

_EVERY = 1_000_000
_DASH = "—"
_ENDS = ("decide", "turn_away", "withdraw")


def reviews_of(cases: FiledCases, attribute: str, value: str) -> list[FiledView]:
    """The reviews and objections whose ``attribute`` (hospital, stay) has this value, the newest first."""
    flows = [flow for flow in FLOWS.values() if flow in cases.flows]
    found = [
        view
        for flow in flows
        for view in cases.search(Wanted(flow=flow, attribute=attribute, kinds=[value], limit=_EVERY))
    ]
    return sorted(found, key=lambda view: (view.case.opened_at, view.case.case_id), reverse=True)


def reviews_grid(
    views: Sequence[FiledView],
    today: dt.date,
    calendar: WorkingCalendar,
    say: SimpleNamespace,
    language: Language,
    own: Collection[str] | None,
) -> Grid:
    """What is followed of each case.

    Args:
        own: the hospital's stays of the settlement that is shown, which have pages; none for the office, which opens every case. The
            stay of a readmission may be another hospital's: to a hospital it has a number only if it is among its own.
    """
    heads = (say.number, say.matter_of, say.stay, say.filed_on, say.state, say.due, say.answer)
    rows = []
    for view in views:
        number, stay, flow = view.case.case_id, stay_of(view.case.filing_key), view.flow
        theirs = own is None or stay in own
        named = theirs or view.standing.attributes.get("ground") != "readmission"
        rows.append(
            row(
                Cell(number, f"/desk/cases/{number}" if own is None else ""),
                _in(flow.title, language),
                Cell(stay if named else _DASH, path(STAY, stay) if theirs else ""),
                view.events[0].day.isoformat(),
                _in(flow.states[view.standing.state].title, language),
                _due(view, today, calendar, say, language),
                answer(view, say, language) or _DASH,
            )
        )
    return Grid(heads=heads, rows=tuple(rows), figures=False)


def _due(view: FiledView, today: dt.date, calendar: WorkingCalendar, say: SimpleNamespace, language: Language) -> str:
    """The deadline of the clock that runs, or that it stands still; a dash where none runs."""
    for run in view.clocks:
        if run.stopped is None:
            title = _in(run.clock.title, language)
            if run.standing_still:
                return f"{title}{say.colon}{say.paused}"
            try:
                return f"{title}{say.colon}{due(run, today, calendar).day}"
            except YunnaoError:
                return title
    return _DASH


def answer(view: FiledView, say: SimpleNamespace, language: Language) -> str:
    """What the office answered last: its decision, why it was not taken up, which documents it awaits; "" while there is none."""
    for event in reversed(view.events):
        if event.step == "reopen":
            return ""
        if event.step == "ask_documents" and view.standing.state == event.to_state:
            return f"{say.documents}{say.colon}{masked(event.reason or '')}"
        if event.step in _ENDS:
            return str(say.join.join(_ended(view, event, say, language)))
    return ""


def _ended(view: FiledView, event: FiledEvent, say: SimpleNamespace, language: Language) -> list[str]:
    parts = [f"{_in(view.flow.states[event.to_state].title, language)} ({event.day})"]
    if "decided_drg" in event.sets:
        parts.append(say.decided_drg.format(drg=event.sets["decided_drg"]))
    cost = event.sets.get("unreasonable_cost_fen")
    if isinstance(cost, int):
        parts.append(say.decided_cost.format(cost=yuan_text(cost)))
    return [*parts, masked(event.reason)] if event.reason else parts


def _in(title: object, language: Language) -> str:
    return str(getattr(title, language))
