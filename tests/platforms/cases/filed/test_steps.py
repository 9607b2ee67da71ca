"""Steps of an appeal, on each database: who may, when, how often, and where it leads."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import CENTRE, CITIZEN, OPERATOR, Desk, filing, handler
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.platforms.cases.filed import store

ECOLOGY, TRANSPORT = handler("ecology"), handler("transport")


def test_an_appeal_goes_from_filing_to_a_solved_end(desk: Desk) -> None:
    case_id = desk.file()
    assert case_id == "SQ20260924-00001"
    desk.take(case_id, "classify", None, category="环境保护", kind="complaint", confidence=912, street="望海街道")
    desk.take(case_id, "dispatch", None, department="ecology")
    desk.on("2026-09-25").take(case_id, "sign_in", ECOLOGY)
    desk.take(case_id, "contact", ECOLOGY, note="已电话联系")
    desk.on("2026-09-29").take(case_id, "answer", ECOLOGY, answer="已责令停工整改。")
    desk.on("2026-09-30").take(case_id, "call_back", CITIZEN, solved=True, satisfied="fair")
    view = desk.cases.get(case_id)
    assert view.standing.state == "closed"
    assert view.standing.attributes == {
        "category": "环境保护",
        "kind": "complaint",
        "confidence": 912,
        "street": "望海街道",
    }
    assert [event.seq for event in view.events] == list(range(1, 8))
    assert view.events[5].given["answer"] == "已责令停工整改。"
    assert desk.audit.verify().broken is None


def test_closing_is_not_solving(desk: Desk) -> None:
    case_id = desk.handled()
    desk.take(case_id, "answer", ECOLOGY, answer="已转告施工方。")
    desk.take(case_id, "call_back", OPERATOR, solved=False, satisfied="dissatisfied")
    assert desk.state(case_id) == "redoing"  # once by itself
    desk.take(case_id, "answer", ECOLOGY, answer="已处罚。")
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="dissatisfied")
    assert desk.state(case_id) == "supervised"  # then the centre watches
    with pytest.raises(StepRefused, match="没有“云脑中心”角色"):
        desk.take(case_id, "settle", ECOLOGY, reason="已解决", solved=True)
    desk.take(case_id, "settle", CENTRE, reason="现场核实，已停工", solved=True)
    assert desk.state(case_id) == "closed"


def test_a_return_gives_reason_and_department_twice_at_most_and_then_the_centre_decides(desk: Desk) -> None:
    case_id = desk.handled()
    due = desk.due(case_id)
    with pytest.raises(StepRefused, match="请写明理由"):
        desk.take(case_id, "send_back", ECOLOGY, proposed_department="transport")
    with pytest.raises(StepRefused, match="缺少“建议的承办部门”"):
        desk.take(case_id, "send_back", ECOLOGY, reason="不属本局")
    desk.take(case_id, "send_back", ECOLOGY, reason="不属本局", proposed_department="transport")
    desk.take(case_id, "redispatch", OPERATOR, reason="同意", department="transport")
    desk.take(case_id, "send_back", TRANSPORT, reason="也不属本局", proposed_department="ecology")
    with pytest.raises(StepRefused, match="最多办 1 次"):
        desk.take(case_id, "redispatch", OPERATOR, reason="再派", department="ecology")
    desk.take(case_id, "adjudicate", CENTRE, reason="按三定由生态环境分局承办", department="ecology")
    with pytest.raises(StepRefused, match="最多办 2 次"):
        desk.take(case_id, "send_back", ECOLOGY, reason="还是不属", proposed_department="health")
    assert desk.due(case_id) == due


def test_a_return_comes_within_two_working_days(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="已于 2026-09-29 到期"):
        desk.on("2026-09-30").take(case_id, "send_back", ECOLOGY, reason="不属", proposed_department="health")


def test_an_extension_is_asked_before_expiry_once_and_approved_by_the_centre(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="最多 10，现在是 11"):
        desk.take(case_id, "ask_extension", ECOLOGY, reason="需检测", working_days=11)
    desk.take(case_id, "ask_extension", ECOLOGY, reason="需检测", working_days=5)
    desk.take(case_id, "approve_extension", CENTRE, reason="同意", working_days=3)
    assert desk.due(case_id) == "2026-10-13"  # 10-10 is a working Saturday
    with pytest.raises(StepRefused, match="最多办 1 次"):
        desk.take(case_id, "ask_extension", ECOLOGY, reason="再延", working_days=5)
    late = desk.handled("web:2")
    with pytest.raises(StepRefused, match="已于 2026-10-09 到期"):
        desk.on("2026-10-12").take(late, "ask_extension", ECOLOGY, reason="忘了", working_days=5)


def test_a_pause_needs_one_of_the_stated_grounds(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="没有 'busy' 这个选项"):
        desk.take(case_id, "pause", ECOLOGY, reason="人手不够", ground="busy")
    desk.take(case_id, "pause", ECOLOGY, reason="等市民补照片", ground="awaiting_citizen")
    desk.on("2026-10-09").take(case_id, "resume", CENTRE)
    assert desk.due(case_id) == "2026-10-15"


def test_other_departments_and_other_roles_are_refused_and_that_is_audited(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="属于部门 transport"):
        desk.take(case_id, "answer", TRANSPORT, answer="x")
    with pytest.raises(StepRefused, match="由人办理"):
        desk.take(case_id, "answer", None, answer="x")
    assert [line["kind"] for line in desk.audit.lines(2)] == ["step_refused", "step_refused"]


def test_the_second_officer_gets_a_conflict(desk: Desk) -> None:
    case_id = desk.handled()
    seen = len(desk.cases.get(case_id).events)
    desk.take(case_id, "contact", ECOLOGY, note="甲已联系", seen=seen)
    with pytest.raises(StepRefused, match="已有变动"):
        desk.take(case_id, "answer", ECOLOGY, answer="乙不知道", seen=seen)


def test_left_out_of_the_measures_is_not_left_out_twice_and_may_be_taken_back(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="没有可以撤回的“不计入考核”"):
        desk.take(case_id, "include_again", CENTRE, reason="x")
    with pytest.raises(StepRefused, match="缺少“不计入的依据”"):
        desk.take(case_id, "exclude", CENTRE, reason="x")
    desk.take(case_id, "exclude", CENTRE, reason="已起诉", ground="legal_proceedings")
    with pytest.raises(StepRefused, match="已经办过，还没有撤回"):
        desk.take(case_id, "exclude", CENTRE, reason="x", ground="other")
    desk.take(case_id, "include_again", CENTRE, reason="撤诉")
    assert desk.state(case_id) == "handling"
    desk.take(case_id, "exclude", CENTRE, reason="再次起诉", ground="legal_proceedings")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"department": "nowhere"}, "没有部门 'nowhere'"),
        ({}, "缺少“承办部门”"),
        ({"department": "ecology", "extra": 1}, "没有叫 extra 的一项"),
    ],
)
def test_what_is_given_must_suit(desk: Desk, given: dict[str, Any], sentence: str) -> None:
    case_id = desk.file()
    with pytest.raises(StepRefused, match=sentence):
        desk.take(case_id, "dispatch", OPERATOR, **given)


def test_the_same_delivery_is_the_same_case(desk: Desk) -> None:
    first, again, other = desk.cases.file([filing("wechat:77"), filing("wechat:77"), filing("wechat:78")])
    assert (first.new, again.new, other.new) == (True, False, True)
    assert first.case_id == again.case_id != other.case_id
    assert again.code is None
    assert desk.cases.file([filing("wechat:77")])[0].case_id == first.case_id


def test_a_bad_filing_files_none(desk: Desk) -> None:
    with pytest.raises(YunnaoError, match="没有 'rant' 这个选项"):
        desk.cases.file([filing("web:1"), filing("web:2", attributes={"kind": "rant"})])
    with pytest.raises(YunnaoError, match="没有内容"):
        desk.cases.file([filing("web:3", title=" ", body="\n")])
    assert desk.cases.inbox() == []


def test_a_citizen_follows_by_number_and_code(desk: Desk) -> None:
    (filed,) = desk.cases.file([filing("web:1")])
    assert filed.code is not None
    assert desk.cases.opens(filed.case_id, filed.code.lower())
    assert not desk.cases.opens(filed.case_id, "AAAAAAAA")
    assert not desk.cases.opens("SQ20260924-99999", filed.code)


def test_the_inbox_is_by_department_the_most_urgent_first(desk: Desk) -> None:
    later = desk.handled("web:1", attributes={"kind": "suggestion"})
    sooner = desk.handled("web:2", attributes={"kind": "consultation"})
    desk.file("web:3")
    desk.take(sooner, "contact", ECOLOGY, note="x")  # only the citizen's clock still runs
    desk.take(later, "contact", ECOLOGY, note="x")
    rows = desk.cases.inbox(department="ecology")
    assert [(row["case_id"], row["due_on"]) for row in rows] == [(sooner, "2026-09-29"), (later, "2026-10-15")]
    assert len(desk.cases.inbox()) == 3
    assert desk.cases.inbox(department="health") == []


def test_the_projection_is_what_the_events_say_and_can_be_made_anew(desk: Desk) -> None:
    case_id = desk.handled()
    desk.file("web:2")
    assert desk.upkeep.differing() == []
    with desk.records.write() as connection:
        connection.execute(sa.update(store.NOW).where(store.NOW.c.case_id == case_id).values(state="closed"))
    assert desk.upkeep.differing() == [case_id]
    assert desk.upkeep.rebuild() == 1
    assert desk.upkeep.differing() == []


def test_redaction_reaches_history_and_leaves_the_chain_whole(desk: Desk) -> None:
    case_id = desk.file("web:1", body="我叫示例，电话 13812345678，请回电。")
    desk.upkeep.redact(case_id, "body", "13812345678", CENTRE, "应当事人要求")
    view = desk.cases.get(case_id)
    assert "13812345678" not in view.body
    assert "█" * 11 in view.body
    with desk.records.read() as connection:
        rows = [
            str(tuple(row)) for table in store.METADATA.sorted_tables for row in connection.execute(sa.select(table))
        ]
    assert not any("13812345678" in row for row in rows)
    assert desk.audit.verify().broken is None
    with pytest.raises(YunnaoError, match="没有要遮盖的文字"):
        desk.upkeep.redact(case_id, "body", "13812345678", CENTRE, "再来")


def test_steps_offered_are_those_that_are_possible(desk: Desk) -> None:
    case_id = desk.handled()
    offered = {step.id for step in desk.cases.get(case_id, ECOLOGY).allowed}
    assert offered == {"send_back", "contact", "ask_extension", "pause", "answer", "ask_co_handler"}
    desk.on("2026-10-12")
    assert "ask_extension" not in {step.id for step in desk.cases.get(case_id, ECOLOGY).allowed}
    assert desk.cases.get(case_id, TRANSPORT).allowed == ()
