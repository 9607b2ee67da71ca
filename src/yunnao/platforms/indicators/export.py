"""Measured values as files for people and other programs: xlsx, csv, json. The same values give the same bytes."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language, Text
from yunnao.platforms.indicators.measure import Measured
from yunnao.platforms.indicators.table import HEADER, Labels, in_unit, table, unit_text
from yunnao.storage.files import write_atomically

Cell = str | Decimal

Write = Callable[[Path, bytes], None]
"""Puts bytes where they belong, whole or not at all."""

_EXCEL_DIGITS = 15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export(
    measured: Sequence[Measured],
    path: Path,
    write: Write = write_atomically,
    language: Language = "zh",
    labels: Labels | None = None,
) -> None:
    """Write the values to ``path``, whole or not at all, in the format of its ending.

    Raises:
        YunnaoError: the ending is none of .xlsx, .csv, .json; or the disk refuses.
    """
    makers: dict[str, Callable[[], bytes]] = {
        ".json": lambda: as_json(measured),
        ".csv": lambda: as_csv(measured, language, labels),
        ".xlsx": lambda: as_xlsx(measured, language, labels),
    }
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise YunnaoError(f"{path.name}：指标只能导出为 {'、'.join(makers)}；请改文件名的后缀")
    write(path, maker())


def as_json(measured: Sequence[Measured]) -> bytes:
    """A list of objects with the fields of `Measured`; value, numerator and denominator are exact."""
    rows = [_document(value) for value in measured]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def from_json(content: bytes) -> list[Measured]:
    """The values that `as_json` wrote.

    Raises:
        YunnaoError: the content is damaged.
    """
    try:
        return [_measured(document) for document in json.loads(content)]
    except (ValueError, TypeError, KeyError) as error:
        raise YunnaoError(f"指标文件读不懂（{error}）；它可能被改动过，请重新运行 yunnao run") from None


def as_csv(measured: Sequence[Measured], language: Language = "zh", labels: Labels | None = None) -> bytes:
    """The table with value and unit in columns of their own and the lineage after them; UTF-8 with a mark, for Excel."""
    header, rows = _sheet(measured, language, labels)
    header += _titles(_LINEAGE, language)
    rows = [[*row, *_lineage(value)] for row, value in zip(rows, measured, strict=True)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(measured: Sequence[Measured], language: Language = "zh", labels: Labels | None = None) -> bytes:
    """The table as a workbook, the lineage on a second sheet; a number of more digits than Excel keeps is text."""
    header, rows = _sheet(measured, language, labels)
    named = list(HEADER).index("shown")
    lineage = [[*row[:named], *_lineage(value)] for row, value in zip(rows, measured, strict=True)]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = max((value.as_of for value in measured), default=dt.date(2000, 1, 1))
        book.set_properties({"created": dt.datetime.combine(day, dt.time.min, dt.UTC)})
        bold = book.add_format({"bold": True})
        for title, titles, cells in (
            (Text("指标", "Indicators"), header, rows),
            (Text("来历", "Lineage"), [*header[:named], *_titles(_LINEAGE, language)], lineage),
        ):
            _write(book.add_worksheet(title.in_(language)), titles, cells, bold)
    return buffer.getvalue()


def _write(sheet: Any, header: Sequence[str], rows: Sequence[Sequence[Cell]], bold: Any) -> None:
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _EXCEL_DIGITS:
                sheet.write_number(number, column, cell)
            elif cell != "":
                sheet.write_string(number, column, str(cell))
    sheet.freeze_panes(1, 0)
    sheet.autofit(max_width=400)


_UNIT = Text("单位", "Unit")
_LINEAGE = (
    Text("运行", "Run"),
    Text("快照", "Snapshot"),
    Text("政策版本", "Policy versions"),
    Text("指标定义", "Definition"),
    Text("依据行数", "Rows it rests on"),
    Text("未计入（不明）", "Left out (unknown)"),
)


def _titles(texts: Sequence[Text], language: Language) -> list[str]:
    return [text.in_(language) for text in texts]


def _lineage(value: Measured) -> list[Cell]:
    """What the value was made from, in the columns of `_LINEAGE`."""
    made_from = " ".join(value.made_from)
    return [
        Decimal(value.run),
        value.snapshot,
        made_from,
        value.definition,
        Decimal(value.rows),
        Decimal(value.unknown),
    ]


def _sheet(
    measured: Sequence[Measured], language: Language, labels: Labels | None
) -> tuple[list[str], list[list[Cell]]]:
    """Columns of `table`, with the bare value (shares in %) and its unit in place of the value as shown."""
    words = table(measured, language, labels)
    at = list(HEADER).index("shown")
    header = [*words.header[: at + 1], _UNIT.in_(language), *words.header[at + 1 :]]
    rows: list[list[Cell]] = []
    for value, cells in zip(measured, words.rows, strict=True):
        bare: Cell = "" if value.value is None else in_unit(value.value, value.unit)
        rows.append([*cells[:at], bare, unit_text(value.unit, language), *cells[at + 1 :]])
    return header, rows


def _harmless(cell: Cell) -> str:
    """Text that a spreadsheet program will not run: keys come from delivered files."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _document(value: Measured) -> dict[str, Any]:
    return {**asdict(value), "as_of": value.as_of.isoformat(), "made_from": list(value.made_from)}


def _measured(document: dict[str, Any]) -> Measured:
    return Measured(
        **{
            **document,
            "title": Text(**document["title"]),
            "as_of": dt.date.fromisoformat(document["as_of"]),
            "made_from": tuple(document["made_from"]),
        }
    )
