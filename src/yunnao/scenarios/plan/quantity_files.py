"""Rows as files: JSON lines for programs, a workbook for officers. What is written is read again as the same rows."""

import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine as calamine
import xlsxwriter
from pydantic import ValidationError

from yunnao.kernel.errors import FileRefused, YunnaoError
from yunnao.platforms.indicators.targets.comparing import EXACT
from yunnao.scenarios.plan.quantities import COLUMNS, DEFECT_KINDS, QUANTITY, Defect, Quantity
from yunnao.scenarios.plan.reading.units import unit_at
from yunnao.scenarios.plan.review import REMARK_KINDS, Remark

ENDINGS = (".jsonl", ".xlsx")
TITLES: Mapping[str, str] = {
    "start": "起",
    "end": "止",
    "line": "行",
    "quote": "原文",
    "sentence": "句子",
    "section": "章节",
    "indicator": "指标",
    "value": "数值",
    "value_high": "数值上限",
    "unit": "单位",
    "base_value": "基本单位数值",
    "base_unit": "基本单位",
    "comparator": "比较",
    "kind": "类别",
    "direction": "方向",
    "period": "时期",
    "status": "性质",
    "estimate": "预计",
    "aspirational": "力争",
    "area": "区域或部门",
    "confidence": "把握",
}
"""Column -> its Chinese head in the workbook; reading accepts either."""

_SHEET = "数量"
_DECIMALS = ("value", "value_high", "base_value", "aspirational")
_WHOLE = ("start", "end", "line")
_WORDS = {"true": True, "false": False, "是": True, "否": False, "": False}
_COLUMNS_OF = {title: column for column, title in TITLES.items()}
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Date of creation written into workbooks, so that the same rows give the same bytes."""


def rows_file(
    rows: Sequence[Quantity], name: str, *, remarks: Sequence[Remark] = (), defects: Sequence[Defect] = ()
) -> bytes:
    """The rows in the format of the ending of ``name``; the same rows give the same bytes.

    Remarks and defects go with the rows into a workbook; JSON lines hold rows alone.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`.
    """
    match Path(name).suffix.lower():
        case ".jsonl":
            return as_jsonl(rows)
        case ".xlsx":
            return as_xlsx(rows, remarks=remarks, defects=defects)
    raise _unknown_ending(name)


def read_rows(path: Path) -> tuple[Quantity, ...]:
    """The rows of a file that `rows_file` wrote, or that an officer edited since.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`.
        FileRefused: a row is not a quantity; the message names row and column.
    """
    match path.suffix.lower():
        case ".jsonl":
            return from_jsonl(path.read_bytes(), path.name)
        case ".xlsx":
            return from_xlsx(path.read_bytes(), path.name)
    raise _unknown_ending(path.name)


def as_jsonl(rows: Sequence[Quantity]) -> bytes:
    """One object a row; decimals as texts, so that they stay exact."""
    lines = (json.dumps(asdict(row), ensure_ascii=False, default=_plain) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")


def from_jsonl(content: bytes, name: str) -> tuple[Quantity, ...]:
    """Rows of JSON lines; see `read_rows`."""
    rows = []
    for number, line in enumerate(content.decode("utf-8-sig", "surrogatepass").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_float=Decimal)
        except ValueError:
            raise FileRefused(f"{name} 第 {number} 行：不是 JSON；请用 yunnao plan read 重新生成") from None
        if not isinstance(record, dict):
            raise FileRefused(f"{name} 第 {number} 行：应是一个对象；请用 yunnao plan read 重新生成")
        rows.append(_checked(record, f"{name} 第 {number} 行"))
    return tuple(rows)


def as_xlsx(rows: Sequence[Quantity], *, remarks: Sequence[Remark] = (), defects: Sequence[Defect] = ()) -> bytes:
    """A workbook: the rows, what to look at in them, the defects of the text. What a spreadsheet would round is written as text."""
    lines = {row.start: row.line for row in rows}
    remarked = [
        (REMARK_KINDS[each.kind], each.sentence, "、".join(str(lines[start]) for start in each.starts))
        for each in remarks
    ]
    found = [
        (each.line, DEFECT_KINDS[each.kind], each.text, each.likely, each.confidence, each.start, each.end)
        for each in defects
    ]
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_SHEET)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, TITLES[name], bold)
        for number, row in enumerate(rows, start=1):
            for column, name in enumerate(COLUMNS):
                _write(sheet, number, column, getattr(row, name))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
        sheet.autofit(max_width=300)
        _sheet(book, "复核", ("类别", "提示", "行"), remarked, bold)
        _sheet(book, "文本毛病", ("行", "类别", "文字", "原文可能是", "把握", "起", "止"), found, bold)
    return buffer.getvalue()


def from_xlsx(content: bytes, name: str) -> tuple[Quantity, ...]:
    """Rows of the workbook's first sheet, by the heads of its first row; see `read_rows`."""
    try:
        table = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except Exception:
        raise FileRefused(f"{name}：工作簿打不开；请另存为新的 .xlsx 后重试") from None
    if not table:
        raise FileRefused(f"{name}：第一张工作表是空的；请用 yunnao plan read 重新生成")
    heads = [_COLUMNS_OF.get(str(head).strip(), str(head).strip()) for head in table[0]]
    if missing := [TITLES[column] for column in COLUMNS if column not in heads]:
        raise FileRefused(f"{name} 第 1 行：缺少列 {'、'.join(missing)}；请保留 yunnao plan read 写的表头")
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        record = {head: cell for head, cell in zip(heads, cells, strict=False) if head in TITLES}
        if any(cell != "" for cell in record.values()):
            rows.append(_checked(record, f"{name} 第 {number} 行"))
    return tuple(rows)


