"""Which stays of the basis speak for their group, and how: the three published ways to cut outliers, exact.

A row is marked with the *part* it plays: 0 its cost counts as it is, -1 / 1 it counts as the lower / upper bound (winsorised), null it
is left out. Every mean is then one grouped sum, whatever the method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import polars as pl

from yunnao.kernel.numbers import MONEY_BOUND
from yunnao.scenarios.drg.settlement.terms import Interquartile, Multiples, NoTrimming, Trimming, Winsorise, fraction

Bounds = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Trimmed:
    """The basis after trimming.

    Attributes:
        rows: the rows given, with ``part`` (Int8).
        bounds: group -> lower and upper bound in fen, as exact as they were worked out.
    """

    rows: pl.DataFrame
    bounds: Mapping[int, Bounds]

    def sums(self, *by: str) -> pl.DataFrame:
        """Per ``by`` (which includes ``group``): stays, kept, at_low, at_high, and total, squares (Int128) of costs that count as they are.

        Sums are 128 bits wide: a cost is at most 10^14 fen, its square 10^28, which leaves room for 10^10 rows.
        """
        cost, part = pl.col("cost").cast(pl.Int128), pl.col("part")
        as_it_is = pl.when(part == 0).then(cost).otherwise(0)
        return (
            self.rows.group_by(by)
            .agg(
                pl.len().alias("stays"),
                part.is_not_null().sum().alias("kept"),
                (part == -1).sum().alias("at_low"),
                (part == 1).sum().alias("at_high"),
                as_it_is.sum().alias("total"),
                (as_it_is * as_it_is).sum().alias("squares"),
            )
            .sort(by)
        )

    def total(self, row: Mapping[str, int]) -> tuple[Fraction, Fraction]:
        """Sum and sum of squares of the costs of a row of `sums`, bounds included."""
        low, high = self.bounds.get(row["group"], (None, None))
        total, squares = Fraction(row["total"]), Fraction(row["squares"])
        for bound, count in ((low, row["at_low"]), (high, row["at_high"])):
            if bound is not None and count:
                total, squares = total + count * bound, squares + count * bound * bound
        return total, squares


def trim(rows: pl.DataFrame, rule: Trimming) -> Trimmed:
    """Mark the rows of the basis.

    Args:
        rows: ``group`` (an integer), ``cost`` (fen, Int64, > 0), and whatever else; the order does not matter.
        rule: the method. Sources: 中段区间法 and 缩尾法, 费用数据离群值裁剪方法对某市CHS-DRG分组效能的影响 (2022); 裁剪倍率, customary.
    """
    match rule:
        case NoTrimming():
            return Trimmed(rows.with_columns(pl.lit(0, pl.Int8).alias("part")), {})
        case Interquartile():
            quarter = Fraction(1, 4)
            quartiles = _quantiles(rows, quarter, 3 * quarter)
            bounds = {
                group: (first - fraction(rule.below) * (third - first), third + fraction(rule.above) * (third - first))
                for group, (first, third) in quartiles.items()
            }
            return Trimmed(_marked(rows, bounds, outside=None), bounds)
        case Winsorise():
            bounds = _quantiles(rows, fraction(rule.low), fraction(rule.high))
            return Trimmed(_marked(rows, bounds, outside=1), bounds)
        case Multiples():
            return _iterated(rows, rule)


def _quantiles(rows: pl.DataFrame, low: Fraction, high: Fraction) -> dict[int, tuple[Fraction, Fraction]]:
    """Group -> two quantiles of its costs, interpolated linearly at position (n - 1) p."""
    ordered = rows.select("group", "cost").sort("group", "cost")
    costs = ordered["cost"].to_numpy()
    sizes = ordered.group_by("group", maintain_order=True).len()
    found, start = {}, 0
    for group, size in sizes.iter_rows():
        values = []
        for share in (low, high):
            place = (size - 1) * share
            below = floor(place)
            one = int(costs[start + below])
            other = int(costs[start + min(below + 1, size - 1)])
            values.append(one + (place - below) * (other - one))
        found[group] = (values[0], values[1])
        start += size
    return found


def _marked(rows: pl.DataFrame, bounds: Mapping[int, Bounds], outside: int | None) -> pl.DataFrame:
    """Rows with their part: within their group's bounds 0, beyond them -1 / 1 times ``outside``, or left out."""
    limits = pl.DataFrame(
        {
            "group": list(bounds),
            "_least": [0 if low is None else max(ceil(low), 0) for low, _ in bounds.values()],
            "_most": [MONEY_BOUND if high is None else min(floor(high), MONEY_BOUND) for _, high in bounds.values()],
        },
        schema={"group": rows.schema["group"], "_least": pl.Int64, "_most": pl.Int64},
    )
    beyond = pl.lit(outside, pl.Int8)
    part = (
        pl.when(pl.col("cost") < pl.col("_least"))
        .then(-beyond)
        .when(pl.col("cost") > pl.col("_most"))
        .then(beyond)
        .otherwise(pl.lit(0, pl.Int8))
    )
    joined = rows.join(limits, on="group", how="left", maintain_order="left")
    return joined.with_columns(part.cast(pl.Int8).alias("part")).drop("_least", "_most")


def _iterated(rows: pl.DataFrame, rule: Multiples) -> Trimmed:
    below, above = fraction(rule.below), fraction(rule.above)
    kept = rows.select("group", "cost")
    bounds: dict[int, Bounds] = {}
    for _ in range(rule.rounds):
        sums = kept.group_by("group").agg(pl.len(), pl.col("cost").cast(pl.Int128).sum())
        means = {group: Fraction(int(total), size) for group, size, total in sums.iter_rows()}
        for group, mean in means.items():
            low, high = bounds.get(group, (None, None))
            # a group never takes back what it left out before
            bounds[group] = (
                below * mean if low is None else max(low, below * mean),
                above * mean if high is None else min(high, above * mean),
            )
        left = _marked(kept, bounds, outside=None).filter(pl.col("part") == 0).drop("part")
        if len(left) == len(kept):
            break
        kept = left
    return Trimmed(_marked(rows, bounds, outside=None), bounds)
