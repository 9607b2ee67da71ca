"""Amounts of the tax policies: exact, from the policy's own dated parameters, rounded once to the fen."""

from decimal import Decimal

from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import own
from yunnao.platforms.decisions.model import AsOf, Constant, Expression, case, yuan
from yunnao.scenarios.benefits.subject import enterprise as e
from yunnao.scenarios.benefits.tax_facts import HNTE_EQUIPMENT, assets

MILLION = 1_000_000
_PER_MILLIONTH = Constant(Decimal("0.000001"))


def millionths(share: Expression) -> Expression:
    """A share as a whole number of millionths (half up), so that money times it is proved to fit."""
    return (share * MILLION).divided_by(1).or_smaller(MILLION)


@e.amount(
    id="small_low_profit_saving",
    title=Text("小型微利企业所得税减免额", "Income tax saved"),
    cites="财政部 税务总局公告2023年第12号",
)
def small_low_profit_saving() -> Expression:
    """Tax at the standard rate less tax at the reduced rates on the first tranche and on the rest; none on a loss."""
    income = e.taxable_income_year.or_larger(0)
    first = income.or_smaller(own.first_tranche)
    rest = (income - own.first_tranche).or_larger(0)
    return (income * own.standard_rate - first * own.rate_first_tranche - rest * own.rate_above).or_larger(0)


@e.amount(
    id="vat_exempted",
    title=Text("免征的增值税额", "VAT exempted"),
    cites="财政部 税务总局公告2021年第11号",
)
def vat_exempted() -> Expression:
    """The quarter's VAT where the quarter's sales are within the limit, else the month's."""
    within = e.vat_sales_of_quarter <= own.max_sales_quarter
    return case((within, e.vat_due_of_quarter), otherwise=e.vat_due_of_month)


@e.amount(
    id="vat_exempted_3pct",
    title=Text("3%征收率收入免征的增值税额", "VAT exempted on sales at the 3% rate"),
    cites="财政部 税务总局公告2022年第15号",
)
def vat_exempted_3pct() -> Expression:
    """The levy rate times the quarter's sales at that rate."""
    return e.sales_3pct_of_quarter * own.levy_rate


@e.amount(
    id="vat_small_scale_saving",
    title=Text("小规模纳税人增值税减免额", "VAT saved by a small-scale taxpayer"),
    cites="财政部 税务总局公告2023年第1号",
    evidence="knowledge",
)
def vat_small_scale_saving() -> Expression:
    """The whole levy within the limits, else the difference between the two rates."""
    within = (e.vat_sales_of_month <= own.max_sales_month) | (e.vat_sales_of_quarter <= own.max_sales_quarter)
    return case(
        (within, e.vat_sales_of_quarter * own.levy_rate),
        otherwise=e.sales_3pct_of_quarter * (own.levy_rate - own.reduced_rate),
    )


@e.amount(
    id="six_taxes_two_fees_saving",
    title=Text("六税两费减征额", "Six taxes and two fees saved"),
    cites="财政部 税务总局公告2022年第10号",
)
def six_taxes_two_fees_saving() -> Expression:
    """A share of what is payable."""
    return e.six_taxes_two_fees_payable * own.relief_share


@e.amount(
    id="business_income_tax_saving",
    title=Text("个体工商户经营所得减征额", "Tax on business income saved"),
    cites="财政部 税务总局公告2023年第12号",
)
def business_income_tax_saving() -> Expression:
    """A share of the tax on the income up to the cap, less that part's portion of other reliefs.

    Tax on the capped part: the largest of rate x income - quick deduction over the five bands, which is the band's own.
    """
    income = e.business_income_year.or_larger(0).or_smaller(own.max_income)
    on_cap = income * own.rate_1
    for rate, quick in (
        (own.rate_2, own.quick_2),
        (own.rate_3, own.quick_3),
        (own.rate_4, own.quick_4),
        (own.rate_5, own.quick_5),
    ):
        on_cap = on_cap.or_larger(income * rate - quick)
    total = e.business_income_tax_total
    after_reliefs = (total - e.business_income_other_reliefs).or_larger(0)
    return (on_cap * after_reliefs * own.relief_share).divided_by(total.or_larger(yuan("0.01")))  # no tax, no saving


