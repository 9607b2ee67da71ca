"""A synthetic year of a district: hospitals and stays, as files that the registers take. Seeded; nothing in it is measured anywhere.

Costs are log-normal around a group's level, times what the hospital and its level add; some are far too high or too low. Some
persons come back within weeks, some stays are paid by the bed-day, some cannot be grouped. So every rule of a settlement has stays.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from yunnao.capabilities.drg.many import group
from yunnao.capabilities.drg.scheme import Scheme
from yunnao.scenarios.drg.sample_stays import sample_stays

STAYS, HOSPITALS, SEED, YEAR = 100_000, 57, 1, 2023
"""A district of about a million people."""

_LEVELS = {"tertiary": (0.1, 9.0, 1.25), "secondary": (0.4, 3.0, 1.0), "primary": (0.5, 1.0, 0.8)}
"""Level -> its share of hospitals, the size of one, what a stay costs there beside the mean."""

_AGAIN = 0.05
"""Shares of stays: followed by another, paid by the bed-day (where a hospital has a tariff), far too high or low, with costs cut."""

_BED_DAYS = 0.05
_WITHOUT_GROUP = 0.1
_HIGH, _LOW = 0.02, 0.03
_UNREASONABLE = 0.005
_EMPLOYEES = 0.55
_LAST_FIRST_STAY = 300
_MEAN_COST = 9_000.0

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Year:
    """Both registers, columns as declared in `registers`; money in yuan with two decimals, as text."""

    hospitals: pl.DataFrame
    stays: pl.DataFrame


def sample_year(scheme: Scheme, *, stays: int = STAYS, hospitals: int = HOSPITALS, seed: int = SEED) -> Year:
    """A year of `YEAR`: as many stays and hospitals as wanted, the same for the same seed.

    Args:
        scheme: whose groups the stays are made for.
        stays: at least one.
        hospitals: at least three, one of each level.
        seed: of all that is drawn.
    """
    random = np.random.default_rng(seed)
    places = _hospitals(hospitals, random)
    again = int(stays * _AGAIN)
    first = _clinical(scheme, stays - again, random)
    drg = group(first.with_columns(case_id=pl.lit("")), scheme)["drg"]
    base, spread = _levels_of_groups(scheme, drg, random)
    where = _places(places, base, random)
    discharged = random.integers(0, 365, size=first.height)
    persons = random.integers(1, max(2, int(first.height * 0.9)), size=first.height)
    bed_day = (random.random(first.height) < _BED_DAYS) & (places["tariff"].to_numpy()[where] > 0)
    days = np.where(bed_day, random.integers(30, 120, size=first.height), first["length_of_stay_days"].to_numpy())
    chosen = np.concatenate([np.arange(first.height), _returning(discharged, bed_day, again, random)])
    came_back = np.arange(len(chosen)) >= first.height
    days = days[chosen]
    discharged = discharged[chosen]
    gap = random.integers(1, 41, size=len(chosen))
    discharged[came_back] = np.minimum((discharged + gap + days)[came_back], 364)
    where = _some_elsewhere(where[chosen], came_back, len(places), random)
    cost = _costs(base[chosen], spread[chosen], places, where, random)
    cost = np.where(
        bed_day[chosen], places["tariff"].to_numpy()[where] * days * random.normal(1, 0.05, len(chosen)), cost
    )
    return Year(
        places.select("hospital_id", "name", "level", bed_day_tariff=_yuan_or_nothing(places["tariff"] * 100)),
        _register(first[chosen], places, where, persons[chosen], discharged, days, cost, bed_day[chosen], random),
    )


def _hospitals(count: int, random: Generator) -> pl.DataFrame:
    names = list(_LEVELS)
    counts = [max(1, round(count * share)) for share, *_ in _LEVELS.values()]
    counts[-1] = max(1, count - sum(counts[:-1]))
    level = np.repeat(names, counts)[:count]
    size = np.array([_LEVELS[each][1] for each in level]) * random.lognormal(0, 0.5, size=count)
    factor = np.array([_LEVELS[each][2] for each in level]) * np.exp(random.normal(0, 0.08, size=count))
    tariff = np.where((level != "tertiary") & (random.random(count) < 0.4), random.integers(20, 45, size=count) * 10, 0)
    return pl.DataFrame(
        {
            "hospital_id": [f"H{number:04d}" for number in range(1, count + 1)],
            "name": [f"合成医院 {number:02d}" for number in range(1, count + 1)],
            "level": level.tolist(),
            "size": size,
            "factor": factor,
            "tariff": tariff.astype(np.int64),
        }
    )


def _clinical(scheme: Scheme, count: int, random: Generator) -> pl.DataFrame:
    """Stays by adjacent group: a few are common, most are rare."""
    adrgs = [adrg for mdc in scheme.mdcs for adrg in mdc.adrgs]
    shares = random.permutation(1 / (np.arange(len(adrgs)) + 3.0))
    shares *= [1.0 if adrg.drgs else _WITHOUT_GROUP for adrg in adrgs]
    return sample_stays(scheme, count, random, shares=shares.tolist())


def _levels_of_groups(scheme: Scheme, drg: pl.Series, random: Generator) -> tuple[Numbers, Numbers]:
    """(stays,) the level of cost of each one's group in yuan, and how much costs spread around it."""
    rows = []
    for mdc in scheme.mdcs:
        for adrg in mdc.adrgs:
            level = _MEAN_COST * float(random.lognormal(0.6 if adrg.section == "operation" else -0.4, 0.5))
            spread = float(random.uniform(0.25, 0.5))
            for place, each in enumerate(adrg.drgs):
                rows.append((each.code, level * 1.35 ** (len(adrg.drgs) - 1 - place), spread))
    table = pl.DataFrame(rows, schema=["drg", "level", "spread"], orient="row")
    found = drg.to_frame("drg").join(table, on="drg", how="left", maintain_order="left")
    return (
        found["level"].fill_null(_MEAN_COST).to_numpy().astype(np.float64),
        found["spread"].fill_null(0.6).to_numpy().astype(np.float64),
    )


