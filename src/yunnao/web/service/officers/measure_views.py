"""Measures as the page shows them: what an officer may see, rows and cells in words, charts drawn. Pure functions of the kept cases."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import polars as pl

from yunnao.kernel.text import Language, Text
from yunnao.scenarios.appeals.measure_settings import MeasureSettings
from yunnao.scenarios.appeals.measure_tables import Cell, Row, Wording, rows
from yunnao.scenarios.appeals.rates import (
    DIMENSIONS,
    EVERYBODY,
    MEASURES,
    MEASURES_BY_ID,
    Dimension,
    Rate,
    between,
    rates,
)
from yunnao.web.charts.bars import Bar, bar_chart
from yunnao.web.charts.trends import Period, trend_chart
from yunnao.web.service.officers.topic_views import Chart

MOST_GROUPS = 60
_MOST_MONTHS = 24


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for in the query; ``wrong``: the dates were not usable."""

    by: Dimension = "department"
    measure: str = "solved"
    first: dt.date | None = None
    last: dt.date | None = None
    wrong: bool = False


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """What a query asks for; what it says wrongly is as if it were not said."""
    by: Dimension = next((each for each in DIMENSIONS if each == query.get("by")), "department")
    measure = query.get("measure", "")
    try:
        first, last = (
            dt.date.fromisoformat(text) if (text := query.get(name, "")) else None for name in ("first", "last")
        )
        wrong = bool(first and last and first > last)
    except ValueError:
        first, last, wrong = None, None, True
    if wrong:
        first = last = None
    return Wanted(
        by=by, measure=measure if measure in MEASURES_BY_ID else "solved", first=first, last=last, wrong=wrong
    )


def query_of(wanted: Wanted, **other: str) -> dict[str, str]:
    """A query that asks for the same, but for ``other``."""
    dates = {"first": wanted.first, "last": wanted.last}
    same = {"by": wanted.by, "measure": wanted.measure, **{name: str(day) for name, day in dates.items() if day}}
    return same | other


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an officer sees.

    Attributes:
        everybody: all cases together.
        shown: groups, the first of them all that the officer sees groups of.
        cases: the cases whose months and excluded ones are shown.
    """

    everybody: Row
    shown: Sequence[Row]
    cases: pl.DataFrame


def seen(
    table: pl.DataFrame,
    wanted: Wanted,
    today: dt.date,
    settings: MeasureSettings,
    wording: Wording,
    department: str | None,
    own: Text,
) -> Seen:
    """The measures of the cases received when wanted.

    Args:
        department: none sees every group; a department sees its own row beside all together, and groups of its own cases.
        own: what its own cases together are called.
    """
    cases = between(table, wanted.first, wanted.last)
    if department is None:
        found = rows(cases, wanted.by, today, settings, wording)
        return Seen(everybody=found[0], shown=found, cases=cases)
    ours = of_department(cases, department)
    if wanted.by == "department":
        found = rows(cases, "department", today, settings, wording)
        return Seen(
            everybody=found[0], shown=[row for row in found if row.group in (EVERYBODY, department)], cases=ours
        )
    together, *groups = rows(ours, wanted.by, today, settings, wording)
    named = Row(group=department, title=own, cells=together.cells, score=together.score)
    return Seen(everybody=rows(cases, wanted.by, today, settings, wording)[0], shown=[named, *groups], cases=ours)


def of_department(cases: pl.DataFrame, department: str) -> pl.DataFrame:
    """The cases that a department has, and of their assignments those to it."""
    theirs = pl.element().filter(pl.element().struct.field("department") == department)
    return cases.filter(pl.col("department") == department).with_columns(pl.col("assignments").list.eval(theirs))


def figure(cell: Cell, said: SimpleNamespace, language: Language) -> str:
    """A rate in one line of words: ``92.3 % = 12 ÷ 13，优``."""
    rate = cell.rate
    if not rate.denominator:
        return str(said.nothing_measured)
    band = f" · {cell.band.title.zh if language == 'zh' else cell.band.title.en}" if cell.band else ""
    return f"{rate.percent} % = {rate.numerator:,} ÷ {rate.denominator:,}{band}"


def chart(found: Sequence[Row], wanted: Wanted, said: SimpleNamespace, language: Language) -> Chart:
    """One measure of every group, as bars."""
    place = next(place for place, measure in enumerate(MEASURES) if measure.id == wanted.measure)
    cells = [(row.title.in_(language), row.cells[place]) for row in found[:MOST_GROUPS]]
    bars = [
        Bar(
            name=name,
            share=cell.rate.thousandths / 1000 if cell.rate.thousandths is not None else None,
            text=figure(cell, said, language),
            tone=cell.band.tone if cell.band else "plain",
        )
        for name, cell in cells
    ]
    title = said.chart.format(measure=MEASURES[place].title.in_(language), by=DIMENSIONS[wanted.by].in_(language))
    table = [(name, f"{cell.rate.percent or '—'}", *_counts(cell)) for name, cell in cells]
    heads = (DIMENSIONS[wanted.by].in_(language), "%", *_heads(language))
    return Chart(picture=bar_chart("bars", title, said.chart_description, bars), heads=heads, rows=table)


def months(cases: pl.DataFrame, wanted: Wanted, today: dt.date, said: SimpleNamespace, language: Language) -> Chart:
    """One measure by the month in which cases were received, the last two years of them."""
    place = next(place for place, measure in enumerate(MEASURES) if measure.id == wanted.measure)
    found = {month: row[place] for month, row in rates(cases, "month", today).items() if month}
    nothing = Rate(measure=wanted.measure, group="", numerator=0, denominator=0, left_out={})
    shown = [(month, found.get(month, nothing)) for month in _months(found)][-_MOST_MONTHS:]
    periods = [
        Period(
            name=month,
            value=rate.thousandths / 10 if rate.thousandths is not None else None,
            text=f"{rate.percent}",
        )
        for month, rate in shown
    ]
    title = said.month_trend.format(measure=MEASURES[place].title.in_(language))
    drawn = trend_chart("months", title, said.month_note, periods, unit=said.month_unit, most=100)
    table = [
        (month, rate.percent or "—", f"{rate.numerator:,}", f"{rate.denominator:,}", f"{sum(rate.left_out.values()):,}")
        for month, rate in shown
    ]
    return Chart(picture=drawn, heads=(said.month, "%", *_heads(language)), rows=table, notes=[said.month_note])


def _months(found: Collection[str]) -> list[str]:
    """Every month from the first to the last, those without a case among them."""
    months, last = [min(found, default="")], max(found, default="")
    while months[-1] < last:
        year, month = map(int, months[-1].split("-"))
        months.append(f"{year + month // 12}-{month % 12 + 1:02d}")
    return [month for month in months if month]


def _counts(cell: Cell) -> tuple[str, str, str]:
    return f"{cell.rate.numerator:,}", f"{cell.rate.denominator:,}", f"{cell.left:,}"


def _heads(language: Language) -> tuple[str, str, str]:
    return ("分子", "分母", "未计入") if language == "zh" else ("Numerator", "Denominator", "Left out")
