"""Derived facts: sizes agree with the capability, industry groups do not overlap, a person is used once."""

import datetime as dt
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.benefits.loaded import benefits
from yunnao.capabilities.enterprise_size import enterprise_size, industries, industry_of
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import OUTCOMES, compile_rules
from yunnao.platforms.decisions.many import Inputs
from yunnao.platforms.decisions.one import Decider
from yunnao.scenarios.benefits.industry_facts import _TABLE
from yunnao.storage.tables import schema

DAY = dt.date(2022, 12, 31)
EVERYTHING = frozenset(benefits().registers)
SIZED = Decider(
    compile_rules(
        [
            benefits().rule(id_)
            for id_ in ("gov_procurement_sme", "vat_credit_refund_2022", "retain_worker_training_2022")
        ],
        DAY,
        EVERYTHING,
        shipped_calendar(),
    )
)
CODES = st.sampled_from([code + more for row in industries() for code in row.codes for more in ("", "9")])
PERSONS = st.one_of(st.none(), st.integers(0, 2500))
_BOUNDS = sorted({b for row in industries() for bounds in (row.revenue, row.assets) for b in bounds or ()})
MONEY = st.one_of(st.none(), st.builds(lambda b, d: b + d, st.sampled_from(_BOUNDS), st.sampled_from([-1, 0, 1])))


def derived(**values: Any) -> dict[str, Any]:
    """The derived facts of an enterprise of which nothing else is known."""
    return SIZED.derived(values, {})


@settings(max_examples=120)
@given(code=CODES, employees=PERSONS, revenue=MONEY, assets=MONEY)
def test_the_size_of_the_tree_is_that_of_the_capability(
    code: str, employees: int | None, revenue: int | None, assets: int | None
) -> None:
    found = derived(industry_code=code, employees=employees, revenue_year=revenue, assets_year_end=assets)
    industry = industry_of(code)
    assert found["size_industry"] == (industry.id if industry else None)
    expected = industry and enterprise_size(industry.id, employees=employees, revenue=revenue, assets=assets)
    assert found["size"] == expected


@pytest.mark.parametrize("code", ["G59", "K70", "H", None, "Z1"])
def test_a_code_that_cannot_be_placed_has_no_size(code: str | None) -> None:
    found = derived(industry_code=code, employees=1, revenue_year=1, assets_year_end=1, vat_sales_year=1)
    assert (found["size_industry"], found["size"], found["size_for_refund"]) == (None, None, None)


@pytest.mark.parametrize(
    ("code", "sales", "assets", "expected"),
    [
        ("C35", 300_000_000 - 1, None, "micro"),  # no bound on assets: head count plays no part
        ("C35", 300_000_000, None, "small"),
        ("L71", None, 100_000_000 - 1, "micro"),  # assets alone
        ("E47", 600_000_000_000, 300_000_000 - 1, "micro"),
        ("R90", 99_999_999, None, "micro"),  # no indicator in money: sales alone
        ("P83", 100_000_000, None, "small"),
        ("Q84", 2_000_000_000, None, "medium"),
        ("S91", 10_000_000_000, None, "large"),
        ("J66", 1, 1, None),
        ("C35", None, None, None),
    ],
)
def test_the_size_for_the_refund(code: str, sales: int | None, assets: int | None, expected: str | None) -> None:
    assert derived(industry_code=code, vat_sales_year=sales, assets_year_end=assets)["size_for_refund"] == expected


@pytest.mark.parametrize("section", ["groups", "sectors"])
def test_industries_do_not_overlap(section: str) -> None:
    codes = [code for row in _TABLE[section] for code in row["codes"]]
    assert len(codes) == len(set(codes))
    assert not [(a, b) for a, b in product(codes, codes) if a != b and b.startswith(a)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("H62", "餐饮"),
        ("F5299", "零售"),
        ("L7291", "旅游"),
        ("N7869", "旅游"),
        ("L7299", "租赁和商务服务业"),
        ("L729", None),
        ("N78", None),
        ("G5320", "公路水路铁路运输"),
        ("G5611", "民航"),
        ("C2710", "医药制造业"),
        ("C3911", "其他制造业"),
        ("C", None),
        ("Q85", "社会工作"),
    ],
)
def test_an_industry_code_has_one_group(code: str, expected: str | None) -> None:
    assert derived(industry_code=code)["industry_group"] == expected


def _hire(employer: str, person: str, day: int, **facts: Any) -> dict[str, Any]:
    return {
        "credit_code": employer,
        "person_id": person,
        "hired_person_category": "graduation_year",
        "hired_on": dt.date(2022, 7, day),
        "contract_months": 12,
        "labor_contract_signed": True,
        "unemployment_insurance_enrolled": True,
        **facts,
    }


def _graduates(hires: list[dict[str, Any]]) -> dict[str, dict[str, tuple[str, int | None]]]:
    names = ("expand_jobs_2022", "one_off_absorb_jobs_qingdao_2022")
    rules = compile_rules([benefits().rule(id_) for id_ in names], DAY, EVERYTHING, shipped_calendar())
    subjects = pl.DataFrame(
        [
            {"credit_code": code, "industry_code": "M73", "employees": 20, "revenue_year": 1, "assets_year_end": 1}
            for code in ("A", "B")
        ]
    )
    rows = pl.DataFrame(hires, schema=schema(benefits().registers["hires"].facts))
    inputs = Inputs(subjects=subjects.lazy(), key="credit_code", rows={"hires": rows.lazy()})
    decided = many.decide(rules, inputs).collect().to_dicts()
    return {row["credit_code"]: {id_: (OUTCOMES[row[id_]], row[f"{id_}__amount"]) for id_ in names} for row in decided}


def test_a_graduate_is_used_by_the_employer_who_hired_first() -> None:
    found = _graduates([_hire("A", "p", 2), _hire("B", "p", 1)])
    assert found["A"]["expand_jobs_2022"] == ("refused", None)
    assert found["B"]["expand_jobs_2022"] == ("granted", 150_000)


def test_a_graduate_of_one_subsidy_is_not_counted_for_the_other_nor_elsewhere() -> None:
    found = _graduates([_hire("A", "p", 1), _hire("B", "p", 2, unemployment_insurance_enrolled=False)])
    assert found["A"]["expand_jobs_2022"] == ("granted", 150_000)
    assert found["A"]["one_off_absorb_jobs_qingdao_2022"] == ("refused", None)
    assert found["B"]["one_off_absorb_jobs_qingdao_2022"] == ("refused", None)


def test_graduates_not_used_for_one_subsidy_count_for_the_other() -> None:
    found = _graduates([_hire("A", "p", 1), _hire("A", "q", 1, unemployment_insurance_enrolled=False)])
    assert found["A"]["expand_jobs_2022"] == ("granted", 150_000)
    assert found["A"]["one_off_absorb_jobs_qingdao_2022"] == ("granted", 100_000)
