"""One row a case, over histories that happened in a store: late exactly where the clock says so."""

import dataclasses
import datetime as dt
import random
from typing import Any

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, appeal_flow, handler
from tests.scenarios.appeals.histories import AROUND, FLOW, TODAY, History, frame, histories
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import clock_runs, due
from yunnao.platforms.cases.filed.definitions import FiledFlow, Revision
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.limits import with_limits, with_own_limits
from yunnao.scenarios.appeals.measures import CASE_SCHEMA, case_table
from yunnao.scenarios.appeals.rates import EVERYBODY, MEASURES, rates
from yunnao.storage.records import Records

CATEGORIES = ["环境保护", "环境保护/大气", "环境保护/大气/油烟", "交通运输"]
KINDS = ["consultation", "suggestion", "emergency", "complaint", None]
REVISIONS = st.dictionaries(
    st.dates(dt.date(2026, 2, 5), dt.date(2026, 3, 15)),
    st.integers(1, 12).map(lambda days: f"{days} working days"),
    max_size=3,
)


@settings(max_examples=80, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(events=histories())
def test_on_time_is_what_the_clock_says(events: History) -> None:
    table = case_table(frame({"SQ1": events}), FLOW, AROUND.calendar, TODAY)
    (run,) = [run for run in clock_runs(FLOW, events) if run.clock.id == "overall"]
    day = due(run, TODAY, AROUND.calendar).day
    assert table["late"].to_list() == [(run.stopped or TODAY) > day]
    assert dict(table.schema) == CASE_SCHEMA


def test_a_store_hands_out_what_the_table_is_made_of(tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    desk = Desk(records)
    waiting = desk.file("web:1")
    solved = desk.handled("web:2")
    desk.on("2026-09-25").take(solved, "answer", handler("ecology"), answer="已整改")
    desk.take(solved, "call_back", OPERATOR, solved=True, satisfied="fair")
    table = case_table(desk.cases.event_frame("appeal"), FLOW, AROUND.calendar, desk.now.date())
    assert dict(table.select("case_id", "solved").iter_rows()) == {waiting: None, solved: True}
    found = {rate.measure: rate for rate in rates(table, "department", desk.now.date())["ecology"]}
    assert (found["solved"].numerator, found["solved"].denominator) == (1, 1)
    assert (found["response"].numerator, found["response"].denominator) == (1, 1)
    everybody = {rate.measure: rate for rate in rates(table, "department", desk.now.date())[EVERYBODY]}
    assert everybody["on_time"].left_out == {"in_time": 1}
    records.close()


def test_a_case_that_follows_another_is_answered_with_it_and_counts_for_itself(tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    desk = Desk(records)
    lead, follower = desk.handled("web:1"), desk.file("web:2")
    desk.take(follower, "merge", CENTRE, reason="同一件事", into=lead)
    desk.take(lead, "answer", handler("ecology"), answer="已整改")
    desk.take(follower, "call_back", OPERATOR, solved=False, satisfied="dissatisfied")
    today = desk.now.date()
    table = case_table(desk.cases.event_frame("appeal"), FLOW, AROUND.calendar, today)
    assert dict(table.select("case_id", "redone").iter_rows()) == {lead: False, follower: True}
    found = {rate.measure: rate for rate in rates(table, "department", today)["ecology"]}
    assert (found["on_time"].numerator, found["on_time"].denominator) == (2, 2)
    assert (found["response"].denominator, found["response"].left_out) == (1, {"with_lead": 1})
    assert (found["solved"].numerator, found["solved"].denominator) == (0, 1)
    assert found["solved"].left_out == {"not_asked": 1}
    records.close()


def test_an_excluded_case_leaves_every_rate_and_comes_back(tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    desk = Desk(records)
    case_id = desk.handled("web:1")
    desk.take(case_id, "exclude", CENTRE, reason="不属职责", ground="outside_competence")
    today = desk.now.date()

    def everybody() -> list[tuple[int, dict[str, int]]]:
        table = case_table(desk.cases.event_frame("appeal"), FLOW, AROUND.calendar, today)
        return [(rate.denominator, dict(rate.left_out)) for rate in rates(table, "class", today)[EVERYBODY]]

    assert everybody() == [(0, {"excluded:outside_competence": 1})] * len(MEASURES)
    desk.take(case_id, "include_again", CENTRE, reason="复核后计入")
    assert all("excluded:outside_competence" not in left for _, left in everybody())
    records.close()


@settings(max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
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
    kind, category = chance.choice(KINDS), chance.choice([None, *CATEGORIES])
    sets = {name: value for name, value in (("kind", kind), ("category", category)) if value}
    events = [event(1, day, "opened", sets=sets)]
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
    return FiledEvent(
        seq=seq, step=step, from_state="x", to_state="x", actor="x", at=at, given=given_ or {}, sets=sets or {}
    )


def revised_flow(data: st.DataObject) -> FiledFlow:
    """The flow of appeals with some limits that a district set."""
    by_kind = {"attribute": "kind", "spans": {"consultation": "1 working day"}}
    lines = [
        {"from": day, "within": {**by_kind, "otherwise": within}, "cites": "x"}
        for day, within in sorted(data.draw(REVISIONS).items())
    ]
    flow = with_limits({"appeal": appeal_flow()}, {"appeal": {"overall": lines}}, "limits.yaml")["appeal"]
    own = {
        path: [
            Revision.model_validate({"from": day, "within": within, "cites": path})
            for day, within in sorted(data.draw(REVISIONS).items())
        ]
        for path in data.draw(st.lists(st.sampled_from(CATEGORIES), unique=True))
    }
    return with_own_limits(flow, own, "responsibilities.yaml")


@settings(max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_the_contact_is_due_when_the_clock_says_under_changing_limits(data: st.DataObject) -> None:
    revisions = data.draw(
        st.dictionaries(
            st.dates(dt.date(2026, 2, 5), dt.date(2026, 3, 15)),
            st.sampled_from(["1 day", "3 days", "1 working day", "4 working days"]),
            max_size=3,
        )
    )
    lines = [{"from": day, "within": within, "cites": "x"} for day, within in sorted(revisions.items())]
    flow = with_limits({"appeal": appeal_flow()}, {"appeal": {"first_contact": lines}}, "limits.yaml")["appeal"]
    rows, expected = [], {}
    for number in range(40):
        day = dt.date(2026, 2, 1) + dt.timedelta(days=number)
        events = [event(1, day, "opened"), event(2, day, "dispatch", {"department": "ecology"})]
        events[1] = dataclasses.replace(events[1], department="ecology")
        rows += [store.event_row(f"SQ{number}", each, {}) for each in events]
        (run,) = [run for run in clock_runs(flow, events) if run.clock.id == "first_contact"]
        expected[f"SQ{number}"] = due(run, day, shipped_calendar()).day
    table = case_table(pl.DataFrame(rows), flow, shipped_calendar(), dt.date(2026, 5, 6))
    assert dict(table.select("case_id", "contact_due").iter_rows()) == expected
