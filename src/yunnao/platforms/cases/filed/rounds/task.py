"""A task of the house: what is done again and again, and how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Going = Callable[[], bool]
"""Asked between pieces of work whether to go on."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is done again and again.

    Attributes:
        name: in letters.
        title: in Chinese.
        every: seconds from the end of a round to the next.
        run: one round: how much of what was done. Safe to be cut off anywhere, and to be run by two processes at once.
    """

    name: str
    title: str
    every: float
    run: Callable[[Going], Mapping[str, int]]


def always() -> bool:
    """Go on."""
    return True
