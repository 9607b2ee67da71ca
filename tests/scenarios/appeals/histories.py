"""Random histories that the flow of appeals allows, and what they come to, counted case by case in plain Python."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import DEPARTMENTS, appeal_flow
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.clocks import clock_runs, due
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep, GivenField
from yunnao.platforms.cases.filed.events import FiledEvent, fold, opening
from yunnao.platforms.cases.filed.store import event_row
from yunnao.platforms.cases.filed.workflow import Asked, Surroundings, take

TODAY = dt.date(2026, 5, 6)
AROUND = Surroundings(calendar=shipped_calendar(), departments=DEPARTMENTS)
FLOW = appeal_flow()
_ASSIGNING = ("dispatch", "redispatch", "adjudicate")
_CATEGORIES = ("环境保护", "环境保护/大气", "环境保护/大气/油烟", "交通运输", "交通运输/公交")

History = list[FiledEvent]


@st.composite
def histories(draw: st.DrawFn, flow: FiledFlow = FLOW) -> History:
    """The events of one case that steps, drawn from those its state allows, have made."""
    start = dt.date(2026, 2, 2) + dt.timedelta(days=draw(st.integers(0, 60)))
    attributes: dict[str, Any] = {}
    for name, values in (
        ("kind", sorted(flow.attributes["kind"].values)),
        ("category", _CATEGORIES),
        ("street", ("A", "B")),
    ):
        if name in flow.attributes and draw(st.booleans()):
            attributes[name] = draw(st.sampled_from(values))
    at = dt.datetime.combine(start, dt.time(draw(st.integers(0, 23))), CHINA)
    events = [opening(flow.starts, at, "web", attributes)]
    for _ in range(draw(st.integers(0, 18))):
        at += dt.timedelta(hours=draw(st.sampled_from([0, 1, 20, 30, 75, 200])))
        step = draw(st.sampled_from(flow.steps_from(fold(events).state)))
        if step.follows:
            continue  # needs a lead: see test_measures.py
        given = {name: draw(_given(field)) for name, field in step.gives.items() if not field.by_machine}
        asked = Asked(step=step.id, actor=_actor(step, fold(events).department), at=at, reason="理由", given=given)
        try:
            events.append(take(flow, "SQ1", events, asked, AROUND))
        except StepRefused:
            continue
    return events


def _actor(step: FiledStep, department: str | None) -> Actor:
    return Actor("somebody", "示例", frozenset(step.by) | {Role.CENTRE}, department or "centre")


def _given(field: GivenField) -> st.SearchStrategy[Any]:
    match field.kind:
        case "truth":
            return st.booleans()
        case "number":
            return st.integers(1, field.at_most or 10)
        case "choice":
            return st.sampled_from(sorted(field.values))
        case "department":
            return st.sampled_from(sorted(DEPARTMENTS))
        case "date":
            return st.just("2026-03-01")
    return st.sampled_from(_CATEGORIES)


def frame(cases: Mapping[str, History], flow: FiledFlow = FLOW) -> pl.DataFrame:
    """The events of cases as the store hands them out: words that people wrote stand elsewhere."""
    rows = []
    for case_id in sorted(cases):
        for event in cases[case_id]:
            step = flow.step(event.step)
            words = {name for name, field in (step.gives.items() if step else ()) if field.kind == "text"}
            rows.append(event_row(case_id, event, {f"{event.seq}.{name}": "x" for name in words}))
    columns = ["case_id", "seq", "step", "to_state", "at", "department", "given", "sets"]
    schema = {name: pl.Int64 if name == "seq" else pl.String for name in columns}
    return pl.DataFrame([[row[name] for name in columns] for row in rows], schema=schema, orient="row")


def naive_rates(
    cases: Sequence[History], by: str, flow: FiledFlow = FLOW
) -> dict[tuple[str | None, str], Counter[str]]:
    """(group, measure) -> counts of ``+`` (in the numerator), ``-`` (in the denominator alone) and of each reason."""
    counts: dict[tuple[str | None, str], Counter[str]] = {}
    for events in cases:
        for department, measure, stands in _case(events, flow):
            for group in ("", _group(events, by, department)):
                counts.setdefault((group, measure), Counter())[stands] += 1
    return counts


def _group(events: History, by: str, department: str | None) -> str | None:
    standing = fold(events)
    if by == "month":
        return f"{standing.opened:%Y-%m}"
    value = department if by == "department" else standing.attributes.get("category" if by == "class" else by)
    return None if value is None else str(value).split("/")[0]


def _case(events: History, flow: FiledFlow) -> list[tuple[str | None, str, str]]:
    department = fold(events).department
    steps = [event.step for event in events]
    standing = _standing(events, steps, flow).items()
    rows: list[tuple[str | None, str, str]] = [(department, measure, stands) for measure, stands in standing]
    current: str | None = None
    for place, event in enumerate(events):
        if event.step in _ASSIGNING:
            rest = [step for step in steps[place + 1 :] if step in (*_ASSIGNING, "send_back")]
            rows.append((event.department, "returned", "+" if rest[:1] == ["send_back"] else "-"))
            current = event.department
    if current is None:
        rows.append((None, "returned", _never_sent(steps)))
    ground = _excluded(events)
    return rows if ground is None else [(each, measure, f"excluded:{ground}") for each, measure, _ in rows]


def _excluded(events: History) -> str | None:
    last = [event for event in events if event.step in ("exclude", "include_again")]
    return str(last[-1].given.get("ground", "")) if last and last[-1].step == "exclude" else None


def _standing(events: History, steps: list[str], flow: FiledFlow) -> dict[str, str]:
    answered = "answer" in steps
    (overall,) = [run for run in clock_runs(flow, events) if run.clock.id == "overall"]
    late = (overall.stopped or TODAY) > due(overall, TODAY, AROUND.calendar).day
    asked = [event for event in events if event.step == "call_back"]
    solved = [event for event in events if event.step in ("call_back", "settle")]
    unasked = "unreached" if any(event.to_state == "closed_unverified" for event in events) else "not_asked"
    happy = bool(asked) and asked[-1].given["satisfied"] in ("satisfied", "fair")
    redone = any(event.step == "call_back" and event.to_state == "redoing" for event in events)
    return {
        "on_time": ("-" if late else "+") if answered or late else "in_time",
        "solved": ("+" if solved[-1].given["solved"] else "-") if solved else unasked,
        "satisfied": ("+" if happy else "-") if asked else unasked,
        "redone": ("+" if redone else "-") if answered else "not_answered",
        "reopened": ("+" if "reopen" in steps else "-")
        if any(event.to_state in flow.closed for event in events)
        else "not_ended",
        "response": _response(events, steps, flow),
    }


def _never_sent(steps: list[str]) -> str:
    return "with_lead" if "answer" in steps else "not_dispatched"


def _response(events: History, steps: list[str], flow: FiledFlow) -> str:
    assigned = [place for place, step in enumerate(steps) if step in _ASSIGNING]
    if not assigned:
        return _never_sent(steps)
    span = flow.clock("first_contact").span({})
    limit = span.end(events[assigned[-1]].day, AROUND.calendar).day
    for event in events[assigned[-1] + 1 :]:
        if event.step in ("contact", "answer"):
            return "+" if event.day <= limit else "-"
    return "-" if limit < TODAY else "contact_in_time"
