"""Every register that the benefits scenario reads; the first three are the contract with the district's offices."""

from yunnao.capabilities.industry_code import SECTIONS, industry_code
from yunnao.kernel.fact import CodeForm
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

INDIVIDUAL_BUSINESS = dict.fromkeys(
    ("个体户", "个体", "个体工商", "个体工商业户", "个体经营户", "个体经营"), "个体工商户"
)
"""Other words for the one kind of entity that policies name; there is no closed list of the other kinds."""

SECTION_NAMES = {
    spelling: letter
    for letter, title in SECTIONS.items()
    for name in (title.zh, title.zh.replace("、", ""))
    for spelling in (name, f"{letter}{name}", f"{letter} {name}", f"{letter}-{name}")
} | {"批发零售业": "F", "住宿餐饮业": "H"}
"""Sections as offices name them, with and without the letter."""

INDUSTRY_CODE = CodeForm(
    industry_code,
    "门类字母 A–T 加 2 到 4 位数字，如 C39、C398、C3985；没有字母时要写满 4 位小类代码，开头的 0 不能丢",
)

ENTERPRISES = register(
    "enterprises",
    Text("市场主体登记信息", "Register of market entities"),
    "market_regulation",
    text("name", "企业名称", "Name"),
    code(
        "entity_type",
        "主体类型",
        "Kind of entity",
        also=INDIVIDUAL_BUSINESS,
        meaning="如：企业、个体工商户、社会团体",
    ),
    code(
        "industry_section",
        "行业门类",
        "Industry section",
        {letter: (title.zh, title.en) for letter, title in SECTIONS.items()},
        also=SECTION_NAMES,
        unit="GB/T 4754",
        meaning="GB/T 4754 的门类字母 A–T，或门类名称",
    ),
    code(
        "industry_code",
        "行业代码",
        "Industry code",
        form=INDUSTRY_CODE,
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
        most=12,
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
