"""Tables and files: exact values, harmless text, the same bytes for the same values."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.export import as_csv, as_json, as_xlsx, export, from_json
from yunnao.platforms.indicators.measure import Measured
from yunnao.platforms.indicators.store import keep, kept
from yunnao.platforms.indicators.table import shown, table

TOTAL = Measured(
    scenario="benefits",
    indicator="amount_entitled",
    title=Text("应享金额", "Amount entitled"),
    unit="CNY",
    direction="none",
    by="",
    key="",
    value="1234567.50",
    numerator=123456750,
    denominator=1,
    rows=3,
    unknown=2,
    as_of=dt.date(2024, 6, 30),
    run=7,
    snapshot="abc",
    made_from=("v1", "v2"),
    definition="0123456789abcdef",
    target="≥ 1000（2026-12-31 前）",
    on_target=True,
)
HOSTILE = replace(TOTAL, by="street", key='=HYPERLINK("http://x","y")', target=None, on_target=None, unknown=0)
UNKNOWN = replace(
    TOTAL, by="street", key=None, value=None, numerator=None, denominator=None, target=None, on_target=None
)
SHARE = replace(TOTAL, unit="share", value="0.3828", numerator=1078, denominator=2816)
HUGE = replace(TOTAL, value="100000000000000000.00", numerator=10**19)
ALL = [TOTAL, HOSTILE, UNKNOWN, SHARE, HUGE]


def test_shown_with_unit() -> None:
    assert [shown(value) for value in ALL] == [
        "1,234,567.50 元",
        "1,234,567.50 元",
        "（无可统计）",
        "38.28 %",
        "100,000,000,000,000,000.00 元",
    ]
    assert shown(replace(TOTAL, unit="working_day", value="8"), "en") == "8 working days"


def test_table_has_titles_in_both_languages() -> None:
    labels = {"street": {'=HYPERLINK("http://x","y")': Text("东街", "East Street")}}
    chinese, english = table(ALL, "zh", labels), table(ALL, "en", labels)
    assert [row[4] for row in chinese.rows[:3]] == ["合计", "东街", "（不明）"]
    assert [row[4] for row in english.rows[:3]] == ["Total", "East Street", "(unknown)"]
    assert chinese.totals == (True, False, False, True, True)
    assert {len(row) for row in chinese.rows} == {len(chinese.header)} == {len(english.header)}


def test_json_returns_what_was_measured(tmp_path: Path) -> None:
    assert from_json(as_json(ALL)) == ALL
    assert kept(keep(tmp_path, ALL).parent) == ALL
    (first, *_) = json.loads(as_json(ALL))
    assert (first["value"], first["numerator"], first["key"]) == ("1234567.50", 123456750, "")


def test_damaged_or_absent_values_are_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="请先运行"):
        kept(tmp_path)
    for damaged in (b"[{}]", b"[", b'{"a": 1}'):
        (tmp_path / "indicators.json").write_bytes(damaged)
        with pytest.raises(YunnaoError, match="读不懂"):
            kept(tmp_path)


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    content = as_csv(ALL)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1]["组别"].startswith("'=")
    assert [row["数值"] for row in rows] == ["1234567.50", "1234567.50", "", "38.28", "100000000000000000.00"]
    assert [row["单位"] for row in rows] == ["元", "元", "元", "%", "元"]
    names = ("运行", "快照", "政策版本", "指标定义", "依据行数", "未计入（不明）")
    assert [rows[0][name] for name in names] == ["7", "abc", "v1 v2", "0123456789abcdef", "3", "2"]
    assert not any("存储" in name for name in rows[0])


def test_xlsx_has_the_lineage_on_a_second_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(ALL)))
    assert book.sheetnames == ["指标", "来历"]
    header, first, *_ = book["来历"].iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert (row["指标"], row["运行"], row["快照"], row["政策版本"]) == ("amount_entitled", 7, "abc", "v1 v2")
    assert (row["指标定义"], row["依据行数"], row["未计入（不明）"]) == ("0123456789abcdef", 3, 2)


def test_xlsx_keeps_numbers_exact_and_text_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(ALL))).worksheets[0]
    column = {cell.value: cell.column_letter for cell in sheet[1]}
    values = [sheet[f"{column['数值']}{row}"].value for row in range(2, 7)]
    assert values == [1234567.5, 1234567.5, None, 38.28, "100000000000000000.00"]
    hostile = sheet[f"{column['组别']}3"]
    assert hostile.data_type == "s"
    assert hostile.value == HOSTILE.key


def test_same_values_same_bytes() -> None:
    for make in (as_json, as_csv, as_xlsx):
        assert make(ALL) == make(list(ALL))


def test_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="后缀"):
        export(ALL, tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []
    for ending in ("json", "CSV", "xlsx"):
        export(ALL, tmp_path / f"out.{ending}")
    assert len(list(tmp_path.iterdir())) == 3
