"""The forecast of the point value: by hand, and what must hold whatever the months are."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from yunnao.scenarios.drg.reporting.forecast import WHOLE, forecast, month_value

PER_MONTH = st.dictionaries(st.integers(1, 12), st.integers(0, 10**11), max_size=12)


def test_by_hand() -> None:
    """10, 20, 30 points; 720 yuan: the year at 20 a month is 240 points, at 30 for the rest 330, at 10 for the rest 150."""
    found = forecast({1: 100_000, 2: 200_000, 3: 300_000}, 72_000)
    assert (found.low, found.middle, found.high) == (Fraction(720, 330), Fraction(3), Fraction(720, 150))
    assert "3 个月" in found.method.zh
    assert month_value(200_000, 72_000) == 3


def test_too_few_months_give_no_band_and_twelve_are_no_forecast() -> None:
    assert forecast({1: 5, 2: 5, 3: 0}, 100).middle is None
    whole = forecast(dict.fromkeys(range(1, 13), 10_000), 120_000)
    assert (whole.low, whole.middle, whole.high, whole.method) == (*[Fraction(100)] * 3, WHOLE)
    assert month_value(0, 100) is None


@given(PER_MONTH, st.integers(1, 10**13))
def test_the_middle_is_between_the_ends_and_money_scales_it(points: dict[int, int], shared: int) -> None:
    found, double = forecast(points, shared), forecast(points, 2 * shared)
    if found.low is None or found.middle is None or found.high is None:
        assert sum(value > 0 for value in points.values()) < 3
        return
    assert found.low <= found.middle <= found.high
    assert (double.low, double.middle, double.high) == (2 * found.low, 2 * found.middle, 2 * found.high)
