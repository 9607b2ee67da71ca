"""What happened to a filed case: its events, and what is read off them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.definitions import OPENED, Given

MACHINE = "yunnao"
"""Who takes automatic steps."""


@dataclass(frozen=True, kw_only=True)
class FiledEvent:
    """Something that happened; `from_state` is none at the opening, and is `to_state` where nothing moved.

    Attributes:
        given: what was given with the step, by name.
        sets: attributes of the case from then on.
        department: of the case from then on, if the step assigned it.
        share: the department whose share (协办) it opened, belongs to or closed.
        follows: the case that it follows from then on (its lead); none if it follows none.
        attachments: that came with it.
        detached: the digest of the attachment that it removed.
    """

    seq: int
    step: str
    from_state: str | None
    to_state: str
    actor: str
    at: dt.datetime
    reason: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, Given] = field(default_factory=dict)
    department: str | None = None
    follows: str | None = None
    share: str | None = None
    attachments: tuple[Attachment, ...] = ()
    detached: str | None = None

    @property
    def day(self) -> dt.date:
        """The day in China."""
        return self.at.astimezone(CHINA).date()


@dataclass(frozen=True, kw_only=True)
class FiledStanding:
    """Where a case stands after its events.

    Attributes:
        department: that has it now; none while nobody has.
        attributes: as last set.
        since: the day it entered its state.
        follows: the case that it follows (its lead), and `before`: the state in which it was when it began to; none if it follows none.
    """

    state: str
    department: str | None
    attributes: Mapping[str, Given]
    since: dt.date
    opened: dt.date
    seq: int
    follows: str | None = None
    before: str | None = None

    def taken(self, events: Sequence[FiledEvent], step: str) -> int:
        """How often ``step`` is among the events."""
        return sum(event.step == step for event in events)


def fold(events: Sequence[FiledEvent]) -> FiledStanding:
    """Where a case with these events (one at least, in order) stands."""
    attributes: dict[str, Given] = {}
    department, since, before = None, events[0].day, None
    for event in events:
        attributes.update(event.sets)
        department = event.department or department
        if event.to_state != event.from_state:
            since = event.day
        if event.follows is None:
            before = None
        elif before is None:
            before = event.from_state
    return FiledStanding(
        state=events[-1].to_state,
        department=department,
        attributes=attributes,
        since=since,
        opened=events[0].day,
        seq=events[-1].seq,
        follows=events[-1].follows,
        before=before,
    )


def opening(
    state: str,
    at: dt.datetime,
    actor: str,
    attributes: Mapping[str, Given],
    attachments: Sequence[Attachment] = (),
) -> FiledEvent:
    """The first event of a case."""
    return FiledEvent(
        seq=1,
        step=OPENED,
        from_state=None,
        to_state=state,
        actor=actor,
        at=at,
        sets=dict(attributes),
        attachments=tuple(attachments),
    )
