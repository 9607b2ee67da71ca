"""The page of an assessment: whole in one file, escaped, and the same figures as the sheets."""

import re

from tests.platforms.indicators.assessment.made_up import CITED, UNITS, assessment, board, indicator, values
from yunnao.platforms.indicators.assessment.sensitivity import stability
from yunnao.platforms.indicators.assessment.service import assess
from yunnao.platforms.indicators.assessment.sheets import sheets
from yunnao.web.assessment_page import assessment_page

HOSTILE = '<script>alert("1")</script>'
FOUR = dict(zip(UNITS, (80, 60, 40, 20), strict=True))


def test_names_are_escaped_and_nothing_is_fetched() -> None:
    made = assessment(board("one", indicator("i1"), title={"zh": HOSTILE, "en": HOSTILE}))
    result = assess(made, values(made, {"i1": FOUR}))
    page = assessment_page(result, stability(result))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_every_cell_of_the_sheets_is_on_the_page() -> None:
    made = assessment(board("one", indicator("i1"), indicator("i2", 2)))
    result = assess(made, values(made, {"i1": FOUR, "i2": FOUR}))
    firm = stability(result)
    page = assessment_page(result, firm)
    for sheet in sheets(result, firm):
        for row in sheet.rows:
            assert all(
                f">{cell}<" in page for cell in row if cell != "" and "&" not in str(cell) and '"' not in str(cell)
            )


def test_without_published_ranks_there_is_no_chart_of_them() -> None:
    made = assessment(board("one", indicator("i1"), publishes="bands"), total={"of": "scores", **CITED}, flags=[])
    result = assess(made, values(made, {"i1": FOUR}))
    assert "<svg" not in assessment_page(result, stability(result))
