"""A run month by month: points of each pool and what a point would be worth."""

from collections.abc import Sequence

import polars as pl

from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.forecast import MONTHS
from yunnao.scenarios.drg.settlement.runs import Manifest

MonthPoints = dict[str, tuple[dict[int, int], int]]
"""Pool -> points (1/10000) by month (1 to 12), and the year's money that they share (fen)."""


def month_points(manifest: Manifest, stays: pl.DataFrame, months: Sequence[Manifest]) -> MonthPoints:
    """Points by month of every pool.

    A year's months are those of its stays; a month stands beside the months of its year that were settled (``months``) until then.
    """
    if manifest.kind == "year":
        sums = figures.monthly(stays, "pool")
        found: MonthPoints = {}
        for pool, each in manifest.pools.items():
            own = sums.filter(pl.col("pool") == pool)
            found[pool] = ({int(m[5:]): p for m, p in own.select("month", "points").iter_rows()}, each.shared)
        return found
    until = [each for each in months if each.period < manifest.period] + [manifest]
    return {
        pool: (
            {int(each.period[5:]): each.pools[pool].points for each in until if pool in each.pools},
            result.shared * MONTHS,
        )
        for pool, result in manifest.pools.items()
    }
