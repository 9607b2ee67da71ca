"""A case as an officer sees it: masked, unless they said what for; every event with who, when and why, and its audit line."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yunnao.capabilities.personal_data import MASK, masked
from yunnao.kernel.moment import CHINA
from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language, Text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.clocks import ClockRun
from yunnao.platforms.cases.filed.definitions import FiledStep, GivenField
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent
from yunnao.platforms.cases.filed.looking import Look
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.platforms.cases.filed.shares import Share
from yunnao.web.service.clock_days import SeenClock, seen_clock
from yunnao.web.service.desk import CITIZEN
from yunnao.web.service.officers.words import PURPOSES, officer_labels

_SHOWN = 3
"""How much of a name or an account that is no telephone number stays legible."""


@dataclass(frozen=True, kw_only=True)
class CaseEvent:
    """Something that happened; `details`: (label, text) of what was given; `line`: of the audit log."""

    when: str
    who: str
    title: str
    state: str
    details: tuple[tuple[str, str], ...]
    line: int | None


@dataclass(frozen=True, kw_only=True)
class CaseLook:
    """Somebody who looked at the contact and the full text."""

    when: str
    who: str
    purpose: str
    line: int


@dataclass(frozen=True, kw_only=True)
class CaseShare:
    """A department that co-handles or co-handled a case."""

    department: str
    words: str
    open: bool


@dataclass(frozen=True, kw_only=True)
class SeenCase:
    """A case on an officer's page; `shown`: whether contact and full text are shown; `seen`: how many events there are."""

    number: str
    title: str
    body: str
    name: str
    contact: str
    shown: bool
    state: str
    state_id: str
    closed: bool
    department: str
    channel: str
    filed: str
    seen: int
    attributes: tuple[tuple[str, str], ...]
    shares: tuple[CaseShare, ...]
    running: tuple[SeenClock, ...]
    clocks: tuple[SeenClock, ...]
    events: tuple[CaseEvent, ...]
    looks: tuple[CaseLook, ...]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a case is seen with: names of actors and departments, the calendar, the day, the language."""

    actors: Mapping[str, str]
    departments: Mapping[str, Text]
    calendar: WorkingCalendar
    today: dt.date
    language: Language

    def who(self, actor: str) -> str:
        """An actor by name."""
        t = officer_labels(self.language)
        return {MACHINE: t.machine, CITIZEN.id: t.citizen}.get(actor) or self.actors.get(actor, actor)


def seen_case(
    view: FiledView, lines: Mapping[int, int], looks: Sequence[Look], around: Around, *, shown: bool
) -> SeenCase:
    """A case as an officer sees it; ``lines``: event -> audit line."""
    language, hide = around.language, _plain if shown else masked
    state = view.flow.states.get(view.standing.state)
    person = view.person
    return SeenCase(
        number=view.case.case_id,
        title=hide(view.title),
        body=hide(view.body),
        name=person.name or "" if shown else _hidden_name(person.name or ""),
        contact=person.contact or "" if shown else hidden_contact(person.contact or ""),
        shown=shown,
        state=_in(state.title, language) if state else view.standing.state,
        state_id=view.standing.state,
        closed=view.standing.state in view.flow.closed,
        department=_department(view.standing.department, around),
        channel=getattr(officer_labels(language), f"channel_{view.case.channel.partition(':')[0]}", view.case.channel),
        filed=when(view.case.opened_at),
        seen=len(view.events),
        attributes=tuple(
            (_in(field.title, language), hide(said(field, view.standing.attributes[name], around)))
            for name, field in view.flow.attributes.items()
            if name in view.standing.attributes and name != "confidence"
        ),
        shares=tuple(_share(share, around) for share in view.shares),
        running=tuple(_clock(run, around) for run in view.clocks if run.stopped is None),
        clocks=tuple(_clock(run, around) for run in view.clocks),
        events=tuple(_events(view, lines, around, hide)),
        looks=tuple(
            CaseLook(
                when=when(look.at),
                who=around.who(look.actor),
                purpose=PURPOSES[look.purpose].in_(language) if look.purpose in PURPOSES else look.purpose,
                line=look.line,
            )
            for look in looks
        ),
    )


def _share(share: Share, around: Around) -> CaseShare:
    t = officer_labels(around.language)
    words = t.share_ended.replace("{day}", share.closed.isoformat()) if share.closed else t.share_open
    return CaseShare(department=_department(share.department, around), words=words, open=share.closed is None)


def _department(id_: str | None, around: Around) -> str:
    found = around.departments.get(id_ or "")
    return found.in_(around.language) if found else ""


def _clock(run: ClockRun, around: Around) -> SeenClock:
    """A clock, whatever it was that stopped it; of a share, with the department whose it is."""
    t, clock = officer_labels(around.language), seen_clock(run, around.calendar, around.today, around.language)
    if sharer := _department(run.share, around):
        clock = replace(clock, title=f"{clock.title} · {sharer}")
    if run.stopped is None:
        return clock
    words = t.ended_late if clock.light == "red" else t.ended_in_time
    return replace(clock, words=words.replace("{day}", run.stopped.isoformat()))


def when(moment: dt.datetime) -> str:
    """An instant as people in China write it."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def hidden_contact(contact: str) -> str:
    """A contact that only those who know it recognise."""
    hidden = masked(contact)
    return hidden if hidden != contact else contact[:_SHOWN] + MASK * min(max(len(contact) - _SHOWN, 0), 8)


def _hidden_name(name: str) -> str:
    return name[:1] + MASK * min(max(len(name) - 1, 0), 3)


def _plain(text: str) -> str:
    return text


def _in(label: Any, language: Language) -> str:
    return str(label.zh if language == "zh" else label.en)


def _events(
    view: FiledView, lines: Mapping[int, int], around: Around, hide: Callable[[str], str]
) -> Iterator[CaseEvent]:
    t = officer_labels(around.language)
    for event in view.events:
        step, state = view.flow.step(event.step), view.flow.states.get(event.to_state)
        moved = event.to_state != event.from_state
        yield CaseEvent(
            when=when(event.at),
            who=around.who(event.actor),
            title=_in(step.title, around.language) if step else t.received_event,
            state=_in(state.title, around.language) if moved and state else "",
            details=tuple((label, hide(text)) for label, text in _details(step, event, around)),
            line=lines.get(event.seq),
        )


def _details(step: FiledStep | None, event: FiledEvent, around: Around) -> Iterator[tuple[str, str]]:
    fields = step.gives if step else {}
    for name, value in event.given.items():
        field = fields.get(name)
        if field is None:
            yield name, str(value)
        else:
            yield _in(field.title, around.language), said(field, value, around)
    if event.reason:
        yield officer_labels(around.language).reason, event.reason


def said(field: GivenField, value: Any, around: Around) -> str:
    """A value as people say it."""
    t = officer_labels(around.language)
    if field.kind == "truth":
        return str(t.yes if value else t.no)
    if field.kind == "money" and isinstance(value, int):
        return yuan_text(value)
    if field.kind == "choice" and value in field.values:
        return _in(field.values[value], around.language)
    return (_department(str(value), around) if field.kind == "department" else "") or str(value)
