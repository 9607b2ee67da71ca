"""The country template's legislation as facts of this project: what registers bring, what is derived, what is paid.

A formula about one person is written once, for `Facts` (the person decided about) and for `Rows` (the members of a household).
Sums of money stay exact until the one rounding to the cent.
"""

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import Facts, ParametersOf, Rows, own
from yunnao.platforms.decisions.model import AsOf, Constant, Expression, case, full_years, yuan

MONTHS = 12
_LARGEST_INCOME = 10**10  # cents a month; declared so that sums over a household are proved to fit
_CITES = "openfisca-country-template 8.2.0"


def _fact(id_: str, type_: FactType, zh: str, maximum: int | None = None) -> FactDefinition:
    return FactDefinition(id=id_, type=type_, title=Text(zh, id_), maximum=maximum)


PERSON_FACTS = (
    _fact("role", FactType.CODE, "角色"),
    _fact("birth", FactType.DATE, "出生日期"),
    _fact("salary", FactType.MONEY, "工资", _LARGEST_INCOME),
    _fact("capital_returns", FactType.MONEY, "资本收益", _LARGEST_INCOME),
)
PERSON_ID = _fact("person_id", FactType.KEY, "个人编号")
HOUSEHOLD_ID = _fact("household_id", FactType.KEY, "家庭编号")

PERSONS = Register(
    id="persons",
    title=Text("个人", "Persons"),
    department="country",
    subject="person",
    subject_key="person_id",
    key=("person_id",),
    facts=(PERSON_ID, *PERSON_FACTS),
    names_subjects=True,
)
MEMBERS = Register(
    id="members",
    title=Text("家庭成员", "Members of households"),
    department="country",
    subject="household",
    subject_key="household_id",
    key=("household_id", "person_id"),
    facts=(HOUSEHOLD_ID, PERSON_ID, *PERSON_FACTS),
)
HOUSEHOLDS = Register(
    id="households",
    title=Text("家庭", "Households"),
    department="country",
    subject="household",
    subject_key="household_id",
    key=("household_id",),
    facts=(
        HOUSEHOLD_ID,
        _fact("rent", FactType.MONEY, "房租", _LARGEST_INCOME),
        _fact("accommodation_size", FactType.INTEGER, "住房面积", 10**6),
        _fact("occupancy", FactType.CODE, "居住情况"),
    ),
    names_subjects=True,
)

person = Facts("person", registers=(PERSONS,))
household = Facts("household", registers=(HOUSEHOLDS, MEMBERS))
members = household.rows("members")
FACTS = (person, household)

_tax = ParametersOf("income_tax")
_contribution = ParametersOf("social_security_contribution")
_basic = ParametersOf("basic_income")
_pension = ParametersOf("pension")
_parenting = ParametersOf("parenting_allowance")
_allowance = ParametersOf("housing_allowance")
_housing = ParametersOf("housing_tax")


def _age(of: Facts | Rows) -> Expression:
    """Full years on the day; variables/demographics.py."""
    return full_years(of.birth, AsOf())


def _retired(of: Facts | Rows) -> Expression:
    return _age(of) >= _pension.age_of_retirement


def _of_age(of: Facts | Rows) -> Expression:
    return _age(of) >= _basic.age_of_majority


def _pension_of(of: Facts | Rows) -> Expression:
    return case((_retired(of), _pension.amount), otherwise=yuan(0))


def _basic_income_of(of: Facts | Rows) -> Expression:
    return case((_of_age(of) & of.salary.is_(yuan(0)), _basic.amount), otherwise=yuan(0))


def _taxable_of(of: Facts | Rows) -> Expression:
    return of.salary + of.capital_returns + _pension_of(of)


def _contribution_of(of: Facts | Rows) -> Expression:
    """A marginal scale of two brackets; parameters/taxes/social_security_contribution.yaml."""
    above = (of.salary - _contribution.threshold).or_larger(0)
    return of.salary * _contribution.lower_rate + above * (_contribution.upper_rate - _contribution.lower_rate)


def _left_to(of: Facts | Rows) -> Expression:
    """What a person brings into the household, after tax and contribution."""
    tax = _taxable_of(of) * _tax.rate
    return _taxable_of(of) + _basic_income_of(of) - tax - _contribution_of(of)


@person.derived(id="of_age", type=FactType.BOOLEAN, title=Text("成年", "Of age"), cites=_CITES)
def of_age() -> Expression:
    return _of_age(person)


@person.derived(id="retired", type=FactType.BOOLEAN, title=Text("退休", "Retired"), cites=_CITES)
def retired() -> Expression:
    return _retired(person)


@person.derived(id="taxable_income", type=FactType.MONEY, title=Text("应税收入", "Taxable income"), cites=_CITES)
def taxable_income() -> Expression:
    return _taxable_of(person)


@person.amount(id="income_tax_due", title=Text("所得税", "Income tax"), cites=_CITES)
def income_tax_due() -> Expression:
    return person.taxable_income * own.rate


@person.amount(id="contribution_due", title=Text("社会保险费", "Contribution"), cites=_CITES)
def contribution_due() -> Expression:
    return _contribution_of(person)


@person.amount(id="basic_income_paid", title=Text("基本收入", "Basic income"), cites=_CITES)
def basic_income_paid() -> Expression:
    return own.amount


@household.derived(id="household_income", type=FactType.MONEY, title=Text("家庭工资", "Household income"), cites=_CITES)
def household_income() -> Expression:
    return members.sum(members.salary, Constant(True))


@household.derived(id="adults", type=FactType.INTEGER, title=Text("成人数", "Adults"), cites=_CITES)
def adults() -> Expression:
    return members.count(members.role.is_("adult"))


@household.derived(
    id="cares_for_small_children", type=FactType.BOOLEAN, title=Text("有幼儿", "Small children"), cites=_CITES
)
def cares_for_small_children() -> Expression:
    return (household.adults.is_(1) & members.any(_age(members) < 8)) | members.any(_age(members) < 6)


@household.amount(id="housing_allowance_paid", title=Text("住房补贴", "Housing allowance"), cites=_CITES)
def housing_allowance_paid() -> Expression:
    return household.rent * own.share_of_rent


@household.amount(id="disposable_income_left", title=Text("可支配收入", "Disposable income"), cites=_CITES)
def disposable_income_left() -> Expression:
    """Twelve times the month's sum, because the housing tax is a twelfth of a year's; divided once, half away from zero."""
    entitled = (household.household_income <= _parenting.income_threshold) & household.cares_for_small_children
    parenting = case((entitled, _parenting.amount), otherwise=yuan(0))
    by_size = (household.accommodation_size * _housing.per_square_metre).or_larger(_housing.minimum)
    housing_tax = case((household.occupancy.is_in("owner", "tenant"), by_size), otherwise=yuan(0))
    month = members.sum(_left_to(members), Constant(True)) + household.rent * _allowance.share_of_rent + parenting
    twelvefold = month * MONTHS - housing_tax
    left = twelvefold.or_larger(0).divided_by(MONTHS)
    lacking = (twelvefold * -1).or_larger(0).divided_by(MONTHS)
    return left - lacking
