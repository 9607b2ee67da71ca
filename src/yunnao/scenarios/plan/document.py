"""A report as the reader takes it: one text that all offsets point into, and the tables that its format made known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a table's cell stands in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first row being the heads; a cell that is merged over several places is repeated."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report.

    Attributes:
        text: all of its words; a line is a paragraph. Every offset of rows and defects points into it.
        source: names the report in messages.
        tables: those that the file's format marks as such (docx, pdf). Tables of plain text (tab or | between the cells) are found
            by the reader.
    """

    text: str
    source: str
    tables: tuple[Table, ...] = ()
