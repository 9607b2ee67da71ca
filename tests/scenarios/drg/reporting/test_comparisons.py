"""Differences and simulations as sheets: totals, words, what is left out and said, and the formats of files."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.scenarios.drg.settlement.kept import keep
from tests.scenarios.drg.settlement.made import hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.reporting.comparisons import FIELDS, comparison_file, difference_sheets, simulation_sheets
from yunnao.scenarios.drg.reporting.tables import Sheet, exact
from yunnao.scenarios.drg.settlement.differing import RECORD, difference
from yunnao.scenarios.drg.settlement.settling import settle_year
from yunnao.scenarios.drg.settlement.simulation import simulate

HOSPITALS = hospitals_frame(("H1", "tertiary", None), ("H2", "secondary", None))
ROWS = [stay("a", "H1", "AA19", 100), stay("b", "H2", "BB19", 100)]


@pytest.fixture
def sheets(tmp_path: Path) -> list[Sheet]:
    """Of a correction that prices the other stay anew."""
    rules = rules_with()
    runs = [
        keep(tmp_path, settle_year(inputs_of(rows, HOSPITALS), rules, {}), rules)
        for rows in (ROWS, [ROWS[0], ROWS[1] | {"total_cost": 300}])
    ]
    return difference_sheets(difference(*runs))


def test_a_correction_is_said_and_what_only_moved_is_counted(sheets: list[Sheet]) -> None:
    hospitals, stays, pools, notes = (exact(sheet) for sheet in sheets)
    assert stays.select("case_id", "what", "fields", "class_after").rows() == [("b", "更正", "医疗总费用", "正常")]
    assert notes["note"].to_list()[0] == "2023 年年终清算：第 2 次与第 1 次的差异"
    assert any(note.startswith("另有 1 份病案自身没有变") for note in notes["note"])
    total = hospitals.row(-1, named=True)
    assert (total["hospital_id"], total["change"], total["payable_after"]) == ("合计", "0.00", "150000.00")
    assert (total["changed_stays"], total["repriced_stays"]) == (1, 1)
    assert pools.select("pool", "point_value_before", "point_value_after").row(0) == (
        "不分险种",
        "750.000000",
        "750.000000",
    )


def test_a_sum_over_something_unknown_is_unknown() -> None:
    found = simulate(inputs_of(ROWS, HOSPITALS), rules_with(), {"budgets.all": "300000"}, {})
    sheet = simulation_sheets(found, {"budgets.all": "300000"}, "示例")[0]
    total = exact(sheet).row(-1, named=True)
    assert (total["payable_before"], total["payable_after"], total["change"]) == ("150000.00", "300000.00", "150000.00")
    assert total["difference_before"] is None  # own shares are not known
    assert exact(sheet)["level"].to_list() == ["三级", "二级", None]


def test_files(sheets: list[Sheet]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(comparison_file(sheets, "a.xlsx")))
    assert book.sheetnames == ["医疗机构", "病案", "险种", "说明"]
    assert json.loads(comparison_file(sheets, "a.json"))["病案"][0]["points_after"] == "150.0000"
    text = comparison_file(sheets, "a.csv").decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text)))[0] == "医疗机构编号"
    with pytest.raises(YunnaoError, match="只能写为"):
        comparison_file(sheets, "a.pdf")


def test_every_field_of_a_record_has_words() -> None:
    assert set(RECORD) <= set(FIELDS)
    assert pl.Series(list(FIELDS)).is_unique().all()
