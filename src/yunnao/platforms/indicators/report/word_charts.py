"""Charts as Word has them: a chart part with its numbers in it and, embedded, the workbook that they can be edited in.

xlsxwriter writes the chart (DrawingML, the same in a workbook and in a document); what a document wants otherwise is put right here.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping

import xlsxwriter

from yunnao.platforms.indicators.report.document import Chart, Tone, writable

_SHEET = "Sheet1"
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The same chart is the same file."""
_PART = "xl/charts/chart1.xml"
_COLOURS: Mapping[Tone, str] = {
    "good": "#0F6D3A",
    "fair": "#8A4B00",
    "attention": "#9D1F1F",
    "none": "#8A8F98",
    "plain": "#0B57A4",
    "second": "#7FA8D6",
}
_PATTERNS: Mapping[Tone, str] = {"fair": "wide_upward_diagonal", "attention": "dark_horizontal", "none": "percent_25"}
"""Patterns tell the series apart where colours do not: in black and white, and for those who do not see them."""


def chart_parts(chart: Chart, external: str) -> tuple[bytes, bytes]:
    """The chart part, and the workbook embedded in it.

    Args:
        external: the relation's id by which the chart part will know the workbook.
    """
    book = _workbook(chart)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        text = archive.read(_PART).decode()
    text = text.replace("</c:scaling>", '</c:scaling><c:delete val="0"/>')  # else some programs hide the axes
    text = text[: text.index("<c:printSettings>")]  # a sheet's, which a document has none of
    linked = f'<c:externalData r:id="{external}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    return (text + linked).encode(), book


def _workbook(chart: Chart) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(_SHEET)
        drawn = book.add_chart({"type": "bar", "subtype": "stacked"} if chart.stacked else {"type": "bar"})
        last = len(chart.categories)
        for row, category in enumerate(chart.categories, start=1):
            sheet.write_string(row, 0, writable(category))
        for column, series in enumerate(chart.series, start=1):
            sheet.write_string(0, column, writable(series.name))
            for row, value in enumerate(series.values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
            pattern = _PATTERNS.get(series.tone)
            colour = _COLOURS[series.tone]
            look = (
                {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}}
                if pattern
                else {"fill": {"color": colour}}
            )
            drawn.add_series(
                {
                    "name": [_SHEET, 0, column],
                    "categories": [_SHEET, 1, 0, last, 0],
                    "values": [_SHEET, 1, column, last, column],
                    "border": {"color": colour},
                    **look,
                }
            )
        drawn.set_title({"name": writable(chart.title), "overlay": False})
        drawn.set_y_axis({"reverse": True})  # the first category on top
        drawn.set_x_axis({"name": chart.unit, "major_gridlines": {"visible": True, "line": {"color": "#D0D4DA"}}})
        drawn.set_legend({"position": "bottom"})
        sheet.insert_chart(0, len(chart.series) + 2, drawn)
    return buffer.getvalue()
