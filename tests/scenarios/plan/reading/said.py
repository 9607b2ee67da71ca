"""Short ways to say what a passage states: for tables of cases."""

from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.reading.reader import read

HEADING = "一、2022年工作回顾\n"


def rows(passage: str, heading: str = HEADING) -> tuple[Quantity, ...]:
    """The rows of a passage below a heading; offsets count from the passage."""
    found = read(Document(text=heading + passage, source="x")).rows
    return tuple(row for row in found if row.start >= len(heading))


def values(passage: str) -> list[str]:
    """What a passage states, as comparator, value, and unit: ``≥3%``, ``1–2处``."""
    return [
        f"{'' if row.comparator == '=' else row.comparator}{row.value:f}"
        f"{'' if row.value_high is None else f'–{row.value_high:f}'}{row.unit}"
        for row in rows(passage)
    ]
