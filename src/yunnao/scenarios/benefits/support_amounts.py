"""Amounts of loans, rents and awards: exact, from the policy's own dated parameters, rounded once to the fen."""

from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import own
from yunnao.platforms.decisions.model import Expression, all_of, case, yuan
from yunnao.scenarios.benefits.subject import enterprise as e
from yunnao.scenarios.benefits.support_facts import (
    DIGITAL_TITLES,
    GUARANTEED_LOANS,
    HIGH_GROWTH_TITLES,
    INCLUSIVE_LOANS,
    MANUFACTURING_TITLES,
    RENEWAL_LOANS,
    STATE_RENTS,
    awarded_this_year,
    loans,
    rents,
    titles,
)
from yunnao.scenarios.benefits.tax_amounts import MILLION, millionths

_EIGHTEEN = "2021 年制造业“18 条”政策措施"
_POOL = "青岛市培育和奖励隐形冠军企业、专精特新“小巨人”企业、瞪羚企业、独角兽企业实施方案（2019—2022年）"


@e.amount(
    id="startup_loan_subsidy",
    title=Text("创业担保贷款年贴息额", "Interest subsidy for a year"),
    cites="财金〔2020〕21号",
    meaning="每笔贷款按余额计一年，四舍五入到分后相加",
)
def startup_loan_subsidy() -> Expression:
    """For each loan, a year's interest on the balance above what the borrower bears (LPR less the margin)."""
    borne = (own.loan_prime_rate - own.borrower_margin) * MILLION
    excess = (millionths(loans.loan_rate) - borne).or_larger(0)
    yearly = (excess * loans.balance.or_smaller(own.max_loan_amount)).divided_by(MILLION)
    return loans.sum(yearly.or_smaller(own.max_loan_amount), GUARANTEED_LOANS)


@e.amount(
    id="inclusive_loan_interest_cut",
    title=Text("普惠小微贷款减息额", "Interest cut on inclusive loans"),
    cites="银发〔2022〕252号",
    evidence="verify",
)
def inclusive_loan_interest_cut() -> Expression:
    """A share of balance x days / 360."""
    balance_days = loans.sum(loans.balance * loans.interest_days, INCLUSIVE_LOANS)
    return (balance_days * own.rate_cut).divided_by(360)


@e.amount(
    id="equipment_loan_subsidy",
    title=Text("设备更新改造贷款年贴息额", "Interest subsidy on renewal loans for a year"),
    cites="财金〔2022〕99号",
    evidence="verify",
)
def equipment_loan_subsidy() -> Expression:
    """A share of the balances."""
    return loans.sum(loans.balance, RENEWAL_LOANS) * own.subsidy_rate


@e.amount(
    id="rent_relief_amount",
    title=Text("减免租金金额", "Rent waived"),
    cites="青岛市国资委《关于做好2022年服务业小微企业和个体工商户房租减免工作的通知》",
)
def rent_relief_amount() -> Expression:
    """Months of rent, more where the county had a medium or high risk area."""
    months = case((e.county_had_mid_high_risk_area_2022, own.months_in_risk_area), otherwise=own.months_elsewhere)
    return rents.sum(rents.monthly_rent, STATE_RENTS) * months


@e.amount(id="mfg_scale_award", title=Text("规模跃升奖励", "Award for growth in scale"), cites=_EIGHTEEN)
def mfg_scale_award() -> Expression:
    """The award of the highest threshold that revenue passed for the first time."""
    over = e.revenue_first_time_over
    return case(
        (over >= own.revenue_4, own.award_4),
        (over >= own.revenue_3, own.award_3),
        (over >= own.revenue_2, own.award_2),
        (over >= own.revenue_1, own.award_1),
        otherwise=yuan(0),
    )


@e.amount(id="mfg_champion_award", title=Text("制造业称号奖励", "Award for manufacturing titles"), cites=_EIGHTEEN)
def mfg_champion_award() -> Expression:
    """The award of each title of the year."""
    title = titles.title_new
    award = case(
        (title.is_("champion_enterprise"), own.champion_enterprise),
        (title.is_("champion_product"), own.champion_product),
        (title.is_("service_national"), own.service_national),
        (title.is_("service_provincial"), own.service_provincial),
        otherwise=own.smart_benchmark,
    )
    return titles.sum(award, awarded_this_year(*MANUFACTURING_TITLES))


