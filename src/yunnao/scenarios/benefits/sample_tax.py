"""Synthetic registers of the tax bureau: filings, monthly VAT returns, standing, credits, assets, research expense."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yunnao.catalogue.sample_files import SampleTable
from yunnao.kernel.numbers import SHARE_BASE
from yunnao.scenarios.benefits.sample_district import District
from yunnao.scenarios.benefits.sample_draws import (
    Flags,
    Generator,
    Real,
    Whole,
    around,
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
from yunnao.scenarios.benefits.sample_industries import (
    INDUSTRIES,
    NEGATIVE_LIST,
    SERVICES_TO_HOUSEHOLDS,
    SERVICES_TO_PRODUCERS,
)

_KEY = ("credit_code",)
_MONTHS = np.arange("2022-10", "2023-07", dtype="datetime64[M]")
_QUARTER_ENDS = _MONTHS[2::3]
_LARGEST = 9_999_999_999.0
"""Yuan; what a single amount in these registers may reach."""

Places = NDArray[np.intp]


def tax_tables(district: District) -> Iterator[SampleTable]:
    """The tax bureau's registers, one at a time."""
    for name, make in (
        ("tax_filings", _tax_filings),
        ("vat_returns", _vat_returns),
        ("tax_standing", _tax_standing),
        ("vat_profile", _vat_profile),
        ("business_income_tax", _business_income_tax),
        ("assets", _assets),
        ("rd_filings", _rd_filings),
    ):
        yield SampleTable(name, make(district, stream(district.seed, name)))


def _tax_filings(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, np.where(d.individual, 0.97, 0.985))
    size = len(rows)
    revenue = d.revenue[rows]
    income = fen(np.clip(revenue * rng.normal(0.05, 0.07, size), -_LARGEST, _LARGEST))
    income = np.where(d.individual[rows] & (income < 0), 0, income)
    staff = counts(d.employees[rows] * rng.uniform(0.85, 1.15, size))
    assets = fen(d.assets[rows] * rng.uniform(0.85, 1.1, size))
    sales = fen(revenue * rng.uniform(0.9, 1.05, size))
    columns = {
        "credit_code": d.codes.gather(rows),
        "taxable_income_year": on_boundaries(rng, income, [*around(3_000_000), *around(1_000_000), 0], 0.015),
        "staff_avg_quarterly": on_boundaries(rng, staff, [299, 300, 301], 0.004),
        "assets_avg_quarterly": on_boundaries(rng, assets, around(50_000_000), 0.004),
        "industry_restricted_or_prohibited": chance(rng, 0.004, size),
        "vat_payer_type": take(["small_scale", "general"], d.general[rows]),
        "vat_sales_year": on_boundaries(
            rng, sales, [*around(400_000_000), *around(20_000_000), *around(5_000_000)], 0.004
        ),
        "hnte_certificate_valid": d.high_tech[rows],
        "six_taxes_two_fees_payable": fen(revenue * spread(rng, 0.004, 0.6, size)),
    }
    return frame(rng, columns, keys=_KEY, rates={"vat_payer_type": 0.01, "hnte_certificate_valid": 0.01})


