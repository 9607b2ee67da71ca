"""Excel workbooks (.xlsx, .xls) as sheets of text."""

import datetime as dt
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine as calamine

from yunnao.kernel.errors import FileRefused
from yunnao.platforms.registry.sheets import MARK_SCHEMA, Sheet, stack, text_frame
from yunnao.platforms.registry.workbook_scan import WorkbookScan, scan_workbook

_CHUNK_ROWS = 10_000
_WIDEST = 2_000
_MOST_MERGED_CELLS = 2_000_000


def read_workbook(path: Path, name: str) -> list[Sheet]:
    """Every worksheet of a workbook that holds anything, in order.

    Raises:
        FileRefused: the file is encrypted, broken, hostile, or no workbook.
    """
    with path.open("rb") as stream:
        zipped = stream.read(4) == b"PK\x03\x04"
    scan = scan_workbook(path, name) if zipped else WorkbookScan({}, from_1904=False)
    try:
        with path.open("rb") as stream:
            book = calamine.CalamineWorkbook.from_filelike(stream)
            listed = [
                (sheet.name, sheet.visible != calamine.SheetVisibleEnum.Visible)
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return [
                sheet
                for title, hidden in listed
                if (sheet := _sheet(book.get_sheet_by_name(title), scan, title, name, hidden=hidden)).rows.height
            ]
    except FileRefused:
        raise
    except calamine.PasswordError:
        raise FileRefused(f"{name}：文件有密码；请去掉密码后另存再试") from None
    except Exception as error:
        raise _broken(name, error) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader gives up on a broken file this way
            raise _broken(name, error) from None
        raise


def _broken(name: str, error: BaseException) -> FileRefused:
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return FileRefused(f"{name}：工作簿打不开（{reason}）；请用表格软件打开并另存为新的 .xlsx 后重试")


def _sheet(sheet: calamine.CalamineSheet, scan: WorkbookScan, title: str, name: str, *, hidden: bool) -> Sheet:
    if sheet.start is None or sheet.end is None:
        return Sheet(name=title, rows=pl.DataFrame(), hidden=hidden)
    before = [""] * sheet.start[1]  # the reader leaves out empty columns at the left, but not empty rows at the top
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if width > _WIDEST:
        raise FileRefused(f"{name}：工作表「{title}」有 {width} 列，不像名册；请删去数据之外的列后重试")
    chunks: list[pl.DataFrame] = []
    flags: list[pl.DataFrame] = []
    rows = iter(sheet.iter_rows())
    while chunk := [before + row for row in islice(rows, _CHUNK_ROWS)]:
        columns = list(zip(*chunk, strict=True))
        chunks.append(text_frame([list(map(_text, column)) for column in columns]))
        flags.append(pl.DataFrame({f"c{i}": _are_numbers(column) for i, column in enumerate(columns)}))
    numbers = pl.concat(flags)
    marks = [scan.marks.get(title, pl.DataFrame(schema=MARK_SCHEMA)), _merged(sheet, height, width, title, name)]
    return Sheet(
        name=title,
        rows=stack(chunks),
        numeric={i: series for i, series in enumerate(numbers.get_columns()) if series.any()},
        marks=pl.concat(marks),
        hidden=hidden,
        serial_dates=not scan.from_1904,
    )


def _are_numbers(column: Sequence[Any]) -> list[bool]:
    return [type(cell) is float or type(cell) is int for cell in column]


def _text(cell: Any) -> str:
    """A cell's value as text: numbers with at most 15 significant digits, as the spreadsheet itself keeps them."""
    if type(cell) is str:
        return cell
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def _merged(sheet: calamine.CalamineSheet, height: int, width: int, title: str, name: str) -> pl.DataFrame:
    """Every cell of a merged range, its first one included, within the sheet."""
    places: list[tuple[int, int, str]] = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        rows, columns = range(top, min(bottom + 1, height)), range(left, min(right + 1, width))
        if len(places) + len(rows) * len(columns) > _MOST_MERGED_CELLS:
            raise FileRefused(f"{name}：工作表「{title}」合并的单元格太多；请取消合并后重试")
        places += [(row + 1, column, "merged") for row in rows for column in columns]
    return pl.DataFrame(places, schema=MARK_SCHEMA, orient="row")
