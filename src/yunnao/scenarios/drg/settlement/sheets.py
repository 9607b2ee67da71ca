"""Sheets of figures as files: xlsx and csv for officers, json for programs. The same sheets give the same bytes; money stays exact."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import polars as pl
import xlsxwriter

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import plain

ENDINGS = (".xlsx", ".csv", ".json")
Unit = Literal["text", "count", "points", "money"]
Cell = str | int | Decimal | None

_SCALES: Mapping[Unit, int] = {"points": 4, "money": 2}
_FORMATS: Mapping[Unit, str] = {"count": "#,##0", "points": "#,##0.0000", "money": "#,##0.00"}
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EXCEL_DIGITS = 15
_WIDEST = 400


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a frame: its head in Chinese, and what its integers are (1/10000 point, fen)."""

    name: str
    head: str
    unit: Unit = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frame with the columns to show, and sentences above it."""

    title: str
    columns: Sequence[Column]
    frame: pl.DataFrame
    notes: Sequence[str] = ()

    def rows(self) -> Iterator[list[Cell]]:
        """The cells: points and yuan as decimals."""
        for row in self.frame.select(column.name for column in self.columns).iter_rows():
            yield [_cell(value, column.unit) for value, column in zip(row, self.columns, strict=True)]


def sheets_file(sheets: Sequence[Sheet], name: str) -> bytes:
    """The sheets in the format of the ending of ``name``; a csv has the first alone.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`.
    """
    match Path(name).suffix.lower():
        case ".xlsx":
            return _xlsx(sheets)
        case ".csv":
            return _csv(sheets[0])
        case ".json":
            return _json(sheets)
    raise YunnaoError(f"{name}：只能写为 {'、'.join(ENDINGS)}；请改文件名的后缀")


def _cell(value: Any, unit: Unit) -> Cell:
    if value is None or unit not in _SCALES:
        return value if value is None or isinstance(value, str | int) else str(value)
    return Decimal(int(value)).scaleb(-_SCALES[unit])


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH})
        bold, note = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"italic": True})
        formats = {unit: book.add_format({"num_format": words}) for unit, words in _FORMATS.items()}
        for each in sheets:
            sheet = book.add_worksheet(each.title)
            for number, column in enumerate(each.columns):
                sheet.write_string(0, number, column.head, bold)
            last = 0
            for last, cells in enumerate(each.rows(), start=1):
                for number, (cell, column) in enumerate(zip(cells, each.columns, strict=True)):
                    _write(sheet, last, number, cell, formats.get(column.unit))
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(last, 1), len(each.columns) - 1)
            sheet.autofit(max_width=_WIDEST)
            for number, words in enumerate(each.notes, start=last + 2):
                sheet.write_string(number, 0, words, note)
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, shown: Any) -> None:
    match cell:
        case None | "":
            return
        case Decimal() if len(cell.as_tuple().digits) > _EXCEL_DIGITS:
            sheet.write_string(row, column, plain(cell))
        case Decimal() | int():
            sheet.write_number(row, column, cell, shown)
        case _:
            sheet.write_string(row, column, cell)


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.head for column in sheet.columns)
    writer.writerows([_text(cell) for cell in row] for row in sheet.rows())
    return text.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    """A cell that a spreadsheet takes for no formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return "" if cell is None else str(cell)


def _json(sheets: Sequence[Sheet]) -> bytes:
    document = {
        each.title: {
            "notes": list(each.notes),
            "rows": [
                dict(
                    zip(
                        (column.name for column in each.columns),
                        (str(cell) if isinstance(cell, Decimal) else cell for cell in row),
                        strict=True,
                    )
                )
                for row in each.rows()
            ],
        }
        for each in sheets
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
