"""Reviews and objections as cases: their flows, who decides, deadlines, repeats; on both databases. And what was decided as a register."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.service.served import make_district
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.catalogue.cards import installed_filed_flows
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.clocks import due
from yunnao.platforms.cases.filed.events import FiledEvent, opening
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.platforms.cases.filed.workflow import Asked, Surroundings, allowed, take
from yunnao.scenarios.drg.review.decisions import asked_for, decided, register_file
from yunnao.scenarios.drg.review.filings import DEPARTMENT, FLOWS, ReviewKind, first_steps, review_filing

NOW = dt.datetime(2024, 2, 1, 10, tzinfo=CHINA)
STAY = {"case_id": "C00001", "hospital_id": "H1", "drg": "GC13", "readmitted_as": None}
ANNA = Actor("office.a", "经办甲", frozenset({Role.HANDLER}), DEPARTMENT)
BO = Actor("office.b", "经办乙", frozenset({Role.HANDLER}), DEPARTMENT)
EXPERT = Actor("expert", "专家", frozenset({Role.REVIEWER}), DEPARTMENT)
ELSEWHERE = Actor("health", "卫健", frozenset({Role.HANDLER}), "health")


@pytest.fixture
def district(target: str, tmp_path: Path) -> Iterator[District]:
    found = District(make_district(tmp_path / "home", target), lambda: NOW, {})
    yield found
    found.records.close()


def opened(district: District, kind: ReviewKind = "special", ground: str = "high_cost", **stay: object) -> str:
    filing = review_filing(kind, STAY | stay, 3, ground, "治疗合理，费用过高。")
    (filed,) = district.filed.file([filing], "os:x", {filing.key: first_steps(NOW)})
    return filed.case_id


def go(district: District, case_id: str, step: str, actor: Actor, reason: str | None = None, **given: object) -> None:
    district.filed.take(case_id, Asked(step=step, actor=actor, at=NOW, reason=reason, given=given))


def handled(district: District) -> list[FiledView]:
    return [view for flow in FLOWS.values() for view in district.filed.search(Wanted(flow=flow))]


def test_a_case_goes_to_the_insurance_office_and_the_same_stay_is_the_same_case(district: District) -> None:
    case_id = opened(district)
    view = district.filed.get(case_id, ANNA)
    assert (view.standing.department, view.standing.state) == (DEPARTMENT, "applied")
    assert view.standing.attributes["stay"] == "C00001"
    assert opened(district) == case_id
    assert opened(district, "objection", "grouping") != case_id
    assert district.audit.verify().broken is None


def test_who_gave_the_opinion_does_not_decide_and_other_departments_do_nothing(district: District) -> None:
    case_id = opened(district)
    with pytest.raises(StepRefused):
        go(district, case_id, "accept", ELSEWHERE)
    go(district, case_id, "accept", ANNA)
    go(district, case_id, "ask_documents", ANNA, "缺费用清单")
    go(district, case_id, "documents_received", ANNA)
    go(district, case_id, "opine", ANNA, treatment="proper", opinion="合理")
    with pytest.raises(StepRefused, match="另一人"):
        go(district, case_id, "decide", ANNA, "依专家意见", supported=True)
    go(district, case_id, "decide", BO, "依专家意见", supported=True, unreasonable_cost_fen=123_456)
    (row,) = decided(handled(district)).to_dicts()
    assert row == {
        "case_id": "C00001",
        "kind": "special",
        "review": case_id,
        "decided_on": "2024-02-01",
        "supported": "是",
        "unreasonable_cost": "1234.56",
        "decided_drg": None,
    }


def test_deadlines_are_working_days_and_stand_still_while_documents_are_awaited(district: District) -> None:
    case_id = opened(district)

    def day(clock: str) -> dt.date:
        run = next(run for run in district.filed.get(case_id).clocks if run.clock.id == clock)
        assert run.clock.uncertain  # no day is claimed to be published
        return due(run, NOW.date(), district.calendar).day

    assert day("taking_up") == dt.date(2024, 2, 7)  # five working days: Sunday 4 February is worked
    go(district, case_id, "accept", ANNA)
    first = day("review")
    go(district, case_id, "ask_documents", EXPERT, "缺清单")
    later = NOW + dt.timedelta(days=20)
    district.filed.take(case_id, Asked(step="documents_received", actor=EXPERT, at=later))
    assert day("review") > first


def test_an_objection_that_is_upheld_names_the_group_and_one_reviewed_again_says_the_last(district: District) -> None:
    case_id = opened(district, "objection", "grouping")
    go(district, case_id, "accept", ANNA)
    go(district, case_id, "report", EXPERT, finding="主要诊断选错", proposed_drg="GC11")
    assert decided(handled(district)).is_empty()
    go(district, case_id, "decide", BO, "同意", supported=True, decided_drg="GC11", unreasonable_cost_fen=100)
    (row,) = decided(handled(district)).to_dicts()
    assert (row["kind"], row["supported"], row["decided_drg"], row["unreasonable_cost"]) == (
        "objection",
        "是",
        "GC11",
        "1.00",
    )
    go(district, case_id, "reopen", ANNA, "医院补充了病历")
    assert decided(handled(district)).is_empty()
    go(district, case_id, "report", EXPERT, finding="原来就对")
    go(district, case_id, "decide", BO, "不同意", supported=False)
    (row,) = decided(handled(district)).to_dicts()
    assert (row["supported"], row["decided_drg"], row["unreasonable_cost"]) == ("否", None, None)


def test_the_reason_of_a_readmission_is_about_the_later_stay(district: District) -> None:
    case_id = opened(district, "objection", "readmission", readmitted_as="C00009")
    go(district, case_id, "accept", ANNA)
    go(district, case_id, "report", EXPERT, finding="计划内手术")
    go(district, case_id, "decide", BO, "有正当理由", supported=True)
    (row,) = decided(handled(district)).to_dicts()
    assert (row["case_id"], row["kind"]) == ("C00009", "readmission")


def test_what_was_not_taken_up_or_withdrawn_settles_nothing(district: District) -> None:
    one, other = opened(district), opened(district, case_id="C00002")
    go(district, one, "turn_away", ANNA, "不在范围")
    go(district, other, "withdraw", ANNA, "医院撤回")
    assert decided(handled(district)).is_empty()
    assert asked_for(handled(district))["stay"].to_list() == ["C00001"]


def test_the_register_takes_what_is_exported_and_a_later_decision_replaces_it(
    district: District, tmp_path: Path
) -> None:
    case_id = opened(district)
    go(district, case_id, "accept", ANNA)
    go(district, case_id, "opine", EXPERT, treatment="partly", opinion="部分合理")
    go(district, case_id, "decide", BO, "依意见", supported=True, unreasonable_cost_fen=5)
    path = tmp_path / "评议.csv"
    path.write_bytes(register_file(decided(handled(district))))
    report = district.registry.load("stay_reviews", [path])
    rows = district.registry.rows_of("stay_reviews", "case_id", ["C00001"], dt.date(2024, 12, 31))
    assert (rows["supported"][0], rows["unreasonable_cost"][0], rows["review"][0]) == (True, 5, case_id)
    assert report is not None


def test_an_unknown_ground_is_refused_in_words(district: District) -> None:
    filing = review_filing("special", STAY, 3, "no_such", "x")
    with pytest.raises(YunnaoError, match="申请理由"):
        district.filed.file([filing])


@settings(max_examples=60)
@given(st.sampled_from(sorted(FLOWS)), st.lists(st.integers(0, 10_000), max_size=14))
def test_whatever_way_a_case_takes_it_is_decided_by_two_people(kind: ReviewKind, ways: list[int]) -> None:
    """A walk by whatever steps are allowed: an end is reached only by reasons given, and decisions by another person than the opinion."""
    flow = installed_filed_flows()[FLOWS[kind]]
    around = Surroundings(calendar=shipped_calendar(), departments={DEPARTMENT: "医保", "health": "卫健"})
    filing = review_filing(kind, STAY, 1, "other", "x")
    events: list[FiledEvent] = [opening(flow.starts, NOW, "os:x", dict(filing.attributes))]
    events.append(take(flow, "X", events, first_steps(NOW)[0], around))
    for way in ways:
        actor = (ANNA, BO, EXPERT)[way % 3]
        steps = allowed(flow, "X", events, actor, NOW, around)
        if not steps:
            continue
        step = steps[way % len(steps)]
        given: dict[str, object] = {}
        for name, field in step.gives.items():
            if field.required:
                given[name] = {"truth": way % 2 == 0, "choice": next(iter(field.values), ""), "text": "意见"}[
                    field.kind
                ]
        events.append(
            take(flow, "X", events, Asked(step=step.id, actor=actor, at=NOW, reason="理由", given=given), around)
        )
    opined = {"special": "opine", "objection": "report"}[kind]
    for place, event in enumerate(events):
        if event.step == "decide":
            assert event.actor not in {each.actor for each in events[:place] if each.step == opined}
            assert event.to_state == ("upheld" if event.given["supported"] else "refused")
    if events[-1].to_state in flow.closed:
        assert events[-1].reason
    else:
        assert any(allowed(flow, "X", events, actor, NOW, around) for actor in (ANNA, BO, EXPERT))


def test_frames_are_sorted_and_whole() -> None:
    assert decided([]).columns == [
        "case_id",
        "kind",
        "review",
        "decided_on",
        "supported",
        "unreasonable_cost",
        "decided_drg",
    ]
    assert asked_for([]).schema == {"stay": pl.String, "review": pl.String}


def test_nothing_is_filed_about_a_stay_that_has_been_erased() -> None:
    erased = {"case_id": "erased-1", "hospital_id": "H1", "drg": "AA19", "readmitted_as": None}
    for stay, ground in ((erased, "other"), (erased | {"case_id": "a", "readmitted_as": "erased-1"}, "readmission")):
        with pytest.raises(YunnaoError, match="已依法清除"):
            review_filing("objection", stay, 1, ground, "x")
