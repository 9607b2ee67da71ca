"""Published base points and transferred prepayments by the commands: used, said, kept, explained; repeated they make no new run."""

import json
import re
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest

from tests.acceptance.commands import done, refused

NOW = "2024-02-01T09:00:00+08:00"
LATER = "2024-03-01T09:00:00+08:00"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small district with its own policy; January prepaid and the year cleared."""
    home = tmp_path_factory.mktemp("drg") / "home"
    done("init", home, now=NOW)
    done("drg", "sample", home, "--stays", 800, "--hospitals", 5, "--seed", 3, now=NOW)
    for register in ("hospitals", "inpatient_stays"):
        done("load", home, register, home / "sample" / f"{register}.csv", now=NOW)
    done("drg", "month", home, "--month", "2023-01", now=NOW)
    done("drg", "settle", home, "--year", 2023, now=NOW)
    return home


def manifest(home: Path, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "drg" / "runs" / str(number) / "manifest.json").read_text("utf-8"))
    return found


def frame(home: Path, number: int, name: str) -> pl.DataFrame:
    return pl.read_parquet(home / "drg" / "runs" / str(number) / f"{name}.parquet")


def last(home: Path) -> int:
    return max(int(path.name) for path in (home / "drg" / "runs").iterdir())


def test_a_small_sample_has_a_small_budget(home: Path, tmp_path: Path) -> None:
    year = manifest(home, 2)
    assert {pool: found["budget"] for pool, found in year["pools"].items()} == {
        "employee": 416_000_000,
        "resident": 344_000_000,
    }
    for found in year["pools"].values():
        assert (
            40 < float(found["point_value"]) < 160
        )  # the mean stay costs about 9,000 yuan and is worth about 100 points
    policy = home / "drg" / "policy.yaml"
    assert "按 800 份病案缩放" in policy.read_text("utf-8")
    other = tmp_path / "other"
    (other / "drg").mkdir(parents=True)
    own = other / "drg" / "policy.yaml"
    own.write_text("id: own\n", "utf-8")
    done("drg", "sample", other, "--stays", 50, "--hospitals", 3, now=NOW)
    assert own.read_text("utf-8") == "id: own\n"  # a district's own policy is never touched
    own.write_text(policy.read_text("utf-8"), "utf-8")
    done("drg", "sample", other, "--stays", 50, "--hospitals", 3, now=NOW)
    assert "按 50 份病案缩放" in own.read_text("utf-8")


def test_a_published_table_goes_before_the_points_of_stays(home: Path, tmp_path: Path) -> None:
    derived = frame(home, last(home), "groups").filter("stable").sort("stays", descending=True)
    policy = home / "drg" / "policy.yaml"
    shipped = policy.read_text("utf-8")
    line = "basis: year, by_pool: false, overall_mean: kept, decimals: 4"
    assert line in shipped
    policy.write_text(shipped.replace(line, f"{line}, table: {{file: 基准点数2023.csv, others: none}}"), "utf-8")
    table = home / "drg" / "基准点数2023.csv"
    assert "没有这个文件" in refused("drg", "settle", home, "--year", 2023, now=LATER)
    first, second = derived["drg"][:2]
    table.write_text(f"DRG编码,基准点数\n{first},123.45\n{second},-5\nNOPE,7\n", "utf-8")
    said = refused("drg", "policy", "check", policy, now=LATER)
    assert "第 3 行的基准点数 -5 要大于 0" in said
    assert "第 4 行的病组 NOPE 不在分组方案里" in said
    table.write_text(f"DRG编码,病组名称,基准点数\n{first},某病组,123.45\n{second},另一病组,67.8\n", "utf-8")
    told = done("drg", "policy", "check", policy, now=LATER).out
    assert "用公布的表 基准点数2023.csv" in told
    assert re.search(r"基准点数2023\.csv 没有分组方案里的 \d+ 个病组", told)

    told = done("drg", "settle", home, "--year", 2023, now=LATER).out
    assert "公布的表 基准点数2023.csv" in told
    assert "病案按不稳定病组付费" in told
    number = last(home)
    kept = manifest(home, number)
    assert list(kept["published"]) == ["基准点数2023.csv"]
    copy = home / "drg" / "runs" / str(number) / "published-基准点数2023.csv"
    assert copy.read_bytes() == table.read_bytes()
    groups = dict(frame(home, number, "groups").filter(points_from="table").select("drg", "base_points").iter_rows())
    assert {drg: groups[drg] for drg in (first, second)} == {first: 1_234_500, second: 678_000}
    stays = frame(home, number, "stays")
    assert set(stays.filter(pl.col("class") == "normal")["drg"]) <= {first, second}
    normal = stays.filter((pl.col("class") == "normal") & (pl.col("drg") == first))["case_id"][0]
    assert "公布的基准点数表 基准点数2023.csv：123.45" in done("drg", "explain", home, normal, now=LATER).out
    assert "published table of base points" in done("drg", "explain", home, normal, "--lang", "en", now=LATER).out
    done("drg", "statements", home, "-o", tmp_path / "单", "--hospital", "H0001", now=LATER)
    (statement,) = (tmp_path / "单").iterdir()
    cells = [cell.text for each in docx.Document(str(statement)).tables for row in each.rows for cell in row.cells]
    assert any("用公布的表 基准点数2023.csv" in text for text in cells)

    assert "没有重做" in done("drg", "settle", home, "--year", 2023, now=LATER).out
    table.write_text(table.read_text("utf-8").replace("123.45", "123.46"), "utf-8")
    assert f"取代第 {number} 次" in done("drg", "settle", home, "--year", 2023, now=LATER).out
    assert copy.read_text("utf-8").count("123.45") == 1
    what_if = done("drg", "simulate", home, "--year", 2023, "--set", "low.below=0.3", now=LATER).out
    assert "只推算，不保存" in what_if

    policy.write_text(policy.read_text("utf-8").replace("others: none", "others: derived"), "utf-8")
    done("drg", "settle", home, "--year", 2023, now=LATER)
    assert set(frame(home, last(home), "groups")["points_from"]) == {"table", "stays"}
    policy.write_text(shipped, "utf-8")


def fen(accounts: pl.DataFrame, name: str) -> int:
    """The sum of a column of money."""
    return sum(accounts[name].to_list())


def test_what_was_transferred_is_deducted(home: Path, tmp_path: Path) -> None:
    done("drg", "settle", home, "--year", 2023, now=LATER)
    before = frame(home, last(home), "hospitals")
    hospital = before["hospital_id"][0]
    computed = before.filter(hospital_id=hospital)
    net = fen(computed, "prepaid") - fen(computed, "bond_withheld")
    head = "医疗机构编号,预拨月份,拨付金额（元）,拨付日期,凭证号\n"
    first = tmp_path / "拨付.csv"
    first.write_text(f"{head}{hospital},2023年1月,{net / 100 + 500:.2f},2023-02-10,A-1\n", "utf-8")
    done("load", home, "fund_transfers", first, now=LATER)
    done("drg", "settle", home, "--year", 2023, now=LATER)
    correction = tmp_path / "更正.csv"
    correction.write_text(f"{head}{hospital},2023-01,-200.00,2023-03-10,A-2\n", "utf-8")
    done("load", home, "fund_transfers", correction, now=LATER)
    told = done("drg", "settle", home, "--year", 2023, now=LATER).out
    assert f"按实际拨付扣：共拨付 {net / 100 + 300:.2f} 元" in told
    after = frame(home, last(home), "hospitals")
    assert fen(after, "transferred") == net + 300_00
    own = after.filter(hospital_id=hospital)
    assert fen(own, "transfer_difference") == 300_00
    assert fen(own, "final") == fen(computed, "final") - 300_00
    others = pl.col("hospital_id") != hospital  # were paid nothing so far
    owed = before.filter(others)
    assert fen(after.filter(others), "final") == fen(owed, "final") + fen(owed, "prepaid") - fen(owed, "bond_withheld")
    assert (
        "没有重做" in done("drg", "month", home, "--month", "2023-01", now=LATER).out
    )  # a month does not depend on it
    assert "没有重做" in done("drg", "settle", home, "--year", 2023, now=LATER).out
    done("audit", "verify", home, now=LATER)


def test_an_insured_person_is_erased_from_every_run_and_those_to_come(home: Path) -> None:
    numbers = sorted(int(path.name) for path in (home / "drg" / "runs").iterdir())
    before = {number: frame(home, number, "stays") for number in numbers}
    person = before[1]["person_id"].drop_nulls()[0]
    erase = ("erase", home, "--insured", person, "--as", "centre", "--reason", "本人申请")
    assert "没有“云脑中心”角色" in refused(
        "erase", home, "--insured", person, "--as", "cashier1", "--reason", "x", now=LATER
    )
    assert "只写一样" in refused("erase", home, "--as", "centre", "--reason", "x", now=LATER)
    told = done(*erase, now=LATER).out
    assert "没有清除：名册 inpatient_stays 的交付" in told
    held = [n for n in numbers if person in before[n]["person_id"].to_list()]
    assert all(f"第 {number} 次" in told for number in held)
    told = done("drg", "verify", home, now=LATER).out
    assert told.count("依法清除过") == len(held)
    assert "✗" not in told
    for number in numbers:
        paths = sorted((home / "drg" / "runs" / str(number)).glob("stays*.parquet"))
        assert len(paths) == 1
        after = pl.read_parquet(paths[0])
        assert person not in after["person_id"].to_list()
        assert fen(after, "payment") == fen(before[number], "payment")
    assert "没有重做" in done("drg", "settle", home, "--year", 2023, now=LATER).out
    policy = home / "drg" / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("below: 0.4,", "below: 0.41,"), "utf-8")
    done("drg", "settle", home, "--year", 2023, now=LATER)
    number = last(home)
    assert person not in frame(home, number, "stays")["person_id"].to_list()
    assert manifest(home, number)["erased"] > 0
    assert f"第 {number} 次（2023 年终清算）：与清单一致（" in done("drg", "verify", home, now=LATER).out
    assert "没有这样的病案" in done(*erase, now=LATER).out  # again: there is nothing left
    log = done("audit", "verify", home, now=LATER).out
    assert "完整" in log
