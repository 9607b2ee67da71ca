"""Chinese numerals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.scenarios.plan.reading.numerals import chinese_value

_DIGITS = "零一二三四五六七八九"


def _written(value: int) -> str:
    words, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return words


@given(st.integers(1, 9999))
def test_every_number_below_ten_thousand(value: int) -> None:
    assert chinese_value(_written(value)) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [("十", 10), ("百", 100), ("千", 1000), ("两千五", 2500), ("二零二二", 2022), ("三点五", "3.5"), ("两", 2)],
)
def test_ways_of_writing(words: str, value: int | str) -> None:
    assert chinese_value(words) == Decimal(value)


@pytest.mark.parametrize("words", ["十百", "三四", "百千", "零零"])
def test_what_is_no_number(words: str) -> None:
    assert chinese_value(words) in (None, Decimal(0))
