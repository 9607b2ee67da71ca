"""Words that were altered, taken away or put in behind the log's back are found, on each database, and named by their line."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, filing, handler
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.rounds.retention import Retention, Terms

WORDS = store.WORDS.c


def answered(desk: Desk) -> tuple[str, str]:
    """A case that was handled and answered (lines 1 to 5), and another (line 6)."""
    case_id = desk.handled()
    desk.take(case_id, "contact", handler("ecology"), note="已联系")
    desk.take(case_id, "answer", handler("ecology"), answer="已停工。")
    return case_id, desk.file("web:2")


def at(case_id: str, place: str) -> tuple[sa.ColumnElement[bool], ...]:
    return WORDS.case_id == case_id, WORDS.place == place


@pytest.mark.parametrize(("place", "line"), [("title", 1), ("body", 1), ("4.note", 4), ("5.answer", 5)])
def test_an_altered_or_missing_text_is_named_by_its_line(desk: Desk, place: str, line: int) -> None:
    case_id, _ = answered(desk)
    assert desk.audit.verify().broken is None
    with desk.records.write() as connection:
        before = connection.execute(sa.select(store.WORDS).where(*at(case_id, place))).one()
        connection.execute(sa.update(store.WORDS).where(*at(case_id, place)).values(text="别的"))
    verdict = desk.audit.verify()
    assert (verdict.broken, verdict.lines) == (line, line - 1)
    assert f"{case_id} {place}" in verdict.sentence
    with desk.records.write() as connection:  # nor does a mark of redaction hide it
        connection.execute(sa.update(store.WORDS).where(*at(case_id, place)).values(redacted_at="2026-09-24T02:00:00Z"))
    assert desk.audit.verify().broken == line
    with desk.records.write() as connection:
        connection.execute(sa.delete(store.WORDS).where(*at(case_id, place)))
    assert desk.audit.verify().broken == line
    with desk.records.write() as connection:
        connection.execute(sa.insert(store.WORDS).values(**before._mapping))
    assert desk.audit.verify().broken is None


@pytest.mark.parametrize("column", ["name", "contact", "contact_sha256", "salt"])
def test_an_altered_or_missing_person_is_named_by_its_line(desk: Desk, column: str) -> None:
    _, other = answered(desk)
    own = store.PERSONS.c.case_id == other
    with desk.records.write() as connection:
        before = connection.execute(sa.select(store.PERSONS).where(own)).one()
        connection.execute(sa.update(store.PERSONS).where(own).values({column: "13900000000"}))
    verdict = desk.audit.verify()
    assert verdict.broken == 6
    assert f"{other} person" in verdict.sentence
    with desk.records.write() as connection:
        gone = {"name": None, "contact": None, "salt": None}  # as if it had been erased, which no line says
        connection.execute(sa.update(store.PERSONS).where(own).values(gone))
    assert desk.audit.verify().broken == 6
    with desk.records.write() as connection:
        connection.execute(sa.delete(store.PERSONS).where(own))
    assert desk.audit.verify().broken == 6
    with desk.records.write() as connection:
        connection.execute(sa.insert(store.PERSONS).values(**before._mapping))
    assert desk.audit.verify().broken is None


def test_no_two_persons_share_a_salt(desk: Desk) -> None:
    answered(desk)
    with desk.records.read() as connection:
        salts = connection.execute(sa.select(store.PERSONS.c.salt)).scalars().all()
    assert len(set(salts)) == len(salts) == 2


def test_a_text_that_no_event_brought_is_found(desk: Desk) -> None:
    _, other = answered(desk)
    with desk.records.write() as connection:
        connection.execute(sa.insert(store.WORDS).values(case_id=other, place="9.answer", text="假的答复"))
    assert desk.audit.verify().broken == 6


def test_what_was_redacted_or_erased_by_the_house_is_whole(desk: Desk) -> None:
    case_id, other = answered(desk)
    desk.upkeep.redact(other, "body", "凌晨两点", CENTRE, "市民要求")
    assert desk.audit.verify().broken is None
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="fair", comment="打13812345678")
    desk.on("2027-09-24")
    assert Retention(desk.cases, Terms(persons_days=30, words_days=60)).round() == {"masked": 0, "removed": 1}
    assert desk.audit.verify().broken is None


def test_many_cases_are_read_in_pieces(desk: Desk) -> None:
    desk.cases.file([filing(f"web:{number}") for number in range(1_203)])
    last = desk.file("web:last")
    assert desk.audit.verify().broken is None
    with desk.records.write() as connection:
        connection.execute(sa.update(store.WORDS).where(*at(last, "title")).values(text="别的"))
    assert desk.audit.verify().broken == 2


@pytest.mark.parametrize("altered", ["x", "[]", "{}"])
def test_digests_that_were_altered_themselves_are_named_and_stop_nothing(desk: Desk, altered: str) -> None:
    case_id, _ = answered(desk)
    event = store.EVENTS.c
    with desk.records.write() as connection:
        for trigger in ("DROP TRIGGER filed_event_no_update", "DROP TRIGGER filed_event_append_only ON filed_event"):
            if ("ON" in trigger.split()) == (desk.records.dialect == "postgresql"):
                connection.exec_driver_sql(trigger)
        connection.execute(
            sa.update(store.EVENTS).where(event.case_id == case_id, event.seq == 4).values(words=altered)
        )
    assert desk.audit.verify().broken == 4


def redacted(desk: Desk) -> str:
    """A case (lines 1 and 2) that was lawfully redacted (line 3)."""
    case_id = desk.file("web:8")
    desk.take(case_id, "dispatch", OPERATOR, department="ecology")
    desk.upkeep.redact(case_id, "body", "凌晨两点", CENTRE, "市民要求")
    assert desk.audit.verify().broken is None
    return case_id


@pytest.mark.parametrize(
    ("place", "values", "line"),
    [
        ("body", {"text": "别的"}, 3),
        ("body", {"redacted_at": None}, 3),
        ("title", {"text": "别的", "redacted_at": "2026-09-24T02:00:00Z"}, 1),
        ("title", {"redacted_at": "2026-09-24T02:00:00Z"}, 1),
    ],
)
def test_in_a_case_that_was_lawfully_redacted_every_alteration_is_found(
    desk: Desk, place: str, values: dict[str, str | None], line: int
) -> None:
    case_id = redacted(desk)
    with desk.records.write() as connection:
        connection.execute(sa.update(store.WORDS).where(*at(case_id, place)).values(**values))
    verdict = desk.audit.verify()
    assert verdict.broken == line
    assert f"{case_id} {place}" in verdict.sentence


def test_a_redaction_of_a_text_does_not_excuse_a_person_that_was_taken_away(desk: Desk) -> None:
    case_id = redacted(desk)
    with desk.records.write() as connection:
        gone = {"name": None, "contact": None, "salt": None}
        connection.execute(sa.update(store.PERSONS).where(store.PERSONS.c.case_id == case_id).values(gone))
    assert desk.audit.verify().broken == 1


@pytest.mark.parametrize("column", ["name", "contact", "contact_sha256", "salt"])
@pytest.mark.parametrize("days", [30, 60])
def test_a_person_put_back_or_altered_after_erasure_is_found(desk: Desk, column: str, days: int) -> None:
    case_id, _ = answered(desk)
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="fair")
    desk.on("2027-09-24")
    Retention(desk.cases, Terms(persons_days=30, words_days=60 if days == 60 else None)).round()
    assert desk.audit.verify().broken is None
    erased_by = desk.audit.head().number
    with desk.records.write() as connection:
        own = store.PERSONS.c.case_id == case_id
        connection.execute(sa.update(store.PERSONS).where(own).values({column: "13900000000"}))
    assert desk.audit.verify().broken == erased_by


def test_what_was_redacted_twice_and_then_erased_is_whole_at_every_moment(desk: Desk) -> None:
    case_id, _ = answered(desk)
    for wanted in ("凌晨", "工地", "小区"):
        desk.upkeep.redact(case_id, "body", wanted, CENTRE, "市民要求")
        assert desk.audit.verify().broken is None
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="fair", comment="打13812345678")
    for day, terms in (("2027-09-24", Terms(persons_days=30)), ("2027-09-25", Terms(persons_days=30, words_days=60))):
        desk.on(day)
        assert sum(Retention(desk.cases, terms).round().values()) == 1
        assert desk.audit.verify().broken is None


@pytest.mark.parametrize("table", [store.PERSONS, store.WORDS])
def test_a_row_of_a_case_that_there_is_not_is_found(desk: Desk, table: sa.Table, target: str) -> None:
    answered(desk)
    values = {"place": "body", "text": "假的"} if table is store.WORDS else {"name": "假的"}
    row = {"case_id": "SQ20260924-99999", **values}
    if desk.records.dialect == "postgresql":
        with desk.records.write() as connection:
            (key,) = sa.inspect(connection).get_foreign_keys(table.name)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP CONSTRAINT {key['name']}")
            connection.execute(sa.insert(table).values(row))
    else:
        with closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as raw:  # which holds to no foreign key
            raw.execute(
                f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
            )
            raw.commit()
    verdict = desk.audit.verify()
    assert verdict.broken is not None
    assert "SQ20260924-99999" in verdict.sentence
