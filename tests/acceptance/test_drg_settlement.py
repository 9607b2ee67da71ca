"""A year of DRG payments by the commands: months, clearing, a late and a corrected stay, looks back, what-ifs, and kills at any instant."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.acceptance.commands import command_line, console, done, environment, refused

NOW = "2024-02-01T09:00:00+08:00"
LATER = "2024-03-01T09:00:00+08:00"
Copies = Callable[[str], Path]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with 800 synthetic stays of 5 hospitals; January and February prepaid. Do not change it: see `a_copy`."""
    home = tmp_path_factory.mktemp("drg") / "home"
    done("init", home, now=NOW)
    done("drg", "sample", home, "--stays", 800, "--hospitals", 5, "--seed", 3, now=NOW)
    for register in ("hospitals", "inpatient_stays"):
        done("load", home, register, home / "sample" / f"{register}.csv", now=NOW)
    for month in ("2023-01", "2023-02"):
        done("drg", "month", home, "--month", month, now=NOW)
    done("drg", "settle", home, "--year", 2023, now=NOW)
    return home


@pytest.fixture
def a_copy(loaded: Path, tmp_path: Path) -> Copies:
    def copy(name: str) -> Path:
        target = tmp_path / name
        shutil.copytree(loaded, target)
        return target

    return copy


def manifest(home: Path, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "drg" / "runs" / str(number) / "manifest.json").read_text("utf-8"))
    return found


def frame(home: Path, number: int, name: str) -> pl.DataFrame:
    return pl.read_parquet(home / "drg" / "runs" / str(number) / f"{name}.parquet")


