"""Synthetic values for the shipped example, seeded: no unit's real figures, one value missing on purpose."""

import io
import random
from collections.abc import Iterator
from decimal import Decimal

import xlsxwriter

from yunnao.kernel.numbers import plain
from yunnao.platforms.indicators.assessment.definition import AssessedIndicator, Assessment, Bonus
from yunnao.platforms.indicators.assessment.periods import Period, parse_period
from yunnao.platforms.indicators.assessment.values import Value

PERIODS = tuple(parse_period(text) for text in ("2023Q1", "2023Q2", "2023Q3"))
MISSING = ("pingdu", "trade_growth", PERIODS[-1])
"""The place that has no value yet."""

_SOURCE = "合成"
_HEADER = ("考核对象", "指标", "时期", "完成值", "目标值", "单位")


def sample_values(assessment: Assessment, seed: int = 1) -> list[Value]:
    """Values of every unit and indicator in `PERIODS`, and in the same ones of the year before where growth is asked."""
    source = random.Random(seed)
    values: list[Value] = []
    for unit in assessment.units:
        strength = Decimal(source.randint(-20, 20)) / 100
        for indicator in assessment.asked:
            for period in PERIODS:
                values += _values(source, unit, indicator, period, strength)
    return values


def _values(
    source: random.Random, unit: str, indicator: AssessedIndicator | Bonus, period: Period, strength: Decimal
) -> Iterator[Value]:
    drawn = Decimal(source.randint(0, 1000)) / 1000 * Decimal("0.6") + Decimal("0.4") + strength
    grows = any(part.of != "value" for part in indicator.score)
    if indicator.unit == "%":
        linear = next((part.linear for part in indicator.score if part.linear), None)
        low, high = (linear.baseline, linear.full) if linear else (Decimal(-5), Decimal(12))
        value, target = (low + (high - low) * drawn).quantize(Decimal("0.1")), None
        if low >= 0:
            value = min(value, Decimal(100))
    elif indicator.direction == "down":
        value, target = Decimal(int(20 * (1 - min(drawn, Decimal(1))))), None
    else:
        whole = Decimal(source.randint(20, 400))
        digits = Decimal("0.01") if indicator.unit.startswith("亿") else Decimal(1)
        value, target = (whole * drawn * Decimal("1.2")).quantize(digits), whole
    if grows:
        before = (value / (1 + (drawn - Decimal("0.5")) / 5)).quantize(Decimal("0.01"))
        yield Value(unit=unit, indicator=indicator.id, period=period.year_before, value=before, source=_SOURCE)
    known = None if (unit, indicator.id, period) == MISSING else value
    wants = any(part.completion is not None for part in indicator.score)
    yield Value(
        unit=unit, indicator=indicator.id, period=period, value=known, target=target if wants else None, source=_SOURCE
    )


def sample_workbook(assessment: Assessment, values: list[Value]) -> bytes:
    """Values as an office's workbook: names in Chinese, one row a value."""
    indicators = {each.id: each for each in assessment.asked}
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("指标值")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ("合成的示例数据，不是任何区（市）的真实数字",))
        sheet.write_row(1, 0, _HEADER, bold)
        for number, value in enumerate(values, start=2):
            indicator = indicators[value.indicator]
            cells = (
                assessment.units[value.unit].zh,
                indicator.title.zh,
                str(value.period),
                "" if value.value is None else plain(value.value),
                "" if value.target is None else plain(value.target),
                indicator.unit,
            )
            for column, cell in enumerate(cells):
                if column in (3, 4) and cell:
                    sheet.write_number(number, column, Decimal(cell))
                else:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(2, 0)
        sheet.autofit(max_width=300)
    return buffer.getvalue()
