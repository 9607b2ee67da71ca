"""The fixed words of the policy dictionary in both languages, and how values are written for a reader."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions.definitions import Exact, ParameterValue

DELIVERY: Mapping[str, Text] = {
    "automatic": Text("免申即享", "Without application"),
    "confirm": Text("确认即享", "On confirmation"),
    "apply": Text("申请办理", "On application"),
}
DELIVERY_MEANS: Mapping[str, Text] = {
    "automatic": Text(
        "凭各部门名册核对条件，符合的直接列出，不用申请。", "The registers show who is entitled; nobody has to apply."
    ),
    "confirm": Text(
        "材料已由各部门名册备好，不用填表，企业确认一下即可。",
        "The registers fill in the form; the enterprise confirms.",
    ),
    "apply": Text("需要提出申请，由主管部门受理。", "An application is needed; the department handles it."),
}
KIND: Mapping[str, Text] = {
    "payment": Text("资金补助", "Payment"),
    "tax_relief": Text("税收优惠", "Tax relief"),
    "fee_relief": Text("费用减免", "Fee relief"),
    "deferral": Text("延期缴纳", "Deferral"),
    "price_discount": Text("价格优惠", "Price discount"),
    "rate": Text("费率优惠", "Reduced rate"),
    "supervision": Text("督办", "Supervision"),
    "prohibition": Text("禁止性规定", "Prohibition"),
}
PERIOD: Mapping[str, Text] = {
    "once": Text("一次", "Once"),
    "year": Text("每年", "Each year"),
    "quarter": Text("每季度", "Each quarter"),
    "month": Text("每月", "Each month"),
}
STATUS: Mapping[str, Text] = {
    "in_force": Text("有效", "In force"),
    "expired": Text("已到期", "Expired"),
    "coming": Text("尚未生效", "Not yet in force"),
    "off": Text("未启用", "Switched off"),
}
EVIDENCE: Mapping[str, Text] = {
    "source": Text("已读到原文", "Text read"),
    "partly": Text("待核：部分读到原文", "To be verified: text read in part"),
    "verify": Text("待核", "To be verified"),
    "knowledge": Text("待核：未读到原文", "To be verified: text not read"),
    "not_found": Text("待核：未找到原文", "To be verified: text not found"),
}
OUTCOME: Mapping[str, Text] = {
    "granted": Text("符合", "Granted"),
    "refused": Text("不符合", "Refused"),
    "undetermined": Text("待定（缺数据）", "Undetermined (data missing)"),
}
FACT_TYPE: Mapping[FactType, Text] = {
    FactType.KEY: Text("标识", "Key"),
    FactType.CODE: Text("代码", "Code"),
    FactType.TEXT: Text("文字", "Text"),
    FactType.BOOLEAN: Text("是/否", "Yes/no"),
    FactType.INTEGER: Text("整数", "Whole number"),
    FactType.MONEY: Text("金额", "Money"),
    FactType.SHARE: Text("比率", "Share"),
    FactType.DATE: Text("日期", "Date"),
}
COMPARISON: Mapping[str, Text] = {
    "is_": Text("为", "is"),
    "is_not": Text("不为", "is not"),
    "at_least": Text("不低于", "at least"),
    "at_most": Text("不超过", "at most"),
    "more_than": Text("超过", "more than"),
    "less_than": Text("低于", "less than"),
    "before": Text("早于", "before"),
    "in_": Text("为下列之一：", "one of:"),
    "within": Text("介于（含两端）", "from (both ends included)"),
}
_UNITS: Mapping[str, Text] = {
    "person": Text("人", "persons"),
    "人": Text("人", "persons"),
    "month": Text("个月", "months"),
    "月": Text("个月", "months"),
    "day": Text("天", "days"),
    "天": Text("天", "days"),
    "year": Text("年", "years"),
    "年": Text("年", "years"),
    "count": Text("", ""),
    "CNY": Text("元", "CNY"),
    "元": Text("元", "CNY"),
    "share": Text("%", "%"),
    "1": Text("", ""),
}
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}
UNKNOWN = Text("未知", "unknown")
NO_END = Text("长期", "no stated end")


def unit_words(unit: str, language: Language) -> str:
    """A unit as people call it; a unit that is not in the list stays as written."""
    return _UNITS[unit].in_(language) if unit in _UNITS else unit


def money(yuan: Decimal, language: Language) -> str:
    """1234567.8 -> ``1,234,567.80 元``; 3000000 -> ``300 万元`` (``CNY 3,000,000``)."""
    whole = yuan == yuan.to_integral_value()
    fen_exact = yuan * 100 == (yuan * 100).to_integral_value()
    digits = f"{yuan:,.0f}" if whole else f"{yuan:,.2f}" if fen_exact else f"{yuan:,f}"
    if language == "en":
        return f"CNY {digits}"
    for size, unit in ((10**8, "亿元"), (10**4, "万元")):
        scaled = yuan / size
        if abs(yuan) >= size and scaled * 100 == (scaled * 100).to_integral_value():
            return f"{Decimal(plain(scaled)):,f} {unit}"
    return f"{digits} 元"


def quantity(value: Exact | None, unit: str, language: Language) -> str:
    """A parameter's or threshold's value with its unit, as its reader would write it."""
    if value is None:
        return UNKNOWN.in_(language)
    if isinstance(value, bool):
        return YES_NO[value].in_(language)
    if isinstance(value, dt.date):
        return value.isoformat()
    if unit in ("code", "date", ""):
        return str(value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    if unit in ("CNY", "元"):
        return money(number, language)
    if unit == "share":
        return f"{plain(number * 100)}%"
    if unit in ("year", "年") and number >= 1000:  # a calendar year
        return f"{plain(number)} 年" if language == "zh" else plain(number)
    return f"{Decimal(plain(number)):,f} {unit_words(unit, language)}".rstrip()


def fact_unit(fact: FactDefinition) -> str:
    """The unit in which policies and examples write values of ``fact``."""
    return {FactType.MONEY: "CNY", FactType.SHARE: "share", FactType.INTEGER: fact.unit or "count"}.get(fact.type, "")


def fact_value(value: Exact | None, fact: FactDefinition | None, language: Language) -> str:
    """A value of ``fact`` as policies and examples write it -> as a reader sees it."""
    if fact is not None and fact.values and isinstance(value, str) and value in fact.values:
        return fact.values[value].in_(language)
    return quantity(value, fact_unit(fact) if fact else "", language)


def parameter_value(value: ParameterValue, language: Language) -> str:
    """A dated parameter's value with its unit."""
    return quantity(value.value, value.unit, language)
