"""Frames as files: exact in csv and json, numbers in Excel, never a formula, the same bytes for the same frame."""

import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.drg.settled import settled
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Text
from yunnao.scenarios.drg.reporting.sheets import run_sheets
from yunnao.scenarios.drg.reporting.tables import Column, Sheet, as_xlsx, decimal, sheet_file
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, money, points, score, share_of
from yunnao.scenarios.drg.settlement.pricing import CLASSES

SHEET = Sheet(
    Text("表", "Table"),
    pl.DataFrame(
        {
            "name": ["=1+1", "-甲", None],
            "fen": [123_456, -5, None],
            "units": [12_345, -1, None],
            "day": [dt.date(2023, 5, 1), None, None],
            "yes": [True, False, None],
        }
    ),
    {
        "name": Column(Text("名称", "Name")),
        "fen": Column(Text("金额", "Money"), "money"),
        "units": Column(Text("点数", "Points"), "points"),
        "day": Column(Text("日期", "Day"), "day"),
        "yes": Column(Text("是否", "Yes"), "truth"),
    },
)


def test_csv_is_exact_and_no_cell_is_a_formula() -> None:
    text = sheet_file(SHEET, "x.csv").decode("utf-8-sig")
    assert text.split("\r\n")[:3] == [
        "名称,金额,点数,日期,是否",
        "'=1+1,1234.56,1.2345,2023-05-01,是",
        "'-甲,-0.05,-0.0001,,否",
    ]
    assert sheet_file(SHEET, "x.csv", "en").decode("utf-8-sig").startswith("Name,Money,")


def test_json_is_exact() -> None:
    rows = json.loads(sheet_file(SHEET, "x.json"))
    assert rows[0] == {"name": "=1+1", "fen": "1234.56", "units": "1.2345", "day": "2023-05-01", "yes": True}
    assert rows[2] == dict.fromkeys(SHEET.columns)


def test_excel_has_numbers_with_their_decimals_and_texts_as_texts() -> None:
    content = sheet_file(SHEET, "x.xlsx")
    assert content == sheet_file(SHEET, "x.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["表"]
    assert [str(cell.value) for cell in sheet[2]] == ["=1+1", "1234.56", "1.2345", "2023-05-01 00:00:00", "是"]
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].number_format == "#,##0.00"
    with pytest.raises(YunnaoError, match=r"\.xlsx、\.csv、\.json"):
        sheet_file(SHEET, "x.pdf")


def test_a_runs_workbook_says_what_the_run_says() -> None:
    year = settled()
    book = openpyxl.load_workbook(
        io.BytesIO(as_xlsx(run_sheets(year.stays, year.hospitals, year.groups, "zh", every_stay=True)))
    )
    assert book.sheetnames == ["医院", "医院收支", "病组", "病例类别", "医院与病组", "病例"]
    for name, column in (
        ("医院", "基金应付（元）"),
        ("医院收支", "基金应付（元）"),
        ("医院与病组", "基金应付（元）"),
        ("病例类别", "基金应付（元）"),
        ("病例", "基金应付（元）"),
    ):
        head, *rows = book[name].iter_rows(values_only=True)
        fen = sum(round(Decimal(str(row[head.index(column)])) * 100) for row in rows)
        assert fen == year.hospitals["payable"].sum()
    heads = [cell.value for cell in book["病例"][1]]
    assert "参保人代号" not in heads
    assert "诊断编码" not in heads
    assert run_sheets(year.stays, year.hospitals, year.groups, "en")[0].frame["pool"][0] == "Employees"


@given(st.integers(-(10**15), 10**15))
def test_decimals_are_those_of_arithmetic(units: int) -> None:
    for kind, scale in (("money", 100), ("points", 10_000)):
        text = pl.DataFrame({"x": [units]}).select(decimal(pl.col("x"), kind).alias("text"))["text"][0]
        assert Decimal(text) * scale == units
    assert Decimal(money(units).replace(",", "")) * 100 == units
    assert Decimal(points(units).replace(",", "")) * 10_000 == units


@settings(max_examples=50)
@given(st.integers(0, 10**12))
def test_scores_are_rounded_half_up_alike(share: int) -> None:
    text = pl.DataFrame({"x": [share]}).select(decimal(pl.col("x"), "share").alias("text"))["text"][0]
    assert abs(Decimal(text) - Decimal(share) / 10**12) <= Decimal("0.00005")
    assert abs(Decimal(score(share).rstrip("%")) / 100 - Decimal(share) / 10**12) <= Decimal("0.00005")


def test_words() -> None:
    assert {id_: title.zh for id_, title in CLASS_TITLES.items()} == dict(CLASSES)
    assert (money(None), points(None), score(None), share_of(1, 0)) == ("—", "—", "—", "—")
    assert (money(-1_234_567), points(-12_345), share_of(1, 8)) == ("-12,345.67", "-1.2345", "12.5%")
