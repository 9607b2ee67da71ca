"""Looks at personal data are kept with their audit line; cases of late are found by person and by number."""

import datetime as dt

import pytest

from tests.platforms.cases.filed.desk import OPERATOR, Desk, appeal_flow, handler
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.looking import audit_lines, looks_at, note_look
from yunnao.platforms.cases.filed.recent import newest_numbers, of_person, written


def test_a_look_is_noted_before_anything_is_shown(desk: Desk) -> None:
    case_id = desk.file()
    note_look(desk.cases, case_id, OPERATOR, "contact")
    note_look(desk.cases, case_id, OPERATOR, "contact")  # twice within one instant is one look, and two lines
    desk.now += dt.timedelta(seconds=1)
    note_look(desk.cases, case_id, handler("ecology"), "handling")
    looks = looks_at(desk.cases, case_id)
    assert [(look.actor, look.purpose) for look in looks] == [("ecology.handler", "handling"), ("desk", "contact")]
    assert looks[0].line > looks[1].line
    with pytest.raises(YunnaoError, match="没有办件"):
        note_look(desk.cases, "SQ19990101-00001", OPERATOR, "contact")
    assert desk.audit.verify().broken is None


def test_every_event_has_its_audit_line(desk: Desk) -> None:
    case_id = desk.handled()
    lines = audit_lines(desk.cases, case_id)
    assert sorted(lines) == [1, 2, 3]
    assert lines[1] < lines[2] < lines[3]


def test_cases_of_late_are_found_by_number_and_by_person(desk: Desk) -> None:
    old = desk.on("2026-03-02").file("web:old")
    new = [desk.on(f"2026-09-2{n}").file(f"web:{n}") for n in range(3)]
    flow, since = appeal_flow(), dt.date(2026, 9, 1)
    assert newest_numbers(desk.records, flow, since, 10) == new[::-1]
    assert newest_numbers(desk.records, flow, since, 2) == new[:0:-1]
    person = desk.cases.contact_hash("13800000000")
    assert of_person(desk.records, person, 10) == [*new[::-1], old]
    assert of_person(desk.records, person, 2, [new[2]]) == new[1::-1]
    assert of_person(desk.records, desk.cases.contact_hash("other"), 2) == []
    found = written(desk.records, [new[1], "SQ19990101-00001", old])
    assert [(each.case_id, each.opened_on.month, each.person) for each in found] == [
        (new[1], 9, person),
        (old, 3, person),
    ]
    assert found[0].state == "received"
