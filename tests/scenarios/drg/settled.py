"""A small year of stays, really settled by the sample policy, for what shows settlements."""

import datetime as dt
from functools import cache

import numpy as np
import polars as pl

from yunnao.scenarios.drg.registers import hospital_scores, hospitals, inpatient_stays, stay_reviews
from yunnao.scenarios.drg.settlement.policy import SAMPLE, Rules, load_policy
from yunnao.scenarios.drg.settlement.preparing import Inputs
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_year

YEAR = 2023
_TYPES = {"MONEY": pl.Int64, "INTEGER": pl.Int64, "SHARE": pl.Int64, "DATE": pl.Date, "BOOLEAN": pl.Boolean}


def rules() -> Rules:
    """The sample policy's, of the year."""
    return load_policy(SAMPLE).rules(YEAR)


def frame(register: object, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with every column of a register, as they are stored; what is not given is unknown."""
    facts = register.facts  # type: ignore[attr-defined]
    return rows.with_columns(
        pl.lit(None, dtype=_TYPES.get(fact.type.name, pl.String)).alias(fact.id)
        for fact in facts
        if fact.id not in rows.columns
    )


@cache
def inputs(stays: int = 1_500, seed: int = 7) -> Inputs:
    """Six hospitals of three levels, two pools, thirty groups, some stays without a group, bed-days and readmissions."""
    random = np.random.default_rng(seed)
    group = np.minimum(random.zipf(1.2, stays), 30)
    drawn = random.random(stays)
    digit = np.where(drawn < 0.15, "1", np.where(drawn < 0.4, "3", "5"))
    adrg = np.array([f"{chr(65 + number % 20)}{chr(65 + number // 20)}{number % 9 + 1}" for number in range(31)])[group]
    grouped = random.random(stays) > 0.02
    cost = (np.exp(random.normal(0, 0.7, stays)) * (300_000 + 50_000 * group)).astype(int)
    admitted = np.datetime64("2023-01-01") + random.integers(0, 350, stays)
    hospital = random.integers(0, 6, stays)
    rows = pl.DataFrame(
        {
            "case_id": [f"C{number:05d}" for number in range(stays)],
            "hospital_id": [f"H{number + 1}" for number in hospital],
            "person_id": [f"P{number}" for number in random.integers(0, stays // 2, stays)],
            "pool": np.where(random.random(stays) < 0.6, "employee", "resident"),
            "sex": "female",
            "age_years": 60,
            "admitted_on": admitted,
            "discharged_on": admitted + 1 + random.poisson(6, stays),
            "diagnoses": "X",
            "procedures": "",
            "total_cost": cost,
            "fund_claimed": cost * 6 // 10,
            "own_share": cost - cost * 6 // 10,
            "payment_kind": np.where(random.random(stays) < 0.01, "bed_day", "drg"),
            "mdc": np.where(grouped, "MDCA", ""),
            "adrg": np.where(grouped, adrg, ""),
            "drg": np.where(grouped, np.char.add(adrg, digit), "0000"),
            "outcome": np.where(grouped, "grouped", "ungroupable"),
            "reason": np.where(grouped, "", "没有病组"),
        }
    ).with_columns(pl.col("admitted_on", "discharged_on").cast(pl.Date))
    levels = ("tertiary", "tertiary", "secondary", "secondary", "primary", "primary")
    places = pl.DataFrame(
        {
            "hospital_id": [f"H{number + 1}" for number in range(6)],
            "name": [f"示例第{word}医院" for word in "一二三四五六"],
            "level": levels,
            "bed_day_tariff": [30_000] * 6,
        }
    )
    scores = pl.DataFrame(
        {"hospital_id": ["H1"], "year": [str(YEAR)], "quality_score": [8 * 10**11], "deduction": [123_45]}
    )
    return Inputs(
        stays=frame(inpatient_stays, rows),
        hospitals=frame(hospitals, places),
        scores=frame(hospital_scores, scores),
        reviews=frame(stay_reviews, pl.DataFrame({"case_id": []}, schema={"case_id": pl.String})),
    )


@cache
def settled(stays: int = 1_500, seed: int = 7) -> Settlement:
    """The year, settled."""
    return settle_year(inputs(stays, seed), rules(), {})


AS_OF = dt.date(2024, 1, 31)
