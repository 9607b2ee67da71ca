"""Office files written from stored values: intake gives the good rows back exactly, and refuses just the spoiled ones."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from yunnao.catalogue.sample_columns import UNKNOWN_WORDS, cells, decimal_text, header
from yunnao.catalogue.sample_files import OfficeFile, SampleTable, write_office_files
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.numbers import MONEY_BOUND, SHARE_BASE, share_text, yuan_text
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.registry.intake import take_in


def _fact(id_: str, type_: FactType, zh: str, **more: Any) -> FactDefinition:
    return FactDefinition(id=id_, type=type_, title=Text(zh, id_), **more)


def _register(id_: str, zh: str) -> Register:
    return Register(
        id=id_,
        title=Text(zh, id_),
        department="office",
        subject="thing",
        subject_key="number",
        key=("number",),
        facts=(
            _fact("number", FactType.KEY, "编号"),
            _fact("revenue", FactType.MONEY, "营业收入", minimum=-MONEY_BOUND),
            _fact("fee", FactType.MONEY, "缴费额"),
            _fact("staff", FactType.INTEGER, "人数", unit="person"),
            _fact("rate", FactType.SHARE, "裁员率"),
            _fact("sales_share", FactType.SHARE, "销售占比"),
            _fact("open", FactType.BOOLEAN, "营业中"),
            _fact("since", FactType.DATE, "成立日期"),
            _fact("kind", FactType.CODE, "类别", values={"a": Text("甲类", "A"), "none": Text("无", "None")}),
            _fact("name", FactType.TEXT, "名称"),
        ),
    )


REGISTERS = {
    "shops": _register("shops", "商户名册"),
    "loans": _register("loans", "信贷"),
    "taxes": _register("taxes", "涉税"),
}


def _table(register: str, height: int) -> SampleTable:
    rng = np.random.default_rng(len(register))

    def some(values: Any, dtype: Any = None) -> pl.Series:
        series = pl.Series(values, dtype=dtype)
        return pl.select(pl.when(pl.Series(rng.random(height) > 0.1)).then(series)).to_series()

    columns = {
        "number": pl.Series([f"N{i:06d}" for i in range(height)]),
        "revenue": some(rng.integers(-MONEY_BOUND, MONEY_BOUND, height)),
        "fee": some(rng.choice([0, 1, 99, 100, 123456789], height)),
        "staff": some(rng.integers(0, 5000, height)),
        "rate": some(rng.choice([0, 1, 55 * 10**9, SHARE_BASE], height)),
        "sales_share": some(rng.integers(0, SHARE_BASE, height)),
        "open": some(rng.random(height) > 0.5),
        "since": some([dt.date(1990, 1, 1) + dt.timedelta(days=int(d)) for d in rng.integers(0, 12000, height)]),
        "kind": some(np.where(rng.random(height) > 0.5, "a", "none").tolist()),
        "name": some([f'商户“{i}”,"甲"' for i in range(height)]),
    }
    return SampleTable(register, pl.DataFrame(columns))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[SampleTable], list[OfficeFile]]:
    tables = [_table(register, 400) for register in REGISTERS]
    folder = tmp_path_factory.mktemp("office")
    return tables, write_office_files(tables, REGISTERS, folder, seed=4, excel={"shops", "loans"}, about="规模 0.001。")


def test_good_rows_come_back_exactly_and_spoiled_rows_are_refused(
    written: tuple[list[SampleTable], list[OfficeFile]],
) -> None:
    for table, file in zip(*written, strict=True):
        intake = take_in(file.path, file.path.name, REGISTERS[file.register])
        spoiled = [fault.key[0] for fault in file.faults]
        assert len(set(spoiled)) == len(spoiled) == intake.refused == 5
        assert intake.repeats == file.repeats == 5
        good = table.frame.filter(~pl.col("number").is_in(spoiled)).sort("number")
        assert_frame_equal(intake.table.select(good.columns), good)


def test_every_kind_of_file_an_office_makes_is_there(written: tuple[list[SampleTable], list[OfficeFile]]) -> None:
    files = written[1]
    assert [file.path.name for file in files] == ["商户名册.xlsx", "信贷.xlsx", "涉税.csv"]
    first = openpyxl.load_workbook(files[0].path)
    assert first.sheetnames == ["商户名册"]
    sheet = first.active
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:J1"]
    assert sheet["A2"].value == "填报单位：office"
    assert [cell.value for cell in sheet[sheet.max_row]][:2] == ["合计", "405 行"]
    assert openpyxl.load_workbook(files[1].path).sheetnames == ["说明", "信贷"]
    assert files[2].path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_register_too_long_for_excel_is_a_csv_and_offices_differ_in_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yunnao.catalogue.sample_files.EXCEL_ROWS", 49)
    files = write_office_files([_table(r, 50) for r in REGISTERS], REGISTERS, tmp_path, seed=4, excel={"loans"})
    assert [file.path.suffix for file in files] == [".csv"] * 3
    rows = list(csv.reader(files[1].path.read_text(encoding="gb18030").splitlines()))
    assert rows[0][:4] == ["编号", "营业收入（万元）", "缴费额（元）", "人数（人）"]
    assert rows[0][5] == "销售占比（%）"
    assert len(rows) == 56


def test_the_note_says_synthetic_and_lists_every_spoiled_row(
    written: tuple[list[SampleTable], list[OfficeFile]],
) -> None:
    files = written[1]
    note = (files[0].path.parent / "说明.txt").read_text(encoding="utf-8-sig")
    assert "合成" in note.splitlines()[0]
    assert "规模 0.001。" in note
    for file in files:
        assert file.path.name in note
        for fault in file.faults:
            assert fault.key[0] in note
            assert fault.reason in note


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    def written_bytes(folder: str, seed: int) -> dict[str, bytes]:
        write_office_files([_table(r, 60) for r in REGISTERS], REGISTERS, tmp_path / folder, seed=seed)
        return {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}

    first = written_bytes("a", 1)
    assert first == written_bytes("b", 1)
    assert first["涉税.csv"] != written_bytes("c", 2)["涉税.csv"]


def test_progress_reaches_the_number_of_rows(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_office_files([_table("taxes", 60)], REGISTERS, tmp_path, lambda *step: told.append(step))
    assert told[-1] == ("涉税", 65, 65)


def test_a_table_that_does_not_suit_its_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="没有声明的名册 ghosts"):
        write_office_files([SampleTable("ghosts", pl.DataFrame())], REGISTERS, tmp_path)
    with pytest.raises(DefinitionError, match="缺少列 staff、rate"):
        write_office_files([SampleTable("taxes", _table("taxes", 3).frame.drop("staff", "rate"))], REGISTERS, tmp_path)


def _interrupted() -> Iterator[SampleTable]:
    yield _table("taxes", 30)
    raise KeyboardInterrupt


def test_an_interruption_leaves_whole_files_only(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_office_files(_interrupted(), REGISTERS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["涉税.csv"]


@given(st.integers(-MONEY_BOUND, MONEY_BOUND), st.booleans())
def test_decimal_text_of_fen_is_the_kernels(fen: int, separators: bool) -> None:
    text = pl.select(decimal_text(pl.lit(pl.Series([fen])), 2, pad=True, separators=separators)).item()
    assert text.replace(",", "") == yuan_text(fen)
    assert text == f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}" or not separators


@given(st.integers(0, SHARE_BASE))
def test_decimal_text_of_a_share_is_the_kernels(share: int) -> None:
    assert pl.select(decimal_text(pl.lit(pl.Series([share])), 12)).item() == share_text(share)


@pytest.mark.parametrize("type_", list(FactType))
def test_unknown_is_written_in_one_of_the_offices_ways(type_: FactType) -> None:
    kinds = {FactType.BOOLEAN: pl.Boolean, FactType.DATE: pl.Date}
    dtype = kinds.get(type_, pl.Int64 if type_ in (FactType.INTEGER, FactType.MONEY, FactType.SHARE) else pl.String)
    frame = pl.DataFrame({"v": [None] * 6, "d": list(range(6))}, schema={"v": dtype, "d": pl.UInt8})
    fact = _fact("x", type_, "甲")
    assert frame.select(cells(fact, pl.col("v"), pl.col("d"))).to_series().to_list() == list(UNKNOWN_WORDS) * 2


def test_headers_name_the_unit_of_the_cells() -> None:
    assert header(_fact("revenue_year", FactType.MONEY, "收入")) == "收入（万元）"
    assert header(_fact("fee", FactType.MONEY, "费")) == "费（元）"
    assert header(_fact("mfg_sales_share", FactType.SHARE, "占比")) == "占比（%）"
    assert header(_fact("layoff_rate", FactType.SHARE, "裁员率")) == "裁员率"
    assert header(_fact("months", FactType.INTEGER, "月数", unit="month")) == "月数（月）"
