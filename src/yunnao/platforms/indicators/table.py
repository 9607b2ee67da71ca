"""Measured values as a plain table of words, for a terminal, a page or a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Language, Text
from yunnao.platforms.indicators.measure import Measured

UNITS: Mapping[str, Text] = {
    "count": Text("个", ""),
    "person": Text("人", "persons"),
    "CNY": Text("元", "CNY"),
    "share": Text("%", "%"),
    "day": Text("天", "days"),
    "working_day": Text("个工作日", "working days"),
    "month": Text("个月", "months"),
    "year": Text("年", "years"),
}

HEADER: Mapping[str, Text] = {
    "scenario": Text("场景", "Scenario"),
    "indicator": Text("指标", "Indicator"),
    "title": Text("名称", "Title"),
    "by": Text("分组", "By"),
    "key": Text("组别", "Group"),
    "shown": Text("数值", "Value"),
    "unknown": Text("不明", "Unknown"),
    "target": Text("目标", "Target"),
    "as_of": Text("基准日", "As of"),
}

_TOTAL = Text("合计", "Total")
_UNKNOWN = Text("（不明）", "(unknown)")
_NOTHING = Text("（无可统计）", "(nothing to measure)")
_BY: Mapping[str, Text] = {
    "": Text("", ""),
    "policy": Text("政策", "Policy"),
    "outcome": Text("结论", "Outcome"),
    "register": Text("欠缺的名册", "Missing register"),
    "department": Text("部门", "Department"),
    "state": Text("状态", "State"),
    "period": Text("期次", "Period"),
}
_OUTCOMES: Mapping[str, Text] = {
    "granted": Text("应享", "granted"),
    "refused": Text("不符合", "refused"),
    "undetermined": Text("待补充", "undetermined"),
}

Labels = Mapping[str, Mapping[str, Text]]
"""Breakdown (policy, register, department, state, a fact's id) -> key -> title; an untitled key is shown as it is."""


@dataclass(frozen=True, slots=True)
class Table:
    """Titles of the columns and the cells of every row, all text; `totals` says which rows are totals."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[bool, ...]


def table(measured: Sequence[Measured], language: Language = "zh", labels: Labels | None = None) -> Table:
    """One row a value, in the given order, with titles in ``language``."""
    rows = tuple(_row(value, language, labels or {}) for value in measured)
    header = tuple(title.in_(language) for title in HEADER.values())
    return Table(header, rows, tuple(value.by == "" for value in measured))


def shown(value: Measured, language: Language = "zh") -> str:
    """The value with its unit: ``1,234.56 元``, ``38.28 %``."""
    if value.value is None:
        return _NOTHING.in_(language)
    return f"{in_unit(value.value, value.unit):,f} {unit_text(value.unit, language)}".strip()


def in_unit(value: str, unit: str) -> Decimal:
    """The value as it is shown in its unit: shares in per cent, everything else as it is."""
    return Decimal(plain(Decimal(value) * 100)) if unit == "share" else Decimal(value)


def unit_text(unit: str, language: Language = "zh") -> str:
    """What a unit is called."""
    return UNITS[unit].in_(language)


def _row(value: Measured, language: Language, labels: Labels) -> tuple[str, ...]:
    met = {True: "✓ ", False: "✗ ", None: ""}[value.on_target]
    return (
        value.scenario,
        value.indicator,
        value.title.in_(language),
        _BY.get(value.by, Text(value.by, value.by)).in_(language),
        _key(value, labels).in_(language),
        shown(value, language),
        str(value.unknown) if value.unknown else "",
        f"{met}{value.target}" if value.target else "",
        value.as_of.isoformat(),
    )


def _key(value: Measured, labels: Labels) -> Text:
    if not value.by:
        return _TOTAL
    if value.key is None:
        return _UNKNOWN
    known = {"outcome": _OUTCOMES, **labels}.get(value.by, {})
    return known.get(value.key, Text(value.key, value.key))
