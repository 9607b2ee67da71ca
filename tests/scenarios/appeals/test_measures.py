"""Measures over histories that happened at random: on time exactly where the clock says so, and every case somewhere."""

import datetime as dt
import random
from typing import Any

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, appeal_flow, handler
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import clock_runs, due
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.limits import with_limits
from yunnao.scenarios.appeals.measures import EVERYBODY, band, case_table, rates
from yunnao.storage.records import Records

KINDS = st.sampled_from(["consultation", "suggestion", "emergency", "complaint", None])
REVISIONS = st.dictionaries(
    st.dates(dt.date(2026, 2, 5), dt.date(2026, 3, 15)),
    st.integers(1, 12).map(lambda days: f"{days} working days"),
    max_size=3,
)
STEPS: list[tuple[str, Any, dict[str, Any]]] = [
    ("contact", handler("ecology"), {"note": "x"}),
    ("ask_extension", handler("ecology"), {"working_days": 4}),
    ("approve_extension", CENTRE, {"working_days": 3}),
    ("pause", handler("ecology"), {"ground": "awaiting_citizen"}),
    ("resume", CENTRE, {}),
    ("answer", handler("ecology"), {"answer": "x"}),
    ("call_back", OPERATOR, {"solved": True, "satisfied": "fair"}),
    ("call_back", OPERATOR, {"solved": False, "satisfied": "dissatisfied"}),
    ("send_back", handler("ecology"), {"proposed_department": "health"}),
    ("redispatch", OPERATOR, {"department": "ecology"}),
    ("close_unreached", CENTRE, {}),
]


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_on_time_is_what_the_clock_says(data: st.DataObject, tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    flow = revised_flow(data)
    desk = Desk(records, flow)
    for number in range(data.draw(st.integers(1, 4))):
        day = data.draw(st.dates(dt.date(2026, 2, 10), dt.date(2026, 3, 10)))
        desk.on(day.isoformat())
        kind = data.draw(KINDS)
        case_id = desk.handled(f"web:{number}", attributes={"kind": kind} if kind else {})
        for _ in range(data.draw(st.integers(0, 9))):
            day += dt.timedelta(days=data.draw(st.integers(0, 4)))
            step, actor, given_ = data.draw(st.sampled_from(STEPS))
            try:
                desk.on(day.isoformat()).take(case_id, step, actor, reason="x", **given_)
            except StepRefused:
                continue
    today, calendar = dt.date(2026, 5, 6), shipped_calendar()
    table = case_table(desk.cases.event_frame("appeal"), flow, calendar, today)
    expected, days = {}, {}
    for case_id in table["case_id"]:
        run = next(run for run in desk.cases.get(case_id).clocks if run.clock.id == "overall")
        days[case_id] = due(run, today, calendar).day
        expected[case_id] = (run.stopped or today) > days[case_id]
    assert dict(table.select("case_id", "late").iter_rows()) == expected
    told = dict(table.select("case_id", "due").iter_rows())
    assert told == days
    for rate in rates(table):
        assert 0 <= rate.numerator <= rate.denominator
        if rate.department == EVERYBODY and rate.measure in ("on_time", "response", "returned", "redone"):
            assert rate.denominator + rate.left_out == table.height
    records.close()


def test_rates_of_nothing_have_no_share_and_no_band(tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    desk = Desk(records)
    desk.file()
    table = case_table(desk.cases.event_frame("appeal"), appeal_flow(), shipped_calendar(), desk.now.date())
    found = {rate.measure: rate for rate in rates(table)}
    assert (found["solved"].thousandths, band(found["solved"])) == (None, "")
    assert (found["on_time"].denominator, found["on_time"].left_out) == (0, 1)
    records.close()


@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_what_is_due_is_what_the_clock_says_for_many_cases_under_changing_limits(
    data: st.DataObject, seed: int
) -> None:
    flow, calendar, today, chance = revised_flow(data), shipped_calendar(), dt.date(2026, 5, 6), random.Random(seed)
    rows, expected = [], {}
    for number in range(200):
        events = random_history(flow, chance)
        case_id = f"SQ{number:05d}"
        rows += [store.event_row(case_id, each, {}) for each in events]
        run = next(run for run in clock_runs(flow, events) if run.clock.id == "overall")
        expected[case_id] = due(run, today, calendar).day
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col("department").cast(pl.String))
    table = case_table(frame, flow, calendar, today)
    assert dict(table.select("case_id", "due").iter_rows()) == expected


def random_history(flow: FiledFlow, chance: random.Random) -> list[FiledEvent]:
    """An appeal that was perhaps extended, paused in time, taken up again and answered, as the flow allows it."""
    day = dt.date(2026, 2, 1) + dt.timedelta(days=chance.randrange(50))
    kind = chance.choice(["consultation", "suggestion", "emergency", "complaint", None])
    events = [event(1, day, "opened", sets={"kind": kind} if kind else {})]
    for step, given_ in (
        ("approve_extension", {"working_days": chance.randint(1, 10)}),
        ("pause", {"ground": "awaiting_citizen"}),
        ("resume", {}),
        ("answer", {"answer": "x"}),
    ):
        still = events[-1].step == "pause"
        if chance.random() < 0.3 or still != (step == "resume"):
            continue
        day += dt.timedelta(days=chance.randrange(7))
        if step == "pause" and day > due(clock_runs(flow, events)[0], day, shipped_calendar()).day:
            continue
        events.append(event(len(events) + 1, day, step, given_))
    return events


def event(
    seq: int, day: dt.date, step: str, given_: dict[str, Any] | None = None, sets: dict[str, Any] | None = None
) -> FiledEvent:
    """An event of that day."""
    at = dt.datetime.combine(day, dt.time(10), CHINA)
    states = {"from_state": "x", "to_state": "x"}
    return FiledEvent(seq=seq, step=step, **states, actor="x", at=at, given=given_ or {}, sets=sets or {})


def revised_flow(data: st.DataObject) -> FiledFlow:
    """The flow of appeals with some limits that a district set."""
    by_kind = {"attribute": "kind", "spans": {"consultation": "1 working day"}}
    lines = [
        {"from": day, "within": {**by_kind, "otherwise": within}, "cites": "x"}
        for day, within in sorted(data.draw(REVISIONS).items())
    ]
    return with_limits({"appeal": appeal_flow()}, {"appeal": {"overall": lines}}, "limits.yaml")["appeal"]
