"""Facts about taxes that aggregate monthly returns and the ledger of assets."""

from yunnao.kernel.fact import FactType
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import ParametersOf
from yunnao.platforms.decisions.model import AsOf, Expression, all_of
from yunnao.scenarios.benefits.subject import enterprise as e

returns = e.rows("vat_returns")
assets = e.rows("assets")
hnte_equipment = ParametersOf("hnte_equipment_q4_2022")
sme_equipment = ParametersOf("sme_equipment_deduction_2022")
small_equipment = ParametersOf("equipment_500w_oneoff")


THIS_MONTH = all_of(returns.period.year.is_(AsOf().year), returns.period.month.is_(AsOf().month))
_QUARTER = (AsOf().month + 1).divided_by(3)  # half up: months 1-3 -> 1, 4-6 -> 2, 7-9 -> 3, 10-12 -> 4
THIS_QUARTER = all_of(
    returns.period.year.is_(AsOf().year), returns.period.month >= _QUARTER * 3 - 2, returns.period <= AsOf()
)


def _total_this_quarter(value: Expression) -> Expression:
    """Unknown where no month of the quarter has been filed: no return is not a return of nothing.

    A sum of amounts that are not negative is never below the largest of them, and the largest of none is unknown.
    """
    return returns.sum(value, THIS_QUARTER).or_larger(returns.largest(value, THIS_QUARTER))


@e.derived(
    id="vat_sales_of_month",
    type=FactType.MONEY,
    title=Text("决定当月的增值税销售额", "VAT sales of the month decided about"),
    cites="财政部 税务总局公告2021年第11号",
    unit="元",
)
def vat_sales_of_month() -> Expression:
    """From the return of the month; unknown until it is filed."""
    return returns.largest(returns.vat_sales_month, THIS_MONTH)


@e.derived(
    id="vat_sales_of_quarter",
    type=FactType.MONEY,
    title=Text("决定当季截至当月的增值税销售额", "VAT sales of the quarter so far"),
    cites="财政部 税务总局公告2021年第11号",
    unit="元",
)
def vat_sales_of_quarter() -> Expression:
    """From the return of the month; unknown until it is filed."""
    return returns.largest(returns.vat_sales_quarter, THIS_MONTH)


@e.derived(
    id="vat_due_of_month",
    type=FactType.MONEY,
    title=Text("决定当月的应纳增值税额", "VAT due for the month decided about"),
    cites="财政部 税务总局公告2021年第11号",
    unit="元",
)
def vat_due_of_month() -> Expression:
    """Before reliefs; unknown until the month is filed."""
    return returns.largest(returns.vat_due, THIS_MONTH)


@e.derived(
    id="vat_due_of_quarter",
    type=FactType.MONEY,
    title=Text("决定当季的应纳增值税额", "VAT due for the quarter so far"),
    cites="财政部 税务总局公告2021年第11号",
    unit="元",
)
def vat_due_of_quarter() -> Expression:
    """Before reliefs; the months of the quarter filed up to the day."""
    return _total_this_quarter(returns.vat_due)


@e.derived(
    id="sales_3pct_of_quarter",
    type=FactType.MONEY,
    title=Text("决定当季3%征收率不含税销售额", "Sales at the 3% rate in the quarter so far"),
    cites="财政部 税务总局公告2022年第15号",
    unit="元",
)
def sales_3pct_of_quarter() -> Expression:
    """Tax excluded; the months of the quarter filed up to the day."""
    return _total_this_quarter(returns.sales_3pct_excl_tax)


@e.derived(
    id="input_vat_of_month",
    type=FactType.MONEY,
    title=Text("决定当月可抵扣进项税额", "Deductible input VAT of the month decided about"),
    cites="财政部 税务总局公告2023年第43号",
    unit="元",
)
def input_vat_of_month() -> Expression:
    """Unknown until the month is filed."""
    return returns.largest(returns.deductible_input_vat, THIS_MONTH)


@e.derived(
    id="credit_carried_of_month",
    type=FactType.MONEY,
    title=Text("决定当月上期结转加计抵减额", "Additional credit carried into the month"),
    cites="财政部 税务总局公告2023年第43号",
    unit="元",
)
def credit_carried_of_month() -> Expression:
    """Unknown until the month is filed."""
    return returns.largest(returns.additional_credit_carried, THIS_MONTH)


HNTE_EQUIPMENT = all_of(
    assets.asset_kind.is_("equipment"),
    assets.purchase_date >= hnte_equipment.purchased_from,
    assets.purchase_date <= hnte_equipment.purchased_to,
)


@e.derived(
    id="equipment_bought_q4_2022",
    type=FactType.BOOLEAN,
    title=Text("2022年四季度新购置设备器具", "Bought equipment in the last quarter of 2022"),
    cites="财政部 税务总局 科技部公告2022年第28号",
    evidence="knowledge",
)
def equipment_bought_q4_2022() -> Expression:
    """Some equipment in the ledger was bought within the announcement's days."""
    return assets.any(HNTE_EQUIPMENT)


@e.derived(
    id="large_equipment_bought_2022",
    type=FactType.BOOLEAN,
    title=Text("2022年购置单价500万元以上设备器具", "Bought an asset above five million yuan in 2022"),
    cites="财政部 税务总局公告2022年第12号",
)
def large_equipment_bought_2022() -> Expression:
    """Some asset of the year has a unit price above the bound."""
    return assets.any(
        (assets.unit_price > sme_equipment.min_unit_price)
        & assets.purchase_date.year.is_(sme_equipment.purchase_year)
        & (assets.purchase_date <= AsOf())
    )


@e.derived(
    id="small_equipment_bought_this_year",
    type=FactType.BOOLEAN,
    title=Text("当年购置单价不超过500万元设备器具", "Bought equipment up to five million yuan this year"),
    cites="财税〔2018〕54号",
)
def small_equipment_bought_this_year() -> Expression:
    """Some equipment bought in the year of the decision, up to its day, is within the bound."""
    return assets.any(
        assets.asset_kind.is_("equipment")
        & (assets.unit_price <= small_equipment.max_unit_price)
        & assets.purchase_date.year.is_(AsOf().year)
        & (assets.purchase_date <= AsOf())
    )
