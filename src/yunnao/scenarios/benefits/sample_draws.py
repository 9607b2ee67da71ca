"""Random columns in stored units: money, shares, dates, codes; some values on policy boundaries, some unknown."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yunnao.kernel.numbers import FEN_PER_YUAN, SHARE_BASE

Generator = np.random.Generator
Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]


def stream(seed: int, name: str) -> Generator:
    """A generator of its own for ``name``, so that a change in one register leaves the others as they are."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def fen(yuan: Real) -> Whole:
    """Yuan -> whole fen."""
    whole: Whole = np.rint(yuan * FEN_PER_YUAN).astype(np.int64)
    return whole


def shares(values: Real, decimals: int = 4) -> Whole:
    """Shares of 1, rounded as an office reports them -> stored shares."""
    steps: Whole = np.rint(values * 10**decimals).astype(np.int64)
    return np.asarray(steps * (SHARE_BASE // 10**decimals), dtype=np.int64)


def counts(values: Real, least: int = 0) -> Whole:
    """Whole numbers, not below ``least``."""
    return np.maximum(np.rint(values).astype(np.int64), least)


def chance(rng: Generator, probability: float | Real, size: int) -> Flags:
    """True with the given probability."""
    return rng.random(size) < probability


def spread(rng: Generator, median: float | Real, sigma: float, size: int) -> Real:
    """Lognormal around ``median``."""
    return np.asarray(median * np.exp(rng.normal(0.0, sigma, size)), dtype=np.float64)


def days_between(rng: Generator, first: str, last: str, size: int) -> Days:
    """Days from ``first`` to ``last``, both included, uniformly."""
    start = np.datetime64(first, "D")
    return start + rng.integers(0, int((np.datetime64(last, "D") - start).astype(int)) + 1, size)


def codes(rng: Generator, weights: Mapping[str, float], size: int) -> pl.Series:
    """Codes in proportion to their weights."""
    return take(list(weights), rng.choice(len(weights), size, p=_normal(list(weights.values()))))


def take(values: Sequence[str], places: NDArray[Any]) -> pl.Series:
    """``values`` at ``places``."""
    return pl.Series(values, dtype=pl.String).gather(pl.Series(places.astype(np.uint32)))


def numbered(prefix: str, places: NDArray[Any], digits: int) -> pl.Series:
    """``prefix`` with a number padded to ``digits``."""
    return pl.select(pl.lit(prefix) + pl.Series(places).cast(pl.String).str.zfill(digits)).to_series()


def _normal(weights: Sequence[float]) -> Real:
    array = np.array(weights, dtype=np.float64)
    return np.asarray(array / array.sum(), dtype=np.float64)


def on_boundaries(rng: Generator, column: Whole, values: Sequence[int], rate: float = 0.02) -> Whole:
    """A few of the column replaced by values that lie exactly on, or one step beside, a policy's boundary."""
    chosen = chance(rng, rate, len(column))
    return np.where(chosen, rng.choice(np.array(values, dtype=np.int64), len(column)), column)


def around(yuan: int) -> tuple[int, int, int]:
    """A boundary in yuan -> in fen: one fen below, on it, one fen above."""
    return yuan * FEN_PER_YUAN - 1, yuan * FEN_PER_YUAN, yuan * FEN_PER_YUAN + 1


def frame(
    rng: Generator,
    columns: Mapping[str, Any],
    *,
    keys: Sequence[str],
    unknown: float = 0.02,
    rates: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """A register's rows: ``columns`` with some values made unknown.

    Args:
        rng: chooses which.
        columns: fact id -> values; those whose id is in ``keys`` stay whole.
        keys: the facts that name a row.
        unknown: share of values lost in every other column.
        rates: other shares for single columns.
    """
    series = []
    for name, values in columns.items():
        column = values.alias(name) if isinstance(values, pl.Series) else pl.Series(name, values)
        column = column.cast(pl.Date) if isinstance(column.dtype, pl.Datetime) else column
        if name not in keys:
            lost = chance(rng, (rates or {}).get(name, unknown), len(column))
            column = pl.select(pl.when(pl.Series(~lost)).then(column)).to_series().alias(name)
        series.append(column)
    return pl.DataFrame(series)
