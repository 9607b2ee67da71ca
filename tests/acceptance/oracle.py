"""A second reading of the published rules, written apart from the product and sharing no code with it.

Every policy that decides about an enterprise from 2021 to 2024 is written here once more, in plain slow Python over fractions, as far as
the three contract registers (`enterprises`, `tax_filings`, `insurance`) can tell. A fact that only another register brings is unknown.
Sources are the published texts named at each policy; enterprise sizes are 工信部联企业〔2011〕300号.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from tests.acceptance.sizes import refund_size, size, size_ref

Facts = Mapping[str, object]
"""Fact id -> value: money and shares as Fraction (yuan, 1), integers, booleans, text, dates; an absent or None fact is unknown."""

State = bool | None
Found = tuple[State, frozenset[str]]
"""True, False or unknown, and the facts to ask for where it is unknown."""

Wan = 10_000
NOBODY: frozenset[str] = frozenset()
INDIVIDUAL = "个体工商户"
LIKE_SMALL = frozenset({"社会团体", "基金会", "社会服务机构", "律师事务所", "会计师事务所", INDIVIDUAL})


@dataclass(frozen=True)
class Test:
    """One condition: its id, and what it finds."""

    id: str
    find: Callable[[Facts, dt.date], Found]


@dataclass(frozen=True)
class Group:
    """All or any of conditions and groups."""

    any: bool
    parts: tuple["Test | Group", ...]


Amount = Callable[[Facts, dt.date], tuple[Fraction | None, frozenset[str]]]


@dataclass(frozen=True)
class Policy:
    """A policy: when it is in force, its conditions, and its amount (None: it grants no sum of money)."""

    id: str
    starts: dt.date
    ends: dt.date | None
    when: Test | Group
    amount: Amount | None = None
    amount_needs_other_registers: bool = False


@dataclass(frozen=True)
class Answer:
    """What the rules say: `amount` is text in yuan, empty where there is none; `missing` is None where it is not to be compared."""

    outcome: str
    amount: str
    conditions: Mapping[str, str]
    missing: frozenset[str] | None


def condition(fact: str, holds: Callable[..., bool], id: str | None = None) -> Test:
    """A condition on one fact."""

    def find(facts: Facts, day: dt.date) -> Found:
        value = facts.get(fact)
        return (None, frozenset({fact})) if value is None else (holds(value), NOBODY)

    return Test(id or fact, find)


def elsewhere(id: str) -> Test:
    """A condition on what none of the three registers brings."""
    return Test(id, lambda facts, day: (None, NOBODY))


def all_of(*parts: Test | Group) -> Group:
    """Met if all are."""
    return Group(False, parts)


def any_of(*parts: Test | Group) -> Group:
    """Met if one is."""
    return Group(True, parts)


def evaluate(part: Test | Group, facts: Facts, day: dt.date, states: dict[str, State]) -> Found:
    """The state of ``part``; the states of its conditions go into ``states``. Kleene's three-valued logic."""
    if isinstance(part, Test):
        found = part.find(facts, day)
        states[part.id] = found[0]
        return found
    founds = [evaluate(inner, facts, day, states) for inner in part.parts]
    deciding = part.any
    if any(state is deciding for state, _ in founds):
        return deciding, NOBODY
    if any(state is None for state, _ in founds):
        return None, frozenset().union(*(missing for state, missing in founds if state is None))
    return not deciding, NOBODY


def fen_text(yuan: Fraction) -> str:
    """Yuan rounded half up to the fen."""
    fen = floor(yuan * 100 + Fraction(1, 2))
    return f"{fen // 100}.{fen % 100:02d}"


