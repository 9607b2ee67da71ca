"""How a citizen's deadline was counted, day by day, with every day that does not count named for what it is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.clocks import ClockRun, CountedDay, counted, due
from yunnao.platforms.cases.filed.rounds.calendars import Move
from yunnao.web.service.words import WEEKDAYS, labels

_SATURDAY = 5
_DOUBT: dict[Language, str] = {"zh": "（待核）", "en": " (to be verified)"}


@dataclass(frozen=True, kw_only=True)
class SeenDay:
    """A day on the way to a deadline: `kind` is `counts`, `not` or `due`."""

    day: str
    weekday: str
    words: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class SeenClock:
    """A time limit that is the citizen's own; `light` is green, yellow, red or none for one that has stopped in time.

    `moved` are sentences about what another calendar did to its deadline.
    """

    title: str
    due: str
    light: str
    words: str
    provisional: bool
    ground: str
    only_working_days: bool
    days: tuple[SeenDay, ...]
    problem: str = ""
    moved: tuple[str, ...] = ()


def seen_clock(run: ClockRun, calendar: WorkingCalendar, today: dt.date, language: Language) -> SeenClock:
    """A run of a clock as the citizen sees it on ``today``."""
    empty = SeenClock(
        title=run.clock.title.zh if language == "zh" else run.clock.title.en,
        due="",
        light="none",
        words="",
        provisional=True,
        ground=run.clock.cites + (_DOUBT[language] if run.clock.uncertain else ""),
        only_working_days=run.span.working,
        days=(),
    )
    try:
        found = due(run, today, calendar)
        days = counted(run, today, calendar)
    except YunnaoError as error:
        return replace(empty, problem=str(error))
    light, words = _light(run, found.light(today, calendar), language)
    return replace(
        empty,
        due=found.day.isoformat(),
        light=light,
        words=words,
        provisional=found.provisional,
        days=tuple(_day(day, day.day == found.day, run, calendar, language) for day in days),
    )


def with_moves(clock: SeenClock, moves: Iterable[Move], language: Language) -> SeenClock:
    """The clock with what revisions of the calendar did to its deadline, in order."""
    t = labels(language)
    said = (
        t.moved.replace("{before}", str(move.before or t.unknown_day))
        .replace("{after}", str(move.after or t.unknown_day))
        .replace("{year}", str(move.year))
        for move in moves
    )
    return replace(clock, moved=tuple(said))


def _light(run: ClockRun, light: str, language: Language) -> tuple[str, str]:
    t = labels(language)
    if run.stopped is not None:
        words = t.late_stopped if light == "red" else t.stopped
        return ("red" if light == "red" else "none"), words.replace("{day}", run.stopped.isoformat())
    if run.standing_still:
        return "yellow", t.paused
    return light, {"green": t.in_time, "yellow": t.soon, "red": t.late}[light]


def _day(day: CountedDay, last: bool, run: ClockRun, calendar: WorkingCalendar, language: Language) -> SeenDay:
    t, weekend = labels(language), day.day.weekday() >= _SATURDAY
    match day.reason:
        case "start":
            words = t.start
        case "no_working_day":
            words = t.weekend if weekend and not _in_holiday(day.day, calendar) else t.holiday
        case "paused":
            words = t.paused_day
        case "extension":
            words = t.nth_extension
        case "cap":
            words = t.cap
        case _:
            working = t.nth_make_up if weekend else t.nth_working
            words = working if run.span.working else t.nth
    counts = day.number is not None
    return SeenDay(
        day=day.day.isoformat(),
        weekday=WEEKDAYS[day.day.weekday()].in_(language),
        words=words.replace("{n}", str(day.number)),
        kind="due" if last and (counts or day.reason == "cap") else "counts" if counts else "not",
    )


def _in_holiday(weekend: dt.date, calendar: WorkingCalendar) -> bool:
    """Whether a free weekend day touches a free weekday through free days alone: it then belongs to a public holiday."""
    for direction in (-1, 1):
        day = weekend + dt.timedelta(days=direction)
        while calendar.covers(day) and day > calendar.first_day and not calendar.is_working_day(day):
            if day.weekday() < _SATURDAY:
                return True
            day += dt.timedelta(days=direction)
    return False
