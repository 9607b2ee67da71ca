"""The store of targets, on SQLite and PostgreSQL: idempotent, superseding with history, whole or not at all, under the audit's eye."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError

from tests.platforms.indicators.targets.promises import GROWTH, REVENUE, promise, result
from yunnao.audit.log import Audit
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.indicators.targets import store
from yunnao.platforms.indicators.targets.service import Loaded, Reviewed, Targets
from yunnao.platforms.indicators.targets.target import Promised
from yunnao.storage.records import Records

NOW = dt.datetime(2023, 3, 1, 9, tzinfo=CHINA)
FILE = Reviewed(name="目标.xlsx", sha256="a" * 64, report="报告.txt", report_sha256="b" * 64)


class Desk:
    """Targets in a store of their own."""

    def __init__(self, records: Records) -> None:
        self.audit = Audit(records, lambda: NOW, store.TABLES)
        self.targets = Targets(records, self.audit, lambda: NOW)

    def load(self, *promised: Promised, plan: str = "2023", owners: dict[str, str] | None = None) -> Loaded:
        with self.targets.writing() as connection:
            return self.targets.load(connection, plan, promised, FILE, "os:tester", owners)

    def record(self, *actuals: object) -> tuple[int, int]:
        with self.targets.writing() as connection:
            return self.targets.record(connection, actuals, "月报.xlsx", "c" * 64, 0, "os:tester")  # type: ignore[arg-type]


@pytest.fixture
def desk(records: Records) -> Desk:
    return Desk(records)


def test_what_is_loaded_is_read_back_to_the_last_digit(desk: Desk) -> None:
    odd = promise(REVENUE, base_value=Decimal("24000000000.10"), value_high=Decimal("250.00"), base_high=Decimal(25))
    loaded = desk.load(GROWTH, odd)
    assert (len(loaded.new), loaded.unchanged) == (2, 0)
    assert [each.promised for each in desk.targets.targets()] == [GROWTH, odd]
    assert [str(each.promised.base_value) for each in desk.targets.targets()] == ["8", "24000000000.10"]
    assert desk.audit.verify().broken is None


def test_the_same_file_again_leaves_nothing(desk: Desk) -> None:
    desk.load(GROWTH, REVENUE)
    lines = desk.audit.verify().lines
    again = desk.load(REVENUE, GROWTH)
    assert (again.changed, again.unchanged) == (False, 2)
    assert desk.audit.verify().lines == lines
    assert len(desk.targets.files()) == 1


def test_a_later_file_supersedes_and_the_history_stays(desk: Desk) -> None:
    desk.load(GROWTH, REVENUE)
    lower = promise(value=Decimal(7), base_value=Decimal(7))
    loaded = desk.load(lower)
    assert (len(loaded.new), len(loaded.revised), len(loaded.withdrawn)) == (0, 1, 1)
    (held,) = desk.targets.targets()
    assert (held.promised, held.revision, held.file) == (lower, 2, 2)
    assert [each.promised.value for each in desk.targets.history(held.target_id)] == [8, 7]
    assert {each.withdrawn for each in desk.targets.targets(withdrawn=True)} == {True, False}
    back = desk.load(lower, REVENUE)
    assert (len(back.revised), back.unchanged) == (1, 1)
    assert desk.audit.verify().broken is None


def test_plans_do_not_touch_one_another(desk: Desk) -> None:
    desk.load(GROWTH)
    desk.load(promise(period="2024"), plan="2024")
    assert len(desk.targets.targets()) == 2
    assert len(desk.targets.targets("2024")) == 1


def test_one_indicator_promised_twice_is_two_targets(desk: Desk) -> None:
    loaded = desk.load(GROWTH, promise(begins=900, ends=901, value=Decimal(5), base_value=Decimal(5)))
    assert len(set(loaded.new)) == 2


def test_what_is_cut_off_has_changed_nothing(desk: Desk) -> None:
    desk.load(GROWTH)
    lines = desk.audit.verify().lines

    def interrupted() -> None:
        with desk.targets.writing() as connection:
            desk.targets.load(connection, "2023", [REVENUE], FILE, "os:tester")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [each.promised for each in desk.targets.targets()] == [GROWTH]
    assert desk.audit.verify().lines == lines


def test_owners_come_from_the_table_or_from_an_officer_who_goes_before_it(desk: Desk) -> None:
    owners = {GROWTH.series: "industry"}
    (id_,) = desk.load(GROWTH, owners=owners).new
    (held,) = desk.targets.targets()
    assert (held.owner, held.owner_by) == ("industry", "table")
    desk.targets.assign(id_, "statistics", "centre", "统计口径由统计局负责")
    desk.load(promise(value=Decimal(9), base_value=Decimal(9)), owners=owners)
    (held,) = desk.targets.targets()
    assert (held.owner, held.owner_by) == ("statistics", "officer")
    with pytest.raises(YunnaoError, match="没有目标 T0"):
        desk.targets.assign("T0", "statistics", "centre", "")
    assert desk.audit.verify().broken is None


def test_actuals_keep_their_revisions(desk: Desk) -> None:
    first = result(GROWTH, 3, "7.4")
    assert desk.record(first, result(GROWTH, 4, "7.9")) == (2, 0)
    assert desk.record(first) == (0, 0)
    assert desk.record(result(GROWTH, 3, "7.6")) == (0, 1)
    assert [(each.period, str(each.base_value)) for each in desk.targets.actuals()] == [
        ("2023-03", "7.6"),
        ("2023-04", "7.9"),
    ]
    every = desk.targets.actuals(every_revision=True)
    assert [(each.revision, str(each.base_value)) for each in every if each.month == 3] == [(1, "7.4"), (2, "7.6")]
    assert desk.audit.verify().broken is None


@pytest.mark.parametrize("table", [table.name for table in store.TABLES])
def test_nothing_is_ever_changed_or_deleted(desk: Desk, records: Records, table: str) -> None:
    (id_,) = desk.load(GROWTH, owners={GROWTH.series: "industry"}).new
    desk.record(result(GROWTH, 3, "7.4"))
    assert id_
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET line = 1"):
        with pytest.raises((DBAPIError, YunnaoError), match="append-only"), records.write() as connection:
            connection.exec_driver_sql(statement)
