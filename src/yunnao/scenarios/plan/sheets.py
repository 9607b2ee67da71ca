"""Tables as files for officers and programs: xlsx, csv, jsonl. The same tables give the same bytes; numbers stay exact."""

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import plain

ENDINGS = (".xlsx", ".csv", ".jsonl")
Cell = str | int | Decimal | bool | None
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EXCEL_DIGITS = 15
_WIDEST = 400
_COLOURS = {"绿": "#c6e9cf", "黄": "#fde9a8", "红": "#f6c1bb", "灰": "#dddddd"}


@dataclass(frozen=True, slots=True)
class Table:
    """A title, columns (name -> Chinese head) and rows of cells by name."""

    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Cell]]


def table_file(table: Table, name: str) -> bytes:
    """The table in the format of the ending of ``name``.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`.
    """
    match Path(name).suffix.lower():
        case ".xlsx":
            return as_xlsx([table])
        case ".csv":
            return _as_csv(table)
        case ".jsonl":
            return "".join(f"{json.dumps(row, ensure_ascii=False, default=_exact)}\n" for row in table.rows).encode()
    raise YunnaoError(f"{name}：只能写为 {'、'.join(ENDINGS)}；请改文件名的后缀")


def as_json(value: Any) -> str:
    """A document for programs; decimals as texts, so that they stay exact."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_exact)


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet a table; a cell that is a light's word has its colour."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH})
        bold = book.add_format({"bold": True, "text_wrap": True})
        colours = {word: book.add_format({"bg_color": colour}) for word, colour in _COLOURS.items()}
        for table in tables:
            sheet = book.add_worksheet(table.title)
            for column, (name, head) in enumerate(table.columns.items()):
                sheet.write_string(0, column, head, bold)
                for number, row in enumerate(table.rows, start=1):
                    _write(sheet, number, column, row.get(name), colours)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
            sheet.autofit(max_width=_WIDEST)
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, colours: Mapping[str, Any]) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(row, column, "是" if cell else "否")
        case Decimal() if len(cell.as_tuple().digits) > _EXCEL_DIGITS:
            sheet.write_string(row, column, plain(cell))
        case Decimal() | int():
            sheet.write_number(row, column, float(cell))
        case _:
            sheet.write_string(row, column, cell, colours.get(cell))


def _as_csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns.values())
    for row in table.rows:
        writer.writerow([_harmless(row.get(name)) for name in table.columns])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> str:
    """A text that a spreadsheet takes for no formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, Decimal):
        return plain(cell)
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not isinstance(cell, int) else text


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    raise TypeError(f"not a cell: {value!r}")
