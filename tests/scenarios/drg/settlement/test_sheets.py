"""Sheets as files: exact money, no formulas, and only the endings that are known."""

import csv
import io
import json

import openpyxl
import polars as pl
import pytest

from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.sheets import Column, Sheet, sheets_file

SHEET = Sheet(
    "医疗机构",
    [
        Column("name", "名称"),
        Column("stays", "病案", "count"),
        Column("points", "点数", "points"),
        Column("payable", "应付", "money"),
    ],
    pl.DataFrame(
        {
            "name": ["=1+1", "乙"],
            "stays": [3, None],
            "points": [12_345, None],
            "payable": [10**15 + 1, -5],
        }
    ),
    ["说明"],
)


def test_csv() -> None:
    text = sheets_file([SHEET], "a.CSV").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["名称", "病案", "点数", "应付"],
        ["'=1+1", "3", "1.2345", "10000000000000.01"],
        ["乙", "", "", "-0.05"],
    ]


def test_json() -> None:
    assert json.loads(sheets_file([SHEET], "a.json")) == {
        "医疗机构": {
            "notes": ["说明"],
            "rows": [
                {"name": "=1+1", "stays": 3, "points": "1.2345", "payable": "10000000000000.01"},
                {"name": "乙", "stays": None, "points": None, "payable": "-0.05"},
            ],
        }
    }


def test_xlsx() -> None:
    content = sheets_file([SHEET], "a.xlsx")
    assert content == sheets_file([SHEET], "b.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["医疗机构"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=3)]
    assert rows[1] == ["=1+1", 3, 1.2345, "10000000000000.01"]  # more digits than a spreadsheet keeps stay a text
    assert sheet["A2"].data_type == "s"
    assert rows[2] == ["乙", None, None, -0.05]
    assert sheet["A5"].value == "说明"


def test_other_endings_are_refused() -> None:
    with pytest.raises(YunnaoError, match=r"只能写为 \.xlsx、\.csv、\.json"):
        sheets_file([SHEET], "a.pdf")
