"""How costs of a group are spread: stays marked by where trimming cuts, counted in bars of equal width."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

_BINS = 20
_TAIL = 0.98
"""The last bar takes everything above this quantile."""
FEN_PER_THOUSAND = 100_000
_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bin:
    """Stays that cost from ``low`` to below ``high`` fen (``high`` None: whatever is above), kept and trimmed."""

    low: int
    high: int | None
    kept: int
    trimmed: int

    @property
    def name(self) -> str:
        """In thousand yuan."""
        low = f"{self.low / FEN_PER_THOUSAND:g}"
        return f"≥ {low}" if self.high is None else f"{low}–{self.high / FEN_PER_THOUSAND:g}"


def marked(stays: pl.DataFrame, groups: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Stays of a group with ``trimmed``: their cost lies beyond the bounds of their reference."""
    bounds = pl.DataFrame(
        [{name: each[name] for name in ("reference", "low_bound", "high_bound")} for each in groups],
        schema={"reference": pl.String, "low_bound": pl.Int64, "high_bound": pl.Int64},
    )
    cost = pl.col("total_cost")
    beyond = (cost < pl.col("low_bound")) | (cost > pl.col("high_bound"))
    joined = stays.join(bounds, on="reference", how="left", maintain_order="left")
    return joined.with_columns(trimmed=beyond.fill_null(value=False)).drop("low_bound", "high_bound")


def bins(stays: pl.DataFrame) -> list[Bin]:
    """Stays (with ``trimmed``) by cost; those without a cost are left out; none without any."""
    costs = stays.filter(pl.col("total_cost") > 0)
    if costs.is_empty():
        return []
    top = int(costs["total_cost"].quantile(_TAIL, "nearest") or 1)
    step = _round_up(max(top, FEN_PER_THOUSAND) // _BINS)
    last = max(top // step, 1)
    place = pl.min_horizontal(pl.col("total_cost") // step, pl.lit(last))
    counts = costs.group_by(place=place).agg(
        kept=(~pl.col("trimmed")).sum().cast(pl.Int64), trimmed=pl.col("trimmed").sum().cast(pl.Int64)
    )
    by_place = {each["place"]: (each["kept"], each["trimmed"]) for each in counts.iter_rows(named=True)}
    return [
        Bin(number * step, (number + 1) * step if number < last else None, *by_place.get(number, (0, 0)))
        for number in range(last + 1)
    ]


def _round_up(value: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below ``value``."""
    power = 1
    while True:
        for each in _ROUND:
            if each * power >= value:
                return each * power
        power *= 10
