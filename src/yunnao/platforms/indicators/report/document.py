"""A report before it is a file: blocks of text, tables and charts, in which every number carries the note of its lineage."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold; a dirty copy of a report may."""

Tone = Literal["good", "fair", "attention", "none", "plain", "second"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, or words that hold some, out of the store.

    Attributes:
        text: as it stands in the store, to the last digit.
        note: its lineage, in a sentence; never empty.
        anchor: the name by which others refer to it; where it is kept in the report.
        refers: the anchor whose number it shows.
    """

    text: str
    note: str
    anchor: str = ""
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """What an officer has to write here."""

    text: str


Span = str | Number | Gap
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the outermost."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text, numbers and gaps."""

    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; each cell is a run of spans.

    Attributes:
        title: above it, and for those who cannot see it.
        wide: it wants a page on its side.
        figures: numbers of the columns (from 0) that hold figures, which are set to the right.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]
    wide: bool = False
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart, a value a category; None where there is none, which draws nothing."""

    name: str
    tone: Tone
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A bar chart; a table with the same numbers stands beside it.

    Attributes:
        description: what it shows, in words, for those who cannot see it.
        stacked: series on one another, else side by side.
        unit: of the values.
    """

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool
    unit: str


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report.

    Attributes:
        subtitle: what it is and of which day its numbers are.
        as_of: that day.
    """

    title: str
    subtitle: str
    as_of: dt.date
    blocks: tuple[Block, ...]

    def numbers(self) -> Iterator[Number]:
        """Every number, in the order of the text."""
        for block in self.blocks:
            for spans in _runs(block):
                yield from (span for span in spans if isinstance(span, Number))


def writable(text: str) -> str:
    """``text`` with a mark (U+FFFD) for every character that no XML document can hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def _runs(block: Block) -> Iterator[Sequence[Span]]:
    match block:
        case Paragraph():
            yield block.spans
        case Table():
            for row in block.rows:
                yield from row
