"""One case as somebody sees it."""

from dataclasses import dataclass

from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.clocks import ClockRun
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import FiledEvent, FiledStanding
from yunnao.platforms.cases.filed.filing import Person
from yunnao.platforms.cases.filed.shares import Share, shares
from yunnao.platforms.cases.filed.store import FiledCase


@dataclass(frozen=True, kw_only=True)
class FiledView:
    """One case as somebody sees it, with the steps they may take now.

    Attributes:
        attachments: those that are neither removed nor erased.
    """

    case: FiledCase
    flow: FiledFlow
    events: tuple[FiledEvent, ...]
    standing: FiledStanding
    clocks: tuple[ClockRun, ...]
    title: str
    body: str
    person: Person
    allowed: tuple[FiledStep, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def shares(self) -> tuple[Share, ...]:
        """What departments co-handle or have co-handled, in order."""
        return tuple(shares(self.flow, self.events))

    @property
    def follows(self) -> str | None:
        """The case that it follows (its lead), if any; `standing.department` is then that of the lead."""
        return self.standing.follows
