"""From a proposal to money paid, step by step, and everything that must not happen on the way."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.commands import done, lines, refused
from tests.acceptance.conftest import SAMPLE_DAY, SAMPLE_NOW

POLICY = "stable_jobs_refund"
DEPARTMENT = "human_resources"
MONDAY = SAMPLE_NOW
PUBLISHED, TOO_EARLY, CLEARED = "2023-07-04T09:00:00+08:00", "2023-07-10T09:00:00+08:00", "2023-07-12T09:00:00+08:00"


def _cases(home: Path, path: Path, *options: str, now: str = MONDAY) -> list[dict[str, str]]:
    done("cases", home, *options, "-o", path, now=now)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _indicator(home: Path, path: Path, name: str) -> str:
    done("indicators", home, "-o", path, now=CLEARED)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(row["数值"] for row in csv.DictReader(stream) if (row["指标"], row["组别"]) == (name, POLICY))


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that the tests of this module change one after the other."""
    import shutil

    target = tmp_path_factory.mktemp("money") / "home"
    shutil.copytree(sample_home, target)
    return target


@pytest.fixture(scope="module")
def small(home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Three proposals of the policy with small amounts."""
    path = tmp_path_factory.mktemp("chosen") / "cases.csv"
    found = _cases(home, path, "--policy", POLICY, "--state", "proposed")
    priced = [row for row in found if row["amount"] and 0 < Decimal(row["amount"]) <= 100_000]
    assert len(priced) >= 3
    return priced[:3]


def test_cases_are_the_granted_decisions(home: Path, sample_decisions: list[dict[str, object]], tmp_path: Path) -> None:
    found = [row for row in _cases(home, tmp_path / "all.csv") if row["flow"] != "request_fact"]
    granted = [row for row in sample_decisions if row["outcome"] == "granted"]
    opened = {(row["policy"], row["subject"]): row for row in found}
    assert len(opened) == len(found), "a case was opened twice"
    priced = [row for row in granted if row["amount"] != "0.00"]
    assert {(row["policy"], row["subject"]) for row in priced} <= opened.keys()
    assert opened.keys() <= {(row["policy"], row["subject"]) for row in granted}
    for row in granted:
        case = opened.get((str(row["policy"]), str(row["subject"])))
        assert case is None or case["amount"] == row["amount"]
    assert all(row["deadline"] for row in found)
    done("cases", home, "-o", tmp_path / "all.jsonl", now=MONDAY)
    assert len(lines(tmp_path / "all.jsonl")) == len(_cases(home, tmp_path / "again.csv"))


def test_a_wrong_actor_a_wrong_step_and_a_wrong_case_are_refused(home: Path, small: list[dict[str, str]]) -> None:
    first, other = small[0], small[1]
    case, enterprise = first["case_id"], first["subject"]
    before = done("case", home, case, now=MONDAY).out
    assert "谁" in refused("case", home, case, "confirm", now=MONDAY)
    refused("case", home, case, "confirm", "--as", other["subject"], now=MONDAY)
    refused("case", home, case, "confirm", "--as", f"{DEPARTMENT}.reviewer", now=MONDAY)
    refused("case", home, case, "confirm", "--as", "nobody", now=MONDAY)
    refused("case", home, case, "review", "--as", f"{DEPARTMENT}.reviewer", now=MONDAY)
    refused("case", home, case, "dance", "--as", enterprise, now=MONDAY)
    refused("case", home, "c000", "confirm", "--as", enterprise, now=MONDAY)
    refused("case", home, case, "confirm", "--as", enterprise, "--seen", "0", now=MONDAY)
    assert done("case", home, case, now=MONDAY).out == before


def test_the_way_to_payment(home: Path, small: list[dict[str, str]], tmp_path: Path) -> None:
    for row in small:
        case = row["case_id"]
        assert "confirm" in done("case", home, case, now=MONDAY).out
        done("case", home, case, "confirm", "--as", row["subject"], now=MONDAY)
        done("case", home, case, "review", "--as", f"{DEPARTMENT}.reviewer", now=MONDAY)
        done("case", home, case, "publish", "--as", f"{DEPARTMENT}.publisher", now=PUBLISHED)
    first = small[0]["case_id"]
    refused("case", home, first, "review", "--as", "tax_bureau.reviewer", now=MONDAY)
    refused("case", home, first, "object", "--as", f"{DEPARTMENT}.publisher", now=PUBLISHED)  # without a reason
    early = refused("case", home, first, "clear", "--as", f"{DEPARTMENT}.publisher", now=TOO_EARLY)
    assert "工作日" in early
    for row in small:
        done("case", home, row["case_id"], "clear", "--as", f"{DEPARTMENT}.publisher", now=CLEARED)

    refused("payments", "prepare", home, POLICY, "--year", "2023", "--as", "cashier1", now=CLEARED)
    amounts = sorted(Decimal(row["amount"]) for row in small)
    budget = amounts[0] + amounts[1] + Decimal("0.01") if amounts[2] > Decimal("0.01") else amounts[0]
    settings = (home / "district.yaml").read_text("utf-8")
    (home / "district.yaml").write_text(
        settings.replace("budgets: {}", f'budgets: {{{POLICY}: {{"2023": "{budget}"}}}}'), "utf-8"
    )
    refused("payments", "prepare", home, POLICY, "--year", "2023", "--as", f"{DEPARTMENT}.reviewer", now=CLEARED)
    refused("payments", "prepare", home, POLICY, "--year", "2022", "--as", "cashier1", now=CLEARED)
    assert _batches(home) == []
    done("payments", "prepare", home, POLICY, "--year", "2023", "--as", "cashier1", now=CLEARED)
    [batch] = _batches(home)
    refused("payments", "send", home, batch["批次"], "--as", "cashier1", now=CLEARED)  # by another person
    refused("payments", "prepare", home, POLICY, "--year", "2023", "--as", "cashier1", now=CLEARED)
    refused("payments", "cancel", home, batch["批次"], "--as", "cashier1", now=CLEARED)  # without a reason
    done("payments", "cancel", home, batch["批次"], "--as", "cashier1", "--reason", "金额核对", now=CLEARED)
    refused("payments", "send", home, batch["批次"], "--as", "cashier2", now=CLEARED)
    done("payments", "prepare", home, POLICY, "--year", "2023", "--as", "cashier1", now=CLEARED)
    batch = _batches(home)[-1]
    assert int(batch["件数"]) < 3, "the budget does not hold all three"
    assert Decimal(batch["金额（元）"].replace(",", "")) <= budget
    done("payments", "send", home, batch["批次"], "--as", "cashier2", now=CLEARED)
    refused("payments", "cancel", home, batch["批次"], "--as", "cashier1", "--reason", "晚了", now=CLEARED)
    refused("payments", "send", home, batch["批次"], "--as", "cashier2", now=CLEARED)

    paid = _cases(home, tmp_path / "paid.csv", "--policy", POLICY, "--state", "paid", now=CLEARED)
    assert len(paid) == int(batch["件数"])
    total = sum(Decimal(row["amount"]) for row in paid)
    assert total == Decimal(batch["金额（元）"].replace(",", ""))
    assert batch["批次"] in " ".join(str(path) for path in (home / "payments").rglob("*"))
    assert _indicator(home, tmp_path / "i.csv", "paid") == str(len(paid))
    assert Decimal(_indicator(home, tmp_path / "i.csv", "amount_paid").replace(",", "")) == total
    assert _indicator(home, tmp_path / "i.csv", "confirmed") == "3"
    done("case", home, paid[0]["case_id"], "close", "--as", "cashier1", now=CLEARED)
    verified = done("audit", "verify", home).out
    assert "完整" in verified
    head = verified[verified.index("末条 ") + 3 :].split("（")[0]
    done("audit", "verify", home, "--head", head)
    done("audit", "verify", home, "--head", head.split(":")[1])
    done("audit", "verify", home, "--head", "f" * 64, code=1)
    refused("audit", "verify", home, "--head", "12")
    voided = [path.name for path in (home / "payments").iterdir() if "已作废" in path.name]
    assert len(voided) == 2
    assert not [path for path in (home / "payments").iterdir() if path.stem == f"{POLICY}-2023-0001"]
    with (home / "payments" / f"{batch['批次']}.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(row["企业名称"] for row in rows[:-1])
    _cut_off(home)
    cut = done("audit", "verify", home, code=1).out
    assert "audit-head.json" in cut, cut


def _cut_off(home: Path) -> None:
    """Take away the last line that stands for no rows, and all after it: the log is then whole in itself."""
    import sqlite3

    done("decisions", home, "-o", home.parent / "again.csv", now=CLEARED)
    with sqlite3.connect(home / "records.sqlite") as database:
        database.execute("drop trigger audit_line_no_delete")
        database.execute("delete from audit_line where number = (select max(number) from audit_line)")


def _batches(home: Path) -> list[dict[str, str]]:
    header, *rows = done("payments", "list", home, now=CLEARED).out.splitlines()
    return [dict(zip(header.split("\t"), row.split("\t"), strict=True)) for row in rows]


def test_a_lost_entitlement_withdraws_the_unconfirmed_proposal_and_flags_the_confirmed(
    a_copy: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    home = a_copy("lost")
    first, second = _cases(home, tmp_path / "p.csv", "--policy", POLICY, "--state", "proposed")[:2]
    done("case", home, second["case_id"], "confirm", "--as", second["subject"], now=MONDAY)
    header = (
        "统一社会信用代码,上年失业保险缴费月数,上年月平均参保人数,上年裁员率,上年实缴失业保险费,列入僵尸或严重失信名单"
    )
    rows = [f"{row['subject']},11,20,0,100.00,否" for row in (first, second)]
    (tmp_path / "corrected.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    done("load", home, "insurance", tmp_path / "corrected.csv", now=PUBLISHED)
    done("run", home, "--as-of", SAMPLE_DAY, now=PUBLISHED)
    found = {row["case_id"]: row for row in _cases(home, tmp_path / "after.csv", now=PUBLISHED)}
    assert found[first["case_id"]]["state"] == "withdrawn"
    withdrawn = done("case", home, first["case_id"], now=PUBLISHED).out
    assert "缴费月数" in withdrawn
    assert "请核实后退回" not in withdrawn
    assert "请核实后退回" in done("case", home, second["case_id"], now=PUBLISHED).out
    assert found[second["case_id"]]["state"] == "confirmed"
    assert found[second["case_id"]]["entitled"] == "false"
    refused("case", home, first["case_id"], "confirm", "--as", first["subject"], now=PUBLISHED)


INSURED = (
    "统一社会信用代码,上年失业保险缴费月数,上年月平均参保人数,上年裁员率,上年实缴失业保险费,列入僵尸或严重失信名单"
)


def test_an_amount_that_misses_a_fact_waits_for_it(a_copy: Callable[[str], Path], tmp_path: Path) -> None:
    home = a_copy("amount")
    case = _cases(home, tmp_path / "p.csv", "--policy", POLICY, "--state", "proposed")[0]
    subject, id_ = case["subject"], case["case_id"]
    (tmp_path / "gap.csv").write_text(f"{INSURED}\n{subject},12,20,0,,否\n", "utf-8")
    done("load", home, "insurance", tmp_path / "gap.csv", now=PUBLISHED)
    done("run", home, "--as-of", SAMPLE_DAY, now=PUBLISHED)
    assert "金额还缺“上年实缴失业保险费”" in done("case", home, id_, now=PUBLISHED).out
    assert "还缺" in refused("case", home, id_, "confirm", "--as", subject, now=PUBLISHED)
    requests = _cases(home, tmp_path / "r.csv", "--flow", "request_fact", "--state", "opened", now=PUBLISHED)
    asked = [row for row in requests if (row["policy"], row["subject"]) == ("insurance", subject)]
    assert POLICY in asked[0]["waiting"].split()
    (tmp_path / "full.csv").write_text(f"{INSURED}\n{subject},12,20,0,100.00,否\n", "utf-8")
    done("load", home, "insurance", tmp_path / "full.csv", now=CLEARED)
    done("run", home, "--as-of", SAMPLE_DAY, now=CLEARED)
    shown = done("case", home, id_, "confirm", "--as", subject.lower(), now=CLEARED).out
    assert "金额 60.00 元" in shown
    assert "企业确认（confirm）" in shown
    assert "提出（proposed）" in shown
    onward = done("case", home, id_, now=CLEARED).out.split("下一步：")[1]
    assert "review（" in onward
    assert "first_review（" not in onward


def test_runs_for_other_days_do_not_take_requests_back_and_forth(a_copy: Callable[[str], Path], tmp_path: Path) -> None:
    home = a_copy("days")
    before = {row["case_id"]: row for row in _cases(home, tmp_path / "before.csv")}
    done("run", home, "--as-of", "2021-02-01", now=MONDAY)
    first = _cases(home, tmp_path / "first.csv")
    assert {row["case_id"]: row for row in first if row["case_id"] in before} == before
    for day in (SAMPLE_DAY, "2021-02-01"):
        done("run", home, "--as-of", day, now=MONDAY)
        assert _cases(home, tmp_path / "again.csv") == first


def test_a_state_that_is_none_is_refused(home: Path) -> None:
    assert "proposed（待企业确认）" in refused("cases", home, "--state", "nope")
