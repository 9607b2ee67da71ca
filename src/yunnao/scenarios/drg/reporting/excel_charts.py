"""Excel's own charts beside a sheet's columns: they follow the cells when an officer changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yunnao.kernel.text import Language, Text

_COLOURS = ("#1F5FA8", "#C8641E", "#5B8A3C", "#7A4FA0")
_SIZE = {"width": 880, "height": 400}
_MOST_NAMES = 60
"""More categories than this are labelled by Excel as it sees fit; fewer all stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetChart:
    """A chart over columns of its sheet.

    Attributes:
        kind: of the series: a ``line`` over time, ``column`` side by side or ``stacked``.
        categories: the column with the names.
        series: columns with the figures.
        unit: title of the axis of figures.
        beside: columns drawn as columns of their own beside a stack; Excel draws them as a line with marks.
        first, last: rows of the frame that are drawn, from 0, the last included; all by default.
    """

    title: Text
    kind: Literal["line", "column", "stacked"]
    categories: str
    series: Sequence[str]
    unit: Text
    beside: Sequence[str] = ()
    first: int = 0
    last: int | None = None


def insert(
    book: Any, sheet: Any, chart: SheetChart, columns: Sequence[str], rows: int, place: int, language: Language
) -> None:
    """Draw ``chart`` to the right of the columns.

    Args:
        book, sheet: of xlsxwriter.
        columns: names of the sheet's columns, in order.
        rows: of the frame.
        place: the how-manieth chart of the sheet, from 0.
    """
    last = rows - 1 if chart.last is None else chart.last
    if last < chart.first:
        return
    kind = {"line": {"type": "line"}, "column": {"type": "column"}, "stacked": {"type": "column", "subtype": "stacked"}}
    drawn = book.add_chart(kind[chart.kind])
    name = sheet.get_name()

    def series(column: str, number: int, *, marked: bool) -> dict[str, Any]:
        at, named = columns.index(column), columns.index(chart.categories)
        colour = _COLOURS[number % len(_COLOURS)]
        look = {"line": {"color": colour, "width": 2}, "marker": {"type": "circle", "size": 5}} if marked else {}
        return {
            "name": [name, 0, at],
            "categories": [name, chart.first + 1, named, last + 1, named],
            "values": [name, chart.first + 1, at, last + 1, at],
            **(look or {"fill": {"color": colour}, "gap": 60}),
        }

    for number, column in enumerate(chart.series):
        drawn.add_series(series(column, number, marked=chart.kind == "line"))
    if chart.beside:
        line = book.add_chart({"type": "line"})
        for number, column in enumerate(chart.beside, start=len(chart.series)):
            line.add_series(series(column, number, marked=True))
        drawn.combine(line)
    drawn.set_title({"name": chart.title.in_(language), "name_font": {"size": 13}})
    drawn.set_y_axis({"name": chart.unit.in_(language), "num_format": "#,##0.##", "major_gridlines": {"visible": True}})
    interval = {"interval_unit": 1} if last - chart.first < _MOST_NAMES else {}
    drawn.set_x_axis({**interval, "num_font": {"rotation": -45}} if last - chart.first > 12 else interval)
    drawn.set_legend({"position": "bottom"} if len(chart.series) + len(chart.beside) > 1 else {"none": True})
    drawn.set_size(_SIZE)
    sheet.insert_chart(1 + place * 22, len(columns) + 1, drawn, {"description": chart.title.in_(language)})
