"""Results as sheets, workbook and document: every score explained, ranks only where they are published, exact to the last digit."""

import io
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.indicators.assessment.made_up import (
    CITED,
    Q1,
    UNITS,
    assessment,
    board,
    drawn_documents,
    drawn_values,
    indicator,
    value,
    values,
)
from yunnao.kernel.text import Language
from yunnao.platforms.indicators.assessment.definition import read_assessment
from yunnao.platforms.indicators.assessment.export import as_json, as_xlsx
from yunnao.platforms.indicators.assessment.sensitivity import stability
from yunnao.platforms.indicators.assessment.service import Result, assess
from yunnao.platforms.indicators.assessment.sheets import Sheet, sheets
from yunnao.platforms.indicators.assessment.values import gathered
from yunnao.platforms.indicators.assessment.words import exact_text, shown

FOUR = dict(zip(UNITS, (80, 60, 40, 20), strict=True))


def example(**more: Any) -> Result:
    parts = [{"rank": {"lowest": 40}}, {"completion": {"target": 60, "most": 100}}]
    made = assessment(board("one", indicator("i1", 4, parts), indicator("i2", 1)), **more)
    return assess(made, values(made, {"i1": FOUR, "i2": {**dict.fromkeys(UNITS, 7), "north": None}}))


def by_title(result: Result, language: Language = "zh") -> dict[str, Sheet]:
    return {sheet.title: sheet for sheet in sheets(result, stability(result), language)}


def test_every_score_leads_down_to_value_baseline_and_weight() -> None:
    rows = [row for row in by_title(example())["明细"].rows if row[0] == "west district"]
    first = dict(zip(by_title(example())["明细"].header, rows[0], strict=True))
    assert (first["值"], first["权重"], first["占板块 %"]) == (Decimal(60), Decimal(4), Decimal(80))
    assert "在 4 个有值的对象中列第 2" in str(first["怎样算出"])
    assert "末位 40 分" in str(first["怎样算出"])
    assert "目标 60" in str(first["怎样算出"])
    assert first["得分"] == Decimal(90)
    assert first["计入"] == Decimal(72)
    assert first["出处"] == "made up"


def test_what_is_missing_is_said_in_words_in_every_sheet() -> None:
    found = by_title(example())
    assert {row[2] for row in found["综合"].rows if "north district" in row} == {"缺少指标值，不能评定"}
    (row,) = [row for row in found["明细"].rows if row[0] == "north district" and row[2] == "i2"]
    assert "报送为空" in row
    assert "north district" not in {row[1] for row in found["敏感性"].rows}


def test_the_method_names_what_every_rule_rests_on() -> None:
    rows = by_title(example(ties={"rule": "higher", "evidence": "not_published", "cites": "没有公布"}))["口径"].rows
    (ties,) = [row for row in rows if row[0] == "并列"]
    assert ties[2:] == ("没有公布", "未公布，本系统的约定")


def test_boards_in_bands_show_no_rank_star_or_score() -> None:
    total = {"of": "scores", **CITED}
    words = {"zh": "示例权重", "en": "example"}
    made = assessment(board("one", indicator("i1"), publishes="bands"), total=total, flags=[], example=words)
    result = assess(made, values(made, {"i1": FOUR}))
    found = by_title(result)
    assert found["one"].header == ("对象", "档")
    assert list(found["one"].rows) == [
        (f"{unit} district", band) for unit, band in zip(UNITS, ("fair", "fair", "low", "low"), strict=True)
    ]
    assert found["综合"].header == ("对象", "档")
    assert found["敏感性"].rows == found["位次变动"].rows == ()
    assert all("示例权重" in sheet.notes for sheet in found.values())
    document = json.loads(as_json(result, stability(result)))
    assert document["example"] == "示例权重"
    assert not {"rank", "stars", "move", "sensitivity"} & document["boards"][0]["units"][0].keys()
    assert not {"rank", "flags", "move", "sensitivity"} & document["total"][0].keys()


def test_a_workbook_opens_and_holds_the_sheets_whatever_boards_are_called() -> None:
    title = {"zh": "=1+1[综合]:很长的板块名称" * 3, "en": "=cmd|' /C calc'!A0"}
    total = {"zh": "综合", "en": "Total"}
    made = assessment(board("one", indicator("i1"), title=title), board("two", indicator("i2"), title=total))
    result = assess(made, values(made, {"i1": FOUR, "i2": FOUR}))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(result, stability(result), unused=["=1+1"])))
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 8
    assert book.sheetnames[0] == "综合"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "words stay words"
    assert ["east district", 80] in [[row[1].value, row[2].value] for row in book["综合"].iter_rows(min_row=3)]


def test_the_same_result_gives_the_same_bytes() -> None:
    one, two = (as_xlsx(example(), stability(example())) for _ in range(2))
    assert one == two


def test_the_document_holds_scores_to_the_last_digit() -> None:
    result = example()
    unit = json.loads(as_json(result, stability(result)))["boards"][0]["units"][2]
    score = result.boards[0].scores["south"].score
    assert score is not None
    assert score.denominator % 3 == 0
    assert Fraction(unit["score"]) == score
    assert unit["shown"] == str(shown(score))


@given(st.fractions(), st.integers(0, 6))
def test_exact_text_is_exact_and_shown_is_within_half_a_step(number: Fraction, digits: int) -> None:
    assert Fraction(exact_text(number)) == number
    assert abs(Fraction(shown(number, digits)) - number) * 2 <= Fraction(1, 10**digits)
    assert shown(-number, digits) == shown(number, digits).copy_negate() or number == 0


def test_long_decimals_stay_whole() -> None:
    text = "123456789012345678901234567890.1234567890123456789"
    assert exact_text(Fraction(text)) == text


@settings(max_examples=40)
@given(data=st.data(), document=drawn_documents(), language=st.sampled_from(["zh", "en"]))
def test_every_result_can_be_shown(data: st.DataObject, document: dict[str, Any], language: Language) -> None:
    made = read_assessment(document, "drawn")
    rows = data.draw(drawn_values(made))
    rows += [value(unit, each.id, data.draw(st.integers(0, 9)), Q1.before) for each in made.asked for unit in UNITS]
    result = assess(made, gathered(made, rows), Q1)
    firm = stability(result)
    for sheet in sheets(result, firm, language):
        assert all(len(row) == len(sheet.header) for row in sheet.rows), sheet.title
    assert json.loads(as_json(result, firm))["period"] == "2023Q1"
