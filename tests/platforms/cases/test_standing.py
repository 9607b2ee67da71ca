"""The columnar fold agrees with the fold of one case, on any events."""

import datetime as dt

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.cases.world import CASE_YAML
from yunnao.kernel.moment import CHINA, instant_text
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases import standing, workflow
from yunnao.platforms.cases.deadlines import deadline
from yunnao.platforms.cases.definitions import MACHINE_STEPS, load_flows
from yunnao.platforms.cases.workflow import Event

STATES = ["proposed", "confirmed", "first_reviewed", "withdrawn", "paid"]
INSTANTS = st.builds(
    dt.datetime.combine, st.dates(dt.date(2020, 1, 1), dt.date(2026, 11, 30)), st.times(), st.just(CHINA)
)
AMOUNTS = st.none() | st.integers(0, 2 * 10**7)
SCHEMA = dict.fromkeys(standing.EVENT_COLUMNS, pl.String) | {"seq": pl.Int64, "amount": pl.Int64}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    state = draw(st.sampled_from(STATES))
    events = [
        Event(
            seq=1, step="proposed", from_state=None, to_state=state, actor="m", at=draw(INSTANTS), amount=draw(AMOUNTS)
        )
    ]
    for seq in range(2, draw(st.integers(1, 8)) + 1):
        step = draw(st.sampled_from([*MACHINE_STEPS, "confirm", "review"]))
        by_person = step not in MACHINE_STEPS
        to_state = draw(st.sampled_from(STATES))
        amount = None if by_person or step in workflow.TAKING_BACK else draw(AMOUNTS)
        waiting = draw(st.sampled_from([None, "甲", "乙"]))
        at = draw(INSTANTS)
        events.append(
            Event(
                seq=seq,
                step=step,
                from_state=state,
                to_state=to_state,
                actor="m",
                at=at,
                amount=amount,
                waiting=waiting,
            )
        )
        state = to_state
    return events


@settings(max_examples=50)
@given(st.lists(histories(), max_size=6))
def test_the_folds_agree(cases: list[list[Event]]) -> None:
    rows = [
        (f"c{number}", e.seq, e.step, e.from_state, e.to_state, instant_text(e.at), e.amount, e.waiting)
        for number, events in enumerate(cases)
        for e in events
    ]
    folded = standing.fold(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    assert folded.height == len(cases)
    for events, row in zip(cases, folded.iter_rows(named=True), strict=True):
        one = workflow.fold(events)
        assert {name: row[name] for name in vars(one) if name != "case_id"} == vars(one)
        assert row["withdrawn"] == (events[-1].step == "withdrawn")
        assert row["opened_on"] == events[0].day


@settings(max_examples=50)
@given(st.lists(histories(), max_size=6))
def test_first_reached(cases: list[list[Event]]) -> None:
    rows = [
        (f"c{number}", e.seq, e.step, e.from_state, e.to_state, instant_text(e.at), e.amount, e.waiting)
        for number, events in enumerate(cases)
        for e in events
    ]
    reached = standing.reached(pl.DataFrame(rows, schema=SCHEMA, orient="row"), STATES)
    for events, row in zip(cases, reached.iter_rows(named=True), strict=True):
        for state in STATES:
            days = [e.day for e in events if e.to_state == state and e.from_state != state]
            assert row[f"{state}_on"] == (days[0] if days else None)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(STATES), INSTANTS, AMOUNTS), min_size=1, max_size=20))
def test_deadlines_agree(cases: list[tuple[str, dt.datetime, int | None]]) -> None:
    flows, calendar = load_flows(CASE_YAML), shipped_calendar()
    frame = pl.DataFrame(
        [("pay_benefit", state, at.date(), amount) for state, at, amount in cases],
        schema={"flow": pl.String, "state": pl.String, "since": pl.Date, "amount": pl.Int64},
        orient="row",
    )
    for row in standing.due(frame, flows, calendar).iter_rows(named=True):
        one = deadline(flows["pay_benefit"], row["state"], row["since"], row["amount"], calendar)
        assert (row["deadline"], row["provisional"]) == ((one.day, one.provisional) if one else (None, False))


def test_a_flow_that_is_gone_has_no_deadline() -> None:
    frame = pl.DataFrame({"flow": ["gone"], "state": ["x"], "since": [dt.date(2024, 1, 1)], "amount": [1]})
    assert standing.due(frame, {}, shipped_calendar())["deadline"].to_list() == [None]
