"""Periods are read as people write them, ordered in time, and know what came before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.platforms.indicators.assessment.periods import Period, parse_period

QUARTERS = st.builds(Period, st.just("quarter"), st.integers(1950, 2190), st.integers(1, 4))
MONTHS = st.builds(Period, st.just("month"), st.integers(1950, 2190), st.integers(1, 12))
YEARS = st.builds(Period, st.just("year"), st.integers(1950, 2190))


@pytest.mark.parametrize(
    "text", ["2023Q1", "2023q1", "2023-Q1", "2023年一季度", "2023年第1季度", "2023年1季度", " 2023Q1 "]
)
def test_a_quarter_in_every_spelling(text: str) -> None:
    assert parse_period(text) == Period("quarter", 2023, 1)


@pytest.mark.parametrize("text", ["2023-01", "2023年1月", "2023/1", "2023.01"])
def test_a_month_in_every_spelling(text: str) -> None:
    assert parse_period(text) == Period("month", 2023, 1)


@pytest.mark.parametrize("text", ["", "2023Q5", "2023-13", "2023-00", "23Q1", "Q1", "0023", "2023年五季度", "2023Q1Q2"])
def test_what_is_no_period_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="不是一个时期"):
        parse_period(text)


@given(st.one_of(QUARTERS, MONTHS, YEARS))
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert parse_period(str(period)) == period
    assert parse_period(period.in_words()) == period


@given(st.one_of(QUARTERS, MONTHS, YEARS))
def test_before_is_earlier_and_a_year_is_as_many_steps_as_it_has_parts(period: Period) -> None:
    assert period.before < period
    step = period
    for _ in range({"quarter": 4, "month": 12, "year": 1}[period.kind]):
        step = step.before
    assert step == period.year_before