def _vat_returns(d: District, rng: Generator) -> pl.DataFrame:
    """General payers file every month; small-scale payers by quarter: nearly all at the end of 2022, a third since."""
    first, months = _long(np.flatnonzero(d.general & chance(rng, 0.985, d.size)), _MONTHS)
    last_year, later = ~d.general & chance(rng, 0.95, d.size), ~d.general & chance(rng, 0.33, d.size)
    ends = (_long(np.flatnonzero(last_year), _QUARTER_ENDS[:1]), _long(np.flatnonzero(later), _QUARTER_ENDS[1:]))
    second, quarters = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    entity, period = np.concatenate([first, second]), np.concatenate([months, quarters])
    ended = period >= d.registered[entity].astype("datetime64[M]")
    small = np.concatenate([np.zeros(len(first), bool), np.ones(len(second), bool)])[ended]
    entity, period = entity[ended], period[ended]
    size = len(entity)
    sales = fen(d.revenue[entity] / 12 * spread(rng, 1.0, 0.35, size))
    month = on_boundaries(rng, sales, [*around(150_000), *around(100_000)], 0.01)
    place_in_quarter = (period.astype("datetime64[M]").astype(np.int64) % 3) + 1
    quarter = fen(month / 100 * np.where(small, 3.0, place_in_quarter) * rng.uniform(0.95, 1.05, size))
    quarter = np.where(place_in_quarter == 1, month, np.maximum(quarter, month))
    quarter = np.where(small, on_boundaries(rng, quarter, [*around(450_000), *around(300_000)], 0.01), quarter)
    month = np.minimum(month, quarter)
    output = month * 13 // 100
    inputs = (output * rng.uniform(0.45, 1.05, size)).astype(np.int64)
    at_three = np.where(small, np.where(chance(rng, 0.93, size), month, 0), 0)
    carried = np.where(~small & chance(rng, 0.05, size), fen(spread(rng, 8_000, 1.0, size)), 0)
    columns = {
        "credit_code": d.codes.gather(entity),
        "period": period.astype("datetime64[D]"),
        "vat_sales_month": month,
        "vat_sales_quarter": quarter,
        "sales_3pct_excl_tax": at_three,
        "vat_due": np.where(small, month * 3 // 100, np.maximum(output - inputs, 0)),
        "deductible_input_vat": np.where(small, 0, inputs),
        "additional_credit_carried": carried,
    }
    return frame(rng, columns, keys=(*_KEY, "period"), unknown=0.01).sort("credit_code", "period")


def _long(entities: Places, months: NDArray[Any]) -> tuple[Places, NDArray[Any]]:
    return np.repeat(entities, len(months)), np.tile(months, len(entities))


def _tax_standing(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.98)
    size = len(rows)
    columns = {
        "credit_code": d.codes.gather(rows),
        "tax_credit_grade": codes(rng, {"A": 9, "B": 47, "M": 32, "C": 7, "D": 5}, size),
        "fraud_refund_or_false_invoice_36m": chance(rng, 0.0015, size),
        "tax_evasion_penalties_36m": rng.choice(4, size, p=[0.968, 0.022, 0.008, 0.002]),
        "instant_refund_policy_since_2019_04": chance(rng, 0.03, size),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.015)


def _vat_profile(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.98)
    size = len(rows)
    general = d.general[rows]
    making = np.isin(d.section[rows], ["C"])
    producers = np.isin(d.section[rows], list(SERVICES_TO_PRODUCERS))
    households = np.isin(d.section[rows], list(SERVICES_TO_HOUSEHOLDS))
    tenths = SHARE_BASE // 100
    levy = np.where(general, rng.choice([13, 9, 6], size), rng.choice([3, 3, 3, 3, 3, 3, 3, 3, 3, 5], size)) * tenths
    making_share = shares(np.where(making, rng.beta(6, 1.6, size), rng.beta(0.3, 6, size)))
    service_share = shares(np.where(producers | households, rng.beta(7, 1.5, size), rng.beta(0.4, 6, size)))
    half = [SHARE_BASE // 2, SHARE_BASE // 2 + tenths // 100, SHARE_BASE // 2 - tenths // 100]
    credit = np.where(
        general & chance(rng, 0.33, size), fen(np.minimum(d.assets[rows] * spread(rng, 0.012, 1.0, size), _LARGEST)), 0
    )
    earlier = np.where(credit > 0, (credit * rng.choice([0, 0, 0.2, 0.6], size)).astype(np.int64), 0)
    columns = {
        "credit_code": d.codes.gather(rows),
        "levy_rate": levy,
        "mfg_sales_share": on_boundaries(rng, making_share, half, 0.01),
        "service_sales_share": on_boundaries(rng, service_share, half, 0.01),
        "service_kind": take(["none", "production", "life"], np.where(producers, 1, np.where(households, 2, 0))),
        "vat_credit_end": credit,
        "vat_credit_2019_03": earlier,
        "stock_refund_received": (credit > 0) & chance(rng, 0.25, size),
        "refund_input_share": shares(np.where(credit > 0, np.minimum(rng.beta(20, 1.2, size), 1), 1.0)),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.012)


def _business_income_tax(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, np.where(d.individual, 0.95, 0.0))
    size = len(rows)
    margin = np.where(chance(rng, 0.08, size), -rng.uniform(0.0, 0.2, size), rng.beta(2.0, 8.0, size))
    income = fen(np.clip(d.revenue[rows] * margin, -_LARGEST, 80_000_000))
    income = on_boundaries(rng, income, [*around(1_000_000), *around(2_000_000), 0], 0.005)
    tax = _tax_on_business_income(income)
    relieved = chance(rng, 0.02, size)
    columns = {
        "credit_code": d.codes.gather(rows),
        "business_income_year": income,
        "business_income_tax_total": tax,
        "business_income_other_reliefs": np.where(relieved, (tax * rng.uniform(0.1, 1.0, size)).astype(np.int64), 0),
    }
    return frame(rng, columns, keys=_KEY)


def _tax_on_business_income(income: Whole) -> Whole:
    """Fen -> fen, by the five brackets of 个人所得税法 税率表二（经营所得适用）."""
    tax = np.zeros_like(income)
    for above, rate, quick in (
        (0, 5, 0),
        (30_000, 10, 1_500),
        (90_000, 20, 10_500),
        (300_000, 30, 40_500),
        (500_000, 35, 65_500),
    ):
        tax = np.where(income > above * 100, (income * rate + 50) // 100 - quick * 100, tax)
    return tax


def _assets(d: District, rng: Generator) -> pl.DataFrame:
    often = np.where(d.in_sections("BCDEG"), 1.1, 0.35) * np.where(d.company, 1.0, 0.02)
    entity = d.many_rows(rng, often * (1 + d.employees / 60), most=40)
    size = len(entity)
    kind = rng.choice(3, size, p=[0.86, 0.06, 0.08])
    price = fen(np.minimum(spread(rng, np.where(kind == 1, 2_500_000.0, 75_000.0), 1.7, size), _LARGEST))
    columns = {
        "credit_code": d.codes.gather(entity),
        "asset_id": numbered("ZC", np.arange(1, size + 1), 8),
        "asset_kind": take(["equipment", "building", "other"], kind),
        "purchase_date": np.where(
            chance(rng, 0.12, size),
            days_between(rng, "2022-09-25", "2023-01-05", size),
            days_between(rng, "2021-01-01", "2023-06-30", size),
        ),
        "unit_price": on_boundaries(rng, price, around(5_000_000), 0.02),
        "min_depr_years": np.where(kind == 1, 20, rng.choice([3, 4, 5, 10], size, p=[0.35, 0.15, 0.2, 0.3])),
    }
    return frame(rng, columns, keys=(*_KEY, "asset_id"), unknown=0.015)


def _rd_filings(d: District, rng: Generator) -> pl.DataFrame:
    rows = d.rows(rng, 0.98)
    size = len(rows)
    researching = d.researching[rows] & chance(rng, 0.35, size) | d.high_tech[rows]
    now = np.where(researching, d.revenue[rows] * spread(rng, 0.045, 0.6, size), 0.0)
    before = np.where(researching & chance(rng, 0.85, size), now * spread(rng, 0.9, 0.25, size), 0.0)
    excluded = np.array([industry.code.startswith(NEGATIVE_LIST) for industry in INDUSTRIES])[d.industry[rows]]
    rate = np.where(d.high_tech[rows], 15, np.where(d.revenue[rows] < 8_000_000, rng.choice([5, 5, 25], size), 25))
    columns = {
        "credit_code": d.codes.gather(rows),
        "negative_list_industry_main": excluded ^ chance(rng, 0.01, size),
        "account_type": take(["audited", "assessed"], chance(rng, np.where(d.individual[rows], 0.93, 0.06), size)),
        "rd_super_deduction_filed": researching & chance(rng, 0.9, size),
        "rd_expense_year": fen(_at_most_billion(now)),
        "rd_expense_previous_year": fen(_at_most_billion(before)),
        "cit_rate_applied": rate * (SHARE_BASE // 100),
        "manufacturing_income_main": (d.section[rows] == "C") ^ chance(rng, 0.01, size),
        "chip_or_machine_tool_enterprise": _chip_makers(d, rows) & chance(rng, 0.3, size),
    }
    return frame(rng, columns, keys=_KEY, unknown=0.012)


def _at_most_billion(yuan: Real) -> Real:
    return np.minimum(yuan, 999_999_999.0)


def _chip_makers(d: District, rows: Sequence[int] | Places) -> Flags:
    return np.array([industry.code in ("C397", "C342") for industry in INDUSTRIES])[d.industry[rows]] & d.company[rows]
