"""Synthetic registers of the other departments: loans, leases, titles, projects, lists, statistics, listings."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from yunnao.catalogue.sample_files import SampleTable
from yunnao.kernel.numbers import SHARE_BASE
from yunnao.scenarios.benefits.sample_district import District
from yunnao.scenarios.benefits.sample_draws import (
    Generator,
    around,
    chance,
    codes,
    counts,
    days_between,
    fen,
    frame,
    numbered,
    on_boundaries,
    spread,
    stream,
    take,
)

_KEY = ("credit_code",)
_FIELDS = {
    "other": 70.0,
    "digital": 6.0,
    "energy": 5.0,
    "infrastructure": 4.0,
    "culture": 3.0,
    "education": 3.0,
    "health": 3.0,
    "charging": 2.0,
    "training": 2.0,
    "recycling": 1.0,
    "pipe_gallery": 1.0,
}
_TITLES = {
    "digital_workshop": 30.0,
    "smart_factory": 12.0,
    "hidden_champion": 14.0,
    "gazelle": 18.0,
    "little_giant": 6.0,
    "champion_product": 4.0,
    "champion_enterprise": 2.0,
    "service_provincial": 5.0,
    "service_national": 1.0,
    "smart_benchmark": 3.0,
    "city_platform": 3.0,
    "top_ten_scene": 3.0,
    "top_hundred_first": 1.0,
    "unicorn": 1.0,
}
_STEPS = (100_000_000_000, 50_000_000_000, 10_000_000_000, 5_000_000_000)  # yuan of revenue that the city rewards
_STAGES = ("none", "domestic_staged", "backdoor_moved_in", "listed_moved_in", "overseas")


def support_tables(district: District) -> Iterator[SampleTable]:
    """The other departments' registers, one at a time."""
    for name, make in (
        ("loans", _loans),
        ("rent_contracts", _rent_contracts),
        ("epidemic_support", _epidemic_support),
        ("titles", _titles),
        ("industry_support", _industry_support),
        ("science_lists", _science_lists),
        ("statistics_reports", _statistics_reports),
        ("listings", _listings),
    ):
        yield SampleTable(name, make(district, stream(district.seed, name)))


