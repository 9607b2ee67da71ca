"""Inboxes held against plain computations over the same events, on each database."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.platforms.cases.databases import DATABASES, address
from tests.platforms.cases.filed.desk import OPERATOR, Desk, appeal_flow, handler
from yunnao.access.roles import Role
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import ClockRun, Due, Light, due
from yunnao.platforms.cases.filed.inbox import Inbox, Row, Waiting, waits_for
from yunnao.storage.records import Records

FLOW, CALENDAR = appeal_flow(), shipped_calendar()
DAYS = [dt.date(2026, 9, 14) + dt.timedelta(days=n) for n in range(12)]


def inbox(records: Records, today: dt.date) -> Inbox:
    return Inbox(records, FLOW, CALENDAR, today)


def a_desk(
    request: pytest.FixtureRequest, folders: pytest.TempPathFactory, fill: Callable[[Desk], None]
) -> Iterator[Desk]:
    """A desk with cases that tests only look at."""
    folder = folders.mktemp("desk")
    records = Records.open(address(request.param, request, folder / "records.sqlite"))
    desk = Desk(records, folder=folder / "attachments")
    fill(desk)
    yield desk
    records.close()


@pytest.fixture(scope="module", params=DATABASES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from a_desk(request, tmp_path_factory, fill)


@pytest.fixture(scope="module", params=DATABASES)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from a_desk(request, tmp_path_factory, with_shares)


def fill(desk: Desk) -> None:
    """Cases of every age and department, some handled, some ended."""
    for number, day in enumerate(DAYS):
        desk.on(day.isoformat())
        case_id = desk.file(
            f"web:{number}", attributes={"kind": ["consultation", "complaint", "suggestion"][number % 3]}
        )
        if number % 4 == 0:
            continue
        department = ["ecology", "health"][number % 2]
        desk.take(
            case_id, "classify", OPERATOR, category=f"类{number % 2}", street=["长江路街道", "香江路街道"][number % 2]
        )
        desk.take(case_id, "dispatch", OPERATOR, department=department)
        if number % 3 == 0:
            desk.take(case_id, "sign_in", handler(department))
            desk.take(case_id, "answer", handler(department), answer="已办")
            desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="satisfied")


def everything(box: Inbox, wanted: Waiting, size: int) -> Iterator[Row]:
    """Every page, one after the other."""
    after = None
    while rows := box.page(wanted, after, size):
        yield from rows
        after = rows[-1].place


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("closed", [False, True])
def test_pages_hold_every_case_once_in_order(filled: Desk, size: int, closed: bool) -> None:
    rows = list(everything(inbox(filled.records, DAYS[-1]), Waiting(closed=closed), size))
    with filled.records.read() as connection:
        kept = connection.execute(sa.select(store.NOW).where(store.NOW.c.closed == closed)).mappings().all()
    assert sorted(row.case_id for row in rows) == sorted(row["case_id"] for row in kept)
    days = [row.due_on for row in rows if row.due_on]
    assert days == sorted(days)
    assert all(row.due_on is None for row in rows[len(days) :])
    undated = [row.case_id for row in rows[len(days) :]]
    assert undated == sorted(undated, reverse=closed)
    assert {row.title for row in rows} == {"夜间施工噪声扰民"}


@pytest.mark.parametrize("today", [DAYS[0], DAYS[7], dt.date(2026, 9, 30), dt.date(2026, 10, 12)])
def test_lights_are_those_of_the_clocks(filled: Desk, today: dt.date) -> None:
    filled.on(today.isoformat())
    box = inbox(filled.records, today)
    rows = list(everything(box, Waiting(), 5))
    for row in rows:
        view = filled.cases.get(row.case_id)
        first = min(
            (due(run, today, CALENDAR) for run in view.clocks if run.stopped is None and not run.standing_still),
            key=lambda each: (each.day, each.run.clock.id),
            default=None,
        )
        assert row.light == (first.light(today, CALENDAR) if first else None), row
    lights: tuple[Light, ...] = ("red", "yellow", "green")
    counts = box.counts(Waiting())
    for light in lights:
        of_light = list(everything(box, Waiting(light=light), 2))
        assert [row.case_id for row in of_light] == [row.case_id for row in rows if row.light == light]
        assert counts[light] == len(of_light)


@pytest.mark.parametrize(
    "wanted",
    [
        Waiting(department="ecology"),
        Waiting(department="nobody"),
        Waiting(states=["dispatched"]),
        Waiting(states=["received", "handling"], category="类1"),
        Waiting(street="长江路"),
        Waiting(street="%"),
        Waiting(number="SQ20260915", closed=True),
        Waiting(number="SQ202609"),
        Waiting(number="SQ2026091", department="health", light="red"),
    ],
)
def test_filters_are_what_a_plain_comparison_finds(filled: Desk, wanted: Waiting) -> None:
    box = inbox(filled.records, DAYS[-1])
    every = [*everything(box, Waiting(), 50), *everything(box, Waiting(closed=True), 50)]
    ended = {row.case_id for row in every if row.state in FLOW.closed}

    def fits(row: Row) -> bool:
        return (
            (wanted.department is None or row.department == wanted.department)
            and (not wanted.states or row.state in wanted.states)
            and (not wanted.category or row.category == wanted.category)
            and (row.street or "").startswith(wanted.street)
            and row.case_id.startswith(wanted.number)
            and (bool(wanted.number) or (row.case_id in ended) == wanted.closed)
            and (wanted.light is None or row.light == wanted.light)
        )

    found = [row.case_id for row in everything(box, wanted, 2)]
    assert len(found) == len(set(found))
    assert set(found) == {row.case_id for row in every if fits(row)}


def test_who_a_state_waits_for_follows_from_the_flow() -> None:
    assert waits_for(FLOW, {Role.OPERATOR}) == ["received", "returned", "answered"]
    assert {"dispatched", "handling", "redoing", "supervised"} <= set(waits_for(FLOW, {Role.HANDLER}))
    assert not {"received", "returned", "answered"} & set(waits_for(FLOW, {Role.HANDLER}))
    assert "extension_asked" in waits_for(FLOW, {Role.CENTRE})
    assert not set(waits_for(FLOW, set(Role))) & set(FLOW.closed)


@given(start=st.dates(dt.date(2026, 1, 5), dt.date(2026, 11, 20)), span=st.integers(-5, 20))
def test_a_light_by_day_alone_is_that_of_the_clock(start: dt.date, span: int) -> None:
    """`Inbox.light` needs the day and the clock's name; `Due.light` asks the calendar."""
    box = Inbox(None, FLOW, CALENDAR, start)  # type: ignore[arg-type]  # lights need no records
    day = start + dt.timedelta(days=span)
    for clock in FLOW.clocks:
        run = ClockRun(clock=clock, span=clock.span({}, {"working_days": 3}), started=start - dt.timedelta(days=40))
        assert box.light(day.isoformat(), clock.id) == Due(run=run, day=day, provisional=False).light(start, CALENDAR)


