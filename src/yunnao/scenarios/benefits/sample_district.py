"""The synthetic district's market entities, with the traits that all its registers have in common."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yunnao.capabilities.credit_code import ALPHABET, WEIGHTS
from yunnao.scenarios.benefits.sample_draws import (
    Days,
    Flags,
    Generator,
    Real,
    Whole,
    chance,
    counts,
    spread,
    stream,
    take,
)
from yunnao.scenarios.benefits.sample_industries import INDUSTRIES, RESEARCHING

ENTITIES = 425_000
"""Market entities at scale 1."""

KINDS: dict[str, tuple[float, str]] = {
    "个体工商户": (0.655, "92"),
    "企业": (0.327, "91"),
    "农民专业合作社": (0.012, "93"),
    "社会团体": (0.0020, "51"),
    "社会服务机构": (0.0022, "52"),
    "会计师事务所": (0.0010, "91"),
    "律师事务所": (0.0006, "31"),
    "基金会": (0.0002, "53"),
}
"""Kind of entity -> its share, and the first two characters of its credit code (GB 32100-2015, table 1)."""

_INDIVIDUAL, _COMPANY = 0, 1
_AREA = "370211"
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])  # GB 11714, 4.2
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class District:
    """One row an entity; every array has `size` elements.

    Attributes:
        codes: unified social credit codes.
        kind: place in `KINDS`; industry: place in `INDUSTRIES`.
        section: letter of the industry.
        registered: day of registration.
        employees: at year end; insured: of them in unemployment insurance.
        revenue, assets: last year's, in yuan.
        general: whether a general VAT payer; high_tech: whether certified; growing: whether it hires and borrows more.
    """

    seed: int
    codes: pl.Series
    kind: Whole
    industry: Whole
    section: NDArray[np.str_]
    registered: Days
    employees: Whole
    insured: Whole
    revenue: Real
    assets: Real
    general: Flags
    high_tech: Flags
    growing: Flags

    @property
    def size(self) -> int:
        """How many entities there are."""
        return len(self.codes)

    @property
    def individual(self) -> Flags:
        """Individual businesses (个体工商户)."""
        return np.asarray(self.kind == _INDIVIDUAL)

    @property
    def company(self) -> Flags:
        """Companies (企业)."""
        return np.asarray(self.kind == _COMPANY)

    @property
    def researching(self) -> Flags:
        """Companies in manufacturing, software and science."""
        return self.company & self.in_sections(RESEARCHING)

    def in_sections(self, letters: str) -> Flags:
        """Entities in one of these sections."""
        return np.isin(self.section, list(letters))

    @property
    def rarity(self) -> float:
        """By how much rare things are made more frequent in a small district, so that it shows some: 1 to 20."""
        return min(max(42_500 / self.size, 1.0), 20.0)

    def rows(self, rng: Generator, covered: float | Real) -> NDArray[np.intp]:
        """Places of the entities that a register knows: each with probability ``covered``, one at least."""
        return _some(np.flatnonzero(chance(rng, covered, self.size)))

    def many_rows(self, rng: Generator, often: Real, most: int = 60) -> NDArray[np.intp]:
        """Places of the entities, each ``often`` times on average (for registers of many rows each); one at least."""
        return _some(np.repeat(np.arange(self.size), np.minimum(rng.poisson(often), most)))


def _some(places: NDArray[np.intp]) -> NDArray[np.intp]:
    return places if len(places) else np.zeros(1, dtype=np.intp)


def make_district(scale: float, seed: int, until: str) -> District:
    """The entities of a district ``scale`` times the real size, registered up to ``until``."""
    size = max(1, round(ENTITIES * scale))
    rng = stream(seed, "district")
    kind = rng.choice(len(KINDS), size, p=[share for share, _ in KINDS.values()])
    individual, company = kind == _INDIVIDUAL, kind == _COMPANY
    industry = np.where(
        individual,
        rng.choice(len(INDUSTRIES), size, p=_weights([i.individuals for i in INDUSTRIES])),
        rng.choice(len(INDUSTRIES), size, p=_weights([i.companies for i in INDUSTRIES])),
    )
    section = np.array([i.code[0] for i in INDUSTRIES])[industry]
    staff = np.where(individual, 1.8, np.array([i.staff for i in INDUSTRIES])[industry])
    employees = np.where(individual, np.minimum(counts(spread(rng, staff, 0.7, size), 1), 60), 0)
    employees = np.where(individual, employees, np.minimum(counts(spread(rng, staff, 1.15, size)), 30_000))
    per_head = np.array([i.revenue for i in INDUSTRIES])[industry] * np.where(individual, 0.35, 1.0)
    revenue = np.maximum(employees, 0.5) * spread(rng, per_head, 0.85, size)
    assets = revenue * spread(rng, np.where(individual, 0.35, 0.9), 0.8, size)
    general = np.where(company, (revenue > 5e6) | chance(rng, 0.12, size), chance(rng, 0.01, size) | (revenue > 5e6))
    insured = np.where(
        individual & ~chance(rng, 0.08, size), 0, np.rint(employees * rng.uniform(0.7, 1.0, size)).astype(np.int64)
    )
    age = np.minimum(rng.exponential(5.5 * 365, size).astype(np.int64), 33 * 365)
    high_tech = company & np.isin(section, list(RESEARCHING)) & (revenue > 1e6) & chance(rng, 0.16, size)
    return District(
        seed=seed,
        codes=_credit_codes(rng, kind),
        kind=kind,
        industry=industry,
        section=section,
        registered=np.datetime64(until, "D") - age,
        employees=employees,
        insured=insured,
        revenue=revenue,
        assets=assets,
        general=general,
        growing=chance(rng, 0.06, size),
        high_tech=high_tech | (company & chance(rng, 0.002, size)),
    )


def _weights(values: list[float]) -> Real:
    array = np.array(values)
    return np.asarray(array / array.sum())


def _credit_codes(rng: Generator, kind: Whole) -> pl.Series:
    """Valid, distinct codes: category, area, an organisation code YN + 6 + its check sign, check digit.

    No real organisation code begins with YN, so none of these codes is anyone's.
    """
    size = len(kind)
    serial = (
        np.arange(size, dtype=np.int64) * 1_000_003 + int(rng.integers(31**6))
    ) % 31**6  # a permutation: 31 is prime to it
    places = np.zeros((size, 17), dtype=np.int64)
    for column in range(6):
        places[:, 10 + column] = serial // 31**column % 31
    prefixes = np.array([[ALPHABET.index(sign) for sign in prefix + _AREA + "YN"] for _, prefix in KINDS.values()])
    places[:, :10] = prefixes[kind]
    places[:, 16] = _organisation_check(places[:, 8:16])
    check = (31 - places @ np.array(WEIGHTS) % 31) % 31
    signs = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    text = signs[np.column_stack([places, check])].tobytes().decode()
    whole = pl.Series([text]).str.extract_all(".{18}").explode()
    return whole.alias("credit_code")


def _organisation_check(places: Whole) -> Whole:
    """Place in `ALPHABET` of the ninth sign of an organisation code (GB 11714: X for 10, 0 for 11)."""
    values = np.array([_ORGANISATION_SIGNS.index(sign) for sign in ALPHABET])[places]
    rest = 11 - values @ _ORGANISATION_WEIGHTS % 11
    return np.where(rest == 10, ALPHABET.index("X"), np.where(rest == 11, 0, rest))


def street_names(rng: Generator, size: int) -> pl.Series:
    """Streets with invented names, some larger than others."""
    return take([f"示例街道{number:02d}" for number in range(1, 23)], np.minimum(rng.geometric(0.09, size) - 1, 21))