def files_of(home: Path) -> dict[str, bytes]:
    """Every file of every run but what says when it was made and after which audit line."""
    found = {}
    for path in sorted((home / "drg").rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "manifest.json":
                document = json.loads(content)
                content = json.dumps({**document, "recorded_at": "", "audit_head": "", "known_at": ""}).encode()
            found[str(path.relative_to(home))] = content
    return found


def rows_of(home: Path) -> list[dict[str, str]]:
    with (home / "sample" / "inpatient_stays.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def deliver(home: Path, rows: list[dict[str, str]], now: str) -> None:
    path = home.parent / f"late-{len(rows)}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done("load", home, "inpatient_stays", path, now=now)


def test_a_year_is_settled_to_the_fen(loaded: Path) -> None:
    year, months = manifest(loaded, 3), [manifest(loaded, number) for number in (1, 2)]
    hospitals = frame(loaded, 3, "hospitals")
    for pool, found in year["pools"].items():
        assert hospitals.filter(pool=pool)["payable"].sum() == found["shared"] == found["payable"]
    assert year["months"] == [1, 2]
    prepaid = sum(each["payable"] for month in months for each in month["pools"].values())
    assert hospitals["prepaid"].sum() == prepaid
    bond = hospitals["bond_returned"].sum()
    assert hospitals["final"].sum() == hospitals["payable"].sum() - prepaid + bond
    stays = frame(loaded, 3, "stays")
    assert len(stays) == sum(year["counts"].values()) == 800
    assert stays["payment"].sum() == hospitals["payable"].sum()


def test_the_same_again_is_no_new_run(a_copy: Copies) -> None:
    home = a_copy("home")
    before = files_of(home)
    assert "没有重做" in done("drg", "settle", home, "--year", 2023, now=LATER).out
    assert "没有重做" in done("drg", "month", home, "--month", "2023-01", now=LATER).out
    document = json.loads(done("drg", "settle", home, "--year", 2023, "--json", now=LATER).out)
    assert (document["number"], document["new"]) == (3, False)
    assert files_of(home) == before


def test_a_late_and_a_corrected_stay_settle_anew_with_a_statement(a_copy: Copies, tmp_path: Path) -> None:
    home = a_copy("home")
    before = files_of(home)
    kept = [row for row in rows_of(home) if row["discharged_on"].startswith("2023-03") and row["payment_kind"] == "drg"]
    late = kept[0] | {"case_id": "LATE-1"}
    corrected = kept[1] | {"total_cost": f"{float(kept[1]['total_cost']) + 1234.56:.2f}"}
    deliver(home, [late, corrected], LATER)
    told = done("drg", "settle", home, "--year", 2023, now=LATER).out
    assert f"取代第 3 次；差异：yunnao drg difference {home} 3 4 -o 差异.xlsx" in told
    assert {name: content for name, content in files_of(home).items() if "/4/" not in name} == before

    output = tmp_path / "difference.json"
    done("drg", "difference", home, 3, 4, "-o", output, now=LATER)
    sheets = json.loads(output.read_text("utf-8"))
    stays = {row["case_id"]: row for row in sheets["病案"]}
    assert {name: row["what"] for name, row in stays.items()} == {"LATE-1": "新增", corrected["case_id"]: "更正"}
    assert stays[corrected["case_id"]]["fields"] == "医疗总费用"
    *hospitals, total = sheets["医疗机构"]
    assert total["change"] == "0.00"  # the budget is what it was: what one gets more, others get less
    assert (total["added_stays"], total["changed_stays"], total["removed_stays"]) == (1, 1, 0)
    mine = [row for row in hospitals if row["hospital_id"] == late["hospital_id"] and row["added_stays"]]
    assert len(mine) == 1

    for ending in ("xlsx", "csv"):
        done("drg", "difference", home, 3, 4, "-o", tmp_path / f"difference.{ending}", now=LATER)
    sheet = openpyxl.load_workbook(tmp_path / "difference.xlsx")["病案"]
    assert {row[0].value for row in sheet.iter_rows(min_row=2, max_row=3)} == set(stays)
    assert "第 4 次与第 3 次的差异" in done("drg", "difference", home, 3, 4, now=LATER).out


def test_what_was_known_then_is_a_look_that_is_never_in_force(a_copy: Copies) -> None:
    home = a_copy("home")
    deliver(home, [rows_of(home)[0] | {"case_id": "LATE-1"}], LATER)
    done("drg", "settle", home, "--year", 2023, now=LATER)
    then = json.loads(done("drg", "settle", home, "--year", 2023, "--known-at", "2024-02-15", "--json", now=LATER).out)
    assert (then["number"], then["new"]) == (3, False)  # what was known then was settled then
    told = done("drg", "month", home, "--month", "2023-03", "--known-at", "2024-02-15", now=LATER).out
    assert "只看不生效" in told
    assert manifest(home, 5)["look"]
    again = json.loads(done("drg", "settle", home, "--year", 2023, "--json", now=LATER).out)
    assert (again["number"], again["new"], again["months"]) == (4, False, [1, 2])
    assert manifest(home, 4)["replaces"] == 3


def test_a_review_is_settled_as_decided(a_copy: Copies, tmp_path: Path) -> None:
    home = a_copy("home")
    stays = frame(home, 3, "stays")
    high = stays.filter(pl.col("class") == "high").row(0, named=True)
    reviews = tmp_path / "reviews.csv"
    cost = high["total_cost"] / 100 - 1
    reviews.write_text(
        "case_id,kind,review,decided_on,supported,unreasonable_cost,decided_drg\n"
        f"{high['case_id']},special,DRG-1,2024-02-20,是,{cost:.2f},\n",
        "utf-8",
    )
    done("load", home, "stay_reviews", reviews, now=LATER)
    done("drg", "settle", home, "--year", 2023, now=LATER)
    after = frame(home, 4, "stays").filter(case_id=high["case_id"]).row(0, named=True)
    assert (after["class"], after["reviewed_as"], after["review"]) == ("high", "special", "DRG-1")
    assert after["points"] < high["points"]
    assert "扣减" in done("drg", "explain", home, high["case_id"], now=LATER).out


def test_a_group_that_there_is_not_is_refused(a_copy: Copies, tmp_path: Path) -> None:
    """A slip of an officer's pen would else be paid by its cost, as a group of one; a stay of another year does not matter."""
    home, reviews = a_copy("home"), tmp_path / "reviews.csv"
    heads = "case_id,kind,review,decided_on,supported,unreasonable_cost,decided_drg\n"
    stays = frame(home, 3, "stays").filter(pl.col("class") == "normal")["case_id"]
    reviews.write_text(
        f"{heads}{stays[0]},objection,YY-1,2024-02-20,是,,XAB99\n{stays[1]},objection,YY-2,2024-02-20,否,,NOPE\n",
        "utf-8",
    )
    done("load", home, "stay_reviews", reviews, now=LATER)
    said = refused("drg", "settle", home, "--year", 2023, now=LATER)
    assert f"1 份病案改定的病组不在分组方案里：{stays[0]}（YY-1）改为 XAB99" in said
    assert len(list((home / "drg" / "runs").iterdir())) == 3
    reviews.write_text(
        f"{heads}{stays[0]},objection,YY-1,2024-02-21,是,,0000\nELSEWHEN,objection,YY-3,2024-02-20,是,,OLD1\n", "utf-8"
    )
    done("load", home, "stay_reviews", reviews, now=LATER)
    done("drg", "settle", home, "--year", 2023, now=LATER)
    assert frame(home, 4, "stays").filter(case_id=stays[0])["class"].to_list() == ["ungrouped"]


def test_every_class_is_explained(loaded: Path) -> None:
    stays = frame(loaded, 3, "stays")
    for case_id, class_ in stays.group_by("class").agg(pl.col("case_id").min()).select("case_id", "class").iter_rows():
        told = done("drg", "explain", loaded, case_id, now=LATER).out
        assert "点数：" in told, class_
        assert "示例办法" in told
    assert "里没有病案 NOBODY" in refused("drg", "explain", loaded, "NOBODY", now=LATER)
    assert "没有第 99 次" in refused("drg", "explain", loaded, "S1", "--run", 99, now=LATER)


def test_a_what_if_keeps_nothing(loaded: Path, tmp_path: Path) -> None:
    before = files_of(loaded)
    output = tmp_path / "what-if.xlsx"
    told = done("drg", "simulate", loaded, "--year", 2023, "--set", "low.below=0.3", "-o", output, now=LATER).out
    assert "只推算，不保存" in told
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(output)["医疗机构"].iter_rows()]
    heads = rows[0]
    total = next(row for row in rows if row[0] == "合计")
    assert total[heads.index("应付变动")] == 0
    assert files_of(loaded) == before
    assert "没有参数 low.belw" in refused("drg", "simulate", loaded, "--year", 2023, "--set", "low.belw=1", now=LATER)
    strange = refused("drg", "simulate", loaded, "--year", 2023, "--set", "coefficients.incentives.NOPE=1.1", now=LATER)
    assert "没有医疗机构 NOPE" in strange
    assert "2019 年没有" in refused("drg", "simulate", loaded, "--year", 2019, "--set", "low.below=0.3", now=LATER)


def test_the_policy_of_the_district(a_copy: Copies, tmp_path: Path) -> None:
    home = a_copy("home")
    sample = Path(__file__).parents[2] / "src" / "yunnao" / "scenarios" / "drg" / "sample_policy.yaml"
    told = done("drg", "policy", "check", sample, "--year", 2023, now=LATER).out
    assert "待核" in told
    assert 'high = {"tiers"' in told
    mixed = tmp_path / "mixed.yaml"
    mixed.write_text(sample.read_text("utf-8").replace("{employee: 520000000.00,", "{all: 520000000.00,"), "utf-8")
    assert "就不能再写职工、居民" in refused("drg", "policy", "check", mixed, now=LATER)
    own = home / "drg" / "policy.yaml"
    own.write_text(sample.read_text("utf-8").replace("employee: 520000000.00", "employee: 530000000.00"), "utf-8")
    done("drg", "settle", home, "--year", 2023, now=LATER)
    assert manifest(home, 4)["pools"]["employee"]["budget"] == 53_000_000_000
    own.write_text("id: own\n", "utf-8")
    assert "policy.yaml" in refused("drg", "settle", home, "--year", 2023, now=LATER)
    assert "title：缺少这一项" in refused("drg", "policy", "check", own, now=LATER)


def test_what_is_missing_is_said(tmp_path: Path, a_copy: Copies) -> None:
    empty = tmp_path / "empty"
    done("init", empty, now=NOW)
    assert "还没有导入住院病案与结算（inpatient_stays）" in refused("drg", "settle", empty, "--year", 2023, now=NOW)
    assert "还没有清算或预拨" in refused("drg", "explain", empty, "S1", now=NOW)
    home = a_copy("home")
    assert "不是月份" in refused("drg", "month", home, "--month", "2023-13", now=NOW)
    assert "没有出院的病案" in refused("drg", "settle", home, "--year", 2024, now=NOW)
    assert "不是同一时期" in refused("drg", "difference", home, 1, 3, now=NOW)


def test_a_damaged_run_is_made_again(a_copy: Copies) -> None:
    home = a_copy("home")
    (home / "drg" / "runs" / "3" / "stays.parquet").write_bytes(b"PAR1")
    assert "已损坏" in refused("drg", "explain", home, "S1", now=LATER)
    done("drg", "settle", home, "--year", 2023, now=LATER)
    assert frame(home, 4, "hospitals").equals(frame(home, 3, "hospitals"))


def test_every_run_has_its_line_in_the_log(a_copy: Copies) -> None:
    """Also one whose command was cut off right before it: the next one writes it."""
    home = a_copy("home")
    made = home / "drg" / "runs"
    shutil.copytree(made / "3", made / "4")
    document = json.loads((made / "4" / "manifest.json").read_text("utf-8"))
    (made / "4" / "manifest.json").write_text(json.dumps(document | {"number": 4}), "utf-8")
    before = done("audit", "verify", home, now=LATER).out
    done("drg", "settle", home, "--year", 2023, now=LATER)
    after = done("audit", "verify", home, now=LATER).out
    lines = [int(text.split("共 ")[1].split(" 条")[0]) for text in (before, after)]
    assert lines[1] == lines[0] + 1
    done("drg", "settle", home, "--year", 2023, now=LATER)
    assert done("audit", "verify", home, now=LATER).out == after


@pytest.mark.parametrize("kills", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_killed_again_and_again_it_ends_as_if_never_killed(kills: int, a_copy: Copies) -> None:
    spared, killed = a_copy("spared"), a_copy("killed")
    for home in (spared, killed):
        deliver(home, [rows_of(home)[0] | {"case_id": "LATE-1"}], LATER)
    whole_before = files_of(killed)
    begun = time.monotonic()
    assert console("drg", "settle", spared, "--year", 2023, now=LATER).code == 0
    whole = time.monotonic() - begun
    rng, struck = random.Random(20240301), 0
    for _ in range(4 * kills):
        process = subprocess.Popen(
            [*command_line(), "drg", "settle", str(killed), "--year", "2023"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(LATER),
            start_new_session=True,
        )
        # from the first imports to the audit line, most of them where files are being written
        with suppress(subprocess.TimeoutExpired):
            process.wait(whole * (0.4 + 0.6 * (struck + rng.random()) / kills))
        ended = process.poll() is not None
        if not ended:
            os.kill(process.pid, signal.SIGKILL)
            struck += 1
        process.wait(30)
        kept = files_of(killed)
        assert {name: kept[name] for name in whole_before} == whole_before
        for path in (killed / "drg" / "runs").glob("*/manifest.json"):  # what has a manifest is whole
            number = int(path.parent.name)
            assert len(frame(killed, number, "stays")) == sum(manifest(killed, number)["counts"].values())
        if ended or struck == kills:
            break
    assert struck > 0
    done("drg", "settle", killed, "--year", 2023, now=LATER)
    numbers = [int(path.parent.name) for path in (killed / "drg" / "runs").glob("*/manifest.json")]
    last = max(numbers)
    for name in ("stays", "hospitals", "groups"):
        assert frame(killed, last, name).equals(frame(spared, 4, name))
    assert len(numbers) == 4
    assert {path.name for path in (killed / "drg" / "runs").iterdir()} == {str(number) for number in numbers}
    assert not list(killed.rglob("*.tmp"))
    done("audit", "verify", killed, now=LATER)
