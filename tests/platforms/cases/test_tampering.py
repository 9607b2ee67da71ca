"""What somebody with the database's own key may do to the records, `Audit.verify` finds; on SQLite and PostgreSQL."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.platforms.cases.world import World, subject
from yunnao.audit.heads import Noted, keep, kept, parsed
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases import store
from yunnao.platforms.cases.payments import noted_in
from yunnao.storage.records import Records

POLICY = "hire_subsidy"
AUDITED = [table.name for table in store.TABLES]


@pytest.fixture
def paid(records: Records, tmp_path: Path) -> World:
    """Cases paid and closed, a batch cancelled and one sent, a step refused."""
    world = World(records, tmp_path, {POLICY: {2024: 1_000_000_00}})
    ids = world.cleared({1: 100_01, 2: 200_00})
    first = world.payments.prepare_batch(POLICY, "qian", year=2024)
    world.payments.cancel_batch(first.batch_id, "qian", "账号有误")
    batch = world.payments.prepare_batch(POLICY, "qian", year=2024)
    world.payments.send_batch(batch.batch_id, "sun")
    world.cases.take(ids[1], "close", "qian")
    world.run({1: 100_01, 2: 200_00, 3: 1}, basis='{"run":2}')
    return world


def tamper(records: Records, *statements: str) -> None:
    """Drop every trigger, then do as told."""
    with records.write() as connection:
        for name in (*AUDITED, "audit_line"):
            if records.dialect == "sqlite":
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_no_update")
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_no_delete")
            else:
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_append_only ON {name}")
        if records.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_what_was_written_is_whole(paid: World) -> None:
    verdict = paid.audit.verify()
    assert (verdict.broken, verdict.head) == (None, paid.audit.head())
    assert "逐行相符" in verdict.sentence


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET actor = 'evil', amount = 1 WHERE step = 'pay'",
        "UPDATE case_event SET at = '2024-01-01T00:00:00.000000Z' WHERE step = 'confirm'",
        "UPDATE case_event SET reason = 'x' WHERE step = 'review'",
        "UPDATE case_event SET document = NULL WHERE step = 'pay'",
        "UPDATE case_event SET basis_id = NULL WHERE step = 'proposed'",
        "UPDATE case_basis SET content = '{}'",
        "DELETE FROM case_event WHERE step = 'close'",
        "UPDATE case_matter SET department = 'tax'",
        "UPDATE payment_line SET amount = 99999999",
        "UPDATE payment_line SET name = 'evil'",
        "DELETE FROM payment_line",
        "UPDATE payment_batch SET total = 1",
        "UPDATE payment_batch_event SET kind = 'sent' WHERE kind = 'cancelled'",
        "DELETE FROM payment_batch_event WHERE kind = 'cancelled'",
        "DELETE FROM case_day",
        "UPDATE case_event SET line = 2 WHERE step = 'close'",
        "UPDATE audit_line SET rows = '{}'",
        "INSERT INTO case_day VALUES ('x', '2024', '2024-01-01', 1)",
        "INSERT INTO case_day VALUES ('x', '2024', '2024-01-01', 0)",
        "INSERT INTO case_day VALUES ('x', '2024', '2024-01-01', 9999)",
        "DELETE FROM audit_line",
        "DELETE FROM audit_line WHERE number > (SELECT max(number) - 2 FROM audit_line)",
    ],
)
def test_every_change_is_found(paid: World, statement: str) -> None:
    tamper(paid.records, statement)
    verdict = paid.audit.verify()
    assert verdict.broken is not None
    assert f"第 {verdict.broken} 条" in verdict.sentence


def test_the_first_line_whose_rows_differ_is_named(paid: World) -> None:
    numbers = {line["number"] for line in paid.audit.lines() if '"close"' in json.dumps(line["details"])}
    tamper(paid.records, "DELETE FROM case_event WHERE step = 'close'")
    verdict = paid.audit.verify()
    assert {verdict.broken} == numbers
    assert "case_event" in verdict.sentence


def test_a_log_cut_off_with_its_rows_is_found_by_a_head_kept_elsewhere(paid: World, tmp_path: Path) -> None:
    keep()
    head = kept(tmp_path / "audit-head.json")
    assert head is not None
    assert (head.number, head.hash) == (paid.audit.head().number, paid.audit.head().hash)
    paper = Noted(None, head.hash, "纸上")
    assert paid.audit.verify([head, paper]).broken is None
    last = f"line = {head.number}"
    tamper(
        paid.records,
        *(f"DELETE FROM {name} WHERE {last}" for name in ("case_event", "case_matter", "case_basis", "case_day")),
        f"DELETE FROM audit_line WHERE number = {head.number}",
    )
    assert paid.audit.verify().broken is None, "whole in itself"
    assert "audit-head.json" in paid.audit.verify([head]).sentence
    assert paid.audit.verify([head]).broken == head.number
    assert "纸上" in paid.audit.verify([paper]).sentence
    later = Noted(7, paid.audit.head().hash, "别处")
    assert paid.audit.verify([later]).broken == 7, "the hash of another line"


def test_a_batch_file_carries_the_head_before_it(paid: World, tmp_path: Path) -> None:
    for batch_id in paid.payments.batches()["batch_id"]:
        path = paid.payments.export_batch(batch_id, tmp_path / "payments")[0]
        head = noted_in(path.read_bytes(), path.name)
        assert head is not None
        assert paid.audit.verify([head]).broken is None
        assert noted_in("批次号,金额\r\nx,1\r\n".encode(), "old") is None


def test_the_head_file_may_lag_and_may_not_be_writable(records: Records, tmp_path: Path) -> None:
    world = World(records, tmp_path)
    (tmp_path / "audit-head.json").mkdir()
    world.run({1: 100})
    keep()
    (tmp_path / "audit-head.json").rmdir()
    assert kept(tmp_path / "audit-head.json") is None
    world.cases.take(world.ids()[1], "confirm", subject(1))
    keep()
    head = kept(tmp_path / "audit-head.json")
    world.cases.take(world.ids()[1], "review", "li")
    assert head is not None
    assert world.audit.verify([head]).broken is None


def test_a_head_is_refused_if_it_is_none(tmp_path: Path) -> None:
    path = tmp_path / "audit-head.json"
    for damaged in ("", "[]", '{"number": 1}', '{"number": 1, "hash": "x"}'):
        path.write_text(damaged)
        with pytest.raises(YunnaoError):
            kept(path)
    with pytest.raises(YunnaoError, match="64 位"):
        parsed("abc", "--head ")
    assert parsed(f"12:{'A' * 64}", "") == Noted(12, "a" * 64, "")


def test_every_table_of_cases_is_audited() -> None:
    for table in store.TABLES:
        assert isinstance(table.c.line.type, sa.Integer)
