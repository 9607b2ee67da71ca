"""Working days of the People's Republic of China, from a versioned table that a district can amend.

Day 1 is the first working day after the starting day. A year that has no table is an error, never a guess; a year whose
notice is not out yet is computed from the statutory days and marked provisional (暂定).
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError, YunnaoError

SHIPPED_TABLE = Path(__file__).with_name("working_days.yaml")
"""The table that comes with Yunnao."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something is in time; provisional if it rests on a year without a notice."""

    day: dt.date
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """Every day of the table's years in order, with how many working days there were up to and including it.

    Attributes:
        revision: of the table; a deadline names the revision it was computed with.
        first_day: the first day of the table.
        numbers: for each day from `first_day` on, the count of working days so far.
        confirmed_through: the last day of the last year whose notice is out.
    """

    revision: int
    first_day: dt.date
    numbers: tuple[int, ...]
    confirmed_through: dt.date

    @property
    def last_day(self) -> dt.date:
        """The last day of the table."""
        return self.first_day + dt.timedelta(days=len(self.numbers) - 1)

    def covers(self, day: dt.date) -> bool:
        """Whether the table says anything about ``day``."""
        return self.first_day <= day <= self.last_day

    def number(self, day: dt.date) -> int:
        """Working days from the table's beginning up to and including ``day``.

        Raises:
            YunnaoError: the table has no such year.
        """
        if not self.covers(day):
            raise YunnaoError(
                f"工作日历没有 {day.year} 年（现有 {self.first_day.year}–{self.last_day.year} 年）：请按国务院办公厅通知补录后重试"
            )
        return self.numbers[(day - self.first_day).days]

    def is_working_day(self, day: dt.date) -> bool:
        """Whether offices work on ``day``."""
        if day == self.first_day:
            return self.number(day) == 1
        return self.number(day) != self.number(day - dt.timedelta(days=1))

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to and including ``end`` (negative if ``end`` is earlier)."""
        return self.number(end) - self.number(start)

    def add(self, start: dt.date, working_days: int) -> Deadline:
        """The day that is ``working_days`` (>= 0) working days after ``start``; 0 is ``start`` itself."""
        wanted = self.number(start) + working_days
        day = start
        while self.number(day) < wanted:
            day += dt.timedelta(days=1)
        return Deadline(day, provisional=day > self.confirmed_through)


def calendar_from(document: Any, source: str) -> WorkingCalendar:
    """A calendar from a table as in ``working_days.yaml``: consecutive years, each with `confirmed`, `holidays`, `make_up`.

    Raises:
        DefinitionError: a year is missing in between, none is confirmed, or an entry is not a date of its year.
    """
    try:
        years: dict[int, Any] = {int(year): entry for year, entry in document["years"].items()}
        first, last = min(years), max(years)
        if sorted(years) != list(range(first, last + 1)):
            raise DefinitionError(
                f"{source}：年份不连续，缺少 {sorted(set(range(first, last + 1)) - set(years))}；请补齐"
            )
        off = {day for year, entry in years.items() for day in _days(entry["holidays"], year, source)}
        work = {day for year, entry in years.items() for day in _days(entry["make_up"], year, source)}
        confirmed = [year for year, entry in years.items() if entry["confirmed"]]
        revision, begins, ends = int(document["revision"]), dt.date(first, 1, 1), dt.date(last + 1, 1, 1)
        if not confirmed:
            raise DefinitionError(f"{source}：没有一年是 confirmed: true；请至少写明一年的放假安排")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DefinitionError(f"{source}：工作日历缺少或写错了 {error}；请对照自带的 working_days.yaml 修改") from None
    day, count, numbers = begins, 0, []
    while day < ends:
        count += day in work or (day.weekday() < 5 and day not in off)
        numbers.append(count)
        day += dt.timedelta(days=1)
    return WorkingCalendar(revision, begins, tuple(numbers), dt.date(max(confirmed), 12, 31))


def _days(entries: list[Any], year: int, source: str) -> list[dt.date]:
    days: list[dt.date] = []
    for entry in entries:
        start, end = entry if isinstance(entry, list) else (entry, entry)
        if not (isinstance(start, dt.date) and isinstance(end, dt.date) and start <= end):
            raise DefinitionError(f"{source}：{year} 年有一项不是日期或起止颠倒：{entry}；请改成 [起, 止]")
        if start.year != year or end.year != year:
            raise DefinitionError(f"{source}：{year} 年下写了别的年份：{entry}；请移到它自己的年份")
        days += [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    return days


def calendar_at(path: Path) -> WorkingCalendar:
    """The calendar that a file holds; where there is none, the one that comes with Yunnao.

    Raises:
        DefinitionError: it cannot be read, or is no table of working days.
    """
    return calendar_from(strict_yaml.read(path), path.name) if path.exists() else shipped_calendar()


@cache
def shipped_calendar() -> WorkingCalendar:
    """The calendar that comes with Yunnao."""
    return calendar_from(strict_yaml.read(SHIPPED_TABLE), SHIPPED_TABLE.name)