def _places(places: pl.DataFrame, base: Numbers, random: Generator) -> Whole:
    """(stays,) which hospital: the dearer the group, the larger."""
    where = np.zeros(len(base), dtype=np.int64)
    tiers = np.searchsorted(np.quantile(base, [0.4, 0.8]), base)
    size = places["size"].to_numpy()
    for tier, power in enumerate((0.6, 1.0, 1.6)):
        of_tier = np.flatnonzero(tiers == tier)
        weights = size**power
        where[of_tier] = random.choice(len(places), size=len(of_tier), p=weights / weights.sum())
    return where


def _returning(discharged: Whole, bed_day: NDArray[np.bool_], count: int, random: Generator) -> Whole:
    """(count,) which stays are followed by another of the same person for the same illness."""
    early = np.flatnonzero((discharged < _LAST_FIRST_STAY) & ~bed_day)
    return random.choice(early if len(early) else np.arange(len(discharged)), size=count)


def _some_elsewhere(where: Whole, came_back: NDArray[np.bool_], hospitals: int, random: Generator) -> Whole:
    other = came_back & (random.random(len(where)) < 0.25)
    return np.where(other, random.integers(0, hospitals, size=len(where)), where)


def _costs(base: Numbers, spread: Numbers, places: pl.DataFrame, where: Whole, random: Generator) -> Numbers:
    """(stays,) in yuan."""
    cost = base * places["factor"].to_numpy()[where] * np.exp(random.normal(0, 1, len(base)) * spread - spread**2 / 2)
    odd = random.random(len(base))
    cost = np.where(odd < _HIGH, cost * random.uniform(2.5, 6, len(base)), cost)
    low = (odd >= _HIGH) & (odd < _HIGH + _LOW)
    return np.asarray(np.maximum(np.where(low, cost * random.uniform(0.1, 0.35, len(base)), cost), 50.0))


def _register(
    clinical: pl.DataFrame,
    places: pl.DataFrame,
    where: Whole,
    persons: Whole,
    discharged: Whole,
    days: Whole,
    cost: Numbers,
    bed_day: NDArray[np.bool_],
    random: Generator,
) -> pl.DataFrame:
    count = clinical.height
    total = np.round(cost * 100).astype(np.int64)
    own = np.round(total * random.uniform(0.15, 0.4, count)).astype(np.int64)
    unreasonable = np.where(random.random(count) < _UNREASONABLE, total // 20, 0)
    start = np.datetime64(dt.date(YEAR, 1, 1))
    left = start + discharged.astype("timedelta64[D]")
    frame = clinical.with_columns(
        hospital_id=places["hospital_id"].gather(where),
        person=pl.Series(persons),
        pool=pl.Series(np.where(random.random(count) < _EMPLOYEES, "employee", "resident").tolist()),
        admitted_on=pl.Series((left - days.astype("timedelta64[D]")).astype("datetime64[D]")).cast(pl.Date),
        discharged_on=pl.Series(left.astype("datetime64[D]")).cast(pl.Date),
        length_of_stay_days=pl.Series(days),
        total_cost=_yuan_or_nothing(pl.Series(total)),
        fund_claimed=_yuan_or_nothing(pl.Series(total - own)),
        own_share=_yuan_or_nothing(pl.Series(own)),
        unreasonable_cost=_yuan_or_nothing(pl.Series(unreasonable)),
        payment_kind=pl.Series(np.where(bed_day, "bed_day", "drg").tolist()),
    ).sort("discharged_on", maintain_order=True)
    numbers = pl.int_range(1, pl.len() + 1)
    return frame.select(
        pl.format("S{}", numbers.cast(pl.String).str.zfill(7)).alias("case_id"),
        "hospital_id",
        pl.format("P{}", pl.col("person").cast(pl.String).str.zfill(7)).alias("person_id"),
        "pool",
        "sex",
        "age_years",
        "age_days",
        "birth_weight_g",
        "department",
        "admitted_on",
        "discharged_on",
        "length_of_stay_days",
        "discharge_type",
        "icu_hours",
        "diagnoses",
        "procedures",
        "total_cost",
        "fund_claimed",
        "own_share",
        "unreasonable_cost",
        "payment_kind",
    )


def _yuan_or_nothing(fen: pl.Series) -> pl.Series:
    """Fen as yuan with two decimals; nothing for 0."""
    text = pl.concat_str(
        (pl.col("fen") // 100).cast(pl.String), pl.lit("."), (pl.col("fen") % 100).cast(pl.String).str.zfill(2)
    )
    return fen.to_frame("fen").select(pl.when(pl.col("fen") != 0).then(text).alias("yuan")).to_series()
