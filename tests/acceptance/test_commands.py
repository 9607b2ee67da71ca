"""Every command that reads: exports, explanations, what-ifs, the dictionary, indicators and replays say the same thing."""

import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.acceptance.commands import done, fingerprint, lines, two_at_a_time, yunnao
from tests.acceptance.conftest import DELIVERED, SAMPLE_DAY, SAMPLE_NOW

Copies = Callable[[str], Path]
Rows = list[dict[str, object]]
POLICIES = Path(__file__).resolve().parents[2] / "src" / "yunnao" / "scenarios" / "benefits" / "policies"


def test_a_second_load_and_a_second_run_change_nothing(a_copy: Copies, tmp_path: Path) -> None:
    home = a_copy("home")
    before = fingerprint(home)
    done("cases", home, "-o", tmp_path / "before.csv", now=SAMPLE_NOW)
    for register in ("enterprises", "hires"):
        called = yunnao("load", home, register, home / "sample" / DELIVERED[register], "--json", now=SAMPLE_NOW)
        [report] = json.loads(called.out)
        assert called.code == 3
        assert report["delivery"] is None
        assert "已经导入过" in report["notes"][0]
    assert fingerprint(home) == before
    assert "新的运行" not in done("run", home, "--as-of", SAMPLE_DAY, now="2023-07-04T09:00:00+08:00").out
    done("cases", home, "-o", tmp_path / "after.csv", now=SAMPLE_NOW)
    assert (tmp_path / "after.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()
    assert fingerprint(home) == before


def test_the_four_formats_of_decisions_agree(sample_home: Path, sample_decisions: Rows, tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx", "parquet"):
        done("decisions", sample_home, "-o", tmp_path / f"all.{suffix}")
    wanted = [
        {**row, "conditions": json.dumps(row["conditions"]), "missing": " ".join(row["missing"])}  # type: ignore[arg-type]
        for row in sample_decisions
    ]

    def tidy(row: dict[str, object]) -> dict[str, object]:
        missing = row["missing"]
        return {
            name: "" if value is None else value
            for name, value in {
                **row,
                "conditions": json.dumps(json.loads(str(row["conditions"]))),
                "missing": " ".join(missing) if isinstance(missing, list) else missing,
            }.items()
        }

    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [tidy(dict(row)) for row in csv.DictReader(stream)] == wanted
    header, *rows = openpyxl.load_workbook(tmp_path / "all.xlsx")["决定"].iter_rows(values_only=True)
    assert [tidy(dict(zip(map(str, header), row, strict=True))) for row in rows] == wanted
    assert [tidy(row) for row in pl.read_parquet(tmp_path / "all.parquet").to_dicts()] == wanted


def test_decisions_can_be_chosen_by_policy_and_outcome(
    sample_home: Path, sample_decisions: Rows, tmp_path: Path
) -> None:
    path = tmp_path / "some.jsonl"
    done("decisions", sample_home, "--policy", "cit_small_low_profit", "--outcome", "granted", "-o", path)
    wanted = [r for r in sample_decisions if (r["policy"], r["outcome"]) == ("cit_small_low_profit", "granted")]
    assert lines(path) == wanted != []


def test_each_subject_is_decided_once_by_each_policy(sample_decisions: Rows) -> None:
    counted = Counter((row["policy"], row["subject"]) for row in sample_decisions)
    assert set(counted.values()) == {1}
    assert len(counted) == len({p for p, _ in counted}) * len({s for _, s in counted})
    assert {row["as_of"] for row in sample_decisions} == {SAMPLE_DAY}


def test_explanations_agree_with_decisions_in_both_languages(sample_home: Path, sample_decisions: Rows) -> None:
    chosen: dict[tuple[object, object], dict[str, object]] = {}
    for row in sample_decisions:
        chosen.setdefault((row["policy"], row["outcome"]), row)
    wanted = [row for (policy, _), row in sorted(chosen.items()) if policy in _EXPLAINED]
    assert {row["outcome"] for row in wanted} == {"granted", "refused", "undetermined"}

    def explained(row: dict[str, object]) -> tuple[dict[str, object], str]:
        arguments = ("explain", sample_home, row["policy"], row["subject"])
        return json.loads(done(*arguments, "--json").out), done(*arguments, "--lang", "en").out

    for row, (found, english) in zip(wanted, two_at_a_time(explained, wanted), strict=True):
        shared = ("policy", "subject", "outcome", "amount", "conditions", "missing", "policy_version", "as_of")
        assert {name: found[name] for name in shared} == {name: row[name] for name in shared}
        assert str(row["outcome"]) in english
        assert not row["amount"] or str(row["amount"]) in english.replace(",", "")


_EXPLAINED = ("cit_small_low_profit", "stable_jobs_refund", "expand_jobs_2023")


def test_a_simulation_is_what_publishing_the_change_brings(
    a_copy: Copies, sample_decisions: Rows, tmp_path: Path
) -> None:
    home = a_copy("home")
    changes = ("--set", "max_staff=4", "--set", "rate_above=0.10")
    before_files = fingerprint(home)
    out = done("simulate", home, "cit_small_low_profit", *changes, "-o", tmp_path / "s.csv").out
    assert fingerprint(home) == before_files
    text = (POLICIES / "cit_small_low_profit.yaml").read_text("utf-8")
    text = text.replace("value: 300, unit: person", "value: 4, unit: person").replace(
        '{from: 2023-01-01, value: "0.05", unit: share, cites: 财政部 税务总局公告2023年第12号}',
        '{from: 2023-01-01, value: "0.10", unit: share, cites: 财政部 税务总局公告2023年第12号}',
    )
    changed = tmp_path / "changed.yaml"
    changed.write_text(text, "utf-8")
    done("policy", "publish", home, changed)
    done("run", home, "--as-of", SAMPLE_DAY, now=SAMPLE_NOW)
    done("decisions", home, "--policy", "cit_small_low_profit", "-o", tmp_path / "after.jsonl")
    before = {row["subject"]: row for row in sample_decisions if row["policy"] == "cit_small_low_profit"}
    after = {row["subject"]: row for row in lines(tmp_path / "after.jsonl")}
    assert before.keys() == after.keys()
    assert {row["policy_version"] for row in before.values()} != {row["policy_version"] for row in after.values()}

    def money(row: dict[str, object]) -> Decimal:
        return Decimal(str(row["amount"] or 0))

    def entitled(row: dict[str, object]) -> bool:
        return row["outcome"] == "granted"

    def better(one: dict[str, object], other: dict[str, object]) -> bool:
        return entitled(one) and (not entitled(other) or money(one) > money(other))

    gains = sum(better(after[key], before[key]) for key in before)
    loses = sum(better(before[key], after[key]) for key in before)
    cost = sum((money(row) for row in after.values()), -sum(map(money, before.values())))
    assert loses > 0
    assert f"得利 {gains} 个，受损 {loses} 个" in out.replace(",", "")
    assert f"{'增加' if cost >= 0 else '减少'}支出 {abs(cost)} 元" in out
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as stream:
        differing = {row["credit_code"]: row for row in csv.DictReader(stream)}
    wanted = {
        key
        for key in before
        if (before[key]["outcome"], before[key]["amount"]) != (after[key]["outcome"], after[key]["amount"])
    }
    assert set(differing) == wanted
    assert all(row["outcome_after"] == after[key]["outcome"] for key, row in differing.items())
    assert all(row["amount_after"] == after[key]["amount"] for key, row in differing.items())


def test_the_dictionary_stands_alone_and_has_every_policy(
    sample_home: Path, sample_decisions: Rows, tmp_path: Path
) -> None:
    folder = tmp_path / "dictionary"
    done("dictionary", sample_home, "-o", folder)
    assert (folder / "index.html").is_file()
    assert list(folder.glob("*.xlsx"))
    for page in folder.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<(?:script|img|iframe|link)[^>]+(?:src|href)=[\"']?(?:https?:)?//", text), page
        for target in re.findall(r"(?:src|href)=\"([^\"#?:]+)[\"#?]", text):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"
    index = (folder / "index.html").read_text("utf-8")
    for policy in {str(row["policy"]) for row in sample_decisions}:
        assert policy in index
    assert "answered_in_time" not in index, "no register of that scenario was ever loaded here"
    done("dictionary", sample_home, "--scenario", "reply_times", "-o", tmp_path / "other")
    assert "answered_in_time" in (tmp_path / "other" / "index.html").read_text("utf-8")
    first = {path: path.read_bytes() for path in folder.rglob("*.html")}
    done("dictionary", sample_home, "-o", folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == first


def _indicators(home: Path, path: Path) -> dict[tuple[str, str], str]:
    done("indicators", home, "-o", path, now=SAMPLE_NOW)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {(row["指标"], row["组别"]): row["数值"] for row in csv.DictReader(stream)}


def test_indicators_are_counts_of_decisions_and_of_the_rows_behind_them(
    sample_home: Path, sample_decisions: Rows, tmp_path: Path
) -> None:
    found = _indicators(sample_home, tmp_path / "indicators.csv")
    granted = [row for row in sample_decisions if row["outcome"] == "granted"]
    owed = sum((Decimal(str(row["amount"] or 0)) for row in granted), Decimal(0))
    assert found["policies_in_force", "合计"] == str(len({row["policy"] for row in sample_decisions}))
    assert found["entitled", "合计"] == str(len(granted))
    assert found["enterprises_entitled", "合计"] == str(len({row["subject"] for row in granted}))
    assert Decimal(found["amount_entitled", "合计"].replace(",", "")) == owed
    lacking = [row for row in sample_decisions if row["outcome"] == "undetermined"]
    assert found["undetermined", "合计"] == str(len(lacking))
    for policy, count in Counter(str(row["policy"]) for row in granted).items():
        assert found["entitled", policy] == str(count)
    behind = {}
    for indicator in ("entitled", "amount_entitled", "undetermined"):
        path = tmp_path / f"{indicator}.csv"
        done("indicators", sample_home, "--rows", indicator, "-o", path)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            behind[indicator] = list(csv.DictReader(stream))
    assert {(r["policy"], r["subject"]) for r in behind["entitled"]} == {(r["policy"], r["subject"]) for r in granted}
    assert {(r["policy"], r["subject"]) for r in behind["undetermined"]} == {
        (r["policy"], r["subject"]) for r in lacking
    }
    amounts = {(r["policy"], r["subject"]): Decimal(str(r["amount"])) for r in granted if r["amount"]}
    counted = {(r["policy"], r["subject"]): Decimal(r["value"]) for r in behind["amount_entitled"] if r["value"]}
    assert counted == amounts, "the rows behind a sum of money are yuan, as everything that leaves the house"


def test_replay_is_identical_and_notices_an_altered_run(a_copy: Copies) -> None:
    home = a_copy("home")
    assert "每一格都相同" in done("replay", home).out
    [part] = (home / "runs" / "1").glob("*.parquet")
    frame = pl.read_parquet(part)
    column = next(name for name in frame.columns if frame.schema[name].is_integer())
    frame.with_columns(pl.col(column) + 1).write_parquet(part)
    called = yunnao("replay", home)
    assert called.code in (1, 2), called
    assert "Traceback" not in called.err


def test_the_audit_log_is_whole_until_somebody_touches_it(a_copy: Copies) -> None:
    home = a_copy("home")
    assert "完整" in done("audit", "verify", home).out
    with sqlite3.connect(home / "records.sqlite") as database:
        [table] = [
            name
            for (name,) in database.execute(
                "select name from sqlite_master where name like 'audit%' and type = 'table'"
            )
        ]
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        with pytest.raises(sqlite3.DatabaseError):
            database.execute(f"delete from {table}")
        for (trigger,) in database.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            database.execute(f"drop trigger {trigger}")
        when = next(name for name in columns if name in ("at", "moment", "time", "recorded_at"))
        database.execute(f"update {table} set {when} = '2020-01-01T00:00:00+00:00'")
    called = yunnao("audit", "verify", home)
    assert called.code == 1, called
    assert "Traceback" not in called.err


def test_an_undetermined_decision_asks_the_department_that_owes_the_fact(
    sample_home: Path, sample_decisions: Rows, tmp_path: Path
) -> None:
    done("cases", sample_home, "--flow", "request_fact", "-o", tmp_path / "requests.csv", now=SAMPLE_NOW)
    with (tmp_path / "requests.csv").open(encoding="utf-8-sig", newline="") as stream:
        requests = {(row["policy"], row["subject"]): row for row in csv.DictReader(stream)}
    assert all(row["department"] for row in requests.values())
    asked: dict[str, set[str]] = {}
    for (_, subject), row in requests.items():
        asked.setdefault(subject, set()).update(row["waiting"].split())
    for row in sample_decisions:
        if row["outcome"] == "undetermined":
            waiting = asked.get(str(row["subject"]), set()) | asked.get("*", set())
            assert row["policy"] in waiting, row
