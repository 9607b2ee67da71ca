"""What an officer corrected in the rows of a report: kept as a file, replayed on the next read.

A place is named by words, not by numbers, so that it survives a text that moved: the quote, the numeral in it, and which of the places
with this quote and this numeral it is, counted from 1. A correction says what stood there before; one that no longer fits is reported
and not applied.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.quantities import QUANTITY, Quantity
from yunnao.scenarios.plan.quantity_files import TITLES, bases

EDITABLE = (
    "indicator",
    "value",
    "value_high",
    "unit",
    "comparator",
    "kind",
    "direction",
    "period",
    "status",
    "estimate",
    "aspirational",
    "area",
)
"""Columns that a person may correct; the others follow from the text."""

_AROUND = 20
_SENTENCE_END = re.compile("[。！？]")


@dataclass(frozen=True, slots=True)
class Place:
    """Words that name a place: ``numeral`` within ``quote``, the ``occurrence``-th such place of the report, from 1."""

    quote: str
    numeral: str
    occurrence: int


@checked_dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Correction:
    """One thing that was corrected.

    Attributes:
        do: `change` one field of a row, `remove` a row, `add` one.
        field: of a change, one of `EDITABLE`.
        old: of a change, what stood there; of a removal, value and unit, as ``42.5万家``.
        new: of a change, what is right; of an addition, the fields of the row.
    """

    do: Literal["change", "remove", "add"]
    quote: Annotated[str, Field(min_length=1)]
    numeral: Annotated[str, Field(min_length=1)]
    occurrence: Annotated[int, Field(ge=1)]
    field: str | None = None
    old: Any = None
    new: Any = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.quote, self.numeral, self.occurrence)


_CORRECTION: TypeAdapter[Correction] = TypeAdapter(Correction)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Rows after the corrections.

    Attributes:
        rows: in the order of the text.
        kept: those that fit, also where they changed nothing any more.
        applied: how many of them changed something.
        problems: a sentence for each that did not fit.
    """

    rows: tuple[Quantity, ...]
    kept: tuple[Correction, ...]
    applied: int
    problems: tuple[str, ...]


def place_of(text: str, row: Quantity) -> Place:
    """The words that name the place of a row; its quote where that is one piece of the text, else the words around it."""
    numeral = text[row.start : row.end]
    for start in _all(text, row.quote):
        if start <= row.start and row.end <= start + len(row.quote):
            break
    else:
        first, last = _line(text, row.start, row.end)
        return _counted(text, text[max(first, row.start - _AROUND) : min(last, row.end + _AROUND)], numeral, row.start)
    return _counted(text, row.quote, numeral, row.start)


def find(text: str, place: Place) -> int | None:
    """Where the numeral of a place begins; ``None`` where the text has no such place."""
    found = [*_places(text, place.quote, place.numeral)]
    return found[place.occurrence - 1] if place.occurrence <= len(found) else None


def as_jsonl(corrections: Sequence[Correction]) -> bytes:
    """One correction a line."""
    lines = ({name: value for name, value in asdict(each).items() if value is not None} for each in corrections)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8", "surrogatepass")


def from_jsonl(content: bytes, name: str) -> tuple[Correction, ...]:
    """Corrections of a file that the review page saved.

    Raises:
        FileRefused: a line is not a correction; the message names it.
    """
    corrections = []
    try:
        lines = content.decode("utf-8-sig", "surrogatepass").split("\n")
    except UnicodeDecodeError:
        raise FileRefused(f"{name}：不是 UTF-8 文本；请用复核页保存的修改文件") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                corrections.append(_CORRECTION.validate_python(json.loads(line)))
            except (ValueError, RecursionError):
                raise FileRefused(f"{name} 第 {number} 行：不是一条修改；请用复核页重新保存") from None
    return tuple(corrections)


def from_file(path: Path) -> tuple[Correction, ...]:
    """Corrections of a file; see `from_jsonl`."""
    if not path.is_file():
        raise FileRefused(f"{path}：没有这个文件；请检查路径")
    return from_jsonl(path.read_bytes(), path.name)


