"""Values and conditions as people read them, in Chinese and English."""

import datetime as dt
from decimal import Decimal
from typing import Any

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.numbers import SHARE_BASE, plain, yuan_text
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions.definitions import COMPARISONS, Condition, Exact, Policy

UNKNOWN = Text("未知", "unknown")
STATE_WORDS = {"met": Text("符合", "met"), "not_met": Text("不符合", "not met"), "unknown": Text("待补充", "unknown")}
OUTCOME_WORDS = {
    "granted": Text("可以享受", "granted"),
    "refused": Text("不符合条件", "refused"),
    "undetermined": Text("缺少信息，暂不能定", "undetermined"),
}
_COMPARISON_WORDS = {
    "is_": Text("为", "is"),
    "is_not": Text("不为", "is not"),
    "at_least": Text("不低于", "is at least"),
    "at_most": Text("不超过", "is at most"),
    "more_than": Text("大于", "is more than"),
    "less_than": Text("小于", "is less than"),
    "before": Text("早于", "is before"),
    "in_": Text("属于", "is one of"),
    "within": Text("介于", "is within"),
}
_UNITS = {
    "元": Text("元", "CNY"),
    "person": Text("人", "persons"),
    "month": Text("个月", "months"),
    "count": Text("", ""),
}


def stored_text(value: Any, definition: FactDefinition, language: Language) -> str:
    """A stored value in the unit people use: fen as yuan, shares as percent, codes by their labels."""
    if value is None:
        return UNKNOWN.in_(language)
    if definition.type is FactType.MONEY:
        return _with_unit(f"{Decimal(yuan_text(value)):,}", "元", language)
    if definition.type is FactType.SHARE:
        return f"{plain(Decimal(value * 100) / SHARE_BASE)}%"
    if definition.type is FactType.BOOLEAN:
        return _yes_no(value, language)
    if definition.type is FactType.INTEGER:
        return _with_unit(f"{value:,}", definition.unit, language)
    if definition.values and value in definition.values:
        return definition.values[value].in_(language)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def written_text(value: Exact, definition: FactDefinition, policy: Policy, day: dt.date, language: Language) -> str:
    """A value written in a condition, parameters by their value in force on ``day``."""
    if isinstance(value, str) and value.startswith("$"):
        found = policy.parameter(value[1:], day)
        if found is None:
            return value
        value = found.value
    if isinstance(value, bool):
        return _yes_no(value, language)
    if isinstance(value, dt.date):
        return value.isoformat()
    if definition.type is FactType.SHARE:
        return f"{plain(Decimal(str(value)) * 100)}%"
    if definition.type is FactType.MONEY:
        return _with_unit(f"{Decimal(str(value)):,f}", "元", language)
    if definition.type is FactType.INTEGER:
        return _with_unit(str(value), definition.unit, language)
    label = (definition.values or {}).get(str(value))
    return label.in_(language) if label else str(value)


def test_text(
    condition: Condition, definition: FactDefinition, policy: Policy, day: dt.date, language: Language, *, negated: bool
) -> str:
    """A test as a short sentence: 应纳税所得额不超过 3,000,000 元."""
    if condition.title is not None:
        return condition.title.zh if language == "zh" else condition.title.en
    name = next(name for name in COMPARISONS if getattr(condition, name) is not None)
    written = getattr(condition, name)
    values = [
        written_text(v, definition, policy, day, language)
        for v in (written if isinstance(written, list) else [written])
    ]
    join = ("、" if language == "zh" else ", ") if name != "within" else ("与" if language == "zh" else " and ")
    words = _COMPARISON_WORDS[name].in_(language)
    title = definition.title.in_(language)
    if language == "zh":
        ending = "之间" if name == "within" else ""
        return f"{'并非：' if negated else ''}{title}{words} {join.join(values)}{ending}"
    return f"{'not: ' if negated else ''}{title} {words} {join.join(values)}"


def _with_unit(number: str, unit: str, language: Language) -> str:
    words = _UNITS.get(unit, Text(unit, unit)).in_(language)
    return f"{number} {words}".rstrip()


def _yes_no(value: bool, language: Language) -> str:
    return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
