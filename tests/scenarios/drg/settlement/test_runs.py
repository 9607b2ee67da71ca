"""Runs on disk: whole or absent, in force or a look, never overwritten, damage named."""

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from tests.scenarios.drg.settlement.kept import keep, runs_in
from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_month, settle_year

RULES = rules_with()
INPUTS = inputs_of([stay("a", "H1", "AA19", 100, fund_claimed=50)], hospitals_frame(("H1", "tertiary", None)))


def year() -> Settlement:
    return settle_year(INPUTS, RULES, {})


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    made = year()
    kept = keep(tmp_path, made, RULES)
    run = runs_in(tmp_path).open()
    assert run.manifest == kept.manifest
    assert run.manifest.title == f"第 1 次（{YEAR} 年终清算）"
    assert_frame_equal(run.stays.collect(), made.stays)
    assert_frame_equal(run.groups.collect(), made.groups)
    assert_frame_equal(run.hospitals.collect(), made.hospitals)
    assert run.rules == RULES


def test_the_latest_is_in_force_and_a_look_never_is(tmp_path: Path) -> None:
    runs = runs_in(tmp_path)
    first = keep(tmp_path, year(), RULES, inputs="1")
    second = keep(tmp_path, year(), RULES, inputs="2")
    look = keep(tmp_path, year(), RULES, inputs="3", look=True)
    assert (first.manifest.replaces, second.manifest.replaces) == (None, 1)
    assert runs.numbers() == [1, 2, 3]
    assert runs.in_force("year", str(YEAR)) == second.manifest
    assert runs.in_force("year", str(YEAR + 1)) is None
    found = runs.equal("2", "year", str(YEAR), look=False)
    assert found is not None
    assert found.manifest.number == 2
    assert runs.equal("1", "year", str(YEAR), look=False) is None  # what came before is not in force: it is made anew
    known = runs.equal("3", "year", str(YEAR), look=True)
    assert known is not None
    assert known.manifest == look.manifest


def test_months_of_a_year_are_the_latest_of_each(tmp_path: Path) -> None:
    runs = runs_in(tmp_path)
    may = settle_month(INPUTS, RULES, f"{YEAR}-05")
    keep(tmp_path, may, RULES)
    keep(tmp_path, may, RULES)
    keep(tmp_path, may, RULES, look=True)
    keep(tmp_path, year(), RULES)
    assert [each.number for each in runs.months_of(YEAR)] == [2]
    assert runs.months_of(YEAR + 1) == []


def test_a_run_that_was_cut_off_is_none_and_goes_with_the_next(tmp_path: Path) -> None:
    runs = runs_in(tmp_path)
    keep(tmp_path, year(), RULES)
    cut = runs.folder / "2"
    cut.mkdir()
    (cut / "stays.parquet").write_bytes(b"half")
    assert runs.numbers() == [1]
    assert runs.open().manifest.number == 1
    assert keep(tmp_path, year(), RULES).manifest.number == 3
    assert not cut.exists()


@pytest.mark.parametrize("name", ["stays.parquet", "groups.parquet", "hospitals.parquet", "rules.json"])
def test_a_damaged_file_is_named_and_the_run_is_made_again(name: str, tmp_path: Path) -> None:
    keep(tmp_path, year(), RULES, inputs="1")
    path = runs_in(tmp_path).folder / "1" / name
    path.write_bytes(path.read_bytes() + b" ")
    run = runs_in(tmp_path).open(1)
    with pytest.raises(YunnaoError, match=f"{name} 已损坏"):
        _ = (run.groups, run.stays, run.hospitals, run.rules)
    assert runs_in(tmp_path).equal("1", "year", str(YEAR), look=False) is None


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    keep(tmp_path, year(), RULES)
    path = runs_in(tmp_path).folder / "1" / "manifest.json"
    for content in ("{", "[]", "{}"):
        path.write_text(content)
        with pytest.raises(YunnaoError, match="读不懂"):
            runs_in(tmp_path).manifest(1)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="还没有清算或预拨"):
        runs_in(tmp_path).open()
    keep(tmp_path, year(), RULES)
    with pytest.raises(YunnaoError, match="没有第 7 次清算或预拨；现有：1"):
        runs_in(tmp_path).open(7)
