"""The audit chain; the same on SQLite and PostgreSQL."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from yunnao.audit.events import FIELDS, AuditEvent
from yunnao.audit.heads import Head
from yunnao.audit.log import LINES, Audit
from yunnao.kernel.moment import CHINA, fixed_clock
from yunnao.storage.records import Records

CLOCK = fixed_clock(dt.datetime(2024, 3, 4, 10, tzinfo=CHINA))


@pytest.fixture
def audit(records: Records) -> Audit:
    return Audit(records, CLOCK)


def note(records: Records, audit: Audit, name: str = "示例区") -> None:
    with records.write() as connection:
        audit.append(connection, AuditEvent.HOME_CREATED, "li", {"name": name})


def unlocked(records: Records, statement: str) -> None:
    """What somebody with the database's own key could do."""
    with records.write() as connection:
        if records.dialect == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_line_no_update")
            connection.exec_driver_sql("DROP TRIGGER audit_line_no_delete")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_line_append_only ON audit_line")
        connection.exec_driver_sql(statement)


def test_every_kind_says_what_it_holds() -> None:
    assert set(FIELDS) == set(AuditEvent)


def test_an_empty_log_is_whole(audit: Audit) -> None:
    assert (audit.verify().lines, audit.verify().broken, audit.head()) == (0, None, Head(0, "0" * 64))


def test_lines_are_chained(records: Records, audit: Audit) -> None:
    for name in ("甲", "乙", "丙"):
        note(records, audit, name)
    newest, middle, oldest = audit.lines()
    assert (newest["previous"], middle["previous"]) == (middle["hash"], oldest["hash"])
    assert newest["details"] == {"name": "丙"}
    verdict = audit.verify()
    assert (verdict.lines, verdict.broken, verdict.head) == (3, None, audit.head())
    assert "共 3 条，完整" in verdict.sentence


@pytest.mark.parametrize(
    ("statement", "broken", "says"),
    [
        ("UPDATE audit_line SET actor = 'wang' WHERE number = 2", 2, "改动过"),
        ("UPDATE audit_line SET at = '2024' WHERE number = 3", 3, "改动过"),
        ("UPDATE audit_line SET kind = 'x' WHERE number = 1", 1, "改动过"),
        ("UPDATE audit_line SET details = '{}' WHERE number = 2", 2, "改动过"),
        ("UPDATE audit_line SET hash = previous WHERE number = 2", 2, "改动过"),
        ("UPDATE audit_line SET previous = hash WHERE number = 2", 2, "接不上"),
        ("DELETE FROM audit_line WHERE number = 2", 2, "缺失"),
        ("DELETE FROM audit_line WHERE number = 1", 1, "缺失"),
        ("UPDATE audit_line SET number = 9 WHERE number = 3", 3, "缺失"),
    ],
)
def test_the_first_broken_line_is_named(records: Records, audit: Audit, statement: str, broken: int, says: str) -> None:
    for name in ("甲", "乙", "丙"):
        note(records, audit, name)
    unlocked(records, statement)
    verdict = audit.verify()
    assert (verdict.broken, verdict.lines) == (broken, broken - 1)
    assert f"第 {broken} 条" in verdict.sentence
    assert says in verdict.sentence


@pytest.mark.parametrize("statement", ["UPDATE audit_line SET actor = 'x'", "DELETE FROM audit_line"])
def test_the_database_refuses_changes(records: Records, audit: Audit, statement: str) -> None:
    note(records, audit)
    with pytest.raises(DBAPIError, match="append-only"), records.write() as connection:
        connection.exec_driver_sql(statement)
    assert audit.verify().lines == 1


@pytest.mark.parametrize("details", [{}, {"name": "x", "more": 1}, {"name": 1.5}, {"name": [{"a": 0.1}]}])
def test_details_are_closed_and_exact(records: Records, audit: Audit, details: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"expected the fields|no floats"), records.write() as connection:
        audit.append(connection, AuditEvent.HOME_CREATED, "li", details)
    assert audit.verify().lines == 0


def test_a_line_goes_with_its_transaction(records: Records, audit: Audit) -> None:
    def change() -> None:
        with records.write() as connection:
            audit.append(connection, AuditEvent.HOME_CREATED, "li", {"name": "x"})
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError):
        change()
    assert audit.verify().lines == 0


def test_many_writers_make_one_chain(records: Records, audit: Audit) -> None:
    def write() -> None:
        for _ in range(10):
            note(records, audit)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (audit.verify().lines, audit.verify().broken) == (40, None)


def test_reopening_finds_the_log(records: Records, audit: Audit) -> None:
    note(records, audit)
    again = Audit(records, CLOCK)
    assert again.head() == audit.head()
    with records.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(LINES)).scalar() == 1
