"""What is wrong or odd about a scheme's tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on one table.

    Attributes:
        severity: an ``error`` keeps the scheme from being used; a ``warning`` says what may not be meant.
        table: name of the table.
        sentence: Chinese: where, what, and what to do.
    """

    severity: Literal["error", "warning"]
    table: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.table}.csv：{self.sentence}"


def error(table: str, sentence: str) -> Finding:
    """A finding that keeps the scheme from being used."""
    return Finding("error", table, sentence)


def warning(table: str, sentence: str) -> Finding:
    """A finding that the scheme can be used with."""
    return Finding("warning", table, sentence)


def some(things: Iterable[object], unit: str = "个") -> str:
    """The first few of several, and how many there are."""
    texts = [str(thing) for thing in things]
    shown = "、".join(texts[:_SHOWN])
    return shown if len(texts) <= _SHOWN else f"{shown} 等 {len(texts):,} {unit}"
