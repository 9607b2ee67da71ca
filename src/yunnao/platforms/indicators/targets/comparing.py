"""Whether a result keeps a target: exact, over intervals, because a result may be said as vaguely as the target (超过 5 %).

The comparators follow `rules/G_plan.yaml` (comparators): 以上, 不低于 and 突破 are ≥; 以内 and 不超过 are ≤; a range is kept from its
nearer end on; 左右 is kept from X less a tolerance on, and better than X is no miss. A number without a hedge is judged as one that
is at least to be reached. The tolerance is a software convention (`conventions.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal

from yunnao.kernel.numbers import plain
from yunnao.platforms.indicators.targets.conventions import Conventions

Sign = Literal["=", "≥", ">", "≈", "≤", "<"]
Better = Literal["up", "down"]
Verdict = Literal["met", "missed", "not_assessable"]

EXACT = Context(prec=80)
_MOST_PLACES, _PLACES = 8, 4
PERCENT_UNITS = frozenset({"%", "个百分点", "百分点"})
SIGN_WORDS: dict[Sign, str] = {"=": "", "≥": "不低于", ">": "超过", "≈": "左右", "≤": "不高于", "<": "低于"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What was promised, in the target's own direction; results are judged in the same unit.

    Attributes:
        sign: what the words around the number say.
        low: the number; of a range its lower end.
        high: the upper end of a range.
        better: which way is better; it decides where the sign does not.
        percent: whether the unit is per cent or percentage points.
    """

    sign: Sign
    low: Decimal
    high: Decimal | None = None
    better: Better = "up"
    percent: bool = False

    @property
    def wants(self) -> Better:
        """Whether the result has to be at least (up) or at most (down) so much."""
        if self.high is None and self.sign in ("≥", ">"):
            return "up"
        if self.high is None and self.sign in ("≤", "<"):
            return "down"
        return self.better


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What was reached, as far as it is known: between two numbers, an end that is not known being none.

    Attributes:
        low_open, high_open: whether the end itself is left out.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def negated(self) -> "Reached":
        """The same change told in the other direction: a rise by 3 is a fall by -3."""
        low = None if self.high is None else -self.high
        high = None if self.low is None else -self.low
        return Reached(low=low, high=high, low_open=self.high_open, high_open=self.low_open)

    def divided(self, factor: Decimal) -> "Reached":
        """The same in a unit that is ``factor`` (> 0) times as large."""
        low = None if self.low is None else EXACT.divide(self.low, factor)
        high = None if self.high is None else EXACT.divide(self.high, factor)
        return Reached(low=low, high=high, low_open=self.low_open, high_open=self.high_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Met, missed, or not assessable, and why in a Chinese sentence."""

    verdict: Verdict
    reason: str


def reached(sign: Sign, value: Decimal, high: Decimal | None, conventions: Conventions) -> Reached:
    """What a stated result says: ``5`` is 5, ``超过 5`` anything above, ``左右`` so much about it as the convention has."""
    if high is not None:
        return Reached(low=value, high=high)
    match sign:
        case "≥" | ">":
            return Reached(low=value, high=None, low_open=sign == ">")
        case "≤" | "<":
            return Reached(low=None, high=value, high_open=sign == "<")
        case "≈":
            about = EXACT.multiply(abs(value), conventions.hedged_relative)
            return Reached(low=EXACT.subtract(value, about), high=EXACT.add(value, about))
    return Reached(low=value, high=value)


def threshold(bound: Bound, conventions: Conventions) -> tuple[Decimal, bool]:
    """From (or up to) which number on the target is kept, and whether that is known.

    It is not known of 左右 with a unit that has no tolerance; the number is then the printed one.
    """
    if bound.high is not None:
        return (bound.low if bound.wants == "up" else bound.high), True
    if bound.sign != "≈":
        return bound.low, True
    if bound.percent:
        off: Decimal | None = conventions.near_percentage_points
    else:
        share = conventions.near_relative
        off = None if share is None else EXACT.multiply(abs(bound.low), share)
    if off is None:
        return bound.low, False
    return (EXACT.subtract(bound.low, off) if bound.wants == "up" else EXACT.add(bound.low, off)), True


Demand = tuple[str, str, Decimal]


def demand(bound: Bound, factor: Decimal) -> Demand:
    """What a bound asks for, in base units, ``factor`` of which are its unit: two bounds with one demand are judged alike."""
    limit = bound.high if bound.high is not None and bound.wants == "down" else bound.low
    special = bound.sign if bound.high is None and bound.sign in (">", "<", "≈") else ""
    return bound.wants, special, EXACT.multiply(limit, factor)


def conflict_words(wanted: Sequence[str]) -> str:
    """That several targets have one name and ask for different things, in a sentence: nobody can say which one a result is of."""
    count = "两个" if len(wanted) == 2 else f" {len(wanted)} 个"
    return f"同名目标有{count}，请核对范围：{'；'.join(wanted)}"


def judge(bound: Bound, result: Reached, conventions: Conventions, unit: str = "") -> Judgement:
    """Whether ``result`` keeps ``bound``; both in the same unit, which is printed."""
    limit, known = threshold(bound, conventions)
    open_ = bound.sign in (">", "<") and bound.high is None
    wanted, printed = said(bound, unit), limit
    if bound.wants == "down":  # mirrored, so that there is one rule
        result, limit = result.negated(), -limit
    sure = result.low is not None and (result.low > limit or (result.low == limit and (not open_ or result.low_open)))
    never = result.high is not None and (result.high < limit or (result.high == limit and (open_ or result.high_open)))
    shown = told(result if bound.wants == "up" else result.negated(), unit, printed)
    if sure:
        return Judgement(verdict="met", reason=f"完成 {shown}，目标 {wanted}{_tolerance(bound, conventions, known)}")
    if never and known:
        return Judgement(verdict="missed", reason=f"完成 {shown}，目标 {wanted}{_tolerance(bound, conventions, known)}")
    if never:
        return Judgement(
            verdict="not_assessable",
            reason=f"完成 {shown}，差于目标 {wanted}；“左右”对这个单位没有容差，不作判断（可在 plan/conventions.yaml 写明）",
        )
    return Judgement(verdict="not_assessable", reason=f"完成数只说{shown}，跨过目标 {wanted}，不能判断")


def stretch_words(
    bound: Bound, stretch: Decimal | None, result: Reached, conventions: Conventions, unit: str = ""
) -> str:
    """What is striven for beside a target, and whether it was reached: said separately, never judged; empty without one."""
    if stretch is None:
        return ""
    strict = Bound(sign="≥" if bound.wants == "up" else "≤", low=stretch)
    words = {"met": "达到", "missed": "没有达到", "not_assessable": "看不出是否达到"}
    return f"；另有力争 {plain(stretch)} {unit}，不作底线：{words[judge(strict, result, conventions).verdict]}"


def said(bound: Bound, unit: str = "") -> str:
    """A bound in words: ``不低于 8 %``, ``5—6 %``, ``5.5 %左右``."""
    number = plain(bound.low) if bound.high is None else f"{plain(bound.low)}—{plain(bound.high)}"
    with_unit = f"{number} {unit}".strip()
    if bound.high is not None or bound.sign == "=":
        return with_unit
    return f"{with_unit}左右" if bound.sign == "≈" else f"{SIGN_WORDS[bound.sign]} {with_unit}"


def told(result: Reached, unit: str = "", limit: Decimal | None = None) -> str:
    """A result in words: ``5 %``, ``超过 5 %``, ``4.75—5.25 %``; never rounded to or across ``limit``."""
    low, high = (None if end is None else _short(end, limit) for end in (result.low, result.high))
    if low is not None and high is not None:
        return f"{low if result.low == result.high else f'{low}—{high}'} {unit}".strip()
    if low is not None:
        return f"{'超过' if result.low_open else '不低于'} {low} {unit}".strip()
    return f"{'低于' if result.high_open else '不高于'} {high or 0} {unit}".strip()


def rounded_beside(value: Decimal, limit: Decimal | None, places: int) -> Decimal:
    """A number with ``places`` decimals, or as many more as it takes to stay on its side of ``limit``."""
    found = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    while limit is not None and found.compare(limit) != value.compare(limit):
        places += 1
        found = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    return found


def _short(value: Decimal, limit: Decimal | None) -> str:
    """A number as it is printed; a quotient without an end with four decimals."""
    exponent = value.as_tuple().exponent
    long = isinstance(exponent, int) and exponent < -_MOST_PLACES
    return plain(rounded_beside(value, limit, _PLACES) if long else value)


def _tolerance(bound: Bound, conventions: Conventions, known: bool) -> str:
    if bound.sign != "≈" or bound.high is not None or not known:
        return ""
    if bound.percent:
        return f"（“左右”按 {plain(conventions.near_percentage_points)} 个百分点，软件约定）"
    return f"（“左右”按目标的 {plain((conventions.near_relative or Decimal(0)) * 100)} %，软件约定）"
