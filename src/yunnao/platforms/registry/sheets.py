"""A delivered table before it means anything: rows of text, numbered as the spreadsheet shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

HEAD_ROWS = 45
"""Rows looked at before the columns are known."""

MARK_SCHEMA = pl.Schema({"row": pl.Int64(), "column": pl.Int64(), "mark": pl.String()})
"""Cells that are not plain values: row from 1, column from 0, and what they are (formula, error, merged, percent)."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a file.

    Attributes:
        name: of the worksheet; empty for CSV and Parquet.
        rows: String columns c0, c1, ... without nulls; the row at position i is number i + 1.
        numeric: column position -> Boolean, which cells were numbers (workbooks).
        marks: see `MARK_SCHEMA`.
        delimited: cells are found by counting separators, so a cell too many shifts the others.
        hidden: the worksheet is hidden.
        serial_dates: whether a number may be read as a day since 1899-12-30.
    """

    name: str
    rows: pl.DataFrame
    numeric: Mapping[int, pl.Series] = field(default_factory=dict)
    marks: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MARK_SCHEMA))
    delimited: bool = False
    hidden: bool = False
    serial_dates: bool = True

    def head(self) -> list[list[str]]:
        """The first rows as text."""
        return [list(row) for row in self.rows.head(HEAD_ROWS).iter_rows()]


def text_frame(columns: Sequence[Sequence[str]]) -> pl.DataFrame:
    """A chunk of columns -> frame with columns c0, c1, ..."""
    return pl.DataFrame({f"c{index}": pl.Series(cells, dtype=pl.String) for index, cells in enumerate(columns)})


def stack(chunks: list[pl.DataFrame]) -> pl.DataFrame:
    """Chunks beneath one another; a narrower one is filled with empty cells."""
    if not chunks:
        return pl.DataFrame()
    names = max((chunk.columns for chunk in chunks), key=len)
    return pl.concat(chunks, how="diagonal").select(pl.col(name).fill_null("") for name in names)


def cell_name(row: int, column: int) -> str:
    """``(5, 3)`` -> ``"D5"`` (row from 1, column from 0)."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"