@e.amount(
    id="vat_credit_refund",
    title=Text("可退还的留抵税额", "VAT credit refundable"),
    cites="财政部 税务总局公告2022年第14号",
)
def vat_credit_refund() -> Expression:
    """The increment, and the stock too once it is open for the size, times the input composition ratio."""
    credit = e.vat_credit_end
    increment = (credit - e.vat_credit_2019_03).or_larger(0)
    opened = case(
        (AsOf() >= own.stock_from_large, Constant(True)),
        (e.size_for_refund.is_("micro"), AsOf() >= own.stock_from_micro),
        (e.size_for_refund.is_("small"), AsOf() >= own.stock_from_small),
        (e.size_for_refund.is_("medium"), AsOf() >= own.stock_from_medium),
        otherwise=Constant(False),
    )
    base = case((opened | e.stock_refund_received, credit), otherwise=increment)
    return base * millionths(e.refund_input_share) * _PER_MILLIONTH


@e.amount(
    id="rd_super_deduction_saving",
    title=Text("研发费用加计扣除节税额", "Tax saved by the research super-deduction"),
    cites="财政部 税务总局公告2023年第7号",
)
def rd_super_deduction_saving() -> Expression:
    """Expense x additional rate x the income tax rate that applies; capitalised cost is left out."""
    as_manufacturer = e.manufacturing_income_main | (own.rate_other >= own.rate_manufacturing)
    as_tech_sme = e.tech_sme_registered | (own.rate_other >= own.rate_tech_sme)
    rate = case(
        (e.chip_or_machine_tool_enterprise, own.rate_chip_machine_tool.or_larger(own.rate_other)),
        (as_manufacturer, own.rate_manufacturing),
        (as_tech_sme, own.rate_tech_sme),
        otherwise=own.rate_other,
    )
    return e.rd_expense_year * millionths(e.cit_rate_applied) * rate * _PER_MILLIONTH


@e.amount(
    id="hnte_saving",
    title=Text("高新技术企业所得税减免额", "Income tax saved by a high-tech enterprise"),
    cites="企业所得税法第28条",
)
def hnte_saving() -> Expression:
    """The difference between the standard and the reduced rate on the taxable income; none on a loss."""
    return e.taxable_income_year.or_larger(0) * (own.standard_rate - own.reduced_rate)


@e.amount(
    id="hnte_equipment_saving",
    title=Text("高新技术企业设备扣除节税额", "Tax saved on equipment of the last quarter of 2022"),
    cites="财政部 税务总局 科技部公告2022年第28号",
    evidence="knowledge",
)
def hnte_equipment_saving() -> Expression:
    """Deducted once and once more: twice the cost times the reduced rate."""
    return assets.sum(assets.unit_price, HNTE_EQUIPMENT) * own.deduction_multiple * own.reduced_rate


@e.amount(
    id="advanced_mfg_credit",
    title=Text("先进制造业加计抵减额", "Additional VAT credit of advanced manufacturing"),
    cites="财政部 税务总局公告2023年第43号",
)
def advanced_mfg_credit() -> Expression:
    """A share of the month's deductible input VAT and what was carried, at most the VAT due."""
    return (e.input_vat_of_month * own.credit_rate + e.credit_carried_of_month).or_smaller(e.vat_due_of_month)


@e.amount(
    id="service_additional_credit",
    title=Text("服务业加计抵减额", "Additional VAT credit of services"),
    cites="财政部 税务总局公告2022年第11号",
    evidence="knowledge",
)
def service_additional_credit() -> Expression:
    """A share of the month's deductible input VAT by kind of service, at most the VAT due."""
    rate = case(
        (e.service_kind.is_("production"), own.rate_production),
        (e.service_kind.is_("life"), own.rate_life),
        otherwise=0,
    )
    return (e.input_vat_of_month * rate).or_smaller(e.vat_due_of_month)
