"""Roundings, roots and the linear forms of many stays against fractions."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.scenarios.drg.settlement.exact import POINT, Linear, decimal_text, evaluated, half_up, root, rounded

fractions = st.fractions(min_value=0, max_value=10**6, max_denominator=10**12)


@pytest.mark.parametrize(
    ("value", "expected"), [("0.5", 1), ("0.49", 0), ("1.5", 2), ("-0.5", -1), ("-0.4", 0), ("2", 2), ("-1.5", -2)]
)
def test_half_up(value: str, expected: int) -> None:
    assert half_up(Fraction(value)) == expected


def test_texts_and_roundings() -> None:
    assert decimal_text(Fraction(2, 3), 4) == "0.6667"
    assert decimal_text(Fraction(-1, 3), 2) == "-0.33"
    assert decimal_text(Fraction(-1, 1000), 2) == "0.00"
    assert decimal_text(Fraction(5, 2), 0) == "3"
    assert rounded(Fraction(1, 8), 2) == Fraction(13, 100)
    assert rounded(Fraction(1, 8), None) == Fraction(1, 8)


@given(st.fractions(min_value=0, max_value=1000, max_denominator=10**6))
def test_root(square: Fraction) -> None:
    found = root(square, 1000)
    assert Fraction(2 * found - 1, 2000) ** 2 <= square or found == 0
    assert square < Fraction(2 * found + 1, 2000) ** 2


@given(
    forms=st.lists(st.builds(Linear, fractions, fractions), min_size=1, max_size=4),
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6), st.booleans()), max_size=20),
    factor=st.fractions(min_value=0, max_value=1, max_denominator=100),
)
def test_many_stays_are_the_fractions_rounded_once(
    forms: list[Linear], rows: list[tuple[int, int, bool]], factor: Fraction
) -> None:
    of = np.array([place % len(forms) for place, _, _ in rows], dtype=np.int64)
    x = np.array([value for _, value, _ in rows], dtype=np.int64)
    reduced = np.array([mark for _, _, mark in rows], dtype=bool)
    found = evaluated(forms, of, x, factor, reduced)
    expected = [
        half_up(forms[place % len(forms)].at(value) * (factor if mark else 1) * POINT) for place, value, mark in rows
    ]
    assert found.tolist() == expected


def test_what_does_not_fit_is_no_number() -> None:
    with pytest.raises(OverflowError):
        evaluated([Linear(Fraction(10**18))], np.array([0]), np.array([0]))


def test_ties_go_up() -> None:
    half = Linear(Fraction(Decimal("0.00005")))
    assert evaluated([half], np.array([0]), np.array([0])).tolist() == [1]