def _sheet(book: Any, title: str, heads: Sequence[str], records: Sequence[Sequence[Any]], bold: Any) -> None:
    sheet = book.add_worksheet(title)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, record in enumerate(records, start=1):
        for column, value in enumerate(record):
            _write(sheet, number, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofit(max_width=600)


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    match value:
        case None | "":
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case Decimal() if not _fits_a_cell(value):
            sheet.write_string(row, column, _plain(value))
        case Decimal() | int() | float():
            sheet.write_number(row, column, float(value))
        case _:
            sheet.write_string(row, column, str(value))


def _fits_a_cell(value: Decimal) -> bool:
    """A spreadsheet keeps 15 significant digits."""
    return abs(value) < 10**15 and Decimal(format(float(value), ".15g")) == value


def _checked(record: Mapping[str, Any], where: str) -> Quantity:
    try:
        row: Quantity = QUANTITY.validate_python(
            {name: _cell(name, record[name]) for name in COLUMNS if name in record}
        )
    except ValidationError as error:
        first = error.errors()[0]
        column = str(first["loc"][0]) if first["loc"] else ""
        title = f"{TITLES.get(column, column)}（{column}）"
        raise FileRefused(f"{where}的 {title}：{first['input']!r} 不能用；请改正后重试") from None
    if row.value_high is not None and row.value_high < row.value:
        raise FileRefused(
            f"{where}的 {TITLES['value_high']}：{row.value_high} 小于数值 {row.value}；不是区间就清空上限，否则请改正"
        )
    based = _based(row)
    if based is None:
        raise FileRefused(
            f"{where}的 {TITLES['unit']}（unit）：{row.unit!r} 不认识，换算不出{TITLES['base_unit']}；"
            f"请写成 万家、亿元 这样的单位，或把{TITLES['base_unit']}一起改正"
        )
    return based


def _based(row: Quantity) -> Quantity | None:
    """The row with the base value that follows from value and unit, one of which may have been edited; none if nobody knows the unit.

    A scale before the unit (万) may be part of the base unit as well: 万元/亩.
    """
    found = list(bases(row))
    if any(value == row.base_value and unit in ("", row.base_unit) for value, unit in found):
        return row
    same_unit = next((value for wanted in (row.base_unit, "") for value, unit in found if unit == wanted), None)
    if same_unit is not None:
        return replace(row, base_value=same_unit)
    value, unit = found[-1]
    named = unit_at(f"{unit}，", 0, chinese=False)
    return (
        replace(row, base_value=value, base_unit=unit) if named and (named.text, named.known) == (unit, True) else None
    )


def bases(row: Quantity) -> Iterator[tuple[Decimal, str]]:
    """What a number may be in base units: no letter of its unit, one, or all that are scales taken off."""
    value, unit = row.value, row.unit
    yield value, unit
    while unit[:1] in _SCALES:
        value, unit = EXACT.multiply(value, Decimal(_SCALES[unit[0]])), unit[1:]
        yield value, unit


def _cell(name: str, value: Any) -> Any:
    if name in _DECIMALS:
        if value is None or value == "":
            return None
        return Decimal(format(value, ".15g")) if isinstance(value, float) else value
    if name in _WHOLE:
        return int(value) if isinstance(value, float | Decimal) and value == int(value) else value
    if name == "estimate" and isinstance(value, str):
        return _WORDS.get(value.strip().lower(), value)
    if name == "confidence":
        return float(value) if isinstance(value, Decimal | int) else value
    if isinstance(value, float):
        return format(value, ".15g")
    return value


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"not a column of a row: {value!r}")


def _unknown_ending(name: str) -> YunnaoError:
    return YunnaoError(f"{name}：数量只能写为 {'、'.join(ENDINGS)}；请改文件名的后缀")
