"""What the tax bureau delivers beyond the yearly filing: monthly VAT returns, standing, assets, research costs."""

from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.scenarios.benefits.columns import boolean, code, day, key, money, number, register, share

_TEN_BILLION = 10_000_000_000
_ONE_BILLION = 1_000_000_000

VAT_RETURNS = register(
    "vat_returns",
    Text("增值税月度申报", "Monthly VAT returns"),
    "tax_bureau",
    day("period", "所属月份", "Month", meaning="所属月份的第一天"),
    money("vat_sales_month", "当月增值税销售额", "VAT sales of the month"),
    money(
        "vat_sales_quarter", "当季累计增值税销售额", "VAT sales of the quarter so far", meaning="本季度截至当月的累计数"
    ),
    money("sales_3pct_excl_tax", "当月3%征收率不含税销售额", "Sales at the 3% rate, tax excluded", most=_TEN_BILLION),
    money("vat_due", "当月应纳增值税额", "VAT due for the month", most=_TEN_BILLION, meaning="减免和加计抵减之前"),
    money("deductible_input_vat", "当月可抵扣进项税额", "Deductible input VAT of the month", most=_TEN_BILLION),
    money(
        "additional_credit_carried",
        "上期结转加计抵减额",
        "Additional credit carried forward",
        most=_TEN_BILLION,
        meaning="上月末结转的加计抵减余额",
    ),
    row=("period",),
)

TAX_STANDING = register(
    "tax_standing",
    Text("纳税信用与稽查记录", "Tax credit grade and inspection record"),
    "tax_bureau",
    code(
        "tax_credit_grade",
        "纳税信用等级",
        "Tax credit grade",
        {grade: (f"{grade}级", f"Grade {grade}") for grade in ("A", "B", "M", "C", "D")},
    ),
    boolean(
        "fraud_refund_or_false_invoice_36m",
        "近36个月有骗取退税或虚开专票",
        "Refund fraud or false invoices in the last 36 months",
        meaning="骗取留抵退税、骗取出口退税或虚开增值税专用发票",
    ),
    number(
        "tax_evasion_penalties_36m",
        "近36个月偷税处罚次数",
        "Penalties for tax evasion in the last 36 months",
        unit="count",
        most=1000,
    ),
    boolean(
        "instant_refund_policy_since_2019_04",
        "2019年4月起享受过即征即退或先征后返",
        "Used refund-upon-levy policies since April 2019",
    ),
)

VAT_PROFILE = register(
    "vat_profile",
    Text("增值税征收与留抵信息", "VAT levy and credit balances"),
    "tax_bureau",
    share("levy_rate", "适用征收率", "Levy rate that applies"),
    share("mfg_sales_share", "制造业销售额占比", "Share of manufacturing in sales"),
    share("service_sales_share", "生产生活服务销售额占比", "Share of production and life services in sales"),
    code(
        "service_kind",
        "主要服务类别",
        "Main kind of service",
        {
            "production": ("生产性服务业", "Services to producers"),
            "life": ("生活性服务业", "Services to households"),
            "none": ("非服务业", "Not a service"),
        },
    ),
    money("vat_credit_end", "期末留抵税额", "VAT credit at period end", most=_TEN_BILLION),
    money("vat_credit_2019_03", "2019年3月末留抵税额", "VAT credit at the end of March 2019", most=_TEN_BILLION),
    boolean("stock_refund_received", "已获得一次性存量留抵退税", "Received the one-off refund of the stock"),
    share("refund_input_share", "进项构成比例", "Input composition ratio"),
)

BUSINESS_INCOME_TAX = register(
    "business_income_tax",
    Text("个人所得税经营所得申报", "Filings of tax on business income"),
    "tax_bureau",
    money("business_income_year", "经营所得应纳税所得额", "Taxable business income", signed=True, personal=True),
    money(
        "business_income_tax_total",
        "经营所得应纳税额",
        "Tax on business income",
        most=30_000_000,
        personal=True,
        meaning="减免之前",
    ),
    money(
        "business_income_other_reliefs",
        "其他政策减免税额",
        "Relief under other policies",
        most=30_000_000,
        personal=True,
    ),
)

ASSETS = register(
    "assets",
    Text("固定资产台账", "Fixed assets"),
    "tax_bureau",
    key("asset_id", "资产编号", "Asset number"),
    code(
        "asset_kind",
        "资产类别",
        "Kind of asset",
        {
            "equipment": ("设备器具", "Equipment"),
            "building": ("房屋建筑物", "Building"),
            "other": ("其他", "Other"),
        },
    ),
    day("purchase_date", "购置日期", "Purchased on"),
    money("unit_price", "单位价值", "Unit price", most=_ONE_BILLION),
    number("min_depr_years", "最低折旧年限", "Minimum years of depreciation", unit="year", most=100),
    row=("asset_id",),
)

RD_FILINGS = register(
    "rd_filings",
    Text("研发费用加计扣除申报", "Filings of research expense"),
    "tax_bureau",
    boolean(
        "negative_list_industry_main",
        "主营负面清单行业",
        "Main business on the negative list",
        meaning="烟草制造、住宿餐饮、批发零售、房地产、租赁和商务服务、娱乐业收入占比超过50%",
    ),
    code(
        "account_type",
        "征收方式",
        "How income is assessed",
        {"audited": ("查账征收", "By accounts"), "assessed": ("核定征收", "By assessment")},
    ),
    boolean("rd_super_deduction_filed", "已申报研发费用加计扣除", "Filed the research super-deduction"),
    money("rd_expense_year", "本年费用化研发费用", "Research expense of the year", most=_ONE_BILLION),
    money("rd_expense_previous_year", "上年费用化研发费用", "Research expense of the previous year", most=_ONE_BILLION),
    share("cit_rate_applied", "实际适用企业所得税税率", "Income tax rate that applies"),
    boolean("manufacturing_income_main", "制造业收入占比超过50%", "More than half of income from manufacturing"),
    boolean(
        "chip_or_machine_tool_enterprise", "集成电路或工业母机企业", "Maker of integrated circuits or machine tools"
    ),
)

TAX_REGISTERS: tuple[Register, ...] = (
    VAT_RETURNS,
    TAX_STANDING,
    VAT_PROFILE,
    BUSINESS_INCOME_TAX,
    ASSETS,
    RD_FILINGS,
)
