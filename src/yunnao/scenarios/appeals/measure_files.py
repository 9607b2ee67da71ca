"""Measures as files: a workbook for people, CSV and JSON lines for programs. The same measures give the same bytes."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language
from yunnao.scenarios.appeals.measure_settings import MeasureSettings
from yunnao.scenarios.appeals.measure_tables import Excluded, Row
from yunnao.scenarios.appeals.rates import DIMENSIONS, MEASURES, MEASURES_BY_ID, Dimension

ENDINGS = (".xlsx", ".csv", ".jsonl")
_CSV = "measure,指标,group,名称,rank,numerator,denominator,percent,band,left_out,why"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Measures of one district at one day, ready to be written."""

    by: Dimension
    as_of: dt.date
    first: dt.date | None
    last: dt.date | None
    rows: Sequence[Row]
    excluded: Sequence[Excluded]
    settings: MeasureSettings


def measure_file(measured: Measured, name: str, language: Language = "zh") -> bytes:
    """The file, in the format of the ending of ``name``.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`.
    """
    match Path(name).suffix.lower():
        case ".xlsx":
            return as_xlsx(measured, language)
        case ".csv":
            return as_csv(measured)
        case ".jsonl":
            return as_jsonl(measured)
    raise YunnaoError(f"{name}：指标只能导出为 {'、'.join(ENDINGS)}；请改文件名的后缀")


def as_jsonl(measured: Measured) -> bytes:
    """One JSON object a group and measure; the reasons of what is left out by words."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(measured)).encode()


def as_csv(measured: Measured) -> bytes:
    """One line a group and measure; UTF-8 with a mark, for Excel."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_CSV.split(","))
    for line in _lines(measured):
        why = "；".join(f"{reason} {count}" for reason, count in line["left_out"].items())
        title, group = MEASURES_BY_ID[line["measure"]].title.zh, line["group"]
        cells = [line["measure"], title, group, line["title"], line["rank"], line["numerator"], line["denominator"]]
        left = sum(line["left_out"].values())
        writer.writerow([_harmless(cell) for cell in [*cells, line["percent"], line["band"], left, why]])
    return text.getvalue().encode("utf-8-sig")


def _lines(measured: Measured) -> Iterator[dict[str, Any]]:
    for row in measured.rows:
        for cell in row.cells:
            rate = cell.rate
            yield {
                "by": measured.by,
                "as_of": measured.as_of.isoformat(),
                "group": row.group,
                "title": row.title.zh,
                "rank": row.rank,
                "measure": rate.measure,
                "numerator": rate.numerator,
                "denominator": rate.denominator,
                "percent": rate.percent or None,
                "band": cell.band.title.zh if cell.band else None,
                "left_out": {reason.zh: count for reason, count in cell.left_out},
            }


def _harmless(cell: Any) -> Any:
    """Text that a spreadsheet program will not run: streets and classes are words that somebody wrote."""
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


_SHEETS: Mapping[Language, Sequence[str]] = {
    "zh": ("各率", "未计入的", "不计入考核的件", "口径"),
    "en": ("Rates", "Left out", "Excluded cases", "Definitions"),
}
_COLUMNS: Mapping[Language, Sequence[str]] = {
    "zh": ("%", "分子", "分母", "未计入", "档"),
    "en": ("%", "numerator", "denominator", "left out", "band"),
}


def as_xlsx(measured: Measured, language: Language) -> bytes:
    """A workbook: rates, a row a group; what is left out and why; excluded cases; definitions."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": dt.datetime.combine(measured.as_of, dt.time.min, dt.UTC)})
        bold = book.add_format({"bold": True, "valign": "top"})
        tables = (
            _wide(measured, language),
            _left(measured, language),
            _excluded(measured, language),
            _definitions(measured, language),
        )
        for title, lines in zip(_SHEETS[language], tables, strict=True):
            sheet = book.add_worksheet(title)
            for number, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, (int, float)):
                        sheet.write_number(number, column, value)
                    elif value:
                        sheet.write_string(number, column, str(value), bold if number == 0 else None)
            sheet.freeze_panes(1, 1)
            sheet.autofit(max_width=400)
    return buffer.getvalue()


def _wide(measured: Measured, language: Language) -> Iterator[list[Any]]:
    zh = language == "zh"
    ranks = any(row.rank is not None for row in measured.rows)
    scores = bool(measured.settings.weights)
    heads = [f"{measure.title.in_(language)} {column}" for measure in MEASURES for column in _COLUMNS[language]]
    rank_head, score_head = ["名次" if zh else "rank"] * ranks, ["综合分" if zh else "score"] * scores
    yield [DIMENSIONS[measured.by].in_(language), *rank_head, *heads, *score_head]
    for row in measured.rows:
        cells: list[Any] = [row.title.in_(language), *([row.rank or ""] * ranks)]
        for cell in row.cells:
            share = cell.rate.thousandths
            band = (cell.band.title.zh if zh else cell.band.title.en) if cell.band else ""
            cells += ["" if share is None else share / 10, cell.rate.numerator, cell.rate.denominator, cell.left, band]
        yield [*cells, *(["" if row.score is None else row.score / 10] * scores)]


def _left(measured: Measured, language: Language) -> Iterator[list[Any]]:
    heads = ["指标", "为什么", "件（次）"] if language == "zh" else ["measure", "why", "how many"]
    yield [DIMENSIONS[measured.by].in_(language), *heads]
    for row in measured.rows:
        for cell in row.cells:
            for reason, count in cell.left_out:
                measure = MEASURES_BY_ID[cell.rate.measure].title.in_(language)
                yield [row.title.in_(language), measure, reason.in_(language), count]


def _excluded(measured: Measured, language: Language) -> Iterator[list[Any]]:
    yield (
        ["编号", "承办部门", "理由", "受理日期"] if language == "zh" else ["number", "department", "ground", "received"]
    )
    for case in measured.excluded:
        yield [case.case_id, case.department.in_(language), case.ground.in_(language), case.opened.isoformat()]


def _definitions(measured: Measured, language: Language) -> Iterator[list[Any]]:
    zh = language == "zh"
    yield ["指标", "怎样算"] if zh else ["measure", "how it is counted"]
    for measure in MEASURES:
        yield [measure.title.in_(language), measure.rule.in_(language)]
    span = f"{measured.first or '…'} – {measured.last or '…'}"
    yield ["截至" if zh else "as of", measured.as_of.isoformat()]
    yield ["受理日期" if zh else "received", span]
    yield ["分档依据" if zh else "bands", measured.settings.cites]
