"""Payment batches: two persons, never beyond the budget, never twice; on SQLite and PostgreSQL."""

import csv
import io
import stat
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.cases.world import World, subject
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.platforms.cases import payments
from yunnao.platforms.cases.payment_service import Budgets, Payments
from yunnao.storage.records import Records

POLICY = "hire_subsidy"


@pytest.fixture
def rich(records: Records, tmp_path: Path) -> World:
    return World(records, tmp_path, {POLICY: {2024: 1_000_000_00}})


def budget(world: World, budgets: Budgets) -> Payments:
    return Payments(world.cases, budgets)


def test_prepared_by_one_sent_by_another(rich: World) -> None:
    ids = rich.cleared({1: 100_01, 2: 200_00})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    assert (batch.batch_id, batch.status, batch.cases, batch.total) == ("hire_subsidy-2024-0001", "prepared", 2, 300_01)
    assert {rich.state(case_id) for case_id in ids.values()} == {"cleared"}
    with pytest.raises(StepRefused, match="须由另一人发出"):
        rich.payments.send_batch(batch.batch_id, "qian")
    sent = rich.payments.send_batch(batch.batch_id, "sun")
    assert (sent.status, sent.file_sha256) == ("sent", batch.file_sha256)
    for case_id in ids.values():
        last = rich.cases.get(case_id).events[-1]
        assert (last.to_state, last.actor, last.document) == ("paid", "sun", batch.batch_id)
    assert set(rich.cases.frame()["paid_on"].cast(pl.String)) == {"2024-03-20"}
    rich.cases.take(ids[1], "close", "qian")
    kinds = [line["kind"] for line in rich.audit.lines(limit=4)]
    assert kinds[1:3] == [AuditEvent.BATCH_SENT, AuditEvent.BATCH_PREPARED]
    assert rich.audit.verify().broken is None


def test_nothing_is_in_two_batches_or_paid_twice(rich: World) -> None:
    rich.cleared({1: 100})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    with pytest.raises(YunnaoError, match="没有待拨付的办件"):
        rich.payments.prepare_batch(POLICY, "qian", year=2024)
    rich.payments.send_batch(batch.batch_id, "sun")
    with pytest.raises(StepRefused, match="已经发出"):
        rich.payments.send_batch(batch.batch_id, "sun")
    with pytest.raises(YunnaoError, match="没有待拨付的办件"):
        rich.payments.prepare_batch(POLICY, "sun", year=2024)


def test_cancelled_before_it_is_sent(rich: World) -> None:
    ids = rich.cleared({1: 100})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    with pytest.raises(StepRefused, match="请写明理由"):
        rich.payments.cancel_batch(batch.batch_id, "qian", " ")
    with pytest.raises(StepRefused, match="没有“拨付人”角色"):
        rich.payments.cancel_batch(batch.batch_id, "li", "x")
    assert rich.payments.cancel_batch(batch.batch_id, "qian", "账号有误").status == "cancelled"
    with pytest.raises(StepRefused, match="已经取消"):
        rich.payments.send_batch(batch.batch_id, "sun")
    with pytest.raises(StepRefused, match="已经取消"):
        rich.payments.cancel_batch(batch.batch_id, "sun", "again")
    assert rich.state(ids[1]) == "cleared"
    again = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    rich.payments.send_batch(again.batch_id, "sun")
    with pytest.raises(StepRefused, match="已经发出"):
        rich.payments.cancel_batch(again.batch_id, "sun", "too late")
    assert rich.payments.batches().select("batch_id", "status").rows() == [
        ("hire_subsidy-2024-0001", "cancelled"),
        ("hire_subsidy-2024-0002", "sent"),
    ]


def test_a_case_in_a_batch_waits_for_it(rich: World) -> None:
    ids = rich.cleared({1: 100})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    with pytest.raises(StepRefused, match=f"已列入拨付批次 {batch.batch_id}"):
        rich.cases.take(ids[1], "send_back", "wang", reason="x")
    assert rich.cases.get(ids[1], "wang").allowed == ()
    rich.payments.cancel_batch(batch.batch_id, "sun", "x")
    rich.cases.take(ids[1], "send_back", "wang", reason="x")


def test_only_a_batch_pays(rich: World) -> None:
    ids = rich.cleared({1: 100})
    with pytest.raises(StepRefused, match="只能由拨付批次办理"):
        rich.cases.take(ids[1], "pay", "qian")
    with pytest.raises(StepRefused, match="没有“拨付人”角色"):
        rich.payments.prepare_batch(POLICY, "li", year=2024)


