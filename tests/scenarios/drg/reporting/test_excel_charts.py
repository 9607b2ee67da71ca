"""Charts of workbooks: Excel's own, over the cells of their sheets, the same bytes each time."""

import io
from itertools import pairwise

import openpyxl
import polars as pl
import pytest

from tests.scenarios.drg.settled import settled
from yunnao.kernel.text import Language
from yunnao.scenarios.drg.reporting.distribution import bins, marked
from yunnao.scenarios.drg.reporting.monthly import MonthPoints
from yunnao.scenarios.drg.reporting.sheets import (
    distribution_sheet,
    hospital_month_sheet,
    income_sheet,
    run_sheets,
    value_sheet,
)
from yunnao.scenarios.drg.reporting.tables import Sheet, as_xlsx

MONTHS: MonthPoints = {
    "employee": ({1: 10_000_000, 2: 20_000_000}, 1_200_000_00),
    "resident": ({2: 5_000_000}, 600_000_00),
}


def ranges(sheet: Sheet, name: str) -> list[list[tuple[str, str]]]:
    """Of each chart the cells of names and figures, as another reader finds them."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([sheet])))
    found = []
    for chart in book[name]._charts:
        drawn = [chart, *(each for each in chart._charts if each is not chart)]
        found.append(
            [((each.cat.strRef or each.cat.numRef).f, each.val.numRef.f) for one in drawn for each in one.series]
        )
    return found


def test_point_values_by_month_a_line_for_each_pool() -> None:
    sheet = value_sheet(MONTHS, "zh")
    assert sheet.frame.rows() == [
        ("职工", 1, 10_000_000, 1_000_000),  # 1,200,000 / 12 / 1,000 points = 100 yuan
        ("职工", 2, 20_000_000, 500_000),
        ("居民", 2, 5_000_000, 1_000_000),
    ]
    assert ranges(sheet, "各月点值") == [
        [("各月点值!$B$2:$B$3", "各月点值!$D$2:$D$3")],
        [("各月点值!$B$4", "各月点值!$D$4")],
    ]


def test_payments_and_cost_of_hospitals_pools_together() -> None:
    accounts = settled().hospitals
    sheet = income_sheet(accounts)
    assert sheet.frame["hospital_id"].to_list() == sorted(set(accounts["hospital_id"]))
    for name in ("payable", "own_share", "cost", "difference"):
        assert sheet.frame[name].sum() == accounts[name].sum()
    (drawn,) = ranges(sheet, "医院收支")
    assert len(drawn) == 3
    unknown = accounts.with_columns(pl.when(pl.col("pool") == "employee").then("own_share").alias("own_share"))
    assert income_sheet(unknown).frame["own_share"].null_count() == sheet.frame.height


def test_the_distribution_counts_every_stay_with_a_cost() -> None:
    year = settled()
    drg = year.groups.sort("stays", descending=True)["drg"][0]
    own = pl.col("drg") == drg
    stays = marked(year.stays.filter(own), year.groups.filter(own).to_dicts())
    found = bins(stays)
    assert sum(each.kept + each.trimmed for each in found) == stays.height
    assert sum(each.trimmed for each in found) == stays["trimmed"].sum() > 0
    for low, high in pairwise(found):
        assert low.high == high.low
    first = found[0]
    costs = stays["total_cost"]
    assert first.high is not None
    assert first.kept + first.trimmed == int((costs < first.high).sum())
    assert len(ranges(distribution_sheet(stays), "费用分布")[0]) == 2
    assert bins(stays.clear()) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workbook_with_charts_is_the_same_bytes_each_time(language: Language) -> None:
    year = settled()
    sheets = run_sheets(year.stays, year.hospitals, year.groups, language, months=MONTHS)
    content = as_xlsx(sheets, language)
    assert content == as_xlsx(sheets, language)
    book = openpyxl.load_workbook(io.BytesIO(content))
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets if sheet._charts}
    assert charts == ({"医院收支": 1, "各月点值": 2} if language == "zh" else {"Income and cost": 1, "Point values": 2})


def test_a_hospitals_months() -> None:
    stays = settled().stays.filter(pl.col("hospital_id") == "H1")
    sheet = hospital_month_sheet(stays)
    assert sheet.frame["payment"].sum() == stays["payment"].sum()
    assert len(ranges(sheet, "各月")) == 2
