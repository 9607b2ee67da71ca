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
    assert "完整" in done("audit", "verify", home).out


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
    assert "缴费月数" in done("case", home, first["case_id"], now=PUBLISHED).out
    assert found[second["case_id"]]["state"] == "confirmed"
    assert found[second["case_id"]]["entitled"] == "false"
    refused("case", home, first["case_id"], "confirm", "--as", first["subject"], now=PUBLISHED)
