"""Files of measures say the same as the rates, in every format; excluded cases stay in sight."""

import csv
import datetime as dt
import io
import json

import openpyxl
import polars as pl
import pytest

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Text
from yunnao.scenarios.appeals.measure_files import Measured, measure_file
from yunnao.scenarios.appeals.measure_settings import SHIPPED, MeasureSettings, load_measure_settings
from yunnao.scenarios.appeals.measure_tables import Wording, excluded, rows
from yunnao.scenarios.appeals.measures import CASE_SCHEMA
from yunnao.scenarios.appeals.rates import MEASURES, Dimension

TODAY = dt.date(2026, 5, 6)
WORDING = Wording(
    departments={"transport": Text("交通运输局", "Transport"), "ecology": Text("生态环境分局", "Ecology")},
    grounds={"beyond_powers": Text("超出职权", "beyond its powers")},
)


def cases() -> pl.DataFrame:
    day = dt.date(2026, 4, 1)
    defaults = dict.fromkeys(CASE_SCHEMA) | {
        "opened": day,
        "assigned": day,
        "contacted": day,
        "contact_due": day,
        "answered": day,
        "due": day,
        "late": False,
        **dict.fromkeys(("unreached", "ended", "redone", "reopened"), False),
    }
    made = [
        defaults
        | {
            "case_id": f"SQ{number:03d}",
            "department": department,
            "street": "=1+1",
            "solved": number % 4 > 0,
            "satisfied": True,
            "assignments": [{"department": department, "returned": False}],
            "excluded": "beyond_powers" if number == 7 else None,
        }
        for number, department in enumerate(["ecology"] * 12 + ["transport"] * 12)
    ]
    return pl.DataFrame(made, schema=CASE_SCHEMA)


def measured(
    by: Dimension = "department", settings: MeasureSettings | None = None, rank_by: str | None = None
) -> Measured:
    settings = settings or load_measure_settings(SHIPPED)
    found = rows(cases(), by, TODAY, settings, WORDING, rank_by)
    left = excluded(cases(), WORDING)
    return Measured(by=by, as_of=TODAY, first=None, last=None, rows=found, excluded=left, settings=settings)


def test_rows_are_in_the_order_of_the_catalogue_and_ranked_only_on_demand() -> None:
    assert [(row.group, row.rank) for row in measured().rows] == [("", None), ("transport", None), ("ecology", None)]
    ranked = [(row.group, row.rank) for row in measured(rank_by="solved").rows]
    assert ranked == [("", None), ("transport", 1), ("ecology", 2)] or ranked == [
        ("", None),
        ("ecology", 1),
        ("transport", 2),
    ]
    by_name = load_measure_settings(SHIPPED).model_copy(update={"order": "name"})
    assert [row.group for row in measured(settings=by_name).rows] == ["", "transport", "ecology"]


def test_csv_and_json_lines_hold_every_rate() -> None:
    found = measured()
    lines = list(csv.DictReader(io.StringIO(measure_file(found, "m.csv").decode("utf-8-sig"))))
    documents = [json.loads(line) for line in measure_file(found, "m.jsonl").decode().splitlines()]
    assert len(lines) == len(documents) == 3 * len(MEASURES)
    (solved,) = [line for line in lines if (line["measure"], line["group"]) == ("solved", "ecology")]
    assert (solved["numerator"], solved["denominator"], solved["percent"], solved["band"]) == (
        "8",
        "11",
        "72.7",
        "待改进",
    )
    assert (solved["left_out"], solved["why"]) == ("1", "不计入考核：超出职权 1")
    (same,) = [line for line in documents if (line["measure"], line["group"]) == ("solved", "ecology")]
    assert same["left_out"] == {"不计入考核：超出职权": 1}
    assert (same["numerator"], same["denominator"]) == (8, 11)


def test_words_that_somebody_wrote_are_no_formulas() -> None:
    assert "\r\nsolved,解决率,'=1+1,'=1+1," in measure_file(measured("street"), "m.csv").decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(measure_file(measured("street"), "m.xlsx"))).worksheets[0]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=1+1", "s")


def test_a_workbook_holds_rates_what_is_left_out_excluded_cases_and_definitions() -> None:
    content = measure_file(measured(), "m.xlsx")
    assert content == measure_file(measured(), "m.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["各率", "未计入的", "不计入考核的件", "口径"]
    heads = [cell.value for cell in book["各率"][1]]
    at = heads.index("解决率 %")
    assert [cell.value for cell in book["各率"][4]][at : at + 5] == [72.7, 8, 11, 1, "待改进"]
    assert [cell.value for cell in book["不计入考核的件"][2]] == ["SQ007", "生态环境分局", "超出职权", "2026-04-01"]
    assert "综合分" not in heads
    weighted = load_measure_settings(SHIPPED).model_copy(update={"weights": {"solved": 1}})
    english = openpyxl.load_workbook(io.BytesIO(measure_file(measured(settings=weighted), "m.xlsx", "en")))
    assert [cell.value for cell in english["Rates"][1]][-1] == "score"


def test_another_ending_is_refused() -> None:
    with pytest.raises(YunnaoError, match=r"\.xlsx、\.csv、\.jsonl"):
        measure_file(measured(), "m.pdf")
