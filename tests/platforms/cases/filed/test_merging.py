"""Merging repeats, on each database: what may follow what, what a follower keeps, and that none is stranded."""

import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.platforms.cases.filed.desk import CENTRE, CITIZEN, OPERATOR, Desk, handler
from yunnao.kernel.errors import StepRefused
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.storage.records import Records

ECOLOGY, TRANSPORT = handler("ecology"), handler("transport")


def merge(desk: Desk, case_id: str, into: str) -> None:
    """Merge one case into another."""
    desk.take(case_id, "merge", OPERATOR, reason="同一工地同一晚", into=into)


def told(desk: Desk, case_id: str) -> list[str]:
    """What the citizen of a case is told."""
    with desk.records.read() as connection:
        rows = connection.execute(
            sa.select(store.OUTBOX.c.text).where(
                store.OUTBOX.c.case_id == case_id, store.OUTBOX.c.recipient == "citizen"
            )
        )
        return list(rows.scalars())


def test_a_follower_gets_the_answer_of_its_lead_and_a_call_back_of_its_own(desk: Desk) -> None:
    lead = desk.handled("web:1")
    follower = desk.on("2026-09-25").file("web:2")
    due = desk.due(follower)
    merge(desk, follower, lead)
    view = desk.cases.get(follower)
    assert (view.standing.state, view.follows, view.standing.department) == ("merged", lead, "ecology")
    assert desk.cases.followers(lead) == [follower]
    event = desk.on("2026-09-28").take(lead, "answer", ECOLOGY, answer="已责令停工。")
    last = desk.cases.get(follower).events[-1]
    assert (last.step, last.to_state, last.given, last.actor) == ("answer", "answered", event.given, ECOLOGY.id)
    assert (last.at, last.department) == (event.at, "ecology")
    assert desk.cases.get(follower).follows is None
    assert desk.cases.followers(lead) == []
    assert desk.due(follower) == due
    assert any("生态环境分局已答复" in text for text in told(desk, follower))
    desk.take(lead, "call_back", CITIZEN, solved=True, satisfied="satisfied")
    desk.take(follower, "call_back", CITIZEN, solved=False, satisfied="dissatisfied")
    assert (desk.state(lead), desk.state(follower)) == ("closed", "redoing")
    desk.take(follower, "answer", ECOLOGY, answer="已再次查处。")  # by itself, at its lead's department
    assert desk.state(follower) == "answered"
    assert desk.audit.verify().broken is None
    assert desk.upkeep.differing() == []


def test_the_overall_clock_of_a_follower_neither_stops_nor_starts_again(desk: Desk) -> None:
    lead, follower = desk.handled("web:1"), desk.file("web:2")
    merge(desk, follower, lead)
    desk.on("2026-09-29").take(follower, "unmerge", CENTRE, reason="不是同一工地")
    runs = [run for run in desk.cases.get(follower).clocks if run.clock.id == "overall"]
    assert [(run.started.isoformat(), run.stopped, run.pauses) for run in runs] == [("2026-09-24", None, ())]
    waiting = [run.started.isoformat() for run in desk.cases.get(follower).clocks if run.clock.id == "dispatching"]
    assert waiting == ["2026-09-24", "2026-09-29"]  # the desk's own limit begins again, as the case is back at the desk


@pytest.mark.parametrize("before", ["received", "dispatched", "handling", "returned"])
def test_leaving_leads_back_to_where_it_was(desk: Desk, before: str) -> None:
    lead, follower = desk.handled("web:1"), desk.file("web:2")
    if before != "received":
        desk.take(follower, "dispatch", OPERATOR, department="transport")
    if before in ("handling", "returned"):
        desk.take(follower, "sign_in", TRANSPORT)
    if before == "returned":
        desk.take(follower, "send_back", TRANSPORT, reason="不属", proposed_department="ecology")
    merge(desk, follower, lead)
    assert desk.cases.get(follower).standing.department == "ecology"
    assert [row["case_id"] for row in desk.cases.inbox(department="transport")] == []
    desk.take(follower, "exclude", CENTRE, reason="x", ground="other")  # follows on
    desk.take(follower, "unmerge", OPERATOR, reason="不是一件事")
    standing = desk.cases.get(follower).standing
    assert (standing.state, standing.follows) == (before, None)
    assert standing.department == (None if before == "received" else "transport")
    merge(desk, follower, lead)
    assert desk.upkeep.differing() == []


def test_a_follower_goes_where_its_lead_goes(desk: Desk) -> None:
    lead, follower = desk.handled("web:1"), desk.file("web:2")
    merge(desk, follower, lead)
    desk.take(lead, "send_back", ECOLOGY, reason="不属", proposed_department="transport")
    desk.take(lead, "redispatch", OPERATOR, reason="同意", department="transport")
    assert {row["case_id"] for row in desk.cases.inbox(department="transport")} == {lead, follower}
    assert desk.cases.inbox(department="ecology") == []
    assert desk.cases.get(follower).standing.department == "transport"
    assert desk.upkeep.differing() == []


