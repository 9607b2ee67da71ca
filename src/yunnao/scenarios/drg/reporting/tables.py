"""Frames as files for officers and programs: xlsx, csv, json. The same frame gives the same bytes; csv and json are exact."""

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
import xlsxwriter

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import FEN_PER_YUAN, SHARE_BASE
from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.reporting.excel_charts import SheetChart, insert

ENDINGS = (".xlsx", ".csv", ".json")
Kind = Literal["money", "points", "share", "whole", "text", "day", "truth"]
SCALES: Mapping[str, int] = {"money": FEN_PER_YUAN, "points": 10_000, "share": SHARE_BASE}
"""How many stored units make one that is shown: fen in a yuan; points, coefficients, multiples, CMI in 1/10000; shares of a score."""
_DECIMALS: Mapping[str, int] = {"money": 2, "points": 4, "share": 4}
_FORMATS: Mapping[str, str] = {
    "money": "#,##0.00",
    "points": "#,##0.0000",
    "share": "0.00%",
    "whole": "#,##0",
    "day": "yyyy-mm-dd",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_WIDEST = 400
_MOST_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heads, and what its integers stand for."""

    title: Text
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frame with its title and, by name, the columns that are shown, in order; a workbook draws the charts beside them."""

    title: Text
    frame: pl.DataFrame
    columns: Mapping[str, Column]
    charts: tuple[SheetChart, ...] = ()


def sheet_file(sheet: Sheet, name: str, language: Language = "zh") -> bytes:
    """The sheet in the format of the ending of ``name``.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`, or there are more rows than Excel holds.
    """
    match Path(name).suffix.lower():
        case ".xlsx":
            return as_xlsx([sheet], language)
        case ".csv":
            return _as_csv(sheet, language)
        case ".json":
            rows = exact(sheet).to_dicts()
            return (json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n").encode()
    raise YunnaoError(f"{name}：只能写为 {'、'.join(ENDINGS)}；请改文件名的后缀")


def as_xlsx(sheets: Sequence[Sheet], language: Language = "zh") -> bytes:
    """A workbook with one sheet each; money and points as numbers with their decimals, texts never as formulas.

    Raises:
        YunnaoError: there are more rows than Excel holds.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH})
        head = book.add_format({"bold": True, "text_wrap": True})
        formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
        for sheet in sheets:
            title = sheet.title.in_(language)
            if sheet.frame.height > _MOST_ROWS:
                raise YunnaoError(f"“{title}”有 {sheet.frame.height:,} 行，Excel 放不下；请写为 .csv")
            written = book.add_worksheet(title)
            for number, (name, column) in enumerate(sheet.columns.items()):
                written.write_string(0, number, column.title.in_(language), head)
                written.write_column(
                    1, number, _cells(sheet.frame[name], column.kind, language), formats.get(column.kind)
                )
            written.freeze_panes(1, 0)
            written.autofilter(0, 0, max(sheet.frame.height, 1), len(sheet.columns) - 1)
            written.autofit(max_width=_WIDEST)
            for place, chart in enumerate(sheet.charts):
                insert(book, written, chart, list(sheet.columns), sheet.frame.height, place, language)
    return buffer.getvalue()


def exact(sheet: Sheet) -> pl.DataFrame:
    """The columns of a sheet with money and points as exact decimal texts."""
    return sheet.frame.select(
        decimal(pl.col(name), column.kind).alias(name) if column.kind in SCALES else pl.col(name)
        for name, column in sheet.columns.items()
    )


def decimal(units: pl.Expr, kind: str) -> pl.Expr:
    """Whole units of a kind of `SCALES` as decimal text: 123456 fen -> ``1234.56``."""
    scale, decimals = SCALES[kind], _DECIMALS[kind]
    rounded = (
        units
        if scale == 10**decimals
        else (units.abs() + scale // 10**decimals // 2) // (scale // 10**decimals) * units.sign()
    )
    whole, rest = rounded.abs() // 10**decimals, rounded.abs() % 10**decimals
    sign = pl.when(rounded < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(pl.String), pl.lit("."), rest.cast(pl.String).str.zfill(decimals))


def _cells(values: pl.Series, kind: Kind, language: Language) -> list[object]:
    if kind in SCALES:
        return list(values / SCALES[kind])
    if kind == "truth":
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        return ["" if value is None else yes if value else no for value in values]
    return [value if value is not None else "" for value in values] if kind == "text" else list(values)


def _as_csv(sheet: Sheet, language: Language) -> bytes:
    heads = {name: column.title.in_(language) for name, column in sheet.columns.items()}
    guarded = [
        pl.when(pl.any_horizontal(pl.col(name).str.starts_with(start) for start in _FORMULA_STARTS))
        .then("'" + pl.col(name))
        .otherwise(name)
        .alias(name)
        for name, column in sheet.columns.items()
        if column.kind == "text" and sheet.frame.schema[name] == pl.String
    ]
    yes = [
        pl.when(name).then(pl.lit("是")).when(~pl.col(name)).then(pl.lit("否")).alias(name)
        for name, column in sheet.columns.items()
        if column.kind == "truth"
    ]
    return (
        exact(sheet)
        .with_columns(*guarded, *yes)
        .rename(heads)
        .write_csv(include_bom=True, line_terminator="\r\n")
        .encode()
    )
