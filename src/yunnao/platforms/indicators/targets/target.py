"""What a plan promised (Target) and what came of it so far (Actual), as they are kept."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

from yunnao.platforms.indicators.targets.comparing import EXACT, PERCENT_UNITS, Better, Bound, Sign

Nature = Literal["flow", "stock", "rate", "unknown"]
"""Whether a series adds up over the months of a year, stands at a level, or is a rate; unknown where nobody has said."""
Covers = Literal["month", "to_date", "point"]
"""What an actual covers: one month, the year up to and including a month, or the state at its end."""

COVERS_WORDS: dict[Covers, str] = {"month": "当月", "to_date": "累计", "point": "时点"}
LAST_MONTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise as a reviewed file states it.

    Attributes:
        period: the year (``2023``) or the span (``2021-2025``) at whose end it is due.
        area: functional zone, town or department that it is about; empty for the whole district.
        indicator: as the report's reader named it.
        series: the indicator's normalised name, by which results are found.
        kind: what sort of number it is, in the words of whoever read it (level, growth_yoy, share, rank ...).
        unit, value, value_high: as printed; of a range both ends.
        base_unit, base_value, base_high: the same, scaled.
        sign: the comparator that it is judged by.
        direction: `down` where what was promised is a fall, told as a positive number.
        better, nature: of the series, as far as the scenario's tables know.
        aspirational: the number itself is what is striven for (力争): told beside the targets, never a base line.
        base_stretch: what is striven for beside this target, in base units.
        begins, ends, text_line, section, sentence, quote: its words; offsets in characters, the report they point into is named by the
            reviewed file.
    """

    period: str
    area: str
    indicator: str
    series: str
    kind: str
    unit: str
    value: Decimal
    value_high: Decimal | None
    base_unit: str
    base_value: Decimal
    base_high: Decimal | None
    sign: Sign
    direction: str
    better: Better
    nature: Nature
    aspirational: bool
    base_stretch: Decimal | None
    begins: int
    ends: int
    text_line: int
    section: str
    sentence: str
    quote: str

    @property
    def bound(self) -> Bound:
        """What a result is judged by, in the unit as printed and in its own direction."""
        return Bound(
            sign=self.sign,
            low=self.value,
            high=self.value_high,
            better=self.better,
            percent=self.base_unit in PERCENT_UNITS,
        )

    @property
    def factor(self) -> Decimal:
        """How many base units the printed unit is: 10000 of 万家."""
        return EXACT.divide(self.base_value, self.value) if self.value else Decimal(1)

    @property
    def identity(self) -> str:
        """What stays the same when a later file words or numbers the promise otherwise."""
        parts = (self.period, self.area, self.series, self.kind, self.base_unit, self.direction)
        return "\x1f".join((*parts, "aspirational" if self.aspirational else ""))

    @property
    def last_year(self) -> int | None:
        """The year at whose end it is due; none if its period is no year."""
        tail = self.period[-4:]
        return int(tail) if tail.isdecimal() and len(tail) == len("2023") else None

    @property
    def due_on(self) -> dt.date | None:
        """The last day of its period."""
        return dt.date(self.last_year, LAST_MONTH, 31) if self.last_year else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promise as it is kept, with its history's number.

    Attributes:
        revision: counts from 1; a later reviewed file that says it otherwise adds one.
        file: number of the reviewed file that this revision came with.
        withdrawn: the later file has it no more.
        owner: id of the department that answers for it; none while nobody has said.
        owner_by: how that is known: `table` or `officer`.
    """

    target_id: str
    revision: int
    file: int
    plan: str
    withdrawn: bool
    promised: Promised
    owner: str | None = None
    owner_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """One result of a series, as somebody stated it.

    Attributes:
        period: ``2023-04``, or the whole year ``2023-12`` with `to_date`.
        kind, unit, base_unit, base_value: as of `Promised`.
        sign: how exactly it is said.
        source: file, row and column, or run and indicator, in words.
        known_at: when we were told, ISO.
    """

    area: str
    indicator: str
    series: str
    kind: str
    period: str
    covers: Covers
    unit: str
    value: Decimal
    base_unit: str
    base_value: Decimal
    sign: Sign = "="
    source: str = ""
    known_at: str = ""
    revision: int = 1

    @property
    def year(self) -> int:
        """Of its period."""
        return int(self.period[:4])

    @property
    def month(self) -> int:
        """Of its period, 1 to 12."""
        return int(self.period[5:])

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What a later statement about the same thing replaces."""
        return (self.area, self.series, self.kind, self.base_unit, self.period, self.covers)


def numbered(plan: str, promised: Sequence[Promised]) -> dict[str, Promised]:
    """Id -> promise. Two promises of the same thing in one file have different ids, in the order of the text."""
    seen: Counter[str] = Counter()
    found = {}
    for each in sorted(promised, key=lambda each: (each.begins, each.ends)):
        seen[each.identity] += 1
        text = f"{plan}\x1e{each.identity}\x1e{seen[each.identity]}"
        found[f"T{hashlib.sha256(text.encode()).hexdigest()[:12]}"] = each
    return found


def columns(promised: Promised) -> dict[str, Any]:
    """A promise as a row: numbers are texts, so that they stay exact on every database."""
    return {
        name: format(value, "f") if isinstance(value, Decimal) else value for name, value in asdict(promised).items()
    }