def test_what_may_not_be_merged_is_refused_with_what_to_do(desk: Desk) -> None:
    lead, follower, third = desk.handled("web:1"), desk.handled("web:2"), desk.file("web:3")
    for into, sentence in ((third, "不能并入自己"), ("SQ20260924-99999", "没有编号为"), (17, "没有编号为 17")):
        with pytest.raises(StepRefused, match=sentence):
            desk.take(third, "merge", OPERATOR, reason="x", into=into)
    with pytest.raises(StepRefused, match="请写明理由"):
        desk.take(third, "merge", OPERATOR, into=lead)
    with pytest.raises(StepRefused, match="没有“受理员、云脑中心”角色"):
        desk.take(follower, "merge", ECOLOGY, reason="x", into=lead)
    merge(desk, follower, lead)
    with pytest.raises(StepRefused, match=f"{follower} 已并入 {lead}；请并入主单 {lead}"):
        merge(desk, third, follower)
    with pytest.raises(StepRefused, match=f"已有 1 件并入了它（{follower}），它是主单"):
        merge(desk, lead, third)
    assert "merge" not in {step.id for step in desk.cases.get(lead, OPERATOR).allowed}
    desk.take(lead, "answer", ECOLOGY, answer="已处理。")
    with pytest.raises(StepRefused, match=f"{lead} 现在是“待回访”，已经答复"):
        merge(desk, third, lead)
    desk.take(lead, "call_back", CITIZEN, solved=True, satisfied="fair")
    with pytest.raises(StepRefused, match=f"{lead} 现在是“已办结”，不再办理"):
        merge(desk, third, lead)


def test_a_lead_that_is_closed_without_an_answer_sets_its_followers_free(desk: Desk) -> None:
    lead, follower = desk.handled("web:1"), desk.handled("web:2")
    for _ in range(2):
        desk.take(lead, "answer", ECOLOGY, answer="已转告。")
        desk.take(lead, "call_back", OPERATOR, solved=False, satisfied="dissatisfied")
    merge(desk, follower, lead)
    desk.take(lead, "settle", CENTRE, reason="现场核实", solved=True)
    view = desk.cases.get(follower, ECOLOGY)
    assert (view.standing.state, view.follows) == ("handling", None)
    assert view.events[-1].reason == f"主单 {lead} 已到“已办结”，没有新的答复；本件恢复单独办理"
    assert "answer" in {step.id for step in view.allowed}
    assert lead not in " ".join(told(desk, follower))
    assert desk.audit.verify().broken is None


def test_many_steps_in_one_transaction_see_each_other(desk: Desk) -> None:
    lead, follower, third = desk.handled("web:1"), desk.file("web:2"), desk.file("web:3")

    def asked(step: str, actor: Any, **given: Any) -> Asked:
        return Asked(step=step, actor=actor, at=desk.now, reason="x", given=given)

    refused = desk.cases.take_many(
        [
            (follower, asked("merge", OPERATOR, into=lead)),
            (third, asked("merge", OPERATOR, into=follower)),
            (third, asked("merge", OPERATOR, into=lead)),
            (third, asked("unmerge", OPERATOR)),
            (lead, asked("answer", ECOLOGY, answer="好了")),
        ]
    )
    assert refused == {third: f"办件 {third} 现在不能“并单”：{follower} 已并入 {lead}；请并入主单 {lead}"}
    assert [desk.state(each) for each in (lead, follower, third)] == ["answered", "answered", "received"]
    assert desk.upkeep.differing() == []


def race(target: str, *jobs: Any) -> list[Exception | None]:
    """Run jobs at the same time, each in a thread with a connection of its own; what each raised."""
    raised: list[Exception | None] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        records = Records.open(target)
        desk = Desk(records)
        gate.wait()
        try:
            jobs[number](desk)
        except StepRefused as error:
            raised[number] = error
        finally:
            records.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_that_are_merged_into_each_other_at_once_become_one_lead_and_one_follower(target: str, desk: Desk) -> None:
    for turn in range(8):
        one, other = desk.handled(f"a:{turn}"), desk.handled(f"b:{turn}")
        raised = race(target, lambda d, a=one, b=other: merge(d, a, b), lambda d, a=one, b=other: merge(d, b, a))
        assert sum(error is not None for error in raised) == 1
        assert sorted([desk.state(one), desk.state(other)]) == ["handling", "merged"]
    assert desk.upkeep.differing() == []
    assert desk.audit.verify().broken is None


