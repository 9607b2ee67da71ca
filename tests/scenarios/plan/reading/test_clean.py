"""The text as the grammar reads it, and the way back."""

from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.plan.reading.said import HEADING, rows, values
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.reading.clean import cleaned
from yunnao.scenarios.plan.reading.reader import read


@given(st.text())
def test_every_character_knows_its_place(text: str) -> None:
    clean = cleaned(text)
    assert len(clean.places) == len(clean.text) + 1
    assert list(clean.places) == sorted(set(clean.places))
    for at, character in enumerate(clean.text):
        original = text[clean.places[at]]
        assert (
            character == original
            or not original.isalnum()
            or character in original.casefold() + "0123456789%零两abcdefghijklmnopqrstuvwxyz"
        )


def test_widths_and_punctuation_are_one() -> None:
    assert cleaned("ＧＤＰ增长８．５％,达1,234家;新增(含)2家").text == "gdp增长8.5%，达1,234家；新增（含）2家"
    assert cleaned("5%—6%,1～2处").text == "5%-6%，1-2处"
    assert cleaned("完成任务. 增长7.3%. ――二〇三五年展望").text == "完成任务。 增长7.3%。 ——2035年展望"


def test_space_between_words_and_numbers_is_not_read() -> None:
    assert values("新增 12 家，增长 8.5 %，达 3 万人。") == ["12家", "8.5%", "3万人"]


def test_marks_of_markdown_are_not_read() -> None:
    passage = "- 投资**1,286.5亿元**，增长**6.5%**左右。\n* 新增`12`家企业，__3__个项目开工，3 - 5个投产。\n"
    assert values(passage) == ["1286.5亿元", "≈6.5%", "12家", "3个", "3–5个"]
    printed = [passage[row.start - len(HEADING) : row.end - len(HEADING)] for row in rows(passage)]
    assert printed == ["1,286.5", "6.5", "12", "3", "3 - 5"]


def test_lines_that_were_filled_up_to_one_width_are_joined() -> None:
    passage = (
        "二、主要工作\n"
        "全年地区生产总值突破一千亿元，规模以上工业增加值同比增长8.5%，固定资产投资同比增长12.6%，社会消费品零售总额达到"
        "320亿元，新增规上工业企业15家、高新技术企业28家，培育省级专精特新企业9家，累计建成智能车间36个，全区新增就业"
        "2.6万人，新增学位4800个，改造老旧小区43个，惠及居民1.2万户，空气质量优良天数达到268天，同比增加15天，民生支"
        "出占一般公共预算支出的比重保持在80%以上，城镇登记失业率控制在3%以内，居民人均可支配收入同比增长6.2%左右。"
    )
    lines = "\n".join(passage[7:][at : at + 20] for at in range(0, len(passage) - 7, 20))
    whole = read(Document(text=passage, source="x")).rows
    broken = read(Document(text=passage[:7] + lines, source="x")).rows
    assert [(row.indicator, row.value, row.kind) for row in broken] == [
        (row.indicator, row.value, row.kind) for row in whole
    ]
    assert broken[-1].line > whole[-1].line
