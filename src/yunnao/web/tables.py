"""How the columns of a table on a page are set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_FIGURE = re.compile(r"[≈<>≤≥+−-]? ?\d[\d,]*(\.\d+)?( ?%)?")
_NOTHING = ("", "—")


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of columns.

    Attributes:
        name: the column that says what a row is about: the first of words, else the first.
        figures: columns of numbers alone, or nothing, which are set to the right.
    """

    name: int
    figures: frozenset[int]


def columns(rows: Sequence[Sequence[Any]]) -> Columns:
    """The columns of a table's rows; cells are numbers or words, or have their words in ``text``."""
    said = [[str(getattr(cell, "text", cell)).strip() for cell in row] for row in rows]
    figures = {place for place, column in enumerate(zip(*said, strict=False)) if _are_figures(column)}
    name = next((place for place in range(len(said[0]) if said else 0) if place not in figures), 0)
    return Columns(name, frozenset(figures - {name}))


def even(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows whose decimals are written with as many places as the longest of their column, so that they can be compared at a glance."""
    places = [
        max((_places(cell) for cell in column if isinstance(cell, Decimal)), default=0)
        for column in zip(*rows, strict=False)
    ]
    return [
        [f"{cell:.{most}f}" if isinstance(cell, Decimal) else cell for cell, most in zip(row, places, strict=True)]
        for row in rows
    ]


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _are_figures(column: Sequence[str]) -> bool:
    written = [cell for cell in column if cell not in _NOTHING]
    return bool(written) and all(map(_FIGURE.fullmatch, written))
