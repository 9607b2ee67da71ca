"""Periods that units are assessed over: a quarter, a month or a year, their order and what came before."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer

from yunnao.kernel.text import Language

PeriodKind = Literal["year", "quarter", "month"]

_PARTS = {"year": 1, "quarter": 4, "month": 12}
_FIRST_YEAR, _LAST_YEAR = 1949, 2200
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = re.compile(r"^(\d{4})\s*年?度?$")
_QUARTER = re.compile(r"^(\d{4})\s*(?:[-年]?\s*[qQ]\s*|年第?\s*)([1-4一二三四])\s*(?:季度?)?$")
_MONTH = re.compile(r"^(\d{4})\s*[-年/.mM]\s*(\d{1,2})\s*月?$")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A year (part 1), or the ``part``-th quarter or month of one; ordered in time among its kind."""

    kind: PeriodKind
    year: int
    part: int = 1

    @property
    def before(self) -> "Period":
        """The one just before: the quarter before a quarter."""
        if self.part > 1:
            return Period(self.kind, self.year, self.part - 1)
        return Period(self.kind, self.year - 1, _PARTS[self.kind])

    @property
    def year_before(self) -> "Period":
        """The same one of the year before."""
        return Period(self.kind, self.year - 1, self.part)

    def __str__(self) -> str:
        return {"year": f"{self.year}", "quarter": f"{self.year}Q{self.part}", "month": f"{self.year}-{self.part:02d}"}[
            self.kind
        ]

    def in_words(self, language: Language = "zh") -> str:
        """What people call it."""
        if language == "en":
            return str(self)
        part = {"year": "", "quarter": f"{'一二三四'[(self.part - 1) % 4]}季度", "month": f"{self.part}月"}[self.kind]
        return f"{self.year}年{part}"


def parse_period(text: str) -> Period:
    """A period as people write it: ``2023Q1``, ``2023年一季度``, ``2023-01``, ``2023年1月``, ``2023``.

    Raises:
        ValueError: it is none; the message is a Chinese sentence.
    """
    written = text.strip()
    if found := _QUARTER.match(written):
        period = Period("quarter", int(found[1]), _QUARTERS[found[2]])
    elif found := _MONTH.match(written):
        period = Period("month", int(found[1]), int(found[2]))
    elif found := _YEAR.match(written):
        period = Period("year", int(found[1]))
    else:
        raise ValueError(f"{text!r} 不是一个时期；请写成 2023Q1、2023-01 或 2023")
    if not 1 <= period.part <= _PARTS[period.kind] or not _FIRST_YEAR <= period.year <= _LAST_YEAR:
        raise ValueError(f"{text!r} 不是一个时期：没有这样的月份，或年份不对")
    return period


def _read(value: Any) -> Any:
    return parse_period(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else value


PeriodText = Annotated[Period, BeforeValidator(_read), PlainSerializer(str)]
"""A period in a declaration, written as `parse_period` reads it."""
