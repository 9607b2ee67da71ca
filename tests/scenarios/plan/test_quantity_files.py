"""Rows survive files: JSON lines and workbooks give back the same rows, and a bad row is a sentence."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yunnao.kernel.errors import FileRefused, YunnaoError
from yunnao.platforms.indicators.targets.comparing import EXACT
from yunnao.scenarios.plan.quantities import COLUMNS, Comparator, Direction, Kind, Quantity, Status
from yunnao.scenarios.plan.quantity_files import TITLES, as_jsonl, as_xlsx, from_jsonl, from_xlsx, read_rows, rows_file

_ROW = Quantity(
    start=10,
    end=14,
    line=1,
    quote="市场主体达42.5万家",
    sentence="市场主体达42.5万家。",
    section="一、执行情况",
    indicator="市场主体数",
    value=Decimal("42.5"),
    unit="万家",
    base_value=Decimal("425000"),
    base_unit="家",
    comparator="=",
    kind="cumulative",
    period="2022",
    status="outcome",
    confidence=0.95,
)
_DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**20, places=6)
_WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Z")), max_size=20).filter(lambda text: "_x" not in text)
_UNITS = {
    "万家": (10**4, "家"),
    "亿元": (10**8, "元"),
    "万元/亩": (1, "万元/亩"),
    "%": (1, "%"),
    "": (1, ""),
    "亿": (10**8, "元"),
}


def _based(row: Quantity) -> Quantity:
    factor, base_unit = _UNITS[row.unit]
    low, high = sorted((row.value, row.value if row.value_high is None else row.value_high))
    ends = {"value": low, "value_high": None if row.value_high is None else high}
    return replace(row, **ends, base_value=EXACT.multiply(low, Decimal(factor)), base_unit=base_unit)  # type: ignore[arg-type]


_ROWS = st.builds(
    Quantity,
    start=st.integers(0, 10**7),
    end=st.integers(0, 10**7),
    line=st.integers(1, 10**5),
    quote=_WORDS,
    sentence=_WORDS,
    section=_WORDS,
    indicator=_WORDS,
    value=_DECIMALS,
    value_high=st.none() | _DECIMALS,
    unit=st.sampled_from([*_UNITS]),
    base_value=st.just(Decimal(0)),
    base_unit=st.just(""),
    comparator=st.sampled_from(get_args(Comparator)),
    kind=st.sampled_from(get_args(Kind)),
    direction=st.sampled_from(get_args(Direction)),
    period=st.sampled_from(["2022", "2016-2020", "other"]),
    status=st.sampled_from(get_args(Status)),
    estimate=st.booleans(),
    aspirational=st.none() | _DECIMALS,
    area=_WORDS,
    confidence=st.integers(0, 100).map(lambda n: n / 100),
).map(_based)


@given(st.lists(_ROWS, max_size=5))
@settings(max_examples=50)
def test_files_give_back_the_same_rows(rows: list[Quantity]) -> None:
    assert from_jsonl(as_jsonl(rows), "a.jsonl") == tuple(rows)
    assert from_xlsx(as_xlsx(rows), "a.xlsx") == tuple(rows)
    assert as_xlsx(rows) == as_xlsx(rows)


def test_columns_are_those_of_the_row_and_all_have_a_title() -> None:
    assert tuple(TITLES) == COLUMNS
    line = json.loads(as_jsonl([_ROW]))
    assert tuple(line) == COLUMNS
    assert (line["value"], line["base_value"], line["value_high"]) == ("42.5", "425000", None)


@pytest.mark.parametrize("ending", [".jsonl", ".xlsx"])
def test_the_ending_says_the_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows{ending}"
    path.write_bytes(rows_file([_ROW], path.name))
    assert read_rows(path) == (_ROW,)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match=r"\.jsonl、\.xlsx"):
        rows_file([_ROW], "rows.csv")
    with pytest.raises(YunnaoError, match=r"\.jsonl、\.xlsx"):
        read_rows(tmp_path / "rows.csv")


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "growth"), ("value", "x"), ("value", None), ("period", "22"), ("confidence", 2), ("start", -1)],
)
def test_a_bad_row_is_named_by_line_and_column(column: str, value: object) -> None:
    line = json.loads(as_jsonl([_ROW])) | {column: value}
    with pytest.raises(FileRefused, match=f"rows.jsonl 第 2 行的 .*{column}"):
        from_jsonl(as_jsonl([_ROW]) + json.dumps(line).encode(), "rows.jsonl")


def test_a_workbook_without_a_column_is_refused() -> None:
    import io

    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write_string(0, 0, "起")
    with pytest.raises(FileRefused, match="缺少列 止"):
        from_xlsx(buffer.getvalue(), "a.xlsx")
    with pytest.raises(FileRefused, match="打不开"):
        from_xlsx(b"PK", "a.xlsx")


@pytest.mark.parametrize(
    ("edited", "base_value", "base_unit"),
    [
        ({"value": "43"}, "430000", "家"),
        ({"unit": "家"}, "42.5", "家"),
        ({"unit": "亿元"}, "4250000000", "元"),
        ({"unit": "%"}, "42.5", "%"),
        ({"value": "43", "unit": "千瓦时", "base_unit": "千瓦时"}, "43", "千瓦时"),
        ({"value": "2", "unit": "亿千瓦时", "base_unit": "千瓦时"}, "200000000", "千瓦时"),
        ({"value": "2", "unit": "万元/亩", "base_unit": "万元/亩"}, "2", "万元/亩"),
        ({"value": "2", "unit": "亿", "base_unit": "元"}, "200000000", "元"),
    ],
)
@pytest.mark.parametrize("ending", [".jsonl", ".xlsx"])
def test_an_edited_number_or_unit_changes_the_base_value(
    tmp_path: Path, edited: dict[str, str], base_value: str, base_unit: str, ending: str
) -> None:
    numbers = {name: Decimal(text) if name == "value" else text for name, text in edited.items()}
    path = tmp_path / f"rows{ending}"
    path.write_bytes(rows_file([replace(_ROW, **numbers)], path.name))  # type: ignore[arg-type]
    (row,) = read_rows(path)
    assert (row.base_value, row.base_unit) == (Decimal(base_value), base_unit)


@pytest.mark.parametrize(("edited", "why"), [({"unit": "万什么"}, "不认识"), ({"value_high": "42"}, "小于数值")])
def test_an_edit_that_says_no_number_is_refused(edited: dict[str, str], why: str) -> None:
    line = json.loads(as_jsonl([_ROW])) | edited
    with pytest.raises(FileRefused, match=f"rows.jsonl 第 1 行的 .*{why}"):
        from_jsonl(json.dumps(line).encode(), "rows.jsonl")
