"""The reader as a whole: any text, any place of it, the same rows again."""

import re
import time
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.quantities import QUANTITY, Quantity
from yunnao.scenarios.plan.reading.reader import read

_SAMPLES = """
增长 同比 新增 达到 突破 超过 近 约 力争 预计 分别 前三强 第四名 首位 八连冠 十余 百亿 千亿元 七成 三分之一 百分之五 半数
12 3.5 1,234 ２０ 100 1-2 5%—6% 2022年 2023年 “十四五” “9 家 个 万元 亿元 % 个百分点 倍 番 万人次 公里 项目 企业 投资 占 的 和 、
， , 。 ； （ ） 一、 （一） 一是 [1] 《 》 4399在线游戏的 以上 左右 以内 至 到 - 第 第2家 5g 1:2:3 | 😀
"""
_WORDS = _SAMPLES.split()
_SPACES = [" ", "\n", "\r\n", "\t", "\u200b", "\u3000"]
_REPORTS = st.lists(st.sampled_from([*_WORDS, *_SPACES]), max_size=40).map("".join)


def _rows(text: str) -> tuple[Quantity, ...]:
    return read(Document(text=text, source="x")).rows


@given(st.text() | _REPORTS)
@settings(max_examples=300)
def test_any_text_is_read(text: str) -> None:
    reading = read(Document(text=text, source="x"))
    rows = reading.rows
    assert rows == _rows(text)
    assert [row.start for row in rows] == sorted({row.start for row in rows})
    for row in rows:
        assert 0 <= row.start < row.end <= len(text)
        assert row.line == text.count("\n", 0, row.start) + 1
        assert row.value >= 0
        assert row.value_high is None or row.value_high >= row.value
        assert QUANTITY.validate_python(row) == row
    for defect in reading.defects:
        assert text[defect.start : defect.end] == defect.text


@given(_REPORTS)
@settings(max_examples=100)
def test_digits_of_a_row_are_those_of_the_text(text: str) -> None:
    for row in _rows(text):
        printed = text[row.start : row.end].replace(",", "")
        if re.fullmatch(r"\d+(\.\d+)?", printed) and printed.isascii():
            assert row.value == Decimal(printed)


def test_a_clause_of_thousands_of_numbers_takes_time_in_proportion() -> None:
    """Four times the numbers take about four times as long; each looking through all before it would take sixteen times."""

    def spent(count: int) -> float:
        before = time.process_time()
        assert len(_rows("力争达到7%、" * count)) == count
        return time.process_time() - before

    spent(100)  # tables of words are compiled
    assert spent(3200) < 8 * min(spent(800), spent(800))


def test_a_number_of_thousands_of_digits_takes_time_in_proportion() -> None:
    def spent(count: int) -> float:
        before = time.process_time()
        _rows(f"2023年投资{'1234567890' * count}亿元，")
        return time.process_time() - before

    spent(10)  # tables of words are compiled
    assert spent(2000) < 8 * min(spent(500), spent(500))


def test_every_kind_of_line_end_counts() -> None:
    text = "一、2022年工作\r投资12.5亿元\r\n增长6%\n二、2023年工作安排\r增长7%。\r"
    assert [(row.line, row.period, row.status) for row in _rows(text)] == [
        (2, "2022", "outcome"),
        (3, "2022", "outcome"),
        (5, "2023", "target"),
    ]