def test_merged_while_the_lead_is_answered_it_gets_the_answer_or_stays_by_itself(target: str, desk: Desk) -> None:
    for turn in range(8):
        lead, follower = desk.handled(f"a:{turn}"), desk.file(f"b:{turn}")
        raised = race(
            target,
            lambda d, a=follower, b=lead: merge(d, a, b),
            lambda d, b=lead: d.take(b, "answer", ECOLOGY, answer="已处理"),
        )
        assert raised[1] is None
        assert desk.state(follower) == ("answered" if raised[0] is None else "received")
    assert desk.upkeep.differing() == []
    assert desk.audit.verify().broken is None


CASES, ASKED = 4, {"department": "health", "working_days": 3}
STEPS: list[tuple[str, Any, dict[str, Any]]] = [
    ("dispatch", OPERATOR, {"department": "ecology"}),
    ("sign_in", ECOLOGY, {}),
    ("send_back", ECOLOGY, {"proposed_department": "transport"}),
    ("adjudicate", CENTRE, {"department": "ecology"}),
    ("adjudicate", CENTRE, {"department": "transport"}),
    ("pause", ECOLOGY, {"ground": "force_majeure"}),
    ("resume", CENTRE, {}),
    ("answer", ECOLOGY, {"answer": "x"}),
    ("answer", TRANSPORT, {"answer": "x"}),
    ("call_back", CITIZEN, {"solved": True, "satisfied": "fair"}),
    ("call_back", CITIZEN, {"solved": False, "satisfied": "dissatisfied"}),
    ("settle", CENTRE, {"solved": True}),
    ("close_unreached", CENTRE, {}),
    ("reopen", CITIZEN, {}),
    ("exclude", CENTRE, {"ground": "other"}),
    ("ask_co_handler", CENTRE, ASKED),
    ("co_answer", handler("health"), {"answer": "x"}),
    ("redispatch", OPERATOR, {"department": "health"}),
    ("include_again", CENTRE, {}),
]


class Office(RuleBasedStateMachine):
    """A few appeals that are handled, merged and taken apart in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.records = Records.open(Path(self.folder.name) / "records.sqlite")
        self.desk = Desk(self.records)
        self.cases = [self.desk.file(f"web:{number}") for number in range(CASES)]

    def _try(self, case_id: str, step: str, actor: Any, **given: Any) -> None:
        try:
            self.desk.take(case_id, step, actor, reason="x", **given)
        except StepRefused:
            return

    @rule(number=st.integers(0, CASES - 1), step=st.sampled_from(STEPS))
    def handle(self, number: int, step: tuple[str, Any, dict[str, Any]]) -> None:
        self._try(self.cases[number], step[0], step[1], **step[2])

    @rule(number=st.integers(0, CASES - 1), into=st.integers(0, CASES - 1))
    def merge(self, number: int, into: int) -> None:
        self._try(self.cases[number], "merge", OPERATOR, into=self.cases[into])

    @precondition(lambda self: any(self.desk.state(each) == "merged" for each in self.cases))
    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        merged = [each for each in self.cases if self.desk.state(each) == "merged"]
        case_id = data.draw(st.sampled_from(merged))
        before = self.desk.cases.get(case_id).standing.before
        self.desk.take(case_id, "unmerge", OPERATOR, reason="x")  # never refused
        assert self.desk.state(case_id) == before

    @invariant()
    def nobody_is_stranded(self) -> None:
        views = {each: self.desk.cases.get(each, OPERATOR) for each in self.cases}
        for case_id, view in views.items():
            assert (view.follows is not None) == (view.standing.state == "merged")
            overall = [run for run in view.clocks if run.clock.id == "overall"]
            assert [run.started for run in overall] == [view.events[0].day]
            assert (overall[0].stopped is None) == all(event.step != "answer" for event in view.events)
            if view.follows is not None:
                lead = views[view.follows]
                assert lead.follows is None
                assert lead.standing.state not in ("answered", *view.flow.closed)
                assert view.standing.department == lead.standing.department
                assert case_id in self.desk.cases.followers(lead.case.case_id)
                assert "unmerge" in {step.id for step in view.allowed}
            for share in view.shares:
                if share.closed is None:
                    assert view.standing.state not in ("answered", "merged", *view.flow.closed)
                    assert share.department != view.standing.department
                    assert "withdraw_co_handler" in {step.id for step in view.allowed}
        assert self.desk.upkeep.differing() == []

    def teardown(self) -> None:
        assert self.desk.audit.verify().broken is None
        self.records.close()
        self.folder.cleanup()


Office.TestCase.settings = settings(max_examples=5, stateful_step_count=40, suppress_health_check=list(HealthCheck))
TestOffice = Office.TestCase
