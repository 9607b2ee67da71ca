"""A quantity as linking sees it: its name taken apart, its number in base units, and where it stands in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yunnao.kernel.numbers import plain
from yunnao.platforms.indicators.targets.comparing import (
    EXACT,
    PERCENT_UNITS,
    Bound,
    Reached,
    Sign,
    reached,
)
from yunnao.platforms.indicators.targets.conventions import Conventions
from yunnao.scenarios.plan.linking.names import base_unit, better_of, name_of, own_scope
from yunnao.scenarios.plan.quantities import Quantity

_REACHED_AT = ("突破", "迈上", "跨上", "跨越")
_SIGNED = ("growth_yoy", "rate_change")
_NEAR_WORDS = 12
"""Characters before a numeral in which a word of `_REACHED_AT` says something about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One stated number.

    Attributes:
        kinds: what sort of number it may be; one where a reader knows it, several of an officer's sheet that does not say.
        base_value, base_high, base_unit: in base units.
        sign: the comparator it is judged by.
        aspirational: the number itself is what is striven for; `base_stretch` is what is striven for beside it.
        source: names the report or sheet, and the place in it.
        whole_year: whether it is the year's, not that of some months.
        line: of the report; 0 where it is none.
    """

    area: str
    series: str
    indicator: str
    kinds: frozenset[str]
    period: str
    value: Decimal
    value_high: Decimal | None
    unit: str
    base_value: Decimal
    base_high: Decimal | None
    base_unit: str
    sign: Sign
    direction: str
    status: str
    estimate: bool
    aspirational: bool
    base_stretch: Decimal | None
    source: str
    quote: str
    whole_year: bool = True
    line: int = 0

    @property
    def kind(self) -> str:
        """The one kind it is; the first of several, by name."""
        return min(self.kinds)

    @property
    def year(self) -> int | None:
        """Its period, where that is a year."""
        return int(self.period) if self.period.isdecimal() else None

    @property
    def bound(self) -> Bound:
        """What it promises, in the unit as printed."""
        return Bound(
            sign=self.sign,
            low=self.value,
            high=self.value_high,
            better=better_of(self.series, self.kind, self.direction),
            percent=self.base_unit in PERCENT_UNITS,
        )

    @property
    def factor(self) -> Decimal:
        """How many base units the printed unit is."""
        return EXACT.divide(self.base_value, self.value) if self.value else Decimal(1)

    def result(self, conventions: Conventions) -> Reached:
        """What it says was reached, in base units."""
        return reached(self.sign, self.base_value, self.base_high, conventions)

    @property
    def shown(self) -> str:
        """The number as it is printed, with its sign and direction."""
        number = plain(self.value) if self.value_high is None else f"{plain(self.value)}—{plain(self.value_high)}"
        sign = "" if self.sign == "=" else f"{self.sign} "
        fall = "下降 " if self.direction == "down" and self.kind in _SIGNED else ""
        return f"{fall}{sign}{number} {self.unit}".strip()


def statements(rows: Sequence[Quantity], source: str) -> list[Statement]:
    """The rows of one report, those only described left out."""
    own = own_scope(row.sentence for row in rows)
    return [statement(row, source, own) for row in rows if row.status != "description"]


def statement(row: Quantity, source: str, own: Iterable[str] = ()) -> Statement:
    """One row of a report; ``own`` are scope words that mean the place itself."""
    name = name_of(row.indicator, row.area, frozenset(own))
    factor = row.base_value / row.value if row.value else Decimal(1)
    return Statement(
        area=name.area,
        series=name.series,
        indicator=row.indicator,
        kinds=frozenset({row.kind}),
        period=row.period,
        value=row.value,
        value_high=row.value_high,
        unit=row.unit,
        base_value=row.base_value,
        base_high=None if row.value_high is None else row.value_high * factor,
        base_unit=base_unit(row.base_unit),
        sign=judged_sign(row),
        direction=row.direction,
        status=row.status,
        estimate=row.estimate,
        aspirational=row.aspirational is not None and row.aspirational == row.value,
        base_stretch=None if row.aspirational in (None, row.value) else row.aspirational * factor,
        source=f"{source} 第 {row.line} 行",
        quote=row.quote,
        line=row.line,
    )


def judged_sign(row: Quantity) -> Sign:
    """The comparator a row is judged by: that of its words, but a promise of 突破 or 迈上 is to reach X (`rules/G_plan.yaml`).

    A promised rank is kept by a better one.
    """
    if row.status != "target":
        return row.comparator
    if row.kind == "rank" and row.comparator == "=":
        return "≤"
    if row.comparator == ">":
        place = row.sentence.find(row.quote)
        before = row.quote if place < 0 else row.sentence[max(place - _NEAR_WORDS, 0) : place] + row.quote
        if any(word in before for word in _REACHED_AT):
            return "≥"
    return row.comparator
