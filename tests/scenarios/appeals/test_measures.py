"""One row a case, over histories that happened in a store: late exactly where the clock says so."""

from typing import Any

from hypothesis import Phase, given, settings

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, handler
from tests.scenarios.appeals.histories import AROUND, FLOW, TODAY, History, frame, histories
from yunnao.platforms.cases.filed.clocks import clock_runs, due
from yunnao.scenarios.appeals.measures import CASE_SCHEMA, case_table
from yunnao.scenarios.appeals.rates import EVERYBODY, MEASURES, rates
from yunnao.storage.records import Records


@settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
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
