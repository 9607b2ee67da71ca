"""Priced stays made up for the questions: a year in which nothing is odd, and oddities that can be planted in it."""

import numpy as np
import polars as pl

HOSPITALS = 57
_LEVELS = ("tertiary", "secondary", "primary")
_ADRGS = 120
_SEVERE = 0.25
"""Share of digit 3; 0.15 of digit 1."""


def innocent_year(seed: int, stays: int = 40_000) -> pl.DataFrame:
    """A year of stays in which digits, costs and gaps are drawn alike at every hospital; these differ in size and in what they treat.

    The columns of `counting.NEEDED`; stays are spread over the year, 0.8 persons a stay.
    """
    random = np.random.default_rng(seed)
    size = random.gamma(2, 1, HOSPITALS)
    hospital = random.choice(HOSPITALS, stays, p=size / size.sum())
    taste = random.integers(0, _ADRGS, HOSPITALS)
    adrg = (np.minimum(random.zipf(1.3, stays), _ADRGS) - 1 + taste[hospital]) % _ADRGS
    names = np.array([f"{chr(65 + number % 24)}{chr(65 + number // 24)}{number % 10}" for number in range(_ADRGS)])
    drawn = random.random(stays)
    digit = np.where(drawn < 0.15, "1", np.where(drawn < 0.15 + _SEVERE, "3", "5"))
    multiple = (np.exp(random.normal(-0.18, 0.6, stays)) * 10_000).astype(int)
    admitted = np.datetime64("2023-01-01") + random.integers(0, 358, stays)
    grouped = random.random(stays) >= 0.01
    return pl.DataFrame(
        {
            "case_id": [f"S{number:06d}" for number in range(stays)],
            "hospital_id": [f"H{number:02d}" for number in hospital],
            "level": [_LEVELS[number % 3] for number in hospital],
            "person_id": [f"P{number}" for number in random.integers(0, stays * 8 // 10 + 1, stays)],
            "admitted_on": admitted,
            "discharged_on": admitted + 1 + random.poisson(5, stays),
            "adrg": np.where(grouped, names[adrg], ""),
            "drg": np.where(grouped, np.char.add(names[adrg], digit), "0000"),
            "outcome": np.where(grouped, "grouped", "ungroupable"),
            "class": np.where(multiple > 30_000, "high", np.where(multiple < 4_000, "low", "normal")),
            "multiple": multiple,
        }
    ).with_columns(pl.col("admitted_on", "discharged_on").cast(pl.Date))


def biggest(stays: pl.DataFrame) -> str:
    """The hospital with the most stays, the first by code of those that have as many."""
    counts = stays.group_by("hospital_id").len().sort(["len", "hospital_id"], descending=[True, False])
    return str(counts["hospital_id"][0])


def changed(stays: pl.DataFrame, where: pl.Expr, **values: pl.Expr) -> pl.DataFrame:
    """The stays with other values where ``where`` is true."""
    return stays.with_columns(
        **{name: pl.when(where).then(value).otherwise(pl.col(name)) for name, value in values.items()}
    )
