"""Bars standing side by side over time, with labelled axes; and the same without words, to stand in a line of a list."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from yunnao.web.charts.marks import element, joined, picture, round_up

_HEIGHT, _TOP, _BASE = 226, 36, 196
_MOST_LABELS, _MOST_FIGURES = 6, 13
_LINES = 4
_MARGIN = 11
"""Per cent of the width that the figures of the upright axis take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One bar: ``name`` of the period, ``value`` (none: nothing was measured), and ``text``, the figure above it.

    Attributes:
        parts: of a bar in parts, from the axis up, the value and tone of each; they make up ``value``.
    """

    name: str
    value: float | None
    text: str
    parts: tuple[tuple[float, str], ...] = ()


def trend_chart(
    id_: str, title: str, description: str, periods: Sequence[Period], *, unit: str, most: float | None = None
) -> Markup:
    """The chart; as wide as its place, 226 pixels high.

    Args:
        unit: what the upright axis counts, in words.
        most: where the upright axis ends; above the highest bar if absent.
    """
    highest = max([each.value or 0 for each in periods] + [1]) if most is None else most
    step = round_up(highest / _LINES) if most is None else most / _LINES
    intervals = max(1, math.ceil(highest / step - 1e-9))  # no empty ones above the highest bar
    top = step * intervals
    lines = [number * step for number in range(intervals + 1)]
    axis = [element("text", unit, x=0, y=12, class_="figure")]
    axis += [
        element("text", f"{value:g}", x=f"{_MARGIN - 2}%", y=_at(value, top) + 4, text_anchor="end", class_="figure")
        for value in lines
    ]
    grid = [element("line", x1=0, x2="100%", y1=_at(value, top), y2=_at(value, top), class_="line") for value in lines]
    inner = element(
        "svg", joined([*grid, *_bars(periods, top)]), x=f"{_MARGIN}%", width=f"{100 - _MARGIN}%", overflow="visible"
    )
    return picture(id_, title, description, [*axis, inner], class_="chart", width="100%", height=_HEIGHT)


def _at(value: float, top: float) -> float:
    return _BASE - (_BASE - _TOP) * value / top


def _bars(periods: Sequence[Period], top: float) -> list[Markup]:
    marks: list[Markup] = []
    width = 100 / max(len(periods), 1)
    every = -(-len(periods) // _MOST_LABELS)
    for number, period in enumerate(periods):
        middle = f"{(number + 0.5) * width:.2f}%"
        if period.value:
            left, wide, before = f"{(number + 0.15) * width:.2f}%", f"{0.7 * width:.2f}%", 0.0
            for value, tone in period.parts or ((period.value, "plain"),):
                y, height = _at(before + value, top), _at(before, top) - _at(before + value, top)
                before += value
                if value:
                    marks.append(element("rect", x=left, y=y, width=wide, height=height, class_=f"bar {tone}"))
        if len(periods) <= _MOST_FIGURES and period.value is not None:
            y = _at(period.value, top) - 4
            marks.append(element("text", period.text, x=middle, y=y, text_anchor="middle", class_="figure"))
        if number % every == 0:
            marks.append(element("text", period.name, x=middle, y=_BASE + 18, text_anchor="middle", class_="figure"))
    return marks


def sparkline(id_: str, title: str, description: str, values: Sequence[int]) -> Markup:
    """Bars alone, 120 by 28 pixels."""
    most, width = max([*values, 1]), 120 / max(len(values), 1)
    bars = [
        element(
            "rect",
            x=(number + 0.1) * width,
            y=28 - 28 * value / most,
            width=0.8 * width,
            height=28 * value / most,
            class_="bar plain",
        )
        for number, value in enumerate(values)
        if value
    ]
    base = element("line", x1=0, x2=120, y1=27.5, y2=27.5, class_="line")
    return picture(id_, title, description, [base, *bars], class_="spark", width=120, height=28, viewBox="0 0 120 28")
