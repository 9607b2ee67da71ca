"""Rows of made-up reports, as a reader makes them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from yunnao.scenarios.plan.linking.statements import Statement, statements
from yunnao.scenarios.plan.quantities import Quantity

_PLAIN = Quantity(
    start=0,
    end=1,
    line=1,
    quote="",
    sentence="",
    section="",
    indicator="规上工业增加值增速",
    value=Decimal(8),
    unit="%",
    base_value=Decimal(8),
    base_unit="%",
    comparator="=",
    kind="growth_yoy",
    direction="up",
    period="2022",
    status="outcome",
    confidence=0.9,
)


def row(indicator: str, value: str | int, unit: str = "%", **changes: Any) -> Quantity:
    """An outcome of 2022, unless told otherwise; 万, 亿 in the unit are scaled."""
    number = Decimal(value)
    factor, base = {"万": (10**4, unit[1:]), "亿": (10**8, unit[1:])}.get(unit[:1], (1, unit))
    kind = "growth_yoy" if unit == "%" else "level"
    return replace(
        _PLAIN,
        **{
            "indicator": indicator,
            "value": number,
            "unit": unit,
            "base_value": number * factor,
            "base_unit": base,
            "kind": kind,
            "quote": f"{indicator}{value}{unit}",
            "sentence": f"{indicator}{value}{unit}。",
            **changes,
        },
    )


def promised(indicator: str, value: str | int, unit: str = "%", **changes: Any) -> Quantity:
    """A target, of 2022 unless told otherwise."""
    return row(indicator, value, unit, **{"status": "target", **changes})


def stated(*rows: Quantity, source: str = "报告.txt") -> list[Statement]:
    """As linking sees them."""
    return statements(rows, source)
