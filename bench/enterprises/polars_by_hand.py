"""The same policies once more, written by hand for Polars: what the expressions cost without rules as data."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, and_, or_
from pathlib import Path

import polars as pl

from bench.enterprises.data import WIDE
from bench.enterprises.ours import COMPRESSION_LEVEL

YUAN = 100
WAN = 10_000 * YUAN
_JANUARY, _DECEMBER, _DAY = dt.date(2022, 1, 1), dt.date(2022, 12, 1), dt.date(2022, 12, 31)
_NEEDY = (
    "lifted_from_poverty",
    "unemployed_half_year",
    "veteran",
    "hard_to_employ",
    "graduation_year",
    "graduate_two_years",
)
_TITLES = {
    "manufacturing": (
        "champion_enterprise",
        "champion_product",
        "service_national",
        "service_provincial",
        "smart_benchmark",
    ),
    "digital": ("top_ten_scene", "city_platform", "smart_factory", "digital_workshop", "top_hundred_first"),
}
# industry of the size standard -> beginnings of codes, and lower bounds of small, medium, large: staff, revenue, assets (万元)
_Bounds = tuple[int, int, int] | None
_SIZES: Mapping[str, tuple[Sequence[str], _Bounds, _Bounds, _Bounds]] = {
    "agriculture": (["A"], None, (50, 500, 20_000), None),
    "industry": (["B", "C", "D"], (20, 300, 1000), (300, 2000, 40_000), None),
    "construction": (["E"], None, (300, 6000, 80_000), (300, 5000, 80_000)),
    "wholesale": (["F51"], (5, 20, 200), (1000, 5000, 40_000), None),
    "retail": (["F52"], (10, 50, 300), (100, 500, 20_000), None),
    "transport": (["G54", "G55", "G56", "G57", "G58", "G591"], (20, 300, 1000), (200, 3000, 30_000), None),
    "warehousing": (["G590", *(f"G59{k}" for k in range(2, 10))], (20, 100, 200), (100, 1000, 30_000), None),
    "post": (["G60"], (20, 300, 1000), (100, 2000, 30_000), None),
    "accommodation": (["H61"], (10, 100, 300), (100, 2000, 10_000), None),
    "catering": (["H62"], (10, 100, 300), (100, 2000, 10_000), None),
    "info_transmission": (["I63", "I64"], (10, 100, 2000), (100, 1000, 100_000), None),
    "software_it": (["I65"], (10, 100, 300), (50, 1000, 10_000), None),
    "real_estate_dev": (["K701"], None, (100, 1000, 200_000), (2000, 5000, 10_000)),
    "property_mgmt": (["K702"], (100, 300, 1000), (500, 1000, 5000), None),
    "leasing_business": (["L"], (10, 100, 300), None, (100, 8000, 120_000)),
    "other": (["M", "N", "O", "Q85", "R", "K703", "K709"], (10, 100, 300), None, None),
}
_UNCOVERED = {"finance": ["J"], "not_covered": ["G53", "K704", "P", "Q84", "S", "T"]}
_LEASING = ["L71", *(f"L72{k}" for k in range(9)), *(f"L729{k}" for k in (0, *range(2, 10)))]
_PUBLIC_WORKS = ["N76", "N79", *(f"N78{k}" for k in (0, 1, 2, 3, 4, 5, 7, 8, 9))]
_SPECIAL_MAKERS = [f"C{k}" for k in (13, 17, 18, 22, 23, 27, 28, 29, 34, 36, 37, 40)]
_OTHER_MAKERS = [f"C{k}" for k in range(13, 44) if f"C{k}" not in _SPECIAL_MAKERS and k != 12]
_CULTURE = ["R87", "R88", "R89", "R90"]
_TOURISM = ["L7291", "N786"]
_GROUPED = [  # beginnings of codes that belong to some group
    *"ABDEJKMOPST", *_SPECIAL_MAKERS, *_OTHER_MAKERS, "F51", "F52", *(f"G{k}" for k in range(53, 61)), "H61", "H62",
    "I63", "I64", "I65", *_TOURISM, *_LEASING, "N77", *_PUBLIC_WORKS, "Q84", "Q85", "R86", *_CULTURE,
]  # fmt: skip
_GOODS = (
    [f"A0{k}" for k in range(1, 5)]
    + [f"B{k:02}" for k in (6, 7, 8, 9, 10, 12)]
    + [f"C{k}" for k in range(13, 43)]
    + ["D", "E"]
)
c = pl.col
Expr = pl.Expr


def _all(*tests: Expr) -> Expr:
    return reduce(and_, tests)


def _any(*tests: Expr) -> Expr:
    return reduce(or_, tests)


def _starts(codes: Sequence[str], column: str = "industry_code") -> Expr:
    """Code begins with one of ``codes``, by slices of one length each."""
    lengths = sorted({len(code) for code in codes})
    return _any(*(c(column).str.slice(0, n).is_in([code for code in codes if len(code) == n]) for n in lengths))


def _in_group(codes: Sequence[str]) -> Expr:
    """In a group of industries; unknown where the code is too short to belong to any."""
    return pl.when(c("grouped")).then(_starts(codes))


def _counted(test: Expr) -> Expr:
    return pl.when(test.null_count() == 0).then(test.sum().cast(pl.Int64))


def _some(test: Expr) -> Expr:
    return pl.when(test.any()).then(True).when(test.null_count() == 0).then(False)


def _graduates(hires: pl.LazyFrame) -> pl.LazyFrame:
    graduate = c("hired_person_category") == "graduation_year"
    between = c("hired_on").is_between(_JANUARY, _DAY)
    rows = hires.filter(graduate | graduate.is_null()).select(
        "credit_code",
        "person_id",
        "hired_on",
        expansion=_all(graduate, between, c("labor_contract_signed"), c("unemployment_insurance_enrolled")),
        absorption=_all(graduate, between, c("contract_months") >= 12),
    )
    rows = rows.with_columns(counts=c("expansion") | c("absorption"))
    firsts = (
        rows.filter(c("counts"))
        .sort("hired_on", "credit_code")
        .unique("person_id", keep="first", maintain_order=True)
        .select("person_id", "credit_code", first=pl.lit(True))
    )
    rows = rows.join(firsts, on=["person_id", "credit_code"], how="left")
    known = c("counts").is_not_null() & c("hired_on").is_not_null()
    claim = pl.when(known).then(c("first").fill_null(False))
    return (
        rows.select("credit_code", expands=c("expansion") & claim, absorbs=c("absorption") & ~c("expansion") & claim)
        .group_by("credit_code")
        .agg(expands=_counted(c("expands")), absorbs=_counted(c("absorbs")), graduates=True)
    )


def _related(tables: Mapping[str, pl.LazyFrame]) -> list[pl.LazyFrame]:
    this_year = c("hired_on").is_between(_JANUARY, _DAY)
    new_hires = tables["hires"].select(
        "credit_code", new=_all(c("hired_person_category").is_in(_NEEDY), c("contract_months") >= 12, this_year)
    )
    bought = c("purchase_date").is_between(_JANUARY, _DAY)
    small = c("unit_price") <= 500 * WAN
    assets = tables["assets"].select(
        "credit_code", small=_all(c("asset_kind") == "equipment", small, bought), large=~small & bought
    )
    awarded = c("awarded_on").is_between(_JANUARY, _DAY)
    titles = tables["titles"].select(
        "credit_code", **{name: c("title_new").is_in(list(titles)) & awarded for name, titles in _TITLES.items()}
    )
    guaranteed = _all(c("loan_type") == "startup_guaranteed", c("loan_amount") <= 300 * WAN, c("term_months") <= 24)
    loans = tables["loans"].select("credit_code", guaranteed=guaranteed)
    rents = tables["rent_contracts"].select("credit_code", state=c("landlord").is_in(["state_company", "public_body"]))
    december = tables["vat_returns"].filter(c("period").is_between(_DECEMBER, _DAY)).group_by("credit_code")
    sales = {name: c(f"vat_sales_{name}") for name in ("month", "quarter")}
    return [
        _graduates(tables["hires"]),
        new_hires.group_by("credit_code").agg(new=_counted(c("new")), hires=True),
        assets.group_by("credit_code").agg(small=_some(c("small")), large=_some(c("large")), assets=True),
        titles.group_by("credit_code").agg(*(_counted(c(name)).alias(name) for name in _TITLES), titles=True),
        loans.group_by("credit_code").agg(guaranteed=_some(c("guaranteed")), loans=True),
        rents.group_by("credit_code").agg(state=_some(c("state")), rents=True),
        december.agg(**{name: pl.when(value.null_count() == 0).then(value.max()) for name, value in sales.items()}),
    ]


def _level(value: Expr, which: int, unit: int) -> Expr:
    """0 to 3 by the bounds of the size standard; 3 where the indicator does not apply."""
    industry = c("size_industry")
    bounds = {name: row[which] for name, row in _SIZES.items()}
    found = {name: limits for name, limits in bounds.items() if limits is not None}

    def limit(k: int) -> Expr:
        return industry.replace_strict(
            {name: b[k] * unit for name, b in found.items()}, default=None, return_dtype=pl.Int64
        )

    level = (value >= limit(2)).cast(pl.Int8) + (value >= limit(1)).cast(pl.Int8) + (value >= limit(0)).cast(pl.Int8)
    return pl.when(industry.is_in(list(found))).then(level).when(industry.is_not_null()).then(pl.lit(3, pl.Int8))


def _facts(tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    frame = tables[WIDE]
    for related in _related(tables):
        frame = frame.join(related, on="credit_code", how="left")
    kinds = {**{name: row[0] for name, row in _SIZES.items()}, **_UNCOVERED}
    industry = pl.coalesce(*(pl.when(_starts(codes)).then(pl.lit(name)) for name, codes in kinds.items()))
    services = [*"FGHIJKLMNOPQRST", "A05", "B11", "C43"]
    frame = frame.with_columns(
        size_industry=industry,
        grouped=_starts(_GROUPED),
        in_services=pl.when(_starts(services)).then(True).when(_starts(_GOODS)).then(False),
    )
    frame = frame.with_columns(
        staff_level=_level(c("employees"), 1, 1),
        revenue_level=_level(c("revenue_year"), 2, WAN),
        sales_level=_level(c("vat_sales_year"), 2, WAN),
        assets_level=_level(c("assets_year_end"), 3, WAN),
    )
    three, two = ["staff_level", "revenue_level", "assets_level"], ["sales_level", "assets_level"]
    covered = c("size_industry").is_in(list(_SIZES))
    alone = c("size_industry").is_in(["other", "not_covered"])
    sales = c("vat_sales_year")
    on_sales = (
        (sales >= 100 * WAN).cast(pl.Int8) + (sales >= 2000 * WAN).cast(pl.Int8) + (sales >= 10_000 * WAN).cast(pl.Int8)
    )
    return frame.with_columns(
        size=pl.when(covered & pl.all_horizontal(c(three).is_not_null())).then(pl.min_horizontal(three)),
        refund_size=pl.when(alone)
        .then(on_sales)
        .when(covered & pl.all_horizontal(c(two).is_not_null()))
        .then(pl.min_horizontal(two)),
    )


def _above_scale() -> Expr:
    section, revenue = c("industry_section"), c("revenue_year")
    return (
        pl.when(section.is_null())
        .then(None)
        .when(section == "E")
        .then(c("construction_qualified"))
        .when(section.is_in([*"BCDGIN"]))
        .then(revenue >= 2000 * WAN)
        .when(section == "H")
        .then(revenue >= 200 * WAN)
        .when(c("industry_code").is_null())
        .then(None)
        .when(_starts(["Q84", "F51"]))
        .then(revenue >= 2000 * WAN)
        .when(section.is_in([*"LMP"]) | _starts(["K702", "K703"]))
        .then(revenue >= 1000 * WAN)
        .when(section.is_in([*"OR"]) | _starts(["Q85", "F52"]))
        .then(revenue >= 500 * WAN)
        .when(_starts(["K701"]))
        .then(True)
    )


def _sme_for_equipment() -> Expr:
    staff, revenue, assets = c("employees"), c("revenue_year"), c("assets_year_end")
    industry = c("size_industry")
    return (
        pl.when(industry.is_in(["info_transmission", "construction", "leasing_business"]))
        .then((staff < 2000) | (revenue < 100_000 * WAN) | (assets < 120_000 * WAN))
        .when(industry == "real_estate_dev")
        .then((revenue < 200_000 * WAN) | (assets < 10_000 * WAN))
        .when(industry.is_not_null())
        .then((staff < 1000) | (revenue < 40_000 * WAN))
    )


def _or_none(value: str, present: str, nothing: int | bool) -> Expr:
    """A summary of related rows; an enterprise without rows has none."""
    return pl.when(c(present)).then(c(value)).otherwise(nothing)


def _conditions() -> dict[str, Expr]:
    staff = c("employees")
    share = pl.when(staff > 100).then(8).otherwise(15)
    income = [
        c("taxable_income_year") <= 300 * WAN, c("staff_avg_quarterly") <= 300,
        c("assets_avg_quarterly") <= 5000 * WAN, ~c("industry_restricted_or_prohibited"),
    ]  # fmt: skip
    shops = ["H62", "F52", *_TOURISM, "G56", "G53", "G54", "G55"]
    makers = [*_SPECIAL_MAKERS, *_OTHER_MAKERS, "M", "D", "I65", "N77", *(f"G{k}" for k in range(53, 61))]
    traders = ["F51", "F52", "A", "H61", "H62", "O", "P", "Q84", "Q85", "R86", *_CULTURE]
    return {
        "income": income[0], "staff": income[1], "assets_avg": income[2], "free": income[3], "low_profit": _all(*income),
        "quota": c("staff_last_year") * 3 > c("disabled_hired") * 200,
        "small_equipment": _or_none("small", "assets", False), "large_equipment": _or_none("large", "assets", False),
        "expands": _or_none("expands", "graduates", 0) >= 1, "absorbs": _or_none("absorbs", "graduates", 0) >= 1,
        "hnte": c("hnte_certificate_valid"), "employer_insured": c("insured_employer"),
        "maker": c("industry_section") == "C", "below_400m": c("vat_sales_year") < 40_000 * WAN,
        "up_to_medium": c("size") <= 2, "up_to_small": c("size") <= 1, "trader": c("entity_type") == "个体工商户",
        "digital": _or_none("digital", "titles", 0) >= 1, "platform": c("industrial_internet_platform_listed"),
        "clients": c("local_clients_year") >= 50, "service_income": c("local_service_income") >= 1000 * WAN,
        "pool": c("in_high_growth_pool"),
        "listing": c("listing_stage").is_in(["domestic_staged", "backdoor_moved_in", "listed_moved_in", "overseas"]),
        "neeq": c("neeq_listed"), "financed": c("regional_board_direct_financing_year") >= 100 * WAN,
        "champion": _or_none("manufacturing", "titles", 0) >= 1, "above_scale": _above_scale(),
        "over_5b": c("revenue_first_time_over") >= 500_000 * WAN, "robots": c("robot_invest_year") >= 50 * WAN,
        "founder": c("first_time_founder_since") >= dt.date(2013, 10, 1),
        "one_year": c("registered_on") <= dt.date(2021, 12, 31),
        "founder_insured": c("founder_social_insurance_months") >= 12, "transform": c("tech_transform_project_qualified"),
        "not_negative": ~c("negative_list_industry_main"), "audited": c("account_type") == "audited",
        "risk_area": c("city_had_mid_high_risk_area_2022"), "shops": _in_group(shops), "rd": c("rd_super_deduction_filed"),
        "outside": pl.lit(False), "first_hnte": c("first_time_hnte"), "small_scale": c("vat_payer_type") == "small_scale",
        "sme": _sme_for_equipment(), "hard_hit": _in_group([*_SPECIAL_MAKERS, "Q85", *_CULTURE]),
        "hardship": c("epidemic_hardship"), "insured_year": c("unemployment_insurance_months_last_year") >= 12,
        "few_layoffs": c("layoff_rate") <= 55 * 10**9, "insured_30": c("insured_avg") <= 30,
        "layoffs_small": c("layoff_rate") <= 200 * 10**9, "honest": ~c("on_zombie_or_seriously_dishonest_list"),
        "guaranteed": _or_none("guaranteed", "loans", False),
        "new_hires": (staff >= 1) & (_or_none("new", "hires", 0) * 100 >= staff * share),
        "no_arrears": ~c("wage_or_insurance_arrears"), "state_premises": _or_none("state", "rents", False),
        "services": c("in_services"), "grade": c("tax_credit_grade").is_in(["A", "B"]),
        "no_fraud": ~c("fraud_refund_or_false_invoice_36m"), "penalties": c("tax_evasion_penalties_36m") < 2,
        "no_instant": ~c("instant_refund_policy_since_2019_04"), "refund_small": c("refund_size") <= 1,
        "makers": _in_group(makers), "traders": _in_group(traders), "month": c("month") <= 15 * WAN,
        "quarter": c("quarter") <= 45 * WAN, "levied": c("levy_rate") == 30 * 10**9,
    }  # fmt: skip


def _policies() -> dict[str, tuple[Expr, str]]:
    """Policy -> its outcome over the conditions' columns, and its conditions in order."""
    return {
        "cit_small_low_profit": (c("low_profit"), "income staff assets_avg free"),
        "disabled_employment_levy": (c("quota"), "quota"),
        "equipment_500w_oneoff": (c("small_equipment"), "small_equipment"),
        "expand_jobs_2022": (c("expands"), "expands"),
        "hnte_cit_15": (c("hnte"), "hnte"),
        "lower_unemployment_injury_rates": (c("employer_insured"), "employer_insured"),
        "mfg_tax_deferral_2022": (c("maker") & c("below_400m"), "maker below_400m"),
        "one_off_absorb_jobs_qingdao_2022": (c("up_to_medium") & c("absorbs"), "up_to_medium absorbs"),
        "pit_individual_business": (c("trader"), "trader"),
        "qingdao_eight_strategies_2021": (
            c("digital") | (c("platform") & c("clients") & c("service_income")),
            "digital platform clients service_income",
        ),
        "qingdao_high_growth_2019": (c("pool"), "pool"),
        "qingdao_listing_2021": (c("listing") | c("neeq") | c("financed"), "listing neeq financed"),
        "qingdao_mfg_champion_2021": (c("champion"), "champion"),
        "qingdao_mfg_scale_2021": (c("maker") & c("above_scale") & c("over_5b"), "maker above_scale over_5b"),
        "qingdao_robot_2021": (c("maker") & c("robots"), "maker robots"),
        "qingdao_startup_subsidy": (
            c("founder") & c("one_year") & c("founder_insured"),
            "founder one_year founder_insured",
        ),
        "qingdao_tech_transform_2021": (c("maker") & c("above_scale") & c("transform"), "maker above_scale transform"),
        "rd_super_deduction": (c("not_negative") & c("audited"), "not_negative audited"),
        "retain_worker_training_2022": (c("risk_area") | c("shops"), "risk_area shops"),
        "shandong_rd_subsidy": (c("rd") & c("outside"), "rd outside"),
        "shandong_small_to_hnte": (c("first_hnte") & c("up_to_medium") & c("outside"), "first_hnte up_to_medium outside"),
        "six_taxes_two_fees_2022": (c("small_scale") | c("low_profit") | c("trader"), "small_scale low_profit trader"),
        "sme_equipment_deduction_2022": (c("sme") & c("large_equipment"), "sme large_equipment"),
        "social_insurance_deferral_2022": (
            c("shops") | c("hard_hit") | (c("up_to_medium") & c("hardship")),
            "shops hard_hit up_to_medium hardship",
        ),
        "stable_jobs_refund": (
            c("insured_year") & (c("few_layoffs") | (c("insured_30") & c("layoffs_small"))) & c("honest"),
            "insured_year few_layoffs insured_30 layoffs_small honest",
        ),
        "startup_guaranteed_loan": (
            c("up_to_small") & c("guaranteed") & c("new_hires") & c("no_arrears"),
            "up_to_small guaranteed new_hires no_arrears",
        ),
        "state_rent_relief_2022": (
            c("state_premises") & ((c("services") & c("up_to_small")) | c("trader")),
            "state_premises services up_to_small trader",
        ),
        "vat_credit_refund_2022": (
            _all(*map(c, ("grade", "no_fraud", "penalties", "no_instant"))) & _any(*map(c, ("refund_small", "makers", "traders"))),
            "grade no_fraud penalties no_instant refund_small makers traders",
        ),
        "vat_small_scale_2021_2022": (c("small_scale") & (c("month") | c("quarter")), "small_scale month quarter"),
        "vat_small_scale_exempt_2022": (c("small_scale") & c("levied"), "small_scale levied"),
    }  # fmt: skip


def decisions(paths: Mapping[str, Path]) -> pl.LazyFrame:
    """The same columns as the other two."""
    tables = {name: pl.scan_parquet(path) for name, path in paths.items()}
    frame = _facts(tables).select("credit_code", **_conditions())
    frame = frame.with_columns(pl.exclude("credit_code").cast(pl.Int8).fill_null(2).name.prefix("_"))
    columns: list[Expr] = []
    for policy, (outcome, names) in _policies().items():
        shifted = [c(f"_{name}").cast(pl.Int16) * (1 << 2 * k) for k, name in enumerate(names.split())]
        columns += [outcome.cast(pl.Int8).fill_null(2).alias(policy), reduce(add, shifted).alias(f"{policy}__states")]
    return frame.select("credit_code", *columns)


def run(tables: Mapping[str, Path], result: Path) -> None:
    """Decide and write."""
    decisions(tables).sink_parquet(result, compression="zstd", compression_level=COMPRESSION_LEVEL)
