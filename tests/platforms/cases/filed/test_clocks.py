"""Clocks: what starts, stops, pauses and extends them, and that the count can be followed day by day."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import appeal_flow
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.clocks import ClockRun, clock_runs, counted, due
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.span import Span

FLOW, CALENDAR = appeal_flow(), shipped_calendar()
TODAY = dt.date(2026, 12, 1)


def history(*steps: tuple[str, str, dict[str, Any]] | tuple[str, str]) -> list[FiledEvent]:
    """Events by (day, step, what was given); states do not matter to clocks, but for redoing."""
    events = []
    for seq, (day, step, *rest) in enumerate(steps, 1):
        given = rest[0] if rest else {}
        at = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(10), CHINA)
        to = given.get("to", "handling")
        sets = {k: v for k, v in given.items() if k == "kind"}
        events.append(
            FiledEvent(seq=seq, step=step, from_state="x", to_state=to, actor="x", at=at, given=given, sets=sets)
        )
    return events


def overall(events: list[FiledEvent], today: dt.date = TODAY) -> tuple[str, str | None]:
    """When the citizen's clock is due, and when it stopped."""
    (run,) = [run for run in clock_runs(FLOW, events) if run.clock.id == "overall"]
    return due(run, today, CALENDAR).day.isoformat(), run.stopped.isoformat() if run.stopped else None


def test_five_working_days_leap_over_the_national_holidays() -> None:
    assert overall(history(("2026-09-24", "opened"))) == ("2026-10-09", None)  # notes of the State Council's calendar


def test_returns_and_new_departments_never_restart_the_citizens_clock() -> None:
    events = history(
        ("2026-09-24", "opened"),
        ("2026-09-24", "dispatch"),
        ("2026-09-28", "send_back"),
        ("2026-09-29", "redispatch"),
        ("2026-09-30", "send_back"),
        ("2026-09-30", "adjudicate"),
        ("2026-10-08", "answer"),
    )
    assert overall(events) == ("2026-10-09", "2026-10-08")
    signs = [run for run in clock_runs(FLOW, events) if run.clock.id == "sign_in"]
    assert [run.started.isoformat() for run in signs] == ["2026-09-24", "2026-09-29", "2026-09-30"]


def test_a_kind_that_turns_out_later_counts_from_the_first_day() -> None:
    events = history(("2026-03-02", "opened"), ("2026-03-04", "classify", {"kind": "consultation"}))
    assert overall(events)[0] == "2026-03-04"


def test_an_extension_adds_working_days() -> None:
    events = history(("2026-03-02", "opened"), ("2026-03-06", "approve_extension", {"working_days": 10}))
    assert overall(events)[0] == "2026-03-23"


@pytest.mark.parametrize(
    ("paused", "resumed", "expected"),
    [
        ("2026-03-03", "2026-03-03", "2026-03-09"),
        ("2026-03-03", "2026-03-06", "2026-03-12"),
        ("2026-03-06", "2026-03-09", "2026-03-10"),  # a weekend is not counted twice
        ("2026-03-03", None, "2026-04-01"),  # as of 2026-03-26: seventeen working days have stood still
    ],
)
def test_a_pause_is_given_back_in_working_days(paused: str, resumed: str | None, expected: str) -> None:
    steps: list[Any] = [("2026-03-02", "opened"), (paused, "pause")]
    steps += [(resumed, "resume")] if resumed else []
    assert overall(history(*steps), dt.date(2026, 3, 26))[0] == expected


def test_a_call_back_that_finds_it_unsolved_starts_the_clock_of_the_redo_and_one_that_does_not_starts_none() -> None:
    solved = history(("2026-03-02", "opened"), ("2026-03-03", "answer"), ("2026-03-04", "call_back", {"to": "closed"}))
    again = history(("2026-03-02", "opened"), ("2026-03-03", "answer"), ("2026-03-04", "call_back", {"to": "redoing"}))
    assert "redo" not in [run.clock.id for run in clock_runs(FLOW, solved)]
    (run,) = [run for run in clock_runs(FLOW, again) if run.clock.id == "redo"]
    assert due(run, TODAY, CALENDAR).day.isoformat() == "2026-03-11"


def test_the_light_turns_yellow_a_working_day_before_and_red_after() -> None:
    (run,) = [r for r in clock_runs(FLOW, history(("2026-03-02", "opened"))) if r.clock.id == "overall"]
    answer = due(run, TODAY, CALENDAR)
    lights = [answer.light(dt.date(2026, 3, day), CALENDAR) for day in (5, 6, 7, 9, 10)]
    assert lights == ["green", "yellow", "yellow", "yellow", "red"]


def test_a_deadline_beyond_the_last_notice_is_provisional() -> None:
    (run,) = [r for r in clock_runs(FLOW, history(("2026-12-30", "opened"))) if r.clock.id == "overall"]
    assert due(run, TODAY, CALENDAR).provisional


@settings(max_examples=200)
@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30)),
    st.integers(1, 20),
    st.booleans(),
    st.lists(st.integers(1, 10), max_size=2),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), max_size=2),
)
def test_every_day_of_the_count_is_accounted_for(
    started: dt.date, days: int, working: bool, extensions: list[int], stops: list[tuple[int, int]]
) -> None:
    pauses, first = [], started
    for after, length in stops:
        first = first + dt.timedelta(days=after)
        pauses.append((first, first + dt.timedelta(days=length)))
        first += dt.timedelta(days=length)
    run = ClockRun(
        clock=FLOW.clock("overall"),
        span=Span(days, working),
        started=started,
        pauses=tuple(pauses),
        extensions=tuple(extensions),
    )
    last = due(run, TODAY, CALENDAR).day
    followed = counted(run, TODAY, CALENDAR)
    assert [day.day for day in followed] == [started + dt.timedelta(days=n) for n in range((last - started).days + 1)]
    if working:
        assert sum(day.reason in ("counts", "extension") for day in followed) == days + sum(extensions)
        assert [day.number for day in followed if day.number] == list(range(1, days + sum(extensions) + 1))
