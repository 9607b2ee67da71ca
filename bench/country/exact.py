"""The five variables once more, in whole numbers with NumPy, as the template's formulas and the parameters of 2016-06 say.

Independent of both engines; what is right to the cent is decided here. Halves are rounded away from zero.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

Numbers = np.ndarray[Any, np.dtype[np.int64]]


def variables(data: Path) -> Mapping[str, Numbers]:
    """Variable -> cents, persons and households in the order of their files."""
    p, h = pl.read_parquet(data / "persons.parquet"), pl.read_parquet(data / "households.parquet")
    salary, returns, birth = p["salary"].to_numpy(), p["capital_returns"].to_numpy(), p["birth"].to_numpy()
    household = p["household_id"].to_numpy()
    size = len(h)
    pension = np.where(birth <= np.datetime64("1955-06-01"), 100, 0)  # 60.33 years or more is 61 full years
    taxed = (salary + returns + pension) * 15  # hundredths of a cent, as everything below
    contribution = np.minimum(salary, 1_230_000) * 4 + np.maximum(salary - 1_230_000, 0) * 12
    basic = np.where((birth <= np.datetime64("1998-06-01")) & (salary == 0), 60_000, 0)

    def summed(values: Numbers) -> Numbers:
        total = np.zeros(size, dtype=np.int64)
        np.add.at(total, household, values)
        return total

    adults = summed((p["role"] == "adult").to_numpy().astype(np.int64))
    youngest = np.full(size, np.datetime64("1800-01-01"))
    np.maximum.at(youngest, household, birth)
    under_8, under_6 = youngest > np.datetime64("2008-06-01"), youngest > np.datetime64("2010-06-01")
    parenting = np.where((summed(salary) <= 50_000) & (((adults == 1) & under_8) | under_6), 60_000, 0)
    rent = h["rent"].to_numpy()
    lives = h["occupancy"].is_in(["owner", "tenant"]).to_numpy()
    year_tax = np.where(lives, np.maximum(h["accommodation_size"].to_numpy() * 10, 200) * 100, 0)
    gross = summed(salary + returns + pension + basic) + parenting
    taxes = summed(taxed + contribution)
    twelvefold = gross * 1200 + rent * 300 - taxes * 12 - year_tax * 100
    return {
        "income_tax": _cents(taxed, 100),
        "social_security_contribution": _cents(contribution, 100),
        "basic_income": basic,
        "housing_allowance": _cents(rent * 25, 100),
        "disposable_income": _cents(twelvefold, 1200),
    }


def _cents(values: Numbers, divisor: int) -> Numbers:
    rounded: Numbers = np.sign(values) * ((np.abs(values) * 2 + divisor) // (2 * divisor))
    return rounded
