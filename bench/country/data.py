"""A made-up country: 1,000,000 persons in 400,000 households, seeded. Money is whole cents (int64)."""

from pathlib import Path

import numpy as np
import polars as pl

PERSONS, HOUSEHOLDS, SEED = 1_000_000, 400_000, 7
_MONTH = np.datetime64("2016-06-15", "D")
_ADULT_DAYS = 18 * 365


def make(folder: Path) -> tuple[Path, Path]:
    """Write ``persons.parquet`` and ``households.parquet`` unless they are there."""
    persons, households = folder / "persons.parquet", folder / "households.parquet"
    if not (persons.exists() and households.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(SEED)
        _persons(rng).write_parquet(persons, compression="zstd")
        _households(rng).write_parquet(households, compression="zstd")
    return persons, households


def _persons(rng: np.random.Generator) -> pl.DataFrame:
    others = rng.integers(0, HOUSEHOLDS, PERSONS - HOUSEHOLDS)
    household = np.sort(np.concatenate([np.arange(HOUSEHOLDS), others]))  # nobody's household is empty
    days = rng.integers(0, 95 * 365, PERSONS)
    adult = days >= _ADULT_DAYS
    return pl.DataFrame(
        {
            "person_id": np.arange(PERSONS),
            "household_id": household,
            "role": pl.Series(np.where(adult, "adult", "child")),
            "birth": _MONTH - days,
            "salary": _cents(rng, 7.6, 0.75, adult & (rng.random(PERSONS) < 0.62)),
            "capital_returns": _cents(rng, 5.0, 1.2, adult & (rng.random(PERSONS) < 0.15)),
        }
    )


def _households(rng: np.random.Generator) -> pl.DataFrame:
    occupancy = np.array(["owner", "tenant", "free_lodger", "homeless"])
    return pl.DataFrame(
        {
            "household_id": np.arange(HOUSEHOLDS),
            "rent": _cents(rng, 6.4, 0.4, rng.random(HOUSEHOLDS) < 0.45),
            "accommodation_size": np.round(rng.lognormal(4.1, 0.5, HOUSEHOLDS)).astype(np.int64),
            "occupancy": pl.Series(occupancy[rng.choice(4, HOUSEHOLDS, p=[0.5, 0.38, 0.1, 0.02])]),
        }
    )


def _cents(
    rng: np.random.Generator, mean: float, spread: float, where: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> pl.Series:
    drawn = np.round(rng.lognormal(mean, spread, len(where)) * 100)
    return pl.Series(np.where(where, drawn, 0).astype(np.int64))
