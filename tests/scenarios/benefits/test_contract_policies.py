"""The policies that the three contract registers decide, against plain Python written from the rules alone."""

import datetime as dt
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.benefits.loaded import REGIONS, benefits
from yunnao.capabilities.enterprise_size import enterprise_size, industry_of
from yunnao.kernel.numbers import SHARE_BASE
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions.compiled import compile_rules
from yunnao.platforms.decisions.one import Decider

YEARS = (2022, 2023, 2024)
CONTRACT = frozenset({"enterprises", "tax_filings", "insurance"})
CHECKED = (
    "cit_small_low_profit",
    "hnte_cit_15",
    "mfg_tax_deferral_2022",
    "six_taxes_two_fees_2022",
    "six_taxes_two_fees_2023",
    "stable_jobs_refund",
)
DECIDERS = {
    year: Decider(
        compile_rules(
            [benefits().rule(p.id) for p in benefits().deciding(dt.date(year, 12, 31), REGIONS) if p.id in CHECKED],
            dt.date(year, 12, 31),
            CONTRACT,
            shipped_calendar(),
        )
    )
    for year in YEARS
}
_MILLION = 100_000_000  # fen


def _near(*values: int) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.sampled_from([v + d for v in values for d in (-1, 0, 1)]), st.integers(0, 10**12))


ENTERPRISES = st.fixed_dictionaries(
    {
        "entity_type": st.sampled_from([None, "企业", "个体工商户", "社会团体"]),
        "industry_section": st.sampled_from([None, "C", "F", "L"]),
        "industry_code": st.sampled_from([None, "C351", "F511", "F528", "L729", "A011", "K70", "J66", "E471", "I651"]),
        "employees": _near(10, 20, 50, 300, 1000),
        "revenue_year": _near(100 * 10**6, 300 * 10**6, 2000 * 10**6, 40000 * 10**6),
        "assets_year_end": _near(300 * 10**6, 8000 * 10**6, 120000 * 10**6),
        "taxable_income_year": st.one_of(_near(_MILLION, 3 * _MILLION), st.integers(-(10**12), 0)),
        "staff_avg_quarterly": _near(300),
        "assets_avg_quarterly": _near(50 * _MILLION),
        "industry_restricted_or_prohibited": st.sampled_from([None, False, True]),
        "vat_payer_type": st.sampled_from([None, "small_scale", "general"]),
        "vat_sales_year": _near(400 * _MILLION),
        "hnte_certificate_valid": st.sampled_from([None, False, True]),
        "six_taxes_two_fees_payable": _near(1, 3, 5),
        "unemployment_insurance_months_last_year": st.sampled_from([None, 0, 11, 12]),
        "insured_avg": _near(30),
        "layoff_rate": st.one_of(
            st.none(), st.sampled_from([0, 55, 56, 54, 200, 201]).map(lambda n: n * SHARE_BASE // 1000)
        ),
        "unemployment_premiums_last_year": _near(1, 3, 5),
        "on_zombie_or_seriously_dishonest_list": st.sampled_from([None, False, True]),
    }
)
Truth = bool | None


def every(*tests: Truth) -> Truth:
    """False if one is false, else unknown if one is unknown."""
    return False if False in tests else None if None in tests else True


def some(*tests: Truth) -> Truth:
    """True if one is true, else unknown if one is unknown."""
    return True if True in tests else None if None in tests else False


def at_most(value: int | None, bound: int) -> Truth:
    """Unknown where the value is."""
    return None if value is None else value <= bound


def equal(value: Any, wanted: Any) -> Truth:
    """Unknown where the value is."""
    return None if value is None else value == wanted


def fen(value: Fraction) -> int:
    """Half up."""
    return floor(value + Fraction(1, 2))


def expected(year: int, e: dict[str, Any]) -> dict[str, tuple[Truth, int | None]]:
    """Outcome and amount of every checked policy of the year."""
    income, payable = e["taxable_income_year"], e["six_taxes_two_fees_payable"]
    small = every(
        at_most(income, 3 * _MILLION),
        at_most(e["staff_avg_quarterly"], 300),
        at_most(e["assets_avg_quarterly"], 50 * _MILLION),
        equal(e["industry_restricted_or_prohibited"], False),
    )
    saving = None
    if income is not None:
        x = max(income, 0)
        first, above = (Fraction(5, 100),) * 2 if year >= 2023 else (Fraction(25, 1000), Fraction(5, 100))
        saving = fen(Fraction(x, 4) - first * min(x, _MILLION) - above * max(x - _MILLION, 0))
    six = some(equal(e["vat_payer_type"], "small_scale"), small, equal(e["entity_type"], "个体工商户"))
    result = {
        "cit_small_low_profit": (small, saving),
        "hnte_cit_15": (e["hnte_certificate_valid"], None if income is None else fen(Fraction(max(income, 0), 10))),
        "stable_jobs_refund": _stable(year, e),
    }
    six_id = "six_taxes_two_fees_2022" if year == 2022 else "six_taxes_two_fees_2023"
    result[six_id] = (six, None if payable is None else fen(Fraction(payable, 2)))
    if year == 2022:
        sales = e["vat_sales_year"]
        below = None if sales is None else sales < 400 * _MILLION
        result["mfg_tax_deferral_2022"] = (every(equal(e["industry_section"], "C"), below), None)
    return result


def _stable(year: int, e: dict[str, Any]) -> tuple[Truth, int | None]:
    months, rate = e["unemployment_insurance_months_last_year"], e["layoff_rate"]
    outcome = every(
        None if months is None else months >= 12,
        some(
            at_most(rate, 55 * SHARE_BASE // 1000),
            every(at_most(e["insured_avg"], 30), at_most(rate, 20 * SHARE_BASE // 100)),
        ),
        equal(e["on_zombie_or_seriously_dishonest_list"], False),
    )
    industry = industry_of(e["industry_code"]) if e["industry_code"] else None
    size = industry and enterprise_size(
        industry.id, employees=e["employees"], revenue=e["revenue_year"], assets=e["assets_year_end"]
    )
    treated = None if e["entity_type"] is None else e["entity_type"] in ("个体工商户", "社会团体")
    as_sme = some(treated, None if size is None else size != "large")
    premiums = e["unemployment_premiums_last_year"]
    if as_sme is None or premiums is None:
        return outcome, None
    percent = {2022: (90, 50)}.get(year, (60, 30))[0 if as_sme else 1]
    return outcome, fen(Fraction(premiums * percent, 100))


@settings(max_examples=600)
@given(year=st.sampled_from(YEARS), enterprise=ENTERPRISES)
def test_outcomes_and_amounts_are_those_of_the_rules(year: int, enterprise: dict[str, Any]) -> None:
    names = {True: "granted", False: "refused", None: "undetermined"}
    wanted = expected(year, enterprise)
    decided = DECIDERS[year].decide(enterprise, {})
    assert {d.policy for d in decided} == set(wanted)
    for decision in decided:
        outcome, amount = wanted[decision.policy]
        assert decision.outcome == names[outcome], decision.policy
        assert decision.amount == (amount if outcome else None), decision.policy
        owed = outcome is None or (outcome and amount is None and decision.policy != "mfg_tax_deferral_2022")
        assert bool(decision.missing) == bool(owed), decision.policy
