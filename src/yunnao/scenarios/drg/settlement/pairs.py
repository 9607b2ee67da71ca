"""What the stays of a hospital in a stable group earn: limits in fen that tell classes apart, and the linear form of each class.

Limits and coefficients are worked out for every hospital and group that has stays, forms only for the classes that occur.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import polars as pl

from yunnao.kernel.numbers import MONEY_BOUND
from yunnao.scenarios.drg.settlement.exact import POINT, Linear, exact_text, half_up
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.reference import Reference
from yunnao.scenarios.drg.settlement.terms import fraction

KEY = ["reference", "hospital_id", "drg"]
IN_GROUP = ("normal", "high", "low", "very_low")
"""Classes that are priced by the group."""

CAPPED = "low_capped"
"""Not a class: a low multiple that would earn more than the base points."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A hospital and a stable group.

    Attributes:
        base, coefficient, mean: B, k, and m in fen.
        overall: mean cost of all groups, in fen.
        threshold: cost above so many times m is a high multiple; None: there are none.
    """

    base: Fraction
    coefficient: Fraction
    mean: Fraction
    overall: Fraction
    threshold: Fraction | None

    def form(self, class_: str, rules: Rules) -> Linear:
        """The points of a class: of the cost (low), of the reasonable cost (high, very low), or as they are (normal, capped)."""
        base, k = self.base, self.coefficient
        if class_ == "high" and self.threshold is not None and rules.high is not None:
            share = fraction(rules.high.share)
            return Linear(base * k - share * base * self.threshold, share * base / self.mean)
        if class_ == "low" and rules.low is not None:
            return Linear(slope=base * (k if rules.low.with_coefficient else 1) / self.mean)
        if class_ == "very_low":
            return Linear(slope=rules.scale / self.overall)
        return Linear(base) if class_ == CAPPED else Linear(base * k)

    def row(self, rules: Rules) -> tuple[int, str, int | None, int, int, int]:
        """coefficient as shown and exactly; costs above / below which a stay is high, low, very low; above which a low one is capped."""
        low, mean, k = rules.low, self.mean, self.coefficient
        capped = MONEY_BOUND
        if low is not None and low.at_most_base:
            own = k if low.with_coefficient else Fraction(1)
            capped = min(floor(mean / own), MONEY_BOUND) if own else MONEY_BOUND
        return (
            half_up(k * POINT),
            exact_text(k),
            None if self.threshold is None else min(floor(self.threshold * mean), MONEY_BOUND),
            0 if low is None else ceil(fraction(low.below) * mean),
            0 if low is None or low.very_low_below is None else ceil(fraction(low.very_low_below) * mean),
            capped,
        )


@dataclass(frozen=True)
class Pairs:
    """Every pair that has stays.

    Attributes:
        all: by place.
        frame: `KEY`, coefficient, coefficient_exact, limits, and ``_pair``, its place.
    """

    all: list[Pair]
    frame: pl.DataFrame

    def forms(self, wanted: pl.DataFrame, rules: Rules) -> list[Linear]:
        """The form of each row of ``wanted`` (``_pair``, ``_priced_as``)."""
        return [
            self.all[place].form(class_, rules) for place, class_ in wanted.select("_pair", "_priced_as").iter_rows()
        ]


def pairs_of(stays: pl.DataFrame, reference: Reference, rules: Rules) -> Pairs:
    """The pairs of the stays' hospitals and stable groups: a thousand groups over a few dozen hospitals."""
    wanted = stays.select(*KEY, "level").unique().sort(KEY)
    pairs: list[Pair] = []
    rows = []
    for name, hospital, drg, level in wanted.iter_rows():
        group = reference.groups.get((name, drg))
        if group is not None and group.stable and group.mean is not None:
            pair = Pair(
                base=group.base,
                coefficient=reference.coefficient(rules, name, hospital, level, drg),
                mean=group.mean,
                overall=reference.overall[name],
                threshold=threshold(rules, group.base, level),
            )
            rows.append((name, hospital, drg, *pair.row(rules), len(pairs)))
            pairs.append(pair)
    limits = ("_high_over", "_low_under", "_very_low_under", "_cap_over", "_pair")
    schema: Mapping[str, type[pl.DataType]] = {
        **dict.fromkeys(KEY, pl.String),
        "coefficient": pl.Int64,
        "coefficient_exact": pl.String,
        **dict.fromkeys(limits, pl.Int64),
    }
    return Pairs(pairs, pl.DataFrame(rows, schema=schema, orient="row"))


def threshold(rules: Rules, base: Fraction, level: str | None) -> Fraction | None:
    """The high-multiple threshold, by the group's base points or by the level of the hospital."""
    if rules.high is None:
        return None
    for tier in rules.high.tiers or []:
        if tier.up_to is None or base <= fraction(tier.up_to):
            return fraction(tier.multiple)
    return next((fraction(value) for name, value in (rules.high.by_level or {}).items() if name == level), None)
