"""A span of time as officers write it: ``5 working days``, ``30 days``."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from yunnao.kernel.working_days import Deadline, WorkingCalendar

_FORM = re.compile(r"([1-9][0-9]{0,2}) (working day|day)s?")


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days, working days of the State Council's calendar or days of the year; below none where a given day has passed."""

    count: int
    working: bool

    @property
    def words(self) -> str:
        """In Chinese: ``5个工作日``, ``30天``."""
        if self.count < 0:
            return f"已过{-self.count}天"
        return f"{self.count}个工作日" if self.working else f"{self.count}天"

    def end(self, start: dt.date, calendar: WorkingCalendar) -> Deadline:
        """The last day of the span that begins the day after ``start``.

        Raises:
            YunnaoError: it reaches a year the calendar does not have.
        """
        if self.working:
            return calendar.add(start, self.count)
        return Deadline(start + dt.timedelta(days=self.count), provisional=False)


def _span(written: Any) -> Any:
    match = _FORM.fullmatch(written) if isinstance(written, str) else None
    if not match:
        raise ValueError(f"时限 {written!r} 写法不对；请写成 5 working days 或 30 days")
    return Span(int(match[1]), match[2] == "working day")


WrittenSpan = Annotated[
    Span, BeforeValidator(_span), WithJsonSchema({"type": "string", "pattern": f"^{_FORM.pattern}$"})
]
