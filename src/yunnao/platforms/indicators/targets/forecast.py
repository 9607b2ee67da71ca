"""Where a series may stand at the end of the year: a band with the plain method that made it, said in words; exact decimals.

Pace of the same months in earlier years where it is known, else the pace of this year. No method is used that an officer could not
repeat with a pocket calculator. Fewer points than a method needs give no band.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from yunnao.platforms.indicators.targets.comparing import EXACT
from yunnao.platforms.indicators.targets.target import LAST_MONTH, Nature

Points = Mapping[int, Decimal]
"""Month, 1 to 12 -> the value up to and including it (of a flow the sum since January, else the state)."""

_LEAST = 3
"""Points that a trend or a spread needs."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between which numbers the year is likely to end, the number in the middle, and how that was found, in Chinese."""

    low: Decimal
    middle: Decimal
    high: Decimal
    method: str


def forecast(nature: Nature, year: int, points: Points, earlier: Mapping[int, Points]) -> Band | str:
    """The band at the end of the year; where none can be given, why, in Chinese.

    Args:
        year: this one.
        points: of this year, at least one.
        earlier: year -> its points.
    """
    with localcontext(EXACT):  # whatever the caller's precision
        return _forecast(nature, year, points, earlier)


def _forecast(nature: Nature, year: int, points: Points, earlier: Mapping[int, Points]) -> Band | str:
    month = max(points)
    if month == LAST_MONTH:
        return Band(points[month], points[month], points[month], "全年数，不是预测")
    whole = {
        year: (each[month], each[LAST_MONTH]) for year, each in earlier.items() if month in each and LAST_MONTH in each
    }
    match nature:
        case "flow":
            return _flow(points, month, {year: pair for year, pair in whole.items() if pair[0] > 0})
        case "rate":
            return _rate(points, month, whole)
        case "stock":
            return _stock(points, month, earlier.get(year - 1, {}))
    return "不知道这个指标是累计数还是时点数，不作预测；请在数据表的“口径”列写明"


def _flow(points: Points, month: int, whole: Mapping[int, tuple[Decimal, Decimal]]) -> Band | str:
    now, rest = points[month], Decimal(LAST_MONTH - month)
    pace = now * LAST_MONTH / month
    if whole:
        ends = [now * full / part for part, full in whole.values()]
        shares = [part * 100 / full for part, full in whole.values() if full]
        years = "、".join(map(str, sorted(whole)))
        between = "—".join(dict.fromkeys(f"{share:.1f}" for share in (min(shares), max(shares)))) if shares else ""
        method = f"按以往年份的进度：{years}年前{month}个月占全年的 {between} %"
        if len(whole) == 1:
            ends.append(pace)
            method += "；只有一年，另一端按今年月均推算"
        return Band(min(ends), sum(ends, Decimal(0)) / len(ends), max(ends), method)
    known = sorted({0: Decimal(0), **points}.items())
    steps = [(value - before) / (to - since) for (since, before), (to, value) in pairwise(known)]
    if len(steps) < _LEAST - 1:
        return "今年只有一期数据，又没有往年同期，不能给出区间"
    low, high = (now + rest * step for step in (min(steps), max(steps)))
    return Band(low, pace, high, f"按今年月均推算：前{month}个月的月均延续到年底，两端按今年最低和最高的月均")


def _rate(points: Points, month: int, whole: Mapping[int, tuple[Decimal, Decimal]]) -> Band | str:
    now = points[month]
    if whole:
        moves = [full - part for part, full in whole.values()]
        years = "、".join(map(str, sorted(whole)))
        method = f"按以往年份从{month}月到年底的变动（{years}年）"
        if len(whole) == 1:
            moves.append(Decimal(0))
            method += "；只有一年，另一端按不变"
        middle = sum(moves, Decimal(0)) / len(moves)
        return Band(now + min(moves), now + middle, now + max(moves), method)
    values = [value for _, value in sorted(points.items())]
    if len(values) < _LEAST:
        return f"今年只有 {len(values)} 期数据，又没有往年同期，不能给出区间"
    spread = max(abs(later - before) for before, later in pairwise(values))
    return Band(now - spread, now, now + spread, "按最近一期延续到年底，上下为今年相邻两期之间最大的变动")


def _stock(points: Points, month: int, before: Points) -> Band | str:
    start = {0: before[LAST_MONTH]} if LAST_MONTH in before else {}
    known = sorted({**start, **points}.items())
    if len(known) < _LEAST:
        return f"只有 {len(known)} 期数据（含上年末），不能给出区间"
    (since, first), (_, now) = known[0], known[-1]
    slope = (now - first) / (month - since)
    middle = now + slope * (LAST_MONTH - month)
    spread = _spread(known, slope)
    return Band(middle - spread, middle, middle + spread, "按直线推算到年底，上下为各期离直线最远的距离")


def _spread(known: Sequence[tuple[int, Decimal]], slope: Decimal) -> Decimal:
    since, first = known[0]
    return max(abs(value - first - slope * (month - since)) for month, value in known)