def test_the_desk_speaks_of_days_in_china(desk: Desk) -> None:
    desk.now = dt.datetime(2026, 9, 24, 0, 30, tzinfo=CHINA)
    desk.file()
    row = inbox(desk.records, dt.date(2026, 9, 24)).page(Waiting())[0]
    assert row.opened_on == dt.date(2026, 9, 24)


def with_shares(desk: Desk) -> None:
    """Cases of ecology in every state that health co-handles for one to twelve working days."""
    for number in range(3):
        desk.take(desk.file(f"own:{number}"), "dispatch", OPERATOR, department="health")
    for number in range(8):
        case_id = desk.handled(f"shared:{number}")
        desk.take(
            case_id, "classify", OPERATOR, category=f"类{number % 2}", street=["长江路街道", "香江路街道"][number % 2]
        )
        asked: dict[str, Any] = {"department": "health", "working_days": 1 + number % 4 * 3}
        desk.take(case_id, "ask_co_handler", handler("ecology"), reason="一并核实", **asked)
        if number % 4 == 1:
            desk.take(case_id, "send_back", handler("ecology"), reason="不属", proposed_department="transport")
        if number % 4 == 2:
            desk.take(case_id, "pause", handler("ecology"), reason="等材料", ground="awaiting_citizen")
        if number == 7:
            desk.take(case_id, "co_answer", handler("health"), answer="已核实")


@pytest.mark.parametrize("today", [DAYS[-1], dt.date(2026, 10, 9)])
@pytest.mark.parametrize(
    "wanted",
    [
        Waiting(),
        Waiting(states=["dispatched"]),
        Waiting(states=["handling", "returned"], co_handled=["handling", "returned"]),
        Waiting(category="类1"),
        Waiting(street="长江路"),
        Waiting(number="SQ20260925"),
        Waiting(number="SQ2026", co_handled=["paused"], states=["paused"]),
        Waiting(number="SQ2026", closed=True),
        Waiting(closed=True),
    ],
)
def test_shares_stand_among_the_cases_of_a_department(shared: Desk, wanted: Waiting, today: dt.date) -> None:
    box = inbox(shared.records, today)
    of_health = replace(wanted, department="health", co_handled=wanted.co_handled or ())
    rows = list(everything(box, of_health, 3))
    own = [row for row in rows if not row.share]
    assert own == list(everything(box, replace(wanted, department="health", co_handled=None), 50))
    expected = {
        row.case_id: share
        for row in everything(box, Waiting(department="ecology"), 50)
        if (view := shared.cases.get(row.case_id)).shares
        and (share := view.shares[-1]).closed is None
        and (not of_health.co_handled or row.state in of_health.co_handled)
        and wanted.category in (row.category, "")
        and (row.street or "").startswith(wanted.street)
        and row.case_id.startswith(wanted.number)
        and (bool(wanted.number) or not wanted.closed)
    }
    of_others = [row for row in rows if row.share]
    assert {row.case_id for row in of_others} == set(expected)
    assert len(of_others) == len(expected)
    for row in of_others:
        (run,) = [run for run in shared.cases.get(row.case_id).clocks if run.share == "health" and run.stopped is None]
        inside = tuple(outer for outer in run.inside if not outer.standing_still)
        found = due(replace(run, inside=inside), today, CALENDAR)
        assert (row.department, row.due_clock, row.due_on) == ("ecology", "co_handling", found.day)
        assert row.light == found.light(today, CALENDAR)
    keys = [(row.due_on or dt.date.max, row.case_id) for row in rows]
    newest = bool(wanted.number or wanted.closed)
    assert (
        keys == sorted(keys)
        if not newest
        else [row.case_id for row in rows] == sorted((row.case_id for row in rows), reverse=True)
    )
    counts = box.counts(of_health)
    for light in counts:
        of_light = list(everything(box, replace(of_health, light=light), 2))
        assert of_light == [row for row in rows if row.light == light]
        assert counts[light] == (0 if wanted.closed and not wanted.number else len(of_light))