def test_a_lost_entitlement_is_not_paid(rich: World) -> None:
    ids = rich.cleared({1: 100, 2: 200, 3: 300})
    rich.run({2: 250, 3: 300})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    assert batch.total == 300
    assert batch.left_out is not None
    whys = dict(batch.left_out.select("case_id", "why").iter_rows())
    assert whys == {ids[1]: "按最新数据已不再符合条件", ids[2]: "按最新数据金额已变化"}
    rich.run({})
    with pytest.raises(StepRefused, match=f"有 1 个办件已变化（{ids[3]} 等）"):
        rich.payments.send_batch(batch.batch_id, "sun")
    assert rich.state(ids[3]) == "cleared"


def test_no_budget_no_payment(rich: World) -> None:
    rich.cleared({1: 100})
    for policy, year in ((POLICY, 2025), ("other", 2024)):
        with pytest.raises(YunnaoError, match=f"没有政策 {policy} {year} 年的预算"):
            rich.payments.prepare_batch(policy, "qian", year=year)


def test_the_budget_to_the_fen(rich: World) -> None:
    rich.cleared({1: 100, 2: 200})
    with pytest.raises(YunnaoError, match=r"超出预算余额 2 件；2024 年预算余额 0\.99 元"):
        budget(rich, {POLICY: {2024: 99}}).prepare_batch(POLICY, "qian", year=2024)
    assert budget(rich, {POLICY: {2024: 300}}).prepare_batch(POLICY, "qian", year=2024).total == 300


def test_the_oldest_first_and_what_does_not_fit_is_said(rich: World) -> None:
    first = rich.cleared({1: 500})
    later = rich.cases
    rich.on("2024-03-25").run({1: 500, 2: 400, 3: 100})
    ids = rich.ids()
    for number in (2, 3):
        for step, actor in (("confirm", subject(number)), ("review", "li"), ("publish", "li")):
            later.take(ids[number], step, actor)
    rich.on("2024-04-03")
    for number in (2, 3):
        later.take(ids[number], "clear", "li")
    batch = budget(rich, {POLICY: {2024: 650}}).prepare_batch(POLICY, "qian", year=2024)
    assert batch.total == 600
    assert batch.left_out is not None
    assert batch.left_out.select("case_id", "amount", "why").rows() == [(ids[2], 400, "超出预算余额")]
    assert first[1] == ids[1]


def test_a_budget_cut_stops_a_prepared_batch(rich: World) -> None:
    rich.cleared({1: 100})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    with pytest.raises(YunnaoError, match=r"超出预算 0\.50 元"):
        budget(rich, {POLICY: {2024: 50}}).send_batch(batch.batch_id, "sun")
    rich.payments.send_batch(batch.batch_id, "sun")


def test_the_files(rich: World, tmp_path: Path) -> None:
    ids = rich.cleared({1: 100_05, 2: 7})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    folder = tmp_path / "payments"
    paths = rich.payments.export_batch(batch.batch_id, folder)
    content = paths[0].read_bytes()
    assert payments.sha256(content) == batch.file_sha256
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["批次号", "序号", "办件号", "收款主体", "企业名称", "政策", "金额（元）", "审计日志末条"]
    expected = sorted([(ids[1], subject(1), "100.05"), (ids[2], subject(2), "0.07")])
    assert [(row[2], row[3], row[6]) for row in rows[1:3]] == expected
    assert rows[3] == [batch.batch_id, "合计", "2 件", "", "", POLICY, "100.12", str(batch.noted)]
    sheet = openpyxl.load_workbook(paths[1]).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][-1] == 100.12
    assert batch.file_sha256 in str(sheet.cell(6, 1).value)
    paths[0].write_text("half a fi")
    assert rich.payments.export_batch(batch.batch_id, folder)[0].read_bytes() == content
    assert sorted(path.name for path in folder.iterdir()) == [f"{batch.batch_id}.csv", f"{batch.batch_id}.xlsx"]
    with pytest.raises(YunnaoError, match="没有拨付批次"):
        rich.payments.export_batch("../../etc/passwd", folder)
    (tmp_path / "file").touch(mode=stat.S_IRUSR)
    with pytest.raises(YunnaoError, match="file"):
        rich.payments.export_batch(batch.batch_id, tmp_path / "file")


