"""Facts about loans, rents and titles: whether some row is what a policy means."""

from yunnao.kernel.fact import FactType
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import ParametersOf
from yunnao.platforms.decisions.model import AsOf, Expression, all_of
from yunnao.scenarios.benefits.subject import enterprise as e

loans = e.rows("loans")
rents = e.rows("rent_contracts")
titles = e.rows("titles")

startup_loan = ParametersOf("startup_guaranteed_loan")
equipment_loan = ParametersOf("equipment_renewal_loan_2022")

MANUFACTURING_TITLES = (
    "champion_enterprise",
    "champion_product",
    "service_national",
    "service_provincial",
    "smart_benchmark",
)
DIGITAL_TITLES = ("top_ten_scene", "city_platform", "smart_factory", "digital_workshop", "top_hundred_first")
HIGH_GROWTH_TITLES = ("hidden_champion", "gazelle", "unicorn", "little_giant")

GUARANTEED_LOANS = all_of(
    loans.loan_type.is_("startup_guaranteed"),
    loans.loan_amount <= startup_loan.max_loan_amount,
    loans.term_months <= startup_loan.max_term_months,
)
INCLUSIVE_LOANS = loans.loan_type.is_("inclusive_small")
RENEWAL_LOANS = all_of(
    loans.loan_type.is_("equipment_renewal"),
    loans.loan_field.is_not("other"),
    loans.loan_rate <= equipment_loan.max_loan_rate,
)
STATE_RENTS = rents.landlord.is_in("state_company", "public_body")


@e.derived(
    id="has_guaranteed_loan",
    type=FactType.BOOLEAN,
    title=Text("有符合条件的创业担保贷款", "Has an eligible guaranteed start-up loan"),
    cites="财金〔2020〕21号",
    meaning="金额和期限不超过上限",
)
def has_guaranteed_loan() -> Expression:
    """Some guaranteed loan is within the amount and the term."""
    return loans.any(GUARANTEED_LOANS)


@e.derived(
    id="has_inclusive_loan",
    type=FactType.BOOLEAN,
    title=Text("有普惠小微贷款", "Has an inclusive loan"),
    cites="银发〔2022〕252号",
    evidence="verify",
)
def has_inclusive_loan() -> Expression:
    """Some loan is an inclusive loan to small business."""
    return loans.any(INCLUSIVE_LOANS)


@e.derived(
    id="has_equipment_renewal_loan",
    type=FactType.BOOLEAN,
    title=Text("有符合条件的设备更新改造贷款", "Has an eligible equipment renewal loan"),
    cites="财金〔2022〕99号",
    evidence="verify",
)
def has_equipment_renewal_loan() -> Expression:
    """Some renewal loan goes to a listed field at a rate within the bound."""
    return loans.any(RENEWAL_LOANS)


@e.derived(
    id="rents_state_premises",
    type=FactType.BOOLEAN,
    title=Text("承租国有房屋", "Rents state-owned premises"),
    cites="青岛市国资委《关于做好2022年服务业小微企业和个体工商户房租减免工作的通知》",
    meaning="出租方为市及区（市）属国有企业或行政事业单位",
)
def rents_state_premises() -> Expression:
    """Some lease is with a state-owned company or a public body."""
    return rents.any(STATE_RENTS)


def awarded_this_year(*names: str) -> Expression:
    """A title of these names, awarded in the year of the decision, up to its day."""
    return all_of(titles.title_new.is_in(*names), titles.awarded_on.year.is_(AsOf().year), titles.awarded_on <= AsOf())


@e.derived(
    id="manufacturing_titles_this_year",
    type=FactType.INTEGER,
    title=Text("当年新获制造业称号数", "Manufacturing titles awarded this year"),
    cites="2021 年制造业“18 条”政策措施",
    unit="count",
)
def manufacturing_titles_this_year() -> Expression:
    """Champions, models of service-oriented manufacturing, benchmarks of smart manufacturing."""
    return titles.count(awarded_this_year(*MANUFACTURING_TITLES))


@e.derived(
    id="digital_titles_this_year",
    type=FactType.INTEGER,
    title=Text("当年新获数字产业称号数", "Digital titles awarded this year"),
    cites="青政字〔2021〕21号",
    unit="count",
)
def digital_titles_this_year() -> Expression:
    """Scenes, platforms, factories, workshops, the top hundred."""
    return titles.count(awarded_this_year(*DIGITAL_TITLES))