def corrected(rows: Sequence[Quantity], corrections: Sequence[Correction], text: str) -> Corrected:
    """The rows with the corrections applied one after the other; a corrected row has confidence 1."""
    of_start = {row.start: row for row in rows}
    applied = 0
    kept: list[Correction] = []
    problems: list[str] = []
    for number, correction in enumerate(corrections, start=1):
        start = find(text, correction.place)
        said = f"第 {number} 条修改（{correction.quote}）"
        if start is None:
            problems.append(f"{said}：报告里找不到这处原文，没有改；请在复核页里重新改")
            continue
        row = of_start.get(start)
        try:
            changed = _applied(correction, row, text, start, rows)
        except _NoFit as misfit:
            problems.append(f"{said}：{misfit}，没有改；请在复核页里重新改")
            continue
        kept.append(correction)
        if changed == row:
            continue
        applied += 1
        if changed is None:
            del of_start[start]
        else:
            of_start[start] = changed
    in_order = sorted(of_start.values(), key=lambda row: (row.start, row.end))
    return Corrected(tuple(in_order), tuple(kept), applied, tuple(problems))


class _NoFit(Exception):
    """Why a correction no longer fits."""


def _applied(
    correction: Correction, row: Quantity | None, text: str, start: int, rows: Sequence[Quantity]
) -> Quantity | None:
    match correction.do:
        case "add":
            added = _added(correction, text, start, rows)
            if row is not None and plain(row) != plain(added):
                raise _NoFit(f"这里已经读出了“{row.indicator}”")
            return row or added
        case "remove":
            if row is not None and correction.old != _said(row):
                raise _NoFit(f"原来要删的是 {correction.old}，现在读出的是 {_said(row)}")
            return None
        case _:
            if row is None:
                raise _NoFit("这里现在没有读出数")
            return _changed(correction, row)


def _changed(correction: Correction, row: Quantity) -> Quantity:
    name = correction.field
    if name not in EDITABLE:
        raise _NoFit(f"没有可改的列 {name}")
    now, title = plain(row)[name], TITLES[name]
    if now == correction.new:
        return row
    if now != correction.old:
        raise _NoFit(f"{title}原来是 {correction.old!r}，现在读出的是 {now!r}")
    return _validated(row, {name: correction.new})


def _added(correction: Correction, text: str, start: int, rows: Sequence[Quantity]) -> Quantity:
    if not isinstance(correction.new, Mapping) or not set(correction.new) <= set(EDITABLE):
        raise _NoFit("要加的行写得不对")
    above = [row for row in rows if row.start <= start]
    line_start, line_end = _line(text, start, start)
    ends = [line_start, *(end.end() for end in _SENTENCE_END.finditer(text, line_start, line_end)), line_end]
    sentence = text[max(end for end in ends if end <= start) : min(end for end in ends if end > start)]
    blank = Quantity(
        start=start,
        end=start + len(correction.numeral),
        line=text.count("\n", 0, start) + 1,
        quote=correction.quote,
        sentence=sentence.strip(),
        section=above[-1].section if above else "",
        indicator="",
        value=Decimal(0),
        unit="",
        base_value=Decimal(0),
        base_unit="",
        comparator="=",
        kind="level",
        period="other",
        status="description",
        confidence=1.0,
    )
    return _validated(blank, correction.new)


def _validated(row: Quantity, new: Mapping[str, Any]) -> Quantity:
    try:
        changed: Quantity = QUANTITY.validate_python(asdict(row) | dict(new) | {"confidence": 1.0})
    except ValidationError as error:
        column = str(error.errors()[0]["loc"][0])
        raise _NoFit(f"{TITLES.get(column, column)}不能是 {new.get(column)!r}") from None
    return _rebased(changed) if {"value", "unit"} & set(new) else changed


def _rebased(row: Quantity) -> Quantity:
    *_, (value, unit) = bases(row)
    return replace(row, base_value=value, base_unit=unit)


def plain(row: Quantity) -> dict[str, Any]:
    """The columns that may be corrected, as they stand in a file: decimals as texts."""
    values = {name: getattr(row, name) for name in EDITABLE}
    return {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in values.items()}


def _said(row: Quantity) -> str:
    return f"{row.value:f}{row.unit}"


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    last = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if last < 0 else last


def _counted(text: str, quote: str, numeral: str, start: int) -> Place:
    return Place(quote, numeral, 1 + sum(place < start for place in _places(text, quote, numeral)))


def _places(text: str, quote: str, numeral: str) -> Iterator[int]:
    """Where ``numeral`` stands in a piece of text that says ``quote``, each place once, in order."""
    seen = -1
    for start in _all(text, quote):
        for within in _all(quote, numeral):
            if start + within > seen:
                seen = start + within
                yield seen


def _all(text: str, words: str) -> Iterator[int]:
    """Every place of ``words``, overlapping ones too."""
    at = text.find(words)
    while at >= 0 and words:
        yield at
        at = text.find(words, at + 1)
