"""What a person is told about a load: every refused cell, every note, and the numbers."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row was refused: the cell to blame, as the spreadsheet names it.

    Attributes:
        file, sheet: where the row is; the sheet is empty for CSV and Parquet.
        row: number as the spreadsheet shows it, from 1, header included.
        column: the header as written.
        value: the cell as written.
        reason: a sentence.
    """

    file: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """The outcome of one delivered file.

    Attributes:
        register: id of the register.
        file: path as it was given.
        sheets: the sheets that were read; empty for CSV and Parquet.
        rows: data rows seen (blank, total and footer rows are none).
        accepted, refused, repeats: they add up to `rows`; repeats are identical rows dropped.
        notes: sentences about everything that was dropped, converted or ignored without refusing a row.
        delivery: number of the delivery; None where all that this file says was delivered before and is in force.
        rejects: where the refused rows were written, if there are any.
    """

    register: str
    file: str
    sheets: list[str]
    rows: int
    accepted: int
    refused: int
    repeats: int
    notes: list[str] = field(default_factory=list)
    delivery: int | None = None
    rejects: Path | None = None
    problems: list[Problem] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``json.dumps``."""
        return {**asdict(self), "rejects": str(self.rejects) if self.rejects else None}
