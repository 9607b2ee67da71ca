"""Exact numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.kernel.numbers import divide_half_up, fen_from_yuan, plain, scaled_integer, share_text, yuan_text


@given(st.integers(-(10**16), 10**16))
def test_fen_as_text_reads_back(fen: int) -> None:
    assert fen_from_yuan(yuan_text(fen)) == fen


@given(st.integers(0, 10**18), st.integers(1, 10**9))
def test_half_up_is_half_up(numerator: int, denominator: int) -> None:
    assert divide_half_up(numerator, denominator) == int(Fraction(numerator, denominator) + Fraction(1, 2))


def test_halves_go_up_and_signs_are_kept() -> None:
    assert [fen_from_yuan(text) for text in ("0.005", "0.0049999", "-0.005", "1E+2")] == [1, 0, -1, 10_000]
    assert [yuan_text(fen) for fen in (0, 5, -5, 123_456)] == ["0.00", "0.05", "-0.05", "1234.56"]
    assert share_text(55_000_000_000) == "0.055"
    assert plain(Decimal("-0.000")) == "0"


@pytest.mark.parametrize("text", ["1E+400", "Infinity", "NaN"])
def test_numbers_without_measure_are_refused_before_they_are_built(text: str) -> None:
    with pytest.raises(ValueError, match="not a usable number"):
        scaled_integer(Decimal(text), 100)
