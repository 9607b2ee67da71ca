"""What a sentence speaks of while its numbers are read, and the words around one of them."""

from dataclasses import dataclass

from yunnao.scenarios.plan.quantities import Direction, Kind

_REMEMBERED = 4


@dataclass(slots=True)
class Topic:
    """What the sentence has been speaking of.

    Attributes:
        owner: zone, event or place that the clauses are about, where they name no subject of their own.
        noun, verb, subject, name: of the number before.
        lead: the words before the first number of the present list.
        consumed: words between the last number and this one that already named the last.
        rate: the share that the number before states.
        members: names of the subjects of the last list.
        recent: the subjects of the last numbers.
        passed: the noun of the clause before, where that has no number.
    """

    owner: str = ""
    noun: str = ""
    verb: str = ""
    subject: str = ""
    name: str = ""
    lead: str = ""
    consumed: str = ""
    rate: str = ""
    members: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    passed: str = ""

    def remember(self) -> None:
        """Keep the subject of the number just read for lists that come back to it (分别)."""
        if self.subject or self.noun:
            self.recent = (*self.recent[1 - _REMEMBERED :], self.subject or self.noun)


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a number within its clause.

    Attributes:
        before: from the clause's start, or the unit of the number before, to the numeral.
        after: from the unit to the next number, or to the clause's end.
        beyond: the words behind the next number of the clause; empty where none follows.
        first: no number stands before it in the clause.
        unit: the unit's base.
        member, members: its place in a list of numbers that share one subject (0 and 1 where there is none).
    """

    before: str
    after: str
    beyond: str
    first: bool
    unit: str
    kind: Kind
    direction: Direction
    member: int
    members: int
