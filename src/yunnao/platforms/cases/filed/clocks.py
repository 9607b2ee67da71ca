"""Clocks of a filed case, computed from its events and the calendar, never stored; and how a deadline was reached, day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.definitions import Clock, FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.span import Span

Light = Literal["green", "yellow", "red"]


@dataclass(frozen=True, kw_only=True)
class ClockRun:
    """One run of a clock.

    Attributes:
        started, stopped: days; a running clock has not stopped.
        pauses: (first day, last day) of standing still: the day of the pause counts, those after it up to and including the day
            of going on do not; a clock that stands still has no last day.
        extensions: working days added, in order.
        share: the department for whose share it runs; none for the case itself.
        inside: runs of other clocks that it is due no later than.
    """

    clock: Clock
    span: Span
    started: dt.date
    stopped: dt.date | None = None
    pauses: tuple[tuple[dt.date, dt.date | None], ...] = ()
    extensions: tuple[int, ...] = ()
    share: str | None = None
    inside: tuple["ClockRun", ...] = ()

    @property
    def standing_still(self) -> bool:
        """Whether it is paused now."""
        return bool(self.pauses) and self.pauses[-1][1] is None


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a run of a clock is due; provisional if that rests on a year without a notice."""

    run: ClockRun
    day: dt.date
    provisional: bool

    def light(self, today: dt.date, calendar: WorkingCalendar) -> Light:
        """Green, yellow in the last working days of `Clock.warning`, red when the day has passed."""
        reached = self.run.stopped or today
        if reached > self.day:
            return "red"
        if self.run.stopped is None and calendar.between(today, self.day) <= self.run.clock.warning:
            return "yellow"
        return "green"


_Key = tuple[str, str | None]
"""A clock, and the department for whose share it runs, if for one."""


@dataclass
class _Running:
    clock: Clock
    span: Span
    started: dt.date
    share: str | None
    inside: "list[_Running]"
    pauses: list[tuple[dt.date, dt.date | None]] = field(default_factory=list)
    stopped: dt.date | None = None
    extensions: list[int] = field(default_factory=list)

    def run(self) -> ClockRun:
        pauses = self.pauses
        if self.stopped and pauses and pauses[-1][1] is None:
            pauses = [*pauses[:-1], (pauses[-1][0], self.stopped)]
        return ClockRun(
            clock=self.clock,
            span=self.span,
            started=self.started,
            stopped=self.stopped,
            pauses=tuple(pauses),
            extensions=tuple(self.extensions),
            share=self.share,
            inside=tuple(outer.run() for outer in self.inside),
        )


def clock_runs(flow: FiledFlow, events: Sequence[FiledEvent]) -> list[ClockRun]:
    """Every run of every clock of a case with these events, in the order in which they started.

    A run keeps the limit that was in force on the day it started.

    How long it lasts follows from the attributes that the case has at the end, so that a case which turns out to be of another
    kind has the limit of that kind, counted from the same day.
    """
    attributes = {name: value for event in events for name, value in event.sets.items()}
    running: dict[_Key, _Running] = {}
    order: list[_Running] = []
    for event in events:
        for clock in flow.clocks:
            key = (clock.id, event.share if clock.per_share else None)
            run = running.get(key)
            if run is not None and _signalled(event, clock.stops):
                run.stopped = event.day
                del running[key]
            elif run is None and _signalled(event, clock.starts):
                outer = [running[id_, None] for id_ in clock.inside if (id_, None) in running]
                dated = clock.on(event.day, attributes)
                span = dated.span(attributes, event.given, event.day)
                running[key] = _Running(dated, span, event.day, share=key[1], inside=outer)
                order.append(running[key])
        _affect(flow, event, {id_: run for (id_, share), run in running.items() if share is None})
    return [run.run() for run in order]


def _signalled(event: FiledEvent, signals: Sequence[str]) -> bool:
    return event.step in signals or f"{event.step}>{event.to_state}" in signals


def _affect(flow: FiledFlow, event: FiledEvent, running: dict[str, _Running]) -> None:
    step = flow.step(event.step)
    if step is None:
        return
    for name in step.pauses:
        if name in running and not (running[name].pauses and running[name].pauses[-1][1] is None):
            running[name].pauses.append((event.day, None))
    for name in step.resumes:
        if name in running and running[name].pauses and running[name].pauses[-1][1] is None:
            running[name].pauses[-1] = (running[name].pauses[-1][0], event.day)
    if step.extends and step.extends.clock in running:
        running[step.extends.clock].extensions.append(int(event.given[step.extends.working_days]))


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day on the way to a deadline: its number if it counts, and why not if it does not."""

    day: dt.date
    number: int | None
    reason: Literal["start", "counts", "no_working_day", "paused", "extension", "cap"]


def counted(run: ClockRun, today: dt.date, calendar: WorkingCalendar) -> list[CountedDay]:
    """Every day from the start of a run to the day it is due, so that a person can check the count.

    A run that lies inside others ends with the first of them that is due (`cap`); if that, or the day that it was given, has passed
    when it starts, it is due then.

    First the days of the span, then the working days of extensions. Days of a pause are passed over, those of one that began on the
    last day, too; a clock that stands still moves with ``today``.

    Raises:
        YunnaoError: it reaches a year that the calendar does not have.
    """
    cap = min((counted(outer, today, calendar)[-1].day for outer in run.inside), default=dt.date.max)
    if run.span.count < 0:  # the day that it was to end on had passed when it started
        cap = min(cap, run.started + dt.timedelta(days=run.span.count))
    if cap <= run.started:
        return [CountedDay(cap, None, "cap")]
    days = [CountedDay(run.started, None, "start")]
    wanted, number, day = run.span.count + sum(run.extensions), 0, run.started
    while number < wanted:
        if day == cap:
            return [*days[:-1], CountedDay(cap, days[-1].number, "cap")]
        day += dt.timedelta(days=1)
        extension = number >= run.span.count
        if (run.span.working or extension) and not calendar.is_working_day(day):
            days.append(CountedDay(day, None, "no_working_day"))
        elif any(first < day <= (last or max(today, first)) for first, last in run.pauses):
            days.append(CountedDay(day, None, "paused"))
        else:
            number += 1
            days.append(CountedDay(day, number, "extension" if extension else "counts"))
    # a clock that was stopped on its last day has not passed while it stands still
    for first, last in run.pauses:
        if first == day:
            still = [day + dt.timedelta(days=n) for n in range(1, ((last or max(today, first)) - first).days + 1)]
            working = [each for each in still if calendar.is_working_day(each)]
            until = working[-1] if working else first
            for each in still:
                if each <= until:
                    days.append(CountedDay(each, None, "paused" if each in working else "no_working_day"))
            day = until
    return days


def due(run: ClockRun, today: dt.date, calendar: WorkingCalendar) -> Due:
    """When a run is due: the last day of `counted`.

    Raises:
        YunnaoError: it reaches a year that the calendar does not have.
    """
    day = counted(run, today, calendar)[-1].day
    return Due(run=run, day=day, provisional=day > calendar.confirmed_through)
