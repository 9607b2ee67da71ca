"""National accounts sense checks: what does not fit together is put to the officer as a question, never changed.

Levels against growth and last year's level, units that are off by powers of ten, and shares of a whole that do not sum to 100.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from yunnao.kernel.numbers import plain
from yunnao.platforms.indicators.targets.comparing import EXACT
from yunnao.scenarios.plan.linking.arithmetic import Refused, last_year
from yunnao.scenarios.plan.linking.names import is_constant_price, is_generic
from yunnao.scenarios.plan.linking.statements import Statement

_ROUNDING = Decimal("0.15")
"""Percentage points: what rounding of a growth to one decimal and of its levels may do."""
_DEFLATOR = Decimal(3)
"""Percentage points that prices may explain where growth is at constant prices; a software convention."""
_LEAST_SHARES = 3
_WHOLE = Decimal(100)
_NEARLY = Decimal(5)
"""Shares that sum to 100 within so much were meant to make a whole."""
_FACTORS = {10: "十", 100: "一百", 1000: "一千", 10_000: "一万", 100_000_000: "一亿"}


@dataclass(frozen=True, slots=True)
class Question:
    """Something for an officer to look at: what kind, in Chinese, and the places it is about."""

    kind: str
    words: str
    places: tuple[str, ...]


def questions(known: Sequence[Statement]) -> list[Question]:
    """Every question that the statements of one report, or of two years' reports together, give rise to."""
    known = [each for each in known if not is_generic(each.series)]
    with localcontext(EXACT):
        return [*_implied_base(known), *_targets(known), *_powers_of_ten(known), *_shares(known), *_impossible(known)]


def _plain_outcome(each: Statement, kind: str) -> bool:
    return kind in each.kinds and each.sign == "=" and each.base_high is None and each.whole_year


def _implied_base(known: Sequence[Statement]) -> Iterator[Question]:
    """A level and a growth of one year imply the level of the year before."""
    growths = _by_series(each for each in known if each.status == "outcome" and _plain_outcome(each, "growth_yoy"))
    for level in known:
        if level.status != "outcome" or not _plain_outcome(level, "level") or level.base_value <= 0:
            continue
        base = last_year(level, known, "level")
        if isinstance(base, Refused):
            continue
        for growth in growths.get((level.series, level.area, level.period), ()):
            signed = -growth.base_value if growth.direction == "down" else growth.base_value
            if signed <= -_WHOLE:
                continue
            implied, nominal = level.base_value / (1 + signed / 100), (level.base_value / base.base_value - 1) * 100
            gap = nominal - signed
            constant = is_constant_price(level.series)
            if abs(gap) > (_DEFLATOR if constant else _ROUNDING):
                cause = "是价格因素，还是口径变了" if constant else "是口径变了，还是哪个数写错了"
                yield Question(
                    "implied_base",
                    f"{level.indicator} {level.period} 年 {level.shown}，{growth.shown}，推出上年 {_short(implied)} {level.base_unit}；"
                    f"{base.source}写的是 {base.shown}（{plain(base.base_value)} {base.base_unit}，相除得 {_short(nominal)} %）。"
                    f"差 {_short(abs(gap))} 个百分点，{cause}？",
                    (level.source, growth.source, base.source),
                )


def _targets(known: Sequence[Statement]) -> Iterator[Question]:
    """A promised level against the promised growth over this year's outcome."""
    growths = _by_series(each for each in known if each.status == "target" and "growth_yoy" in each.kinds)
    for level in known:
        if level.status != "target" or "level" not in level.kinds or is_constant_price(level.series):
            continue
        base = last_year(level, known, "level")
        if isinstance(base, Refused):
            continue
        implied = (level.base_value / base.base_value - 1) * 100
        for growth in growths.get((level.series, level.area, level.period), ()):
            signed = -growth.base_value if growth.direction == "down" else growth.base_value
            if abs(implied - signed) > _ROUNDING + 1:
                yield Question(
                    "target_level_and_growth",
                    f"{level.indicator} {level.period} 年目标写了 {level.shown}，又写了增长 {growth.shown}；"
                    f"按上年 {base.shown}，前者相当于增长 {_short(implied)} %。以哪个为准？",
                    (level.source, growth.source, base.source),
                )


def _powers_of_ten(known: Sequence[Statement]) -> Iterator[Question]:
    """One thing stated twice, or in consecutive years, that differs by a power of ten."""
    levels = [each for each in known if {"level", "cumulative"} & each.kinds and each.base_value > 0]
    by_series: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for each in levels:
        by_series[each.series, each.area, each.base_unit].append(each)
    for group in by_series.values():
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                if one.year is None or other.year is None or abs(one.year - other.year) > 1:
                    continue
                small, large = sorted((one, other), key=lambda each: each.base_value)
                ratio = large.base_value / small.base_value
                for factor, words in _FACTORS.items():
                    if abs(ratio / factor - 1) < Decimal("0.2") and factor >= 100:
                        yield Question(
                            "unit",
                            f"{one.indicator}：{small.shown}（{small.period} 年，{small.source}）与 {large.shown}"
                            f"（{large.period} 年，{large.source}）差了约{words}倍，单位写对了吗？",
                            (small.source, large.source),
                        )


def _shares(known: Sequence[Statement]) -> Iterator[Question]:
    """Shares that one sentence gives of one whole."""
    by_place: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for each in known:
        if "share" in each.kinds and each.base_unit == "%" and each.base_high is None:
            by_place[each.source, each.quote, each.period].append(each)
    for (source, _, period), parts in by_place.items():
        total = sum((each.base_value for each in parts), Decimal(0))
        off = abs(total - _WHOLE)
        rounding = sum((_half_unit(each.value) for each in parts), Decimal(0))
        if len({each.indicator for each in parts}) >= _LEAST_SHARES and rounding < off <= _NEARLY:
            listed = " + ".join(plain(each.value) for each in parts)
            names = "、".join(each.indicator for each in parts)
            yield Question(
                "shares",
                f"{source}：{period} 年 {names}的比重 {listed} = {plain(total)}，不是 100。是哪一个写错了？",
                (source,),
            )


def _impossible(known: Sequence[Statement]) -> Iterator[Question]:
    for each in known:
        if "share" in each.kinds and each.base_unit == "%" and each.base_value > _WHOLE:
            yield Question(
                "share_over_100",
                f"{each.source}：{each.indicator} {each.shown}，比重超过 100 %，对吗？",
                (each.source,),
            )


def _by_series(found: Iterable[Statement]) -> dict[tuple[str, str, str], list[Statement]]:
    by_series: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for each in found:
        by_series[each.series, each.area, each.period].append(each)
    return by_series


def _half_unit(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)


def _short(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.01")))