def decide(policy: Policy, facts: Facts, day: dt.date) -> Answer:
    """One decision."""
    states: dict[str, State] = {}
    state, missing = evaluate(policy.when, facts, day, states)
    conditions = {id: {True: "met", False: "not_met", None: "unknown"}[found] for id, found in states.items()}
    if state is False:
        return Answer("refused", "", conditions, NOBODY)
    if state is None:
        others = any(_asks_elsewhere(part, facts, day) for part in _tests(policy.when))
        return Answer("undetermined", "", conditions, None if others else missing)
    if policy.amount_needs_other_registers:
        return Answer("granted", "", conditions, None)
    if policy.amount is None:
        return Answer("granted", "", conditions, NOBODY)
    yuan, lacking = policy.amount(facts, day)
    return Answer("granted", "" if yuan is None else fen_text(yuan), conditions, lacking)


def _tests(part: Test | Group) -> list[Test]:
    return [part] if isinstance(part, Test) else [leaf for inner in part.parts for leaf in _tests(inner)]


def _asks_elsewhere(leaf: Test, facts: Facts, day: dt.date) -> bool:
    """Whether the condition is unknown for want of another register (its facts are not named here)."""
    state, missing = leaf.find(facts, day)
    return state is None and not missing


def in_force(day: dt.date) -> list[Policy]:
    """Policies that decide on ``day``."""
    return [policy for policy in POLICIES if policy.starts <= day and (policy.ends is None or day <= policy.ends)]


def needed(*names: str) -> Callable[[Facts], frozenset[str]]:
    """Which of ``names`` are unknown."""
    return lambda facts: frozenset(name for name in names if facts.get(name) is None)


# ---- conditions that several policies share


def small_low_profit(facts: Facts, day: dt.date) -> Found:
    """小型微利企业: income, staff, assets within bounds and no restricted industry (财政部 税务总局公告2023年第12号)."""
    return evaluate(SMALL_LOW_PROFIT, facts, day, {})


def size_is(*levels: str) -> Test:
    """The size of 工信部联企业〔2011〕300号 is among ``levels``."""

    def find(facts: Facts, day: dt.date) -> Found:
        level, missing = size(facts)
        return (None, missing) if level is None else (level in levels, NOBODY)

    return Test("size", find)


def code_starts(id: str, *codes: str, unclear: tuple[str, ...] = ()) -> Test:
    """The industry code begins with one of ``codes``; ``unclear`` beginnings are too short to tell."""

    def find(facts: Facts, day: dt.date) -> Found:
        code = facts.get("industry_code")
        if code is None or code in unclear:
            return None, frozenset({"industry_code"})
        return str(code).startswith(codes), NOBODY

    return Test(id, find)


def above_scale(facts: Facts, day: dt.date) -> Found:
    """Industry above scale: revenue of 20 million yuan; only asked of manufacturers, elsewhere left open."""
    revenue = facts.get("revenue_year")
    if facts.get("industry_section") != "C" or revenue is None:
        return None, NOBODY
    return revenue >= 2000 * Wan, NOBODY  # type: ignore[operator]


def age_of_a_year(facts: Facts, day: dt.date) -> Found:
    """Twelve whole months since registration."""
    born = facts.get("registered_on")
    if not isinstance(born, dt.date):
        return None, frozenset({"registered_on"})
    return day.year * 12 + day.month - (born.year * 12 + born.month) - (day.day < born.day) >= 12, NOBODY


def refund_size_small(facts: Facts, day: dt.date) -> Found:
    level = refund_size(facts)
    return (None if level is None else level in ("micro", "small")), NOBODY


def size_ref_small(facts: Facts, day: dt.date) -> Found:
    return size_ref(facts), NOBODY


# ---- amounts


def small_low_profit_saving(facts: Facts, day: dt.date) -> tuple[Fraction | None, frozenset[str]]:
    income = facts.get("taxable_income_year")
    if not isinstance(income, Fraction):
        return None, frozenset({"taxable_income_year"})
    income = max(income, Fraction(0))
    million = Fraction(1_000_000)
    low, high = min(income, million), max(income - million, Fraction(0))
    if day.year == 2021:
        tax = Fraction(25, 1000) * low + Fraction(10, 100) * high
    elif day.year == 2022:
        tax = Fraction(25, 1000) * low + Fraction(5, 100) * high
    else:
        tax = Fraction(5, 100) * income
    return Fraction(1, 4) * income - tax, NOBODY


