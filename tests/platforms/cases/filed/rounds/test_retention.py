"""Retention: what is past its term is gone from every table, history and topics included, and the chain stays whole."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, handler
from yunnao.access.actors import Actor
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.rounds.retention import REMOVED, Retention, Terms
from yunnao.platforms.cases.filed.workflow import Asked

ECOLOGY = handler("ecology")
BODY = "我叫张三，电话13812345678，住3号楼2单元501室，车牌鲁B12345，夜里施工噪声太大。"
PERSONAL = ("张三", "13812345678", "501室", "鲁B12345", "13800000000", "示例市民", "13912345678")


def closed(desk: Desk, key: str = "web:1") -> str:
    """An appeal with personal data in every text, closed today."""
    case_id = desk.handled(key, title="13812345678 反映噪声", body=BODY, attributes={"place": "示例路3号楼2单元501室"})
    desk.take(case_id, "answer", ECOLOGY, answer="已联系张先生（13912345678），工地已停工。")
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="satisfied", comment="谢谢，13812345678")
    return case_id


def everything(desk: Desk) -> str:
    """Every row of every table, and what is handed out from them."""
    with desk.records.read() as connection:
        tables = [*store.METADATA.sorted_tables, *rounds.METADATA.sorted_tables]
        rows = [str(tuple(row)) for table in tables for row in connection.execute(sa.select(table))]
    lines = [str(line["details"]) for line in desk.audit.lines(10_000)]
    return "\n".join([*rows, *lines, str(desk.cases.texts("appeal"))])


def test_a_person_is_erased_and_the_words_are_masked_for_good(desk: Desk) -> None:
    case_id, retention = closed(desk), Retention(desk.cases, Terms(persons_days=30))
    opened = desk.cases.get(case_id)
    assert opened.events[0].given["place"] == "示例路3号楼2单元501室"  # who handles it finds the door
    assert opened.standing.attributes["place"] == "示例路3号楼*单元***室"
    open_ = desk.handled("web:2", body=BODY)
    desk.on("2026-10-24")
    assert retention.round() == {"masked": 0, "removed": 0}  # the thirtieth day
    assert "13812345678" in everything(desk)
    desk.on("2026-10-25")
    assert retention.round() == {"masked": 1, "removed": 0}
    assert retention.round() == {"masked": 0, "removed": 0}
    view = desk.cases.get(case_id)
    assert (view.person.name, view.person.contact) == (None, None)
    assert view.title == "138****5678 反映噪声"
    assert view.body == "我叫张*，电话138****5678，住3号楼*单元***室，车牌鲁B****5，夜里施工噪声太大。"
    assert view.events[3].given["answer"] == "已联系张先生（139****5678），工地已停工。"
    assert view.events[0].given["place"] == "示例路3号楼*单元***室"
    assert desk.cases.get(open_).body == BODY  # it is not closed
    assert desk.audit.verify().broken is None
    (line,) = [line for line in desk.audit.lines() if line["kind"] == "personal_data_erased"]
    assert line["details"] == {
        "cases": [case_id], "persons": 1, "words": 5, "removed": False, "reason": "30 days after closing"
    }  # fmt: skip


def test_nothing_personal_is_left_anywhere_and_at_last_the_texts_are_removed(desk: Desk) -> None:
    case_id = closed(desk)
    terms = Terms(persons_days=30, words_days=60)
    desk.on("2026-10-25")
    Retention(desk.cases, terms).round()
    assert [each for each in PERSONAL if each in everything(desk)] == []
    with desk.records.read() as connection:
        assert connection.execute(sa.select(store.PERSONS.c.contact_sha256)).scalar() is not None
    desk.on("2026-11-24")
    assert Retention(desk.cases, terms).round() == {"masked": 0, "removed": 1}
    view = desk.cases.get(case_id)
    assert {view.title, view.body, view.events[3].given["answer"]} == {REMOVED}
    with desk.records.read() as connection:
        assert connection.execute(sa.select(store.PERSONS.c.contact_sha256)).scalar() is None
    assert "工地" not in everything(desk)
    assert desk.upkeep.differing() == []
    assert desk.audit.verify().broken is None


def test_what_is_said_after_a_case_was_reopened_has_its_own_term(desk: Desk) -> None:
    case_id, retention = closed(desk), Retention(desk.cases, Terms(persons_days=30))
    desk.on("2026-10-25")
    retention.round()
    desk.take(case_id, "reopen", OPERATOR, reason="又开始施工，电话13700000001")
    desk.take(case_id, "answer", ECOLOGY, answer="已再次停工，13700000001")
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="fair")
    desk.on("2026-11-20")
    assert retention.round()["masked"] == 0
    desk.on("2026-11-30")
    assert retention.round()["masked"] == 1
    assert "13700000001" not in everything(desk)


def test_more_cases_than_one_piece_holds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [desk.file(f"web:{number}", body=BODY) for number in range(3)]
    for number in numbers:
        desk.take(number, "dispatch", OPERATOR, department="ecology")
    steps: list[tuple[str, Actor, dict[str, Any]]] = [
        ("sign_in", ECOLOGY, {}),
        ("answer", ECOLOGY, {"answer": "13912345678"}),
        ("call_back", OPERATOR, {"solved": True, "satisfied": "fair"}),
    ]
    wanted = [
        (number, Asked(step=step, actor=who, at=desk.now, given=given))
        for number in numbers
        for step, who, given in steps
    ]
    assert desk.cases.take_many(wanted) == {}
    desk.on("2027-10-01")
    monkeypatch.setattr("yunnao.platforms.cases.filed.rounds.retention._AT_A_TIME", 2)
    assert Retention(desk.cases, Terms(persons_days=1)).round()["masked"] == 3
    assert "13912345678" not in everything(desk)


def test_erasure_on_request(desk: Desk) -> None:
    case_id, retention = closed(desk), Retention(desk.cases, Terms())
    open_ = desk.handled("web:2")
    with pytest.raises(YunnaoError, match="不能清除"):
        retention.erase(case_id, ECOLOGY, "本人要求")
    with pytest.raises(YunnaoError, match="请写明"):
        retention.erase(case_id, CENTRE, " ")
    with pytest.raises(YunnaoError, match="还没有办结"):
        retention.erase(open_, CENTRE, "本人要求")
    with pytest.raises(YunnaoError, match="没有办件"):
        retention.erase("SQ20260924-99999", CENTRE, "本人要求")
    retention.erase(case_id, CENTRE, "本人要求")
    with desk.records.read() as connection:
        own = store.PERSONS.c.case_id == case_id
        row = connection.execute(sa.select(store.PERSONS).where(own)).one()
    assert (row.name, row.contact, row.contact_sha256) == (None, None, None)
    assert "13812345678" not in str(desk.cases.get(case_id))
    assert desk.audit.lines(1)[0]["actor"] == "zhou"
    assert desk.audit.verify().broken is None


def test_kept_where_nothing_is_set(desk: Desk) -> None:
    case_id = closed(desk)
    desk.on("2027-12-01")
    assert Retention(desk.cases, Terms()).round() == {"masked": 0, "removed": 0}
    assert desk.cases.get(case_id).body == BODY
