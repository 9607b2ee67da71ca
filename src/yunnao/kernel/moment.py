"""Two clocks: the day something is true (`as_of`, a date) and the instant we recorded it (`known_at`)."""

import datetime as dt
from collections.abc import Callable

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""The one time zone of the country; it has had no summer time since 1992."""

Clock = Callable[[], dt.datetime]
"""Answers the present instant, with a time zone."""


def system_clock() -> dt.datetime:
    """The present instant in China's time zone."""
    return dt.datetime.now(CHINA)


def fixed_clock(moment: dt.datetime) -> Clock:
    """A clock that always answers ``moment``."""
    return lambda: moment


def instant_text(moment: dt.datetime) -> str:
    """ISO text in UTC with microseconds; sorts as the instants do.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> dt.datetime:
    """ISO text -> instant; a text without zone is China's time, a bare date is the end of that day.

    Raises:
        ValueError: the text is not an ISO date or time.
    """
    if len(text) == 10:
        day = dt.date.fromisoformat(text)
        return dt.datetime.combine(day, dt.time.max, CHINA)
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
