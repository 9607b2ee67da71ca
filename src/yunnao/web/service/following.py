"""What a citizen sees of their appeal: where it stands, who has it, what has happened, what they may do."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yunnao.kernel.moment import CHINA
from yunnao.kernel.text import Language, Text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.attaching import brought
from yunnao.platforms.cases.filed.definitions import FiledStep, GivenField
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.rounds.calendars import Move
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.web.service.clock_days import SeenClock, seen_clock, with_moves
from yunnao.web.service.desk import CITIZEN
from yunnao.web.service.own_steps import OwnStep, own_step
from yunnao.web.service.words import labels


@dataclass(frozen=True, kw_only=True)
class SeenEvent:
    """Something that has happened, in the citizen's words; `details`: (label, text) of what was given with it."""

    when: str
    words: str
    details: tuple[tuple[str, str], ...] = ()
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Followed:
    """An appeal as its citizen sees it; `seen` is how many events there are, `gone` how many attachments were removed or erased."""

    number: str
    title: str
    body: str
    state: str
    closed: bool
    department: str | None
    filed: str
    seen: int
    clocks: tuple[SeenClock, ...]
    events: tuple[SeenEvent, ...]
    steps: tuple[OwnStep, ...]
    attachments: int = 0
    gone: int = 0


def followed(
    view: FiledView,
    departments: Mapping[str, Text],
    calendar: WorkingCalendar,
    today: dt.date,
    language: Language,
    moves: Sequence[Move] = (),
) -> Followed:
    """An appeal in the citizen's words, in one language; what officers keep to themselves is left out.

    That it follows another appeal is said, but not which one, nor why: that would tell of somebody else.

    Args:
        moves: what revisions of the calendar did to its deadlines.
    """
    state = view.flow.states[view.standing.state].citizen
    department = departments.get(view.standing.department or "")
    return Followed(
        number=view.case.case_id,
        title=view.title,
        body=view.body,
        state=state.zh if language == "zh" else state.en,
        closed=view.standing.state in view.flow.closed,
        department=department.in_(language) if department else None,
        filed=_when(view.case.opened_at),
        seen=len(view.events),
        clocks=tuple(_clocks(view, calendar, today, language, moves)),
        events=tuple(_events(view, departments, language)),
        steps=tuple(own_step(step, language) for step in view.allowed),
        attachments=len(view.attachments),
        gone=brought(view.events) - len(view.attachments),
    )


def _clocks(
    view: FiledView, calendar: WorkingCalendar, today: dt.date, language: Language, moves: Sequence[Move]
) -> Iterator[SeenClock]:
    """The citizen's own time limits, each with the moves of its own run."""
    nth: dict[str, int] = {}
    for run in view.clocks:
        nth[run.clock.id] = nth.get(run.clock.id, 0) + 1
        if run.clock.citizen:
            own = [move for move in moves if (move.clock, move.run) == (run.clock.id, nth[run.clock.id])]
            yield with_moves(seen_clock(run, calendar, today, language), own, language)


def _when(moment: dt.datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _events(view: FiledView, departments: Mapping[str, Text], language: Language) -> Iterator[SeenEvent]:
    """The opening, every step with words for the citizen (with its reason and what was given), and the citizen's own."""
    t = labels(language)
    yield SeenEvent(when=_when(view.events[0].at), words=t.received_event)
    department: str | None = None
    for event in view.events[1:]:
        department = event.department or department
        step = view.flow.step(event.step)
        own = event.actor == CITIZEN.id
        if step is None or (step.citizen is None and not own):
            continue
        label = step.citizen or step.title
        title = departments.get(department or "")
        words = (label.zh if language == "zh" else label.en).replace(
            "{department}", title.in_(language) if title else t.handled_by
        )
        yield SeenEvent(when=_when(event.at), words=words, details=tuple(_details(step, event, language)), own=own)


def _details(step: FiledStep, event: FiledEvent, language: Language) -> Iterator[tuple[str, str]]:
    if step.follows or step.leaves:
        return
    for name, field in step.gives.items():
        if name in event.given and name != step.assigns:
            yield (field.title.zh if language == "zh" else field.title.en), _said(field, event.given[name], language)
    if event.reason:
        yield labels(language).reason, event.reason


def _said(field: GivenField, value: Any, language: Language) -> str:
    t = labels(language)
    if field.kind == "truth":
        return str(t.yes if value else t.no)
    if field.kind == "choice" and value in field.values:
        return field.values[value].zh if language == "zh" else field.values[value].en
    return str(value)
