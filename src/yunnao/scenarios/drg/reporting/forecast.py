"""The point value at the end of a year of which some months are known: exact, by a method that can be repeated with a pocket calculator."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from yunnao.kernel.numbers import FEN_PER_YUAN
from yunnao.kernel.text import Text

MONTHS = 12
_LEAST = 3
_POINT = 10_000

WHOLE = Text("全年点数，不是预测", "the whole year's points; not a forecast")
PACE = Text(
    "按已有 {n} 个月的月均点数推算全年点数；两端按其余各月都像点数最多、最少的那个月推算",
    "the year's points at the mean of the {n} months so far; the ends as if every further month were like the one with the most, "
    "or the fewest, points",
)
TOO_FEW = Text("不足 {n} 个月，不作预测", "fewer than {n} months: no forecast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Yuan a point at the end of the year, between two ends, with the method in words; no values where none can be given."""

    low: Fraction | None
    middle: Fraction | None
    high: Fraction | None
    method: Text


def forecast(points: Mapping[int, int], shared: int) -> Forecast:
    """Where the point value may stand.

    Args:
        points: month (1 to 12) -> points of the month in 1/10000, of the months that are known.
        shared: the year's money that the points share, in fen.
    """
    known = [value for _, value in sorted(points.items()) if value > 0]
    n, total = len(known), sum(known)
    if n < _LEAST:
        words = Text(TOO_FEW.zh.format(n=_LEAST), TOO_FEW.en.format(n=_LEAST))
        return Forecast(low=None, middle=None, high=None, method=words)
    left = MONTHS - n
    middle = _value(Fraction(total * MONTHS, n), shared)
    low, high = _value(Fraction(total + left * max(known)), shared), _value(Fraction(total + left * min(known)), shared)
    words = WHOLE if not left else Text(PACE.zh.format(n=n), PACE.en.format(n=n))
    return Forecast(low=low, middle=middle, high=high, method=words)


def month_value(points: int, shared: int) -> Fraction | None:
    """Yuan a point if a twelfth of the year's money were shared by the points of one month; none without points."""
    return _value(Fraction(points * MONTHS), shared) if points > 0 else None


def _value(points: Fraction, shared: int) -> Fraction:
    return Fraction(shared * _POINT, FEN_PER_YUAN) / points
