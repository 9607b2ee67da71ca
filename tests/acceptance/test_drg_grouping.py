"""`yunnao drg scheme check`, `group` and `sample` as whole commands."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance.commands import console, yunnao
from tests.capabilities.drg.published import FOLDER, SAMPLE_CASES, SCHEMES, needs_published
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME


@needs_published
def test_published_cases(tmp_path: Path) -> None:
    """24 of 24."""
    output = tmp_path / "grouped.csv"
    called = console("drg", "group", SAMPLE_CASES, "--scheme", FOLDER / SCHEMES[0], "-o", output, "--explain")
    assert called.code == 0, called
    assert "24 份病案，已入组 24" in called.out
    assert "个编码不在方案的任何表里" in called.err
    found = pl.read_csv(output, infer_schema=False)
    assert found["drg"].to_list() == found["expected_drg"].to_list()
    assert found["case_id"].to_list() == pl.read_csv(SAMPLE_CASES, infer_schema=False)["case_id"].to_list()
    assert found["path"].str.contains("分入").all()


@needs_published
@pytest.mark.parametrize("name", SCHEMES)
def test_published_schemes_are_without_errors(name: str) -> None:
    called = yunnao("drg", "scheme", "check", FOLDER / name)
    assert called.code == 0, called
    assert "条警告" in called.out


def test_a_synthetic_year_from_files_to_groups(tmp_path: Path) -> None:
    home = tmp_path / "home"
    called = yunnao("drg", "sample", home, "--stays", 3_000, "--hospitals", 9)
    assert called.code == 0, called
    assert "合成" in called.out
    called = yunnao("drg", "scheme", "check", home / "sample" / "scheme")
    assert called.code == 0, called
    for ending in ("csv", "parquet", "xlsx", "jsonl"):
        output = tmp_path / f"grouped.{ending}"
        called = yunnao(
            "drg",
            "group",
            home / "sample" / "inpatient_stays.csv",
            "--scheme",
            home / "sample" / "scheme",
            "-o",
            output,
        )
        assert called.code == 0, called
        assert "3,000 份病案" in called.out
    found = pl.read_parquet(tmp_path / "grouped.parquet")
    assert found.height == 3_000
    assert found.select("case_id", "drg").equals(pl.read_csv(tmp_path / "grouped.csv").select("case_id", "drg"))


def test_rows_that_are_no_stays_are_told_and_kept(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "case_id,sex,age_years,diagnoses,procedures\n"
        "1,男,60,I63.900,\n,男,60,I63.900,\n1,男,60,I63.900,\n2,人,60,I63.900,\n3,女,-1,I63.900,\n4,女,60,,\n5,女,60,Z99.999,\n",
        encoding="utf-8",
    )
    called = yunnao("drg", "group", cases, "--scheme", SAMPLE_SCHEME, "-o", tmp_path / "out.csv")
    assert called.code == 0, called
    outcomes = pl.read_csv(tmp_path / "out.csv")["outcome"].to_list()
    assert outcomes == ["grouped", *["invalid"] * 5, "ungroupable"]
    assert "无效 1 行：没有诊断" in called.err
    assert "1 个编码不在方案的任何表里，共 1 处，按不匹配处理：Z99.999（1）" in called.err


def test_what_is_refused(tmp_path: Path) -> None:
    cases, scheme = tmp_path / "cases.csv", tmp_path / "scheme"
    shutil.copytree(SAMPLE_SCHEME, scheme)
    cases.write_text("case_id,sex,age_years\n1,男,60\n", encoding="utf-8")
    output = tmp_path / "out.csv"
    for arguments, words in (
        ((cases, "--scheme", scheme, "-o", output), "缺少列 diagnoses（诊断编码）、procedures（手术操作编码）"),
        ((cases, "--scheme", scheme, "-o", tmp_path / "out.pdf"), "只能写成 .csv"),
        ((cases, "--scheme", tmp_path / "none", "-o", output), "没有这个文件夹"),
        ((tmp_path / "none.csv", "--scheme", scheme, "-o", output), "没有这个文件"),
    ):
        called = yunnao("drg", "group", *arguments)
        assert (called.code, called.out) == (2, "")
        assert words in called.err
    assert not output.exists()
    text = (scheme / "adrgs.csv").read_text(encoding="utf-8")
    (scheme / "adrgs.csv").write_text(text.replace("procedure_pair", "procedure_pairs"), encoding="utf-8")
    called = yunnao("drg", "scheme", "check", scheme)
    assert called.code == 2
    assert "XAB1 的 rule：不认识的条件「procedure_pairs」" in called.err