@e.amount(id="tech_transform_award", title=Text("技术改造设备奖补", "Award for technical renewal"), cites=_EIGHTEEN)
def tech_transform_award() -> Expression:
    """A share of the equipment invested this year, up to the cap."""
    cap = case((e.tech_transform_major_project, own.max_award_major), otherwise=own.max_award)
    return (e.equipment_invest_year * own.rate).or_smaller(cap)


@e.amount(id="robot_award", title=Text("工业机器人应用奖补", "Award for industrial robots"), cites=_EIGHTEEN)
def robot_award() -> Expression:
    """A share of the robots invested this year, up to the cap."""
    return (e.robot_invest_year * own.rate).or_smaller(own.max_award)


@e.amount(
    id="eight_strategies_award", title=Text("数字产业奖励", "Award for digital industry"), cites="青政字〔2021〕21号"
)
def eight_strategies_award() -> Expression:
    """The award of each title of the year, and a share of a listed platform's local income."""
    title = titles.title_new
    award = case(
        (title.is_("top_ten_scene"), (titles.title_investment * own.scene_rate).or_smaller(own.scene_max)),
        (title.is_("city_platform"), own.city_platform),
        (title.is_("smart_factory"), own.smart_factory),
        (title.is_("digital_workshop"), own.digital_workshop),
        otherwise=own.top_hundred_first,
    )
    provider = all_of(
        e.industrial_internet_platform_listed,
        e.local_clients_year >= own.min_local_clients,
        e.local_service_income >= own.min_local_income,
    )
    service = case(
        (provider, (e.local_service_income * own.service_rate).or_smaller(own.service_max)), otherwise=yuan(0)
    )
    return titles.sum(award, awarded_this_year(*DIGITAL_TITLES)) + service


@e.amount(id="high_growth_award", title=Text("高成长企业奖励", "Award for high growth"), cites=_POOL)
def high_growth_award() -> Expression:
    """The award of each title of the year; a little giant's is what the province pays."""
    title = titles.title_new
    award = case(
        (title.is_("hidden_champion"), own.hidden_champion),
        (title.is_("gazelle"), own.gazelle),
        (title.is_("unicorn"), own.unicorn),
        otherwise=titles.provincial_award,
    )
    return titles.sum(award, awarded_this_year(*HIGH_GROWTH_TITLES))


@e.amount(
    id="listing_award",
    title=Text("企业上市补助", "Award for listing"),
    cites="青岛市支持金融业高质量发展政策措施（2021-05）",
)
def listing_award() -> Expression:
    """By stage of listing up to the cap, a sum for the NEEQ, and by the amount raised on the regional board."""
    stage = e.listing_stage
    raised = e.regional_board_direct_financing_year
    listed = case(
        (stage.is_in("domestic_staged", "overseas"), e.listing_award_assessed.or_smaller(own.max_listing)),
        (stage.is_in("backdoor_moved_in", "listed_moved_in"), own.moved_in),
        otherwise=yuan(0),
    )
    regional = case(
        (raised >= own.regional_3, own.regional_award_3),
        (raised >= own.regional_2, own.regional_award_2),
        (raised >= own.regional_1, own.regional_award_1),
        otherwise=yuan(0),
    )
    return listed + case((e.neeq_listed, own.neeq), otherwise=yuan(0)) + regional


@e.amount(
    id="upscale_award", title=Text("首次升规纳统奖励", "Award for rising above scale"), cites="青政字〔2021〕21号"
)
def upscale_award() -> Expression:
    """A sum by sector; the growth bonuses of the sample are left out."""
    return case((e.industry_section.is_("H"), own.catering), otherwise=own.others)


@e.amount(
    id="small_to_hnte_award",
    title=Text("小升高补助", "Award to new high-tech enterprises"),
    cites="鲁科字〔2021〕48号",
    evidence="knowledge",
)
def small_to_hnte_award() -> Expression:
    """A sum, once."""
    return own.award


@e.amount(
    id="rd_subsidy_amount",
    title=Text("企业研究开发补助", "Research subsidy"),
    cites="鲁科字〔2022〕45号",
    evidence="verify",
)
def rd_subsidy_amount() -> Expression:
    """A share of the expense, or of its increase for a large seller, up to the cap."""
    increase = (e.rd_expense_year - e.rd_expense_previous_year).or_larger(0)
    base = case((e.revenue_year > own.large_revenue_above, increase), otherwise=e.rd_expense_year)
    return (base * own.rate).or_smaller(own.max_award)
