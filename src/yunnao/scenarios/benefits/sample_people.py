"""Synthetic registers of the human resources bureau and the disabled persons' federation."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from yunnao.catalogue.sample_files import SampleTable
from yunnao.kernel.numbers import SHARE_BASE
from yunnao.scenarios.benefits.sample_district import KINDS, District
from yunnao.scenarios.benefits.sample_draws import (
    Generator,
    chance,
    codes,
    counts,
    days_between,
    fen,
    frame,
    numbered,
    on_boundaries,
    shares,
    spread,
    stream,
    take,
)

_KEY = ("credit_code",)
_CATEGORIES = {
    "graduation_year": 24.0,
    "graduate_two_years": 13.0,
    "unemployed_youth": 8.0,
    "hard_to_employ": 9.0,
    "lifted_from_poverty": 5.0,
    "unemployed_half_year": 10.0,
    "veteran": 4.0,
    "other": 27.0,
}
_GRADUATES = 3  # the first so many categories are young people
_DEGREES = ("none", "college", "bachelor", "master", "doctor")
_BOUNDARY_LAYOFF = [SHARE_BASE * part // 10_000 for part in (549, 550, 551, 1999, 2000, 2001)]


def people_tables(district: District) -> Iterator[SampleTable]:
    """The registers about people and insurance, one at a time."""
    for name, make in (
        ("insurance", _insurance),
        ("hires", _hires),
        ("insurance_status", _insurance_status),
        ("founders", _founders),
        ("certificates", _certificates),
        ("disabled_employment", _disabled_employment),
    ):
        yield SampleTable(name, make(district, stream(district.seed, name)))


def _insurance(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.98)
    size = len(rows)
    insured = counts(d.insured[rows] * rng.uniform(0.9, 1.1, size))
    insured = np.where(insured > 0, on_boundaries(rng, insured, [29, 30, 31], 0.01), 0)
    months = np.where(insured > 0, np.where(chance(rng, 0.86, size), 12, rng.integers(1, 12, size)), 0)
    left = rng.binomial(insured, np.where(chance(rng, 0.15, size), rng.uniform(0.03, 0.3, size), 0.012))
    rate = shares(left / np.maximum(insured, 1))
    wage = spread(rng, 5_800.0, 0.3, size)
    columns = {
        "credit_code": d.codes.gather(rows),
        "unemployment_insurance_months_last_year": months,
        "insured_avg": insured,
        "layoff_rate": np.where(insured > 0, on_boundaries(rng, rate, _BOUNDARY_LAYOFF, 0.03), 0),
        "unemployment_premiums_last_year": fen(insured * months * wage * 0.01),
        "on_zombie_or_seriously_dishonest_list": chance(rng, 0.003, size),
    }
    return frame(rng, columns, keys=_KEY, rates={"layoff_rate": 0.03})


def _hires(d: District, rng: Generator) -> pl.DataFrame:
    """New hires since 2022; one person in fifty has been hired by two employers."""
    often = np.where(d.insured > 0, np.minimum(d.insured * np.where(d.growing, 0.32, 0.07), 60.0), 0.002)
    entity = d.many_rows(rng, often)
    size = len(entity)
    person = np.arange(size)
    again = np.flatnonzero(chance(rng, 0.02, size) & (person > 100))
    person[again] = again - rng.integers(1, 100, len(again))  # someone hired by an entity nearby
    kept = np.sort(np.unique(entity.astype(np.int64) * size + person, return_index=True)[1])
    entity, person = entity[kept], person[kept]
    size = len(entity)
    category = rng.choice(len(_CATEGORIES), size, p=np.array(list(_CATEGORIES.values())) / sum(_CATEGORIES.values()))
    young = category < _GRADUATES
    hired = days_between(rng, "2022-01-01", "2023-06-20", size)
    hired_year = hired.astype("datetime64[Y]").astype(np.int64) + 1970
    since = np.maximum(hired.astype("datetime64[M]"), np.datetime64("2023-01", "M"))
    worked = (np.datetime64("2023-07", "M") - since).astype(np.int64)
    months = rng.choice([3, 6, 11, 12, 13, 24, 36], size, p=[0.05, 0.07, 0.04, 0.33, 0.02, 0.19, 0.30])
    enrolled = chance(rng, 0.93, size)
    insured_months = np.where(enrolled, np.maximum(((np.datetime64("2023-07-01") - hired).astype(int) // 30), 0), 0)
    graduated = np.where(category == 0, hired_year, hired_year - rng.integers(1, 3, size))
    degree = np.where(
        young, rng.choice(5, size, p=[0.05, 0.4, 0.43, 0.11, 0.01]), rng.choice(5, size, p=[0.72, 0.17, 0.1, 0.01, 0.0])
    )
    columns = {
        "credit_code": d.codes.gather(entity),
        "person_id": numbered("RY", person + 1, 9),
        "hired_person_category": take(list(_CATEGORIES), category),
        "hired_on": hired,
        "contract_months": months,
        "months_worked_this_year": worked,
        "labor_contract_signed": chance(rng, 0.95, size),
        "unemployment_insurance_enrolled": enrolled,
        "social_insurance_paid": enrolled & chance(rng, 0.97, size),
        "insured_months_three_insurances": insured_months,
        "employer_social_insurance_paid": fen(insured_months * spread(rng, 1_250.0, 0.25, size)),
        "within_five_years_of_retirement": (category == 3) & chance(rng, 0.4, size),
        "graduate_year": np.where(degree > 0, np.where(young, graduated, rng.integers(1995, 2022, size)), 0),
        "degree": take(_DEGREES, degree),
        "legal_representative": chance(rng, 0.004, size),
    }
    rows = frame(rng, columns, keys=(*_KEY, "person_id"), unknown=0.012, rates={"hired_person_category": 0.01})
    return rows.with_columns(graduate_year=pl.when(pl.col("graduate_year") > 0).then(pl.col("graduate_year")))


def _insurance_status(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.98)
    size = len(rows)
    kinds = np.array([{"个体工商户": 1, "社会团体": 2, "社会服务机构": 2, "基金会": 2}.get(kind, 0) for kind in KINDS])
    columns = {
        "credit_code": d.codes.gather(rows),
        "insured_employer": d.insured[rows] > 0,
        "insured_persons": d.insured[rows],
        "employer": take(["enterprise", "individual_business", "social"], kinds[d.kind[rows]]),
        "wage_or_insurance_arrears": chance(rng, 0.012, size),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.012)


def _founders(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, np.where(d.individual | d.company, 0.97, 0.5))
    size = len(rows)
    earlier = d.registered[rows] - rng.integers(200, 5000, size)
    columns = {
        "credit_code": d.codes.gather(rows),
        "first_time_founder_since": np.where(chance(rng, 0.62, size), d.registered[rows], earlier),
        "founder_social_insurance_months": rng.choice(
            [0, 6, 11, 12, 13, 24, 48], size, p=[0.55, 0.07, 0.04, 0.08, 0.03, 0.12, 0.11]
        ),
        "jobs_created": np.minimum(d.insured[rows], 12),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.015)


def _certificates(d: District, rng: Generator) -> pl.DataFrame:
    entity = d.many_rows(rng, np.where(d.insured > 0, np.minimum(d.insured * 0.03, 30.0), 0.0))
    size = len(entity)
    columns = {
        "credit_code": d.codes.gather(entity),
        "certificate_id": numbered("ZS", np.arange(1, size + 1), 8),
        "skill_level": codes(rng, {"primary": 45, "intermediate": 35, "advanced": 20}, size),
        "certificate_issued_on": days_between(rng, "2021-06-01", "2023-06-25", size),
        "unemployment_insurance_months": on_boundaries(rng, rng.integers(1, 220, size), [11, 12, 13], 0.08),
    }
    return frame(rng, columns, keys=(*_KEY, "certificate_id"), unknown=0.012)


def _disabled_employment(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, np.where(d.individual, 0.95, 0.98))
    size = len(rows)
    staff = counts(d.employees[rows] * rng.uniform(0.9, 1.1, size))
    staff = np.where(d.company[rows], on_boundaries(rng, staff, [30, 31, 100, 200], 0.01), staff)
    hired = np.where(staff > 15, rng.binomial(staff, np.where(chance(rng, 0.4, size), 0.014, 0.001)), 0)
    columns = {
        "credit_code": d.codes.gather(rows),
        "staff_last_year": staff,
        "disabled_hired": hired,
        "avg_wage": fen(spread(rng, 78_000.0, 0.35, size)),
        "local_avg_wage": np.full(size, 8_400_000, dtype=np.int64),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.012)
