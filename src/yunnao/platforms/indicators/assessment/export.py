"""A result as files: a workbook for people, JSON for programs. The same result gives the same bytes."""

import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter

from yunnao.kernel.text import Language
from yunnao.platforms.indicators.assessment.placing import Place
from yunnao.platforms.indicators.assessment.scoring import IndicatorScore, Scored
from yunnao.platforms.indicators.assessment.sensitivity import Firmness, Stability
from yunnao.platforms.indicators.assessment.service import Result
from yunnao.platforms.indicators.assessment.sheets import Cell, sheets
from yunnao.platforms.indicators.assessment.words import exact_text, explanation, shown, why_words

_EXCEL_DIGITS = 15


def as_xlsx(
    result: Result,
    stability: Stability,
    language: Language = "zh",
    unused: Sequence[str] = (),
    *,
    explained: bool = True,
) -> bytes:
    """A workbook with a sheet for each table of `sheets`."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": dt.datetime(result.period.year, 1, 1, tzinfo=dt.UTC)})
        bold, note = book.add_format({"bold": True, "valign": "top"}), book.add_format({"italic": True})
        for table in sheets(result, stability, language, unused, explained=explained):
            sheet = book.add_worksheet(table.title)
            for number, words in enumerate(table.notes):
                sheet.write_string(number, 0, words, note)
            top = len(table.notes)
            for column, title in enumerate(table.header):
                sheet.write_string(top, column, title, bold)
            shapes = [book.add_format({"num_format": shape}) for shape in _shapes(table.rows)]
            for number, row in enumerate(table.rows, start=top + 1):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, shapes[column])
            sheet.freeze_panes(top + 1, 0)
            sheet.autofilter(top, 0, top + len(table.rows), len(table.header) - 1)
            for column, width in enumerate(_widths(table.header, table.rows)):
                sheet.set_column(column, column, width)
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, shape: Any) -> None:
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _EXCEL_DIGITS:
        sheet.write_number(row, column, cell, shape)
    elif cell != "":
        sheet.write_string(row, column, str(cell))


def _shapes(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """How the numbers of each column are shown: with as many decimals as its longest."""
    for column in zip(*rows, strict=True):
        most = max((len(f"{cell:f}".partition(".")[2]) for cell in column if isinstance(cell, Decimal)), default=0)
        yield f"0.{'0' * most}" if most else "0"


def _widths(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[float]:
    """Widths of columns by their words, without the notes above, which may run over."""
    for column, title in enumerate(header):
        texts = [title, *(str(row[column]) for row in rows)]
        yield min(max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts) + 2, 70)


def as_json(result: Result, stability: Stability, unused: Sequence[str] = ()) -> str:
    """The result as a document: scores to their last digit (``score``; a fraction where the decimals do not end) and as shown.

    Ranks, stars, moves and firmness stand only where they are published.
    """
    ranked = result.assessment.total.publishes == "ranks"
    document = {
        "assessment": result.assessment.id,
        "title": result.assessment.title.zh,
        "example": result.assessment.example.zh if result.assessment.example else None,
        "period": str(result.period),
        "before": str(result.before.period) if result.before else None,
        "total": [
            {
                **_scored(result, unit, result.total[unit], result.places if ranked else {}),
                "bonus": [_indicator(each) for each in result.bonus[unit][0]],
                **(
                    {"flags": [flag.id for flag in result.flags[unit]], "move": _number(result.move(unit))}
                    if ranked
                    else {}
                ),
                **({"sensitivity": _firmness(stability.total.get(unit))} if ranked else {}),
            }
            for unit in result.assessment.units
        ],
        "boards": [
            {
                "board": each.board.id,
                "title": each.board.title.zh,
                "publishes": each.board.publishes,
                "units": [
                    {
                        **_scored(
                            result, unit, each.scores[unit], each.places if each.board.publishes == "ranks" else {}
                        ),
                        **(
                            {
                                "stars": _number(each.stars.get(unit)),
                                "move": _number(result.move(unit, each.board.id)),
                                "sensitivity": _firmness(stability.boards[each.board.id].get(unit)),
                            }
                            if each.board.publishes == "ranks"
                            else {}
                        ),
                        "indicators": [_indicator(own) for own in each.scores[unit].indicators],
                    }
                    for unit in result.assessment.units
                ],
            }
            for each in result.boards
        ],
        "unused": list(unused),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _number(number: Fraction | None) -> str | None:
    return None if number is None else exact_text(number)


def _scored(result: Result, unit: str, scored: Scored, places: Mapping[str, Place]) -> dict[str, Any]:
    band = None if scored.score is None else result.assessment.band(scored.score)
    return {
        "unit": unit,
        "title": result.assessment.units[unit].zh,
        **({"rank": _number(places[unit].rank), "sharing": places[unit].sharing} if unit in places else {}),
        "score": _number(scored.score),
        "shown": None if scored.score is None else str(shown(scored.score)),
        "band": band.title.zh if band else None,
        "why": why_words(scored) or None,
    }


def _indicator(own: IndicatorScore) -> dict[str, Any]:
    value = own.value
    return {
        "indicator": own.indicator.id,
        "title": own.indicator.title.zh,
        "value": None if value is None or value.value is None else exact_text(Fraction(value.value)),
        "source": value.source if value else None,
        "score": _number(own.score),
        "share": exact_text(own.share),
        "points": exact_text(own.points),
        "how": explanation(own),
    }


def _firmness(firmness: Firmness | None) -> dict[str, Any] | None:
    if firmness is None:
        return None
    return {
        "best": exact_text(firmness.best),
        "worst": exact_text(firmness.worst),
        "firm": firmness.firm,
        "held": firmness.held,
        "drawn_best": exact_text(firmness.seen_best),
        "drawn_worst": exact_text(firmness.seen_worst),
        "level_at_percent": _number(firmness.tips_at),
    }
