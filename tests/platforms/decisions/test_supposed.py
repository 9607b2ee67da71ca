"""What a person may suppose about a parameter."""

import pytest

from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.decisions.definitions import Unit
from yunnao.platforms.decisions.supposed import supposed_value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5.5%", "share", "0.055"),
        ("5.5％", "share", "0.055"),
        ("0.055", "share", "0.055"),
        ("3e6", "CNY", "3000000"),
        ("0", "person", "0"),
        ("300", "person", "300"),
        ("2024-01-01", "date", "2024-01-01"),
    ],
)
def test_what_suits_the_unit_is_taken(text: str, unit: Unit, value: str) -> None:
    assert supposed_value(text, unit, "参数") == value


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("1e400", "CNY", "太大，这个参数最大 1,000,000,000,000"),
        ("1000000000000.01", "CNY", "太大"),
        ("Infinity", "CNY", "太大"),
        ("NaN", "CNY", "不能用"),
        ("-1", "person", "不能为负"),
        ("-0.01", "share", "不能为负"),
        ("2.5", "person", "不是整数"),
        ("5.5%", "person", "不是数"),
        ("x", "share", "不是数；请写成 0.055 或 5.5%"),
    ],
)
def test_what_does_not_is_refused_with_a_sentence(text: str, unit: Unit, sentence: str) -> None:
    with pytest.raises(DefinitionError, match=f"参数 p：.*{sentence}"):
        supposed_value(text, unit, "参数 p")
