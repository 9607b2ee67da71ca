"""A report as one page that works from a file: notes of lineage at the end, linked both ways; charts beside their tables; no script."""

from decimal import Decimal

from markupsafe import Markup

from yunnao.platforms.indicators.report.document import (
    Chart,
    Gap,
    Heading,
    Number,
    Paragraph,
    Report,
    Table,
)
from yunnao.web.charts.bars import Bar, bar_chart
from yunnao.web.engine import engine, inside

_STYLES = ("dictionary.css", "charts.css")


def report_page(report: Report) -> str:
    """The page, in Chinese, as the report is."""
    notes: dict[str, int] = {}
    for number in report.numbers():
        notes.setdefault(number.note, len(notes) + 1)
    environment = engine("figures")
    environment.tests["heading"] = lambda block: isinstance(block, Heading)
    environment.tests["paragraph"] = lambda block: isinstance(block, Paragraph)
    environment.tests["table"] = lambda block: isinstance(block, Table)
    environment.tests["gap"] = lambda span: isinstance(span, Gap)
    environment.tests["sourced"] = lambda span: isinstance(span, Number)
    anchors = {number.anchor for number in report.numbers() if number.anchor}
    return environment.get_template("plan_report.html").render(
        report=report,
        note_of=notes,
        anchors=anchors,
        chart=_chart,
        styles=inside(*_STYLES),
    )


def _chart(chart: Chart, number: int) -> Markup:
    """Bars one below another: a bar of parts for each category of stacked series, else one for each series of each category."""
    bars = _stacked(chart) if chart.stacked else _side_by_side(chart)
    return bar_chart(f"chart-{number}", chart.title, chart.description, bars)


def _stacked(chart: Chart) -> list[Bar]:
    columns = [
        [series.values[place] or Decimal(0) for series in chart.series] for place in range(len(chart.categories))
    ]
    most = max((sum(column, Decimal(0)) for column in columns), default=Decimal(0)) or Decimal(1)
    bars = []
    for category, column in zip(chart.categories, columns, strict=True):
        parts = [(float(value / most), series.tone) for series, value in zip(chart.series, column, strict=True)]
        said = [f"{series.name} {value:f}" for series, value in zip(chart.series, column, strict=True) if value]
        bars.append(Bar(name=category, share=None, text="；".join(said), parts=tuple(parts)))
    return bars


def _side_by_side(chart: Chart) -> list[Bar]:
    known = [value for series in chart.series for value in series.values if value is not None]
    most = max(map(abs, known), default=Decimal(0)) or Decimal(1)
    bars = []
    for place, category in enumerate(chart.categories):
        for series in chart.series:
            value = series.values[place]
            share = None if value is None else float(max(value, Decimal(0)) / most)
            text = "缺数据" if value is None else f"{value:f}{chart.unit}"
            tone = "none" if series.tone == "second" else series.tone
            bars.append(Bar(name=f"{category}：{series.name}", share=share, text=text, tone=tone))
    return bars
