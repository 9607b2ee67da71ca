"""The contract with the district's offices: three registers, their facts and what kind of value each holds."""

from collections.abc import Mapping

KINDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "enterprises": {
        "credit_code": ("统一社会信用代码", "key"),
        "name": ("企业名称", "text"),
        "entity_type": ("主体类型", "code"),
        "industry_section": ("行业门类", "code"),
        "industry_code": ("行业代码", "code"),
        "registered_on": ("成立日期", "date"),
        "street": ("所属镇街", "code"),
        "employees": ("期末从业人数", "count"),
        "revenue_year": ("上年营业收入", "money"),
        "assets_year_end": ("上年末资产总额", "money"),
    },
    "tax_filings": {
        "credit_code": ("统一社会信用代码", "key"),
        "taxable_income_year": ("应纳税所得额", "money"),
        "staff_avg_quarterly": ("从业人数季度平均", "count"),
        "assets_avg_quarterly": ("资产总额季度平均", "money"),
        "industry_restricted_or_prohibited": ("从事国家限制或禁止行业", "yes_no"),
        "vat_payer_type": ("增值税纳税人类型", "vat"),
        "vat_sales_year": ("年增值税销售额", "money"),
        "hnte_certificate_valid": ("高新技术企业证书有效", "yes_no"),
        "six_taxes_two_fees_payable": ("六税两费应纳额", "money"),
    },
    "insurance": {
        "credit_code": ("统一社会信用代码", "key"),
        "unemployment_insurance_months_last_year": ("上年失业保险缴费月数", "count"),
        "insured_avg": ("上年月平均参保人数", "count"),
        "layoff_rate": ("上年裁员率", "share"),
        "unemployment_premiums_last_year": ("上年实缴失业保险费", "money"),
        "on_zombie_or_seriously_dishonest_list": ("列入僵尸或严重失信名单", "yes_no"),
    },
}
"""Register -> fact id -> (Chinese title without its unit, kind)."""

VAT = {"小规模纳税人": "small_scale", "一般纳税人": "general"}
YES_NO = {"是": True, "否": False}
UNKNOWN_WORDS = ("", "-", "无")
MONEY_UNITS = {"元": 1, "千元": 1000, "万元": 10_000, "亿元": 100_000_000}

_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015."""


def check_character(first_17: str) -> str:
    """The 18th character: weights are the powers of 3 modulo 31."""
    total = sum(_DIGITS.index(character) * pow(3, place, 31) for place, character in enumerate(first_17))
    return _DIGITS[-total % 31]


def code_digits() -> str:
    """Characters that a code may hold."""
    return _DIGITS