def share_of(fact: str, share: Fraction) -> Amount:
    """A share of a sum; nothing of a negative one."""

    def amount(facts: Facts, day: dt.date) -> tuple[Fraction | None, frozenset[str]]:
        value = facts.get(fact)
        return (None, frozenset({fact})) if value is None else (max(Fraction(value), Fraction(0)) * share, NOBODY)  # type: ignore[call-overload]

    return amount


def stable_jobs_amount(facts: Facts, day: dt.date) -> tuple[Fraction | None, frozenset[str]]:
    """90 % or 50 % in 2022, 60 % or 30 % later, of the premiums of the year before; small and medium, or large."""
    level, unsized = size(facts)
    kind = facts.get("entity_type")
    missing = needed("unemployment_premiums_last_year")(facts)
    if kind in LIKE_SMALL or level in ("micro", "small", "medium"):
        small = True
    elif level == "large" and kind is not None:
        small = False
    else:
        return None, missing | unsized | needed("entity_type")(facts)
    if missing:
        return None, missing
    rates = (Fraction(9, 10), Fraction(5, 10)) if day.year == 2022 else (Fraction(6, 10), Fraction(3, 10))
    return facts["unemployment_premiums_last_year"] * rates[0 if small else 1], NOBODY  # type: ignore[operator]


# ---- the policies

SMALL_LOW_PROFIT = all_of(
    condition("taxable_income_year", lambda x: x <= 3_000_000),
    condition("staff_avg_quarterly", lambda x: x <= 300),
    condition("assets_avg_quarterly", lambda x: x <= 50_000_000),
    condition("industry_restricted_or_prohibited", lambda x: x is False),
)
SMALL_SCALE = condition("vat_payer_type", lambda x: x == "small_scale")
GENERAL = condition("vat_payer_type", lambda x: x == "general")
MANUFACTURING = condition("industry_section", lambda x: x == "C")
HALVED = any_of(
    SMALL_SCALE, Test("is_small_low_profit", small_low_profit), condition("entity_type", lambda x: x == INDIVIDUAL)
)
HARD_HIT = ("H62", "F52", "G53", "G54", "G55", "G56", "L7291", "N786")
"""餐饮, 零售, 旅游, 民航, 公路水路铁路运输."""
TOO_SHORT = ("F", "G", "H", "I", "L", "L72", "L729", "N", "N78")
"""Codes that do not tell the finest groups apart; the group is then unknown wherever it is asked, even of a broader group."""
STRUGGLING = (
    *("C13", "C17", "C18", "C22", "C23", "C27", "C28", "C29", "C34", "C36", "C37", "C40"),
    *("Q85", "R87", "R88", "R89", "R90"),
)
"""The seventeen industries of 人社部发〔2022〕31号."""
REFUND_FIRST = ("C", "M", "D", "I65", "N77", "G")
REFUND_FROM_JULY = ("F", "A", "H", "O", "P", "Q", "R")
NOT_SERVICES = ("A01", "A02", "A03", "A04", "B06", "B07", "B08", "B09", "B10", "B12", "D", "E")


def _is_service(facts: Facts, day: dt.date) -> Found:
    code = facts.get("industry_code")
    if code is None:
        return None, frozenset({"industry_code"})
    manufacture = str(code).startswith("C") and not str(code).startswith("C43")
    return not (manufacture or str(code).startswith(NOT_SERVICES)), NOBODY


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _policy(
    id: str,
    starts: str,
    ends: str,
    when: Test | Group,
    amount: Amount | None = None,
    *,
    priced_elsewhere: bool = False,
) -> Policy:
    return Policy(id, _day(starts), _day(ends) if ends else None, when, amount, priced_elsewhere)


