"""Promises and results of a made-up district."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from yunnao.platforms.indicators.targets.target import Actual, Promised

GROWTH = Promised(
    period="2023",
    area="",
    indicator="规上工业增加值增速",
    series="规模以上工业增加值",
    kind="growth_yoy",
    unit="%",
    value=Decimal(8),
    value_high=None,
    base_unit="%",
    base_value=Decimal(8),
    base_high=None,
    sign="≥",
    direction="up",
    better="up",
    nature="rate",
    aspirational=False,
    base_stretch=None,
    begins=10,
    ends=11,
    text_line=2,
    section="二、主要目标",
    sentence="规上工业增加值增长8%以上。",
    quote="规上工业增加值增长8%以上",
)
REVENUE = replace(
    GROWTH,
    indicator="一般公共预算收入",
    series="一般公共预算收入",
    kind="level",
    unit="亿元",
    value=Decimal(240),
    base_unit="元",
    base_value=Decimal(24_000_000_000),
    nature="flow",
    begins=40,
    ends=43,
    sentence="一般公共预算收入达到240亿元以上。",
    quote="一般公共预算收入达到240亿元以上",
)


def promise(of: Promised = GROWTH, **changes: Any) -> Promised:
    """Like ``of``, with changes."""
    return replace(of, **changes)


def result(of: Promised, month: int, value: str | int, *, year: int = 2023, **changes: Any) -> Actual:
    """A result of the same series, to date, in base units."""
    number = Decimal(value)
    stated = Actual(
        area=of.area,
        indicator=of.indicator,
        series=of.series,
        kind=of.kind,
        period=f"{year}-{month:02d}",
        covers="to_date",
        unit=of.base_unit,
        value=number,
        base_unit=of.base_unit,
        base_value=number,
        source="月报.xlsx 第 2 行",
    )
    return replace(stated, **changes)
