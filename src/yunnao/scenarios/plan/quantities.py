"""The rows that a report is read into: one quantity a row, each tied to the words that state it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

Comparator = Literal["=", "≥", ">", "≈", "≤", "<"]
Kind = Literal["level", "growth_yoy", "rate_change", "share", "increment", "cumulative", "rank"]
Direction = Literal["up", "down", "none"]
Status = Literal["outcome", "target", "description"]
Period = Annotated[str, Field(pattern=r"^(\d{4}|\d{4}-\d{4}|other)$")]
Offset = Annotated[int, Field(ge=0)]
Confidence = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One stated quantity.

    Attributes:
        start: where the numeral begins, in characters of the report's text as it is.
        end: where it ends; ``text[start:end]`` is the numeral as printed (of a rank without digits, its words).
        line: counted from 1.
        quote: the smallest clause that states it.
        sentence: the sentence around it.
        section: headings above it, outermost first, joined by `` > ``.
        indicator: what is counted, as a statistician heads the column: short, in Chinese, without the number.
        value: the printed magnitude in ``unit`` (42.5 of 42.5万家); of a range the lower end; always positive where only the
            direction says that something fell.
        value_high: the upper end of a range.
        unit: as printed (万家, %, 个百分点); 名 of a rank; empty where none is printed.
        base_value: ``value`` scaled to ``base_unit`` (425000 家); of a percentage the same as printed.
        comparator: what the words around the number say (以上 ≥, 超过 >, 左右 ≈, 以内 ≤).
        kind: `growth_yoy` a % change on the year before; `rate_change` a change in a rate, standard, duration or rank; `share` a
            ratio of a whole; `increment` explicitly new in the period; `cumulative` up to a day; `rank`; `level` all else.
        direction: of a change.
        period: a year, a span of years, or other.
        status: reached, promised, or said of something else.
        estimate: the report says 预计.
        aspirational: the value that is striven for (力争12%), on its own row and on the row of the base target beside it.
        area: functional zone, town or department that is named as the one it is about; else empty.
        confidence: 0 to 1; low where a person should look.
    """

    start: Offset
    end: Offset
    line: Annotated[int, Field(ge=1)]
    quote: str
    sentence: str
    section: str
    indicator: str
    value: Decimal
    value_high: Decimal | None = None
    unit: str
    base_value: Decimal
    base_unit: str
    comparator: Comparator
    kind: Kind
    direction: Direction = "none"
    period: Period
    status: Status
    estimate: bool = False
    aspirational: Decimal | None = None
    area: str = ""
    confidence: Confidence


COLUMNS = tuple(field.name for field in fields(Quantity))
"""The columns of every file of rows, in this order."""

QUANTITY: TypeAdapter[Quantity] = TypeAdapter(Quantity)
"""Checks a row that comes from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A place where the text is not what its author wrote, as far as the text itself shows.

    Attributes:
        start, end: in characters of the text as it is; equal where something was lost between two characters.
        line: counted from 1.
        kind: a key of `DEFECT_KINDS`.
        text: what stands there.
        likely: what probably stood there; empty where it was nothing, or nobody can know.
        confidence: 0 to 1.
    """

    start: int
    end: int
    line: int
    kind: str
    text: str
    likely: str
    confidence: float


DEFECT_KINDS = {
    "injected": "插入的外来文字",
    "lost_plus": "丢失的加号",
    "lowercased": "被改成小写的字母",
    "ascii_punctuation": "半角标点",
    "control": "不可见或无法识别的字符",
}
"""Kind of a defect -> its Chinese title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one report says: its rows in the order of the text, and the defects of the text."""

    rows: tuple[Quantity, ...]
    defects: tuple[Defect, ...]


def grouped(defects: Sequence[Defect]) -> list[tuple[str, str, str, tuple[int, ...]]]:
    """Defects that are alike as one: kind, text, likely, and the line of each; the kinds in the order of `DEFECT_KINDS`."""
    lines: dict[tuple[str, str, str], list[int]] = {}
    for defect in defects:
        lines.setdefault((defect.kind, defect.text, defect.likely), []).append(defect.line)
    order = list(DEFECT_KINDS)
    return sorted(((*alike, tuple(places)) for alike, places in lines.items()), key=lambda group: order.index(group[0]))
