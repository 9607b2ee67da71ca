"""Words that an answer brought to followers, too: what is blacked out or erased in one case is gone from all, on each database."""

import json

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, handler
from yunnao.capabilities.topics.hot import hot_topics
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.copies import followed
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.rounds.retention import Retention, Terms
from yunnao.scenarios.appeals.topic_places import kept, written_from

ECOLOGY = handler("ecology")
ANSWER = "已约谈负责人钱多多（13912345678），工地已停工。"
SECRET = "钱多多"


def merged(desk: Desk, many: int = 2) -> tuple[str, list[str]]:
    """A lead that was answered, and the cases that were answered along with it."""
    lead = desk.handled("web:0")
    followers = [desk.handled(f"web:{number}") for number in range(1, many + 1)]
    for follower in followers:
        desk.take(follower, "merge", OPERATOR, reason="同一件事", into=lead)
    desk.take(lead, "answer", ECOLOGY, answer=ANSWER)
    return lead, followers


def answers(desk: Desk, *cases: str) -> list[str]:
    return [desk.cases.get(each).events[-1].given["answer"] for each in cases]


def everything(desk: Desk) -> str:
    """Every row of every table and line of the audit log, and what lists, measures and topics take from them."""
    with desk.records.read() as connection:
        tables = [*store.METADATA.sorted_tables, *rounds.METADATA.sorted_tables]
        rows = [str(tuple(row)) for table in tables for row in connection.execute(sa.select(table))]
    lines = [str(line["details"]) for line in desk.audit.lines(10_000)]
    texts = desk.cases.texts("appeal")
    written = {row["case_id"]: written_from(row) for row in texts}
    topics = kept(hot_topics([each.message for each in written.values()]), written)
    out = [str(texts), str(desk.cases.event_frame("appeal").rows()), str(desk.cases.inbox()), json.dumps(topics)]
    return "\n".join([*rows, *lines, *out])


@pytest.mark.parametrize("named", ["lead", "follower"])
def test_what_is_redacted_in_one_is_gone_from_all(desk: Desk, named: str) -> None:
    lead, followers = merged(desk)
    bystander = desk.handled("web:9")
    desk.take(bystander, "answer", ECOLOGY, answer="另一件")
    assert everything(desk).count(SECRET) == 3
    case_id = lead if named == "lead" else followers[1]
    seq = desk.cases.get(case_id).standing.seq
    desk.upkeep.redact(case_id, f"{seq}.answer", SECRET, CENTRE, "应当事人要求")
    assert SECRET not in everything(desk)
    assert set(answers(desk, lead, *followers)) == {ANSWER.replace(SECRET, "███")}
    noted = [line["details"] for line in desk.audit.lines(1_000) if line["kind"] == "words_redacted"]
    assert sorted(each["case"] for each in noted) == sorted([lead, *followers])
    assert desk.audit.verify().broken is None
    assert desk.upkeep.differing() == []


def test_a_follower_that_left_before_the_answer_has_no_copy(desk: Desk) -> None:
    lead, other = desk.handled("web:0"), desk.handled("web:1")
    desk.take(other, "merge", OPERATOR, reason="同一件事", into=lead)
    desk.take(other, "unmerge", OPERATOR, reason="不是一件事")
    for case_id in (lead, other):
        desk.take(case_id, "answer", ECOLOGY, answer=ANSWER)
    with desk.records.read() as connection:
        assert followed(connection, [lead, other]) == {lead: [other]}
    desk.upkeep.redact(lead, f"{desk.cases.get(lead).standing.seq}.answer", SECRET, CENTRE, "应当事人要求")
    assert answers(desk, lead, other) == [ANSWER.replace(SECRET, "███"), ANSWER]


@pytest.mark.parametrize("by_term", [False, True])
def test_erasing_a_lead_masks_what_its_followers_were_given_along(desk: Desk, by_term: bool) -> None:
    lead, followers = merged(desk)
    desk.take(lead, "call_back", OPERATOR, solved=True, satisfied="satisfied")
    retention = Retention(desk.cases, Terms(persons_days=30, words_days=60))
    if by_term:
        assert retention.round() == {"masked": 0, "removed": 0}
        desk.on("2026-11-24")
        assert retention.round()["removed"] == 1
    else:
        retention.erase(lead, CENTRE, "本人要求")
    assert "13912345678" not in everything(desk)
    assert set(answers(desk, *followers)) == {ANSWER.replace("13912345678", "139****5678")}
    assert {desk.cases.get(each).person.contact for each in followers} == {"13800000000"}  # still to be called back
    noted = [line["details"] for line in desk.audit.lines(1_000) if line["kind"] == "personal_data_erased"]
    assert sorted(case for each in noted for case in each["cases"]) == sorted([lead, *followers])
    assert desk.audit.verify().broken is None
    assert desk.upkeep.differing() == []