def _loans(d: District, rng: Generator) -> pl.DataFrame:
    entity = d.many_rows(rng, np.where(d.company, 0.14, 0.03) + np.where(d.growing, 0.12, 0.0))
    size = len(entity)
    starting = d.growing[entity] & chance(rng, 0.6, size)
    kind = np.where(starting, 0, rng.choice(4, size, p=[0.05, 0.58, 0.07, 0.30]))
    wanted = np.clip(d.revenue[entity] * spread(rng, 0.25, 0.6, size), 20_000, 500_000_000)
    amount = counts(np.where(kind == 0, np.minimum(wanted, 3_000_000), wanted) / 10_000, 1) * 1_000_000
    amount = on_boundaries(rng, amount, [*around(3_000_000), *around(200_000)], 0.03)
    rate = np.where(
        kind == 0,
        rng.integers(365, 520, size),
        np.where(kind == 2, rng.integers(280, 345, size), rng.integers(340, 760, size)),
    )
    rate = rate * (SHARE_BASE // 10_000)
    columns = {
        "credit_code": d.codes.gather(entity),
        "loan_id": numbered("JJ", np.arange(1, size + 1), 8),
        "loan_type": take(["startup_guaranteed", "inclusive_small", "equipment_renewal", "other"], kind),
        "loan_field": codes(rng, _FIELDS, size),
        "loan_amount": amount,
        "term_months": rng.choice([6, 12, 24, 25, 36, 60], size, p=[0.08, 0.4, 0.24, 0.02, 0.2, 0.06]),
        "loan_rate": on_boundaries(rng, rate, [SHARE_BASE * part // 10_000 for part in (319, 320, 321)], 0.02),
        "balance": np.minimum((amount * rng.uniform(0.1, 1.0, size)).astype(np.int64), 100_000_000_000),
        "interest_days": rng.choice([30, 61, 91, 92, 181, 365], size),
    }
    return frame(rng, columns, keys=(*_KEY, "loan_id"), unknown=0.012)


def _rent_contracts(d: District, rng: Generator) -> pl.DataFrame:
    entity = d.rows(rng, np.where(d.in_sections("FGHIJKLMNOPQR"), 0.016, 0.003))
    size = len(entity)
    columns = {
        "credit_code": d.codes.gather(entity),
        "contract_id": numbered("HT", np.arange(1, size + 1), 7),
        "landlord": codes(rng, {"state_company": 60, "public_body": 33, "other": 7}, size),
        "monthly_rent": fen(spread(rng, 4_500.0, 0.9, size)),
    }
    return frame(rng, columns, keys=(*_KEY, "contract_id"))


def _epidemic_support(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.985)
    size = len(rows)
    columns = {
        "credit_code": d.codes.gather(rows),
        "city_had_mid_high_risk_area_2022": np.ones(size, dtype=bool),
        "county_had_mid_high_risk_area_2022": np.zeros(size, dtype=bool),
        "epidemic_hardship": chance(rng, np.where(d.in_sections("FGHR")[rows], 0.2, 0.07), size),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.01)


def _titles(d: District, rng: Generator) -> pl.DataFrame:
    likely = (np.where(d.growing, 0.15, 0.004) + d.revenue / 2e10) * d.rarity
    known = d.rows(rng, np.where(d.researching, np.minimum(likely, 0.4), 0.00002))
    entity = np.repeat(known, rng.choice([1, 2], len(known), p=[0.9, 0.1]))
    size = len(entity)
    columns = {
        "credit_code": d.codes.gather(entity),
        "title_new": codes(rng, _TITLES, size),
        "awarded_on": days_between(rng, "2021-03-01", "2023-06-15", size),
        "title_investment": fen(np.minimum(spread(rng, 8_000_000.0, 0.9, size), 9e9)),
        "provincial_award": rng.choice([50_000_000, 100_000_000, 200_000_000], size),
    }
    rows = frame(rng, columns, keys=(*_KEY, "title_new"), unknown=0.02)
    return rows.unique(["credit_code", "title_new"], keep="first", maintain_order=True)


def _industry_support(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.985)
    size = len(rows)
    making = d.company[rows] & (d.section[rows] == "C")
    large = making & (d.revenue[rows] > 2e7)
    renewing = large & chance(rng, 0.18, size)
    robots = making & chance(rng, np.where(large, 0.12, 0.02), size)
    platform = d.company[rows] & (d.section[rows] == "I") & chance(rng, 0.03, size)
    scale = np.minimum(d.revenue[rows], 5e9)
    robot_cost = np.where(robots, fen(scale * spread(rng, 0.02, 0.7, size)), 0)
    clients = np.where(platform, counts(spread(rng, 45.0, 0.7, size)), 0)
    income = np.where(platform, fen(scale * spread(rng, 0.5, 0.5, size)), 0)
    columns = {
        "credit_code": d.codes.gather(rows),
        "on_advanced_mfg_list": making & d.high_tech[rows] & chance(rng, 0.7, size),
        "tech_transform_project_qualified": renewing,
        "tech_transform_major_project": renewing & chance(rng, 0.08, size),
        "equipment_invest_year": np.where(renewing, fen(scale * spread(rng, 0.08, 0.7, size)), 0),
        "robot_invest_year": np.where(robots, on_boundaries(rng, robot_cost, around(500_000), 0.1), 0),
        "industrial_internet_platform_listed": platform,
        "local_clients_year": np.where(platform, on_boundaries(rng, clients, [49, 50, 51], 0.1), 0),
        "local_service_income": np.where(platform, on_boundaries(rng, income, around(10_000_000), 0.1), 0),
        "in_high_growth_pool": d.researching[rows] & (d.growing[rows] | chance(rng, 0.01, size)),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.01)


def _science_lists(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.985)
    size = len(rows)
    columns = {
        "credit_code": d.codes.gather(rows),
        "tech_sme_registered": d.researching[rows] & chance(rng, 0.09, size),
        "first_time_hnte": d.high_tech[rows] & chance(rng, 0.28, size),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.01)


def _statistics_reports(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.985)
    size = len(rows)
    reached = np.zeros(size, dtype=np.int64)
    for step in reversed(_STEPS):
        reached = np.where(d.revenue[rows] >= step, step * 100, reached)
    passed = np.where(chance(rng, 0.5, size), reached, 0)  # half of them this year
    leaping = d.company[rows] & (d.section[rows] == "C") & (d.revenue[rows] > 2.2e7)
    leaping &= chance(rng, min(0.01 * d.rarity, 0.3), size)
    passed = np.where(leaping, rng.choice(_STEPS, size) * 100, passed)
    columns = {
        "credit_code": d.codes.gather(rows),
        "revenue_first_time_over": passed,
        "above_scale_before": (d.revenue[rows] > 2.2e7) & chance(rng, 0.8, size),
        "construction_qualified": d.company[rows] & (d.section[rows] == "E") & chance(rng, 0.3, size),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.01)


def _listings(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.985)
    size = len(rows)
    large = d.company[rows] & (d.revenue[rows] > 5e7)
    stage = np.where(
        large & chance(rng, min(0.02 * d.rarity, 0.5), size), rng.choice(5, size, p=[0.0, 0.7, 0.05, 0.1, 0.15]), 0
    )
    raising = large & chance(rng, min(0.01 * d.rarity, 0.5), size)
    raised = on_boundaries(rng, fen(spread(rng, 3_000_000.0, 1.0, size)), [*around(1_000_000), *around(5_000_000)], 0.2)
    columns = {
        "credit_code": d.codes.gather(rows),
        "listing_stage": take(_STAGES, stage),
        "listing_award_assessed": np.where(stage == 1, rng.choice([50, 100, 150, 400], size) * 1_000_000, 0),
        "neeq_listed": large & chance(rng, min(0.02 * d.rarity, 0.5), size),
        "regional_board_direct_financing_year": np.where(raising, raised, 0),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.01)