POLICIES = (
    _policy("cit_small_low_profit", "2021-01-01", "2027-12-31", SMALL_LOW_PROFIT, small_low_profit_saving),
    _policy(
        "vat_small_scale_2021_2022",
        "2021-04-01",
        "2022-12-31",
        all_of(SMALL_SCALE, any_of(elsewhere("vat_sales_month"), elsewhere("vat_sales_quarter"))),
    ),
    _policy("vat_small_scale_exempt_2022", "2022-04-01", "2022-12-31", all_of(SMALL_SCALE, elsewhere("levy_rate"))),
    _policy(
        "six_taxes_two_fees_2022",
        "2022-01-01",
        "2022-12-31",
        HALVED,
        share_of("six_taxes_two_fees_payable", Fraction(1, 2)),
    ),
    _policy(
        "six_taxes_two_fees_2023",
        "2023-01-01",
        "2027-12-31",
        HALVED,
        share_of("six_taxes_two_fees_payable", Fraction(1, 2)),
    ),
    _policy(
        "pit_individual_business",
        "2021-01-01",
        "2027-12-31",
        condition("entity_type", lambda x: x == INDIVIDUAL),
        priced_elsewhere=True,
    ),
    _policy(
        "vat_credit_refund_2022",
        "2022-07-01",
        "",
        all_of(
            elsewhere("tax_credit_grade"),
            elsewhere("fraud_refund_or_false_invoice_36m"),
            elsewhere("tax_evasion_penalties_36m"),
            elsewhere("instant_refund_policy_since_2019_04"),
            any_of(
                Test("size_for_refund", refund_size_small),
                code_starts("industry_group", *REFUND_FIRST, unclear=TOO_SHORT),
                code_starts("industry_group_from_2022_07", *REFUND_FROM_JULY, unclear=TOO_SHORT),
            ),
        ),
    ),
    _policy(
        "mfg_tax_deferral_2022",
        "2021-11-01",
        "2022-12-31",
        all_of(MANUFACTURING, condition("vat_sales_year", lambda x: x < 400_000_000)),
    ),
    _policy(
        "rd_super_deduction",
        "2021-01-01",
        "",
        all_of(elsewhere("negative_list_industry_main"), elsewhere("account_type")),
    ),
    _policy(
        "hnte_cit_15",
        "2016-01-01",
        "",
        condition("hnte_certificate_valid", lambda x: x is True),
        share_of("taxable_income_year", Fraction(1, 10)),
    ),
    _policy(
        "sme_equipment_deduction_2022",
        "2022-01-01",
        "2022-12-31",
        all_of(Test("size_ref", size_ref_small), elsewhere("equipment")),
    ),
    _policy("equipment_500w_oneoff", "2018-01-01", "2027-12-31", elsewhere("equipment")),
    _policy(
        "vat_adv_mfg_5pct",
        "2023-01-01",
        "2027-12-31",
        all_of(
            condition("hnte_certificate_valid", lambda x: x is True),
            GENERAL,
            elsewhere("on_advanced_mfg_list"),
            elsewhere("mfg_sales_share"),
        ),
    ),
    _policy("hire_key_groups_tax_credit", "2023-01-01", "2027-12-31", elsewhere("hires")),
    _policy("disabled_employment_levy", "2020-01-01", "2027-12-31", elsewhere("levy")),
    _policy(
        "stable_jobs_refund",
        "2022-01-01",
        "2024-12-31",
        all_of(
            condition("unemployment_insurance_months_last_year", lambda x: x >= 12),
            any_of(
                condition("layoff_rate", lambda x: x <= Fraction(55, 1000)),
                all_of(
                    condition("insured_avg", lambda x: x <= 30),
                    condition("layoff_rate", lambda x: x <= Fraction(20, 100), "layoff_rate_small_employer"),
                ),
            ),
            condition("on_zombie_or_seriously_dishonest_list", lambda x: x is False),
        ),
        stable_jobs_amount,
    ),
    _policy(
        "retain_worker_training_2022",
        "2022-01-01",
        "2022-12-31",
        any_of(
            elsewhere("city_had_mid_high_risk_area_2022"), code_starts("industry_group", *HARD_HIT, unclear=TOO_SHORT)
        ),
        priced_elsewhere=True,
    ),
    _policy("expand_jobs_2022", "2022-01-01", "2022-12-31", elsewhere("hires")),
    _policy("expand_jobs_2023", "2023-01-01", "2023-12-31", elsewhere("hires")),
    _policy(
        "one_off_absorb_jobs_qingdao_2022",
        "2022-01-01",
        "2022-12-31",
        all_of(size_is("micro", "small", "medium"), elsewhere("hires")),
    ),
    _policy("social_insurance_subsidy_qingdao_2023", "2023-08-01", "", elsewhere("hires")),
    _policy(
        "social_insurance_deferral_2022",
        "2022-04-01",
        "2023-06-30",
        any_of(
            code_starts("industry_group", *HARD_HIT, unclear=TOO_SHORT),
            code_starts("industry_group_hardship", *STRUGGLING, unclear=("C", "Q", "R", *TOO_SHORT)),
            all_of(size_is("micro", "small", "medium"), elsewhere("epidemic_hardship")),
        ),
    ),
    _policy("lower_unemployment_injury_rates", "2022-05-01", "2024-12-31", elsewhere("insured_employer")),
    _policy(
        "startup_guaranteed_loan", "2020-04-15", "2023-12-31", all_of(size_is("micro", "small"), elsewhere("loan"))
    ),
    _policy(
        "qingdao_startup_subsidy",
        "2021-01-01",
        "2024-12-31",
        all_of(elsewhere("first_time_founder_since"), Test("business_age_months", age_of_a_year), elsewhere("months")),
    ),
    _policy(
        "state_rent_relief_2022",
        "2022-01-01",
        "2022-12-31",
        all_of(
            elsewhere("landlord"),
            any_of(
                all_of(Test("sector", _is_service), size_is("micro", "small")),
                condition("entity_type", lambda x: x == INDIVIDUAL),
            ),
        ),
    ),
    _policy(
        "qingdao_mfg_scale_2021",
        "2021-01-01",
        "2024-12-31",
        all_of(MANUFACTURING, Test("above_scale", above_scale), elsewhere("revenue_first_time_over")),
    ),
    _policy("qingdao_mfg_champion_2021", "2021-01-01", "2024-12-31", elsewhere("title_new")),
    _policy(
        "qingdao_tech_transform_2021",
        "2021-01-01",
        "2024-12-31",
        all_of(MANUFACTURING, Test("above_scale", above_scale), elsewhere("tech_transform_project_qualified")),
    ),
    _policy("qingdao_robot_2021", "2021-01-01", "2024-12-31", all_of(MANUFACTURING, elsewhere("robot_invest_year"))),
    _policy("qingdao_eight_strategies_2021", "2021-10-15", "2022-12-31", elsewhere("title_new")),
    _policy("qingdao_high_growth_2019", "2019-12-01", "2022-12-31", elsewhere("in_high_growth_pool")),
    _policy("qingdao_listing_2021", "2021-05-01", "2023-12-31", elsewhere("listing_stage")),
    _policy("shandong_small_to_hnte", "2021-01-01", "2024-12-31", Test("city", lambda facts, day: (False, NOBODY))),
    _policy("shandong_rd_subsidy", "2022-01-01", "2024-12-31", Test("city", lambda facts, day: (False, NOBODY))),
)
"""Switched on in a district of 青岛: every policy whose text or amounts were read. Those known only from memory decide nothing."""

OFF = frozenset(
    {
        *(
            "vat_small_scale_2023",
            "hnte_equipment_q4_2022",
            "vat_service_additional_credit",
            "hire_veterans_tax_credit",
        ),
        *("utility_no_cutoff_2022", "gov_procurement_sme", "inclusive_loan_interest_cut_q4_2022"),
        *("equipment_renewal_loan_2022", "patent_subsidy_ban", "upscale_first_time_example"),
    }
)
"""Known only from memory, a prohibition, or another city's: must not decide."""
