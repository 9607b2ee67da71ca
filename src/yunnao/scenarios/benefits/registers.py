"""Every register that the benefits scenario reads; the first three are the contract with the district's offices."""

from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.scenarios.benefits.columns import boolean, code, day, money, number, register, share, text
from yunnao.scenarios.benefits.registers_people import PEOPLE_REGISTERS
from yunnao.scenarios.benefits.registers_support import SUPPORT_REGISTERS
from yunnao.scenarios.benefits.registers_tax import TAX_REGISTERS

VAT_PAYER_TYPES = {
    "small_scale": ("小规模纳税人", "Small-scale taxpayer"),
    "general": ("一般纳税人", "General taxpayer"),
}


ENTERPRISES = register(
    "enterprises",
    Text("市场主体登记信息", "Register of market entities"),
    "market_regulation",
    text("name", "企业名称", "Name"),
    code("entity_type", "主体类型", "Kind of entity", meaning="如：企业、个体工商户、社会团体"),
    code("industry_section", "行业门类", "Industry section", unit="GB/T 4754", meaning="GB/T 4754 的门类字母 A–T"),
    code(
        "industry_code",
        "行业代码",
        "Industry code",
        unit="GB/T 4754",
        meaning="GB/T 4754 的门类字母加大类、中类或小类数字",
    ),
    day("registered_on", "成立日期", "Registered on"),
    code("street", "所属镇街", "Street or town"),
    number("employees", "期末从业人数", "Employees at year end", unit="person"),
    money("revenue_year", "上年营业收入", "Revenue last year"),
    money("assets_year_end", "上年末资产总额", "Total assets at the end of last year"),
    names_subjects=True,
)

TAX_FILINGS = register(
    "tax_filings",
    Text("涉税信息", "Tax filings"),
    "tax_bureau",
    money("taxable_income_year", "应纳税所得额", "Taxable income of the year", signed=True, meaning="亏损为负"),
    number("staff_avg_quarterly", "从业人数季度平均", "Staff, quarterly average", unit="person"),
    money("assets_avg_quarterly", "资产总额季度平均", "Total assets, quarterly average"),
    boolean("industry_restricted_or_prohibited", "从事国家限制或禁止行业", "In a restricted or prohibited industry"),
    code(
        "vat_payer_type",
        "增值税纳税人类型",
        "Kind of VAT payer",
        VAT_PAYER_TYPES,
        also={"小规模": "small_scale", "一般": "general"},
    ),
    money("vat_sales_year", "年增值税销售额", "VAT sales of the year"),
    boolean("hnte_certificate_valid", "高新技术企业证书有效", "Valid high-tech enterprise certificate"),
    money("six_taxes_two_fees_payable", "六税两费应纳额", "Six taxes and two fees payable", meaning="减免之前"),
)

INSURANCE = register(
    "insurance",
    Text("失业保险", "Unemployment insurance"),
    "human_resources",
    number(
        "unemployment_insurance_months_last_year",
        "上年失业保险缴费月数",
        "Months of unemployment insurance paid last year",
        unit="month",
    ),
    number("insured_avg", "上年月平均参保人数", "Insured persons last year, monthly average", unit="person"),
    share(
        "layoff_rate",
        "上年裁员率",
        "Lay-off rate last year",
        meaning="上年度新增领取失业保险金人数 / 上年度月平均参保人数",
    ),
    money("unemployment_premiums_last_year", "上年实缴失业保险费", "Unemployment premiums paid last year"),
    boolean(
        "on_zombie_or_seriously_dishonest_list",
        "列入僵尸或严重失信名单",
        "Listed as zombie or seriously dishonest",
    ),
)

REGISTERS: tuple[Register, ...] = (
    ENTERPRISES,
    TAX_FILINGS,
    INSURANCE,
    *TAX_REGISTERS,
    *PEOPLE_REGISTERS,
    *SUPPORT_REGISTERS,
)
"""In the order in which a new district would ask for them."""
