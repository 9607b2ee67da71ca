"""Erasure: who a stay is of is gone from every file of every run, its money is not; whatever was cut off is ended by the same again."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.scenarios.drg.settlement.kept import keep
from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.reporting.figures import check_sums, monthly
from yunnao.scenarios.drg.settlement.erasing import FILE, FORGOTTEN, PREFIX, Forgotten, load_forgotten
from yunnao.scenarios.drg.settlement.explanation import explain_stay
from yunnao.scenarios.drg.settlement.runs import Runs
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_year
from yunnao.scenarios.drg.settlement.verifying import verified
from yunnao.storage.files import make_folder, temporary_beside, write_atomically

NOBODY = Forgotten(secret=b"s" * 32)
WHO = NOBODY.with_(person="P1")
RULES = rules_with()
AT = "2024-03-01T00:00:00.000000Z"


def settlement() -> Settlement:
    """P1 twice, the second time soon after; P2 once."""
    again = {"admitted_on": dt.date(YEAR, 5, 12), "discharged_on": dt.date(YEAR, 5, 20)}
    stays = [
        stay("a", "H1", "AA19", 100_00, person_id="P1", diagnoses="I63.900", sex="male", age_years=70),
        stay("b", "H1", "AA19", 300_00, person_id="P2", diagnoses="K22.301", sex="female", age_years=31),
        stay("c", "H1", "AA19", 200_00, person_id="P1", diagnoses="I63.900", reason="主要诊断 I63.900", **again),
    ]
    return settle_year(inputs_of(stays, hospitals_frame(("H1", "tertiary", None))), RULES, {})


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    keep(tmp_path, settlement(), RULES, inputs="1")
    return Runs(tmp_path, write_atomically, make_folder)


def noted(runs: Runs) -> set[tuple[int, str]]:
    return {(number, each.sha256) for number in runs.numbers() for each in runs.open(number).erasures}


def test_the_person_is_gone_and_the_sums_are_not(runs: Runs) -> None:
    before = runs.open(1)
    stays = before.stays.collect()
    assert stays.filter(case_id="a")["readmitted_as"].to_list() == ["c"]
    assert runs.erase(1, WHO, AT) == 2
    after = runs.open(1)
    assert after.manifest == before.manifest  # never rewritten
    left = after.stays.collect()
    check_sums(left, after.hospitals.collect())
    assert_frame_equal(monthly(left), monthly(stays))
    assert left["case_id"].is_sorted()
    assert left.schema == stays.schema
    assert_frame_equal(left.filter(case_id="b"), stays.filter(case_id="b"))
    gone = left.filter(pl.col("case_id").str.starts_with(PREFIX))
    assert gone.height == 2
    assert all(gone[name].null_count() == 2 for name in FORGOTTEN if name in gone.columns)
    assert set(gone["discharged_on"]) == {dt.date(YEAR, 5, 1)}
    assert gone["readmitted_as"].drop_nulls().to_list() == [WHO.tombstone("c")]
    files = b"".join(path.read_bytes() for path in after.folder.iterdir())
    texts = [str(cell) for row in left.rows() for cell in row]
    assert not {"P1", "a", "c", "I63.900", "主要诊断 I63.900"} & set(texts)
    assert b"I63.900" not in files
    assert not (after.folder / "stays.parquet").exists()
    assert explain_stay(after, WHO.tombstone("a"))[-1].text.endswith("元")
    with pytest.raises(YunnaoError, match="里没有病案 a"):
        explain_stay(after, "a")


def test_it_is_said_to_be_lawfully_changed_and_damage_to_be_damage(runs: Runs) -> None:
    assert verified(runs, 1, ()).sentence == f"第 1 次（{YEAR} 年终清算）：与清单一致"
    runs.erase(1, WHO, AT)
    told = verified(runs, 1, noted(runs))
    assert told.whole
    assert "依法清除过 2 份病案的个人信息（2024-03-01，有审计记录）" in told.sentence
    assert "没有审计记录" in verified(runs, 1, ()).sentence
    runs.erase(1, WHO.with_(stay="b"), AT)
    assert "依法清除过 3 份" in verified(runs, 1, noted(runs)).sentence
    folder = runs.open(1).folder
    changed = folder / runs.open(1).erasures[-1].file
    changed.write_bytes(changed.read_bytes()[:-1])
    assert not verified(runs, 1, noted(Runs(runs.folder.parents[1]))).whole
    erasures = json.loads((folder / "erasures.json").read_text("utf-8"))
    (folder / "erasures.json").write_text(json.dumps(erasures[1:]), "utf-8")
    assert "接不上" in verified(runs, 1, ()).sentence


def test_nobody_forgotten_changes_nothing(runs: Runs) -> None:
    before = {path.name: path.read_bytes() for path in runs.open(1).folder.iterdir()}
    assert runs.erase(1, NOBODY.with_(person="P9", stay="z"), AT) == 0
    assert {path.name: path.read_bytes() for path in runs.open(1).folder.iterdir()} == before
    assert runs.equal("1", "year", str(YEAR), look=False) is not None


def test_an_erased_run_is_still_the_run_that_need_not_be_made_again(runs: Runs) -> None:
    runs.erase(1, WHO, AT)
    found = runs.equal("1", "year", str(YEAR), look=False)
    assert found is not None
    assert found.manifest.number == 1


class _Killed(Exception):
    pass


@pytest.mark.parametrize("writes", [0, 1])
def test_cut_off_anywhere_the_same_again_ends_it(runs: Runs, tmp_path: Path, writes: int) -> None:
    left: Iterator[int] = iter(range(writes))

    def dying(path: Path, content: bytes) -> None:
        if next(left, None) is None:
            raise _Killed
        write_atomically(path, content)

    before = runs.open(1).stays.collect()
    with pytest.raises(_Killed):
        Runs(tmp_path, dying, make_folder).erase(1, WHO, AT)
    assert_frame_equal(runs.open(1).stays.collect(), before)  # whole, as it was
    assert runs.erase(1, WHO, AT) == 2
    assert sorted(path.name for path in runs.open(1).folder.glob("stays*")) == ["stays-erased-1.parquet"]


def test_cut_off_before_the_old_stays_go_is_said_and_ended(runs: Runs) -> None:
    old = (runs.open(1).folder / "stays.parquet").read_bytes()
    runs.erase(1, WHO, AT)
    (runs.open(1).folder / "stays.parquet").write_bytes(old)
    assert "清除前的文件 stays.parquet 还在" in verified(runs, 1, noted(runs)).sentence
    assert runs.erase(1, WHO, AT) == 0
    assert verified(runs, 1, noted(runs)).whole


def test_who_is_forgotten_is_kept_as_digests_of_the_district(tmp_path: Path) -> None:
    forgotten = WHO.with_(stay="S1")
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(forgotten.document())
    assert b"P1" not in forgotten.document()
    assert b"S1" not in forgotten.document()
    assert load_forgotten(tmp_path, NOBODY.secret) == forgotten
    assert replace(forgotten, secret=b"other").found(settlement().stays).to_list() == [False] * 3
    (tmp_path / FILE).write_bytes(b"{}")
    with pytest.raises(YunnaoError, match=r"erased\.json 读不懂"):
        load_forgotten(tmp_path, NOBODY.secret)


@settings(max_examples=40)
@given(st.sets(st.sampled_from(["P1", "P2", "P3"])), st.sets(st.sampled_from("abc")))
def test_money_and_points_stay_whatever_is_forgotten(persons: set[str], stays: set[str]) -> None:
    made, forgotten = settlement(), NOBODY
    for person in persons:
        forgotten = forgotten.with_(person=person)
    for each in stays:
        forgotten = forgotten.with_(stay=each)
    left, gone = forgotten.forget(made.stays)
    check_sums(left, made.hospitals)
    of_persons = made.stays.filter(pl.col("person_id").is_in(list(persons)))["case_id"]
    assert set(gone) == set(of_persons) | stays
    assert sorted(left["payment"]) == sorted(made.stays["payment"])
    again, none = forgotten.forget(left)
    assert none == []
    assert_frame_equal(again, left)


def test_a_diagnosis_that_says_why_there_is_no_group_is_gone_too() -> None:
    said = "主要诊断 I63.900 不在任何 MDC 的诊断表里"
    rows = [
        stay("a", "H1", "AA19", 100_00),
        stay("b", "H1", "0000", 200_00, person_id="P1", reason=said),
        stay("c", "H1", "0000", 200_00, person_id="P1", outcome="ambiguous", reason=said),
    ]
    made = settle_year(inputs_of(rows, hospitals_frame(("H1", "tertiary", None))), RULES, {})
    assert made.stays.filter(case_id="b")["why"].to_list() == [said]
    left, gone = WHO.forget(made.stays)
    assert sorted(gone) == ["b", "c"]
    assert not [cell for row in left.rows() for cell in row if "I63.900" in str(cell)]


def test_the_days_of_a_stay_are_gone_but_where_they_are_what_is_paid(tmp_path: Path) -> None:
    rows = [
        stay("a", "H1", "AA19", 100_00, person_id="P1"),
        stay("b", "H1", "AA19", 100_00, person_id="P1", payment_kind="bed_day"),
    ]
    made = settle_year(inputs_of(rows, hospitals_frame(("H1", "tertiary", 300_00))), RULES, {})
    left, _ = WHO.forget(made.stays)
    assert dict(left.select("class", "days").iter_rows()) == {"normal": None, "bed_day": 7}
    run = keep(tmp_path, replace(made, stays=left), RULES)
    for case in left["case_id"]:
        assert explain_stay(run, case)[-1].text.endswith("元")


def test_what_a_cut_off_left_lying_is_gone(runs: Runs) -> None:
    """A run without a manifest, and a temporary file of an erasure, hold stays that no erasure would ever look at."""
    content = (runs.open(1).folder / "stays.parquet").read_bytes()
    half = runs.folder / "2"
    half.mkdir()
    (half / "stays.parquet").write_bytes(content)
    temporary = temporary_beside(runs.open(1).folder / "stays-erased-1.parquet")
    temporary.write_bytes(content)
    runs.remove_cut_off()
    runs.erase(1, WHO, AT)
    assert not half.exists()
    assert not temporary.exists()
    assert runs.numbers() == [1]


@pytest.mark.parametrize("erased", ["a", "c"])
def test_a_readmission_leads_from_no_erased_stay_to_the_person_nor_back(erased: str) -> None:
    """P1 was in twice and one of both stays is erased: the other still says who they are, so neither may point to the other."""
    left, gone = NOBODY.with_(stay=erased).forget(settlement().stays)
    assert gone == [erased]
    (pointer,) = left["readmitted_as"].drop_nulls()
    assert pointer.startswith(PREFIX)
    assert pointer not in left["case_id"].to_list()
