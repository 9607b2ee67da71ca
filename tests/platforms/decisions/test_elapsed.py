"""Full years and months: what they mean, and that a comparison of dates says the same as the arithmetic."""

import datetime as dt
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platforms.decisions.test_lowering import around
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.elapsed import compared, latest_start
from yunnao.platforms.decisions.lowering import lower
from yunnao.platforms.decisions.traversal import walk

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
UNITS = st.sampled_from(get_args(m.ElapsedUnit))
SIGNS: dict[str, Any] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def full(unit: str, start: dt.date, end: dt.date) -> int:
    """Counted day by day of the calendar, as a person would."""
    if unit == "years":
        return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


@pytest.mark.parametrize(
    ("unit", "end", "number", "latest"),
    [
        ("years", dt.date(2016, 6, 1), 18, dt.date(1998, 6, 1)),
        ("years", dt.date(2024, 2, 29), 1, dt.date(2023, 2, 28)),
        ("months", dt.date(2023, 3, 31), 1, dt.date(2023, 2, 28)),
        ("months", dt.date(2023, 1, 15), 1, dt.date(2022, 12, 15)),
        ("years", dt.date(2023, 1, 1), 2023, None),
    ],
)
def test_the_latest_start(unit: m.ElapsedUnit, end: dt.date, number: int, latest: dt.date | None) -> None:
    assert latest_start(unit, end, number) == latest


@given(UNITS, DAYS, DAYS, st.sampled_from(sorted(SIGNS)), st.fractions(-30, 1300, max_denominator=12))
def test_a_comparison_of_dates_says_what_counting_says(
    unit: m.ElapsedUnit, start: dt.date, end: dt.date, how: m.Comparison, bound: Fraction
) -> None:
    test = compared(how, m.Fact("since"), unit, end, bound)
    assert isinstance(test, m.Compare)
    assert isinstance(test.right, m.Constant)
    assert SIGNS[test.how](start, test.right.value) == SIGNS[how](full(unit, start, end), bound)


def test_against_a_bound_only_dates_are_compared() -> None:
    plain, _ = lower(m.full_years(m.Fact("since"), m.AsOf()) >= 18, around())
    assert plain == m.Compare("le", m.Fact("since"), m.Constant(dt.date(2005, 6, 30)))


def test_an_equality_is_counted() -> None:
    plain, _ = lower(m.full_months(m.Fact("since"), m.AsOf()).is_(12), around())
    assert any(isinstance(e, m.DatePart) for e in walk(plain))