def test_the_files_name_the_enterprise_where_a_register_does(rich: World, tmp_path: Path) -> None:
    rich.cleared({1: 5, 2: 6, 3: 7})
    names = {subject(1): "甲公司", subject(2): "=HYPERLINK(1)"}
    known = pl.DataFrame({"subject": list(names), "name": list(names.values())})
    named = Payments(rich.cases, {POLICY: {2024: 100}}, lambda policy: known if policy == POLICY else known.clear())
    batch = named.prepare_batch(POLICY, "qian", year=2024)
    content = named.export_batch(batch.batch_id, tmp_path)[0].read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["收款主体"]: row["企业名称"] for row in rows[:-1]} == {
        subject(1): "甲公司",
        subject(2): "'=HYPERLINK(1)",
        subject(3): "",
    }
    again = rich.payments.export_batch(batch.batch_id, tmp_path)[0]
    assert again.read_bytes() == content, "names are of the record, not of today's register"


def test_files_of_a_cancelled_batch_say_so_in_their_names(rich: World, tmp_path: Path) -> None:
    rich.cleared({1: 100})
    batch = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    paths = rich.payments.export_batch(batch.batch_id, tmp_path)
    content = paths[0].read_bytes()
    assert rich.payments.mark_cancelled(tmp_path) == []
    rich.payments.cancel_batch(batch.batch_id, "qian", "账号有误")
    live = rich.payments.prepare_batch(POLICY, "qian", year=2024)
    rich.payments.export_batch(live.batch_id, tmp_path)
    marked = [path.with_stem(f"{path.stem}-已作废") for path in paths]
    assert rich.payments.mark_cancelled(tmp_path) == marked
    assert rich.payments.mark_cancelled(tmp_path) == []
    assert marked[0].read_bytes() == content
    assert rich.payments.export_batch(batch.batch_id, tmp_path) == marked
    found = {path.name for path in tmp_path.glob(f"{POLICY}*")}
    assert found == {path.name for path in marked} | {f"{live.batch_id}.csv", f"{live.batch_id}.xlsx"}


def test_a_formula_for_a_name_is_left_out(rich: World) -> None:
    ready = pl.DataFrame(
        {
            "case_id": ["a", "b"],
            "subject": ["=HYPERLINK(1)", subject(1)],
            "amount": [5, 6],
            "entitled": [True, True],
            "wanted_amount": [5, 6],
            "since": [1, 1],
        }
    )
    assert payments.selection(ready, 100)["why"].to_list() == ["收款主体像电子表格的公式，请核对名册", None]


AMOUNTS = st.lists(st.none() | st.integers(0, 10**6), max_size=30)


@settings(max_examples=50)
@given(amounts=AMOUNTS, remaining=st.integers(-100, 3 * 10**6))
def test_a_selection_fits_and_forgets_nobody(amounts: list[int | None], remaining: int) -> None:
    ready = pl.DataFrame(
        {
            "case_id": pl.Series([f"c{number:03d}" for number in range(len(amounts))], dtype=pl.String),
            "subject": pl.Series(["x"] * len(amounts), dtype=pl.String),
            "amount": pl.Series(amounts, dtype=pl.Int64),
            "entitled": pl.Series([True] * len(amounts), dtype=pl.Boolean),
            "wanted_amount": pl.Series(amounts, dtype=pl.Int64),
            "since": [0] * len(amounts),
        }
    )
    chosen = payments.selection(ready, remaining)
    assert chosen["case_id"].to_list() == ready["case_id"].to_list()
    left = remaining
    for amount, why in chosen.select("amount", "why").iter_rows():
        if why is None:
            assert 0 < amount <= left
            left -= amount
        elif why == "超出预算余额":
            assert amount > left
    assert left == remaining or left >= 0


def test_random_batches_never_exceed_the_budget(rich: World) -> None:
    """Prepared, cancelled and sent in turn, with a budget too small for all."""
    amounts = {number: 37 * number % 101 + 1 for number in range(1, 25)}
    ids = rich.cleared(amounts)
    total = sum(amounts.values())
    limited = budget(rich, {POLICY: {2024: total // 2}})
    for turn in range(8):
        try:
            batch = limited.prepare_batch(POLICY, "qian", year=2024)
        except YunnaoError:
            pass
        else:
            if turn % 3 == 1:
                limited.send_batch(batch.batch_id, "sun")
            elif turn % 3 == 2 or turn == 0:
                limited.cancel_batch(batch.batch_id, "sun", "x")
        live = limited.batches().filter(pl.col("status") != "cancelled")
        assert live["total"].sum() <= total // 2
    paid = [number for number, case_id in ids.items() if rich.state(case_id) == "paid"]
    assert 0 < sum(amounts[number] for number in paid) <= total // 2
