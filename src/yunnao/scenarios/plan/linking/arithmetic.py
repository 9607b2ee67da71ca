"""How one number becomes comparable with another of another kind: the arithmetic, shown, and only where it is exact.

Levels give growth, growth gives levels, cumulative figures give increments: each with last year's figure. Where growth is told at
constant prices (地区生产总值), levels at current prices say nothing exact about it, and there is none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from yunnao.kernel.numbers import plain
from yunnao.platforms.indicators.targets.comparing import EXACT, Reached
from yunnao.platforms.indicators.targets.conventions import Conventions
from yunnao.scenarios.plan.linking.names import is_constant_price, nature_of
from yunnao.scenarios.plan.linking.statements import Statement
from yunnao.scenarios.plan.reading.units import is_counted

_PLACES = 4
Map = Callable[[Decimal, Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Converted:
    """A result in the target's terms, and how it came to be."""

    result: Reached
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no exact way from one to the other."""

    why: str


def converted(
    target: Statement, outcome: Statement, known: Sequence[Statement], conventions: Conventions
) -> Converted | Refused:
    """The outcome told as the target is told; both are of the same series and area.

    Args:
        known: every outcome at hand, for last year's figure.
    """
    with localcontext(EXACT):
        return _converted(target, outcome, known, conventions)


def _converted(
    target: Statement, outcome: Statement, known: Sequence[Statement], conventions: Conventions
) -> Converted | Refused:
    result = outcome.result(conventions)
    if same_kind(target, outcome):
        if target.base_unit != outcome.base_unit:
            return Refused(f"单位不同：目标是 {target.unit or '（无）'}，完成数是 {outcome.unit or '（无）'}")
        return _same_kind(target, outcome, result)
    kinds = (target.kind, outcome.kind)
    if kinds == ("growth_yoy", "level") and target.base_unit == "%":
        return _growth_from_level(target, outcome, result, known)
    if kinds == ("level", "growth_yoy") and outcome.base_unit == "%":
        return _level_from_growth(target, outcome, result, known)
    if target.base_unit != outcome.base_unit:
        return Refused(f"性质不同（{_words(target)}、{_words(outcome)}），单位也不同")
    if kinds == ("increment", "cumulative"):
        return _increment(outcome, result, known)
    if kinds == ("cumulative", "increment"):
        return _cumulative(outcome, result, known)
    if set(kinds) == {"level", "cumulative"} and nature_of(target.series, "level") == "stock":
        return Converted(result, "两者都是期末的总数")
    return Refused(f"性质不同：目标是{_words(target)}，完成数是{_words(outcome)}")


def _same_kind(target: Statement, outcome: Statement, result: Reached) -> Converted:
    turned = target.kind in ("growth_yoy", "rate_change") and _falls(target) != _falls(outcome)
    arithmetic = ""
    if turned:
        result = result.negated()
        arithmetic = f"{outcome.shown}，按目标的方向即 {plain(-outcome.base_value)} {outcome.base_unit}"
    elif target.unit != outcome.unit and outcome.value != outcome.base_value:
        arithmetic = f"{outcome.shown} = {plain(outcome.base_value)} {outcome.base_unit}"
    elif target.unit != outcome.unit and target.value != target.base_value:
        arithmetic = f"目标 {target.shown} = {plain(target.base_value)} {target.base_unit}"
    return Converted(result, arithmetic)


def _growth_from_level(
    target: Statement, outcome: Statement, result: Reached, known: Sequence[Statement]
) -> Converted | Refused:
    base = last_year(outcome, known, "level")
    if is_constant_price(target.series):
        why = "增速按可比价计算，现价的总量不能换算出它"
        if isinstance(base, Refused):
            return Refused(why)
        nominal = (outcome.base_value / base.base_value - 1) * 100
        divided = f"{plain(outcome.base_value)} ÷ {plain(base.base_value)} − 1 = {_short(nominal)} %"
        return Refused(f"{why}（现价相除 {divided}，含价格变动，只供参考）")
    if isinstance(base, Refused):
        return base
    sign = -1 if _falls(target) else 1

    def growth(level: Decimal, before: Decimal) -> Decimal:
        return sign * (level / before - 1) * 100

    point = growth(outcome.base_value, base.base_value)
    said = f"{plain(outcome.base_value)} ÷ {plain(base.base_value)} − 1 = {_short(sign * point)} %"
    return _converted_by(growth, result, outcome, base, f"{said}（上年：{base.source}）", "%")


def _level_from_growth(
    target: Statement, outcome: Statement, result: Reached, known: Sequence[Statement]
) -> Converted | Refused:
    if is_constant_price(target.series):
        return Refused("增速按可比价计算，不能换算出现价的总量")
    base = last_year(outcome, known, "level", unit=target.base_unit)
    if isinstance(base, Refused):
        return base
    sign = -1 if _falls(outcome) else 1

    def level(growth: Decimal, before: Decimal) -> Decimal:
        return before * (1 + sign * growth / 100)

    reached = f"{_short(level(outcome.base_value, base.base_value))} {target.base_unit}"
    said = f"{plain(base.base_value)} ×（1 {'+' if sign > 0 else '−'} {plain(outcome.value)} %）= {reached}"
    return _converted_by(level, result, outcome, base, f"{said}（上年：{base.source}）", target.base_unit)


def _increment(outcome: Statement, result: Reached, known: Sequence[Statement]) -> Converted | Refused:
    base = last_year(outcome, known, "cumulative")
    if isinstance(base, Refused):
        return base

    def increment(total: Decimal, before: Decimal) -> Decimal:
        return total - before

    point = plain(increment(outcome.base_value, base.base_value))
    said = f"{plain(outcome.base_value)} − {plain(base.base_value)} = {point} {outcome.base_unit}"
    return _converted_by(increment, result, outcome, base, f"{said}（上年累计：{base.source}）", outcome.base_unit)


def _cumulative(outcome: Statement, result: Reached, known: Sequence[Statement]) -> Converted | Refused:
    base = last_year(outcome, known, "cumulative")
    if isinstance(base, Refused):
        return base

    def total(increment: Decimal, before: Decimal) -> Decimal:
        return before + increment

    point = plain(total(outcome.base_value, base.base_value))
    said = f"{plain(base.base_value)} + {plain(outcome.base_value)} = {point} {outcome.base_unit}"
    return _converted_by(total, result, outcome, base, f"{said}（上年累计：{base.source}）", outcome.base_unit)


def _converted_by(
    function: Map, result: Reached, outcome: Statement, base: Statement, said: str, unit: str
) -> Converted:
    """A result through a function that rises or falls in either number throughout, as wide as the printed decimals leave it."""
    here, before = _rounding(outcome), _rounding(base)
    lows = None if result.low is None else (result.low - here, result.low)
    highs = None if result.high is None else (result.high, result.high + here)
    ends = []
    for numbers in (lows, highs):
        found = [function(number, base.base_value + off) for number in numbers or () for off in (-before, before)]
        ends.append(found)
    falls = function(Decimal(2), base.base_value) < function(Decimal(1), base.base_value)
    first, last = reversed(ends) if falls else ends
    low, high = min(first, default=None), max(last, default=None)
    moved = Reached(
        low=low,
        high=high,
        low_open=result.high_open if falls else result.low_open,
        high_open=result.low_open if falls else result.high_open,
    )
    if low is not None and high is not None and low != high:
        said += f"；按印出的位数在 {_short(low)}—{_short(high)} {unit} 之间"
    return Converted(moved, said)


def _rounding(statement: Statement) -> Decimal:
    """Half of the last printed digit, in base units; only whole numbers of what is counted one by one (86 家) are exact."""
    exponent = statement.value.as_tuple().exponent
    last = min(exponent, 0) if isinstance(exponent, int) else 0
    if last == 0 and statement.factor == 1 and is_counted(statement.base_unit):
        return Decimal(0)
    return Decimal(5).scaleb(last - 1) * statement.factor


def same_kind(target: Statement, outcome: Statement) -> bool:
    """Whether both are the same sort of number; a rate may be called a share or a level."""
    rates = {"share", "level"}
    rate = target.base_unit == outcome.base_unit == "%" and target.kind in rates and bool(outcome.kinds & rates)
    return target.kind in outcome.kinds or rate


def last_year(
    outcome: Statement, known: Sequence[Statement], kind: str, unit: str | None = None
) -> Statement | Refused:
    """The exact figure of the year before of the same series; refused where there is none, or several that differ."""
    if outcome.year is None:
        return Refused(f"时期“{outcome.period}”不是一年，找不到上年数")
    found = [
        each
        for each in known
        if (each.series, each.area, each.year) == (outcome.series, outcome.area, outcome.year - 1)
        and kind in each.kinds
        and each.status == "outcome"
        and each.base_unit == (unit or outcome.base_unit)
        and each.sign == "="
        and each.base_high is None
        and each.base_value > 0
    ]
    if not found:
        return Refused(f"没有 {outcome.year - 1} 年的准确数，不能换算")
    if len({each.base_value for each in found}) > 1:
        both = "、".join(f"{each.shown}（{each.source}）" for each in found)
        return Refused(f"{outcome.year - 1} 年的数不一致：{both}，不能换算")
    return found[0]


def _falls(statement: Statement) -> bool:
    return statement.direction == "down"


def _words(statement: Statement) -> str:
    return KIND_WORDS[statement.kind]


KIND_WORDS = {
    "level": "总量",
    "growth_yoy": "增速",
    "rate_change": "变动幅度",
    "share": "比重",
    "increment": "当年新增",
    "cumulative": "累计",
    "rank": "位次",
}
"""Kind -> what it is called."""


def _short(value: Decimal) -> str:
    """At most four decimals, where a quotient has no end."""
    exponent = value.as_tuple().exponent
    return plain(value.quantize(Decimal("0.0001")) if isinstance(exponent, int) and exponent < -_PLACES else value)
