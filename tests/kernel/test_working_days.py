"""The holiday table against two independent libraries, and the arithmetic on it."""

import datetime as dt
from collections.abc import Iterator

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.kernel.working_days import calendar_from, shipped_calendar

CALENDAR = shipped_calendar()
DAYS = st.dates(dt.date(2004, 1, 1), dt.date(2027, 6, 30))


def days(first: int, last: int) -> Iterator[dt.date]:
    day = dt.date(first, 1, 1)
    while day.year <= last:
        yield day
        day += dt.timedelta(days=1)


def test_agrees_with_chinesecalendar_on_every_day() -> None:
    wrong = [day for day in days(2004, 2026) if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


def test_agrees_with_holidays_on_every_day() -> None:
    theirs = holidays.country_holidays("CN", years=range(2008, 2027))
    wrong = [day for day in days(2008, 2026) if CALENDAR.is_working_day(day) != theirs.is_working_day(day)]
    assert wrong == []


def test_2027_has_the_statutory_days_only_and_is_provisional() -> None:
    statutory = set(holidays.country_holidays("CN", years=2027, observed=False))
    assert len(statutory) == 13
    for day in days(2027, 2027):
        assert CALENDAR.is_working_day(day) == (day.weekday() < 5 and day not in statutory), day
    assert CALENDAR.confirmed_through == dt.date(2026, 12, 31)
    assert CALENDAR.add(dt.date(2026, 12, 30), 1).provisional is False
    assert CALENDAR.add(dt.date(2026, 12, 31), 1) == CALENDAR.add(dt.date(2027, 1, 1), 1)
    assert CALENDAR.add(dt.date(2026, 12, 31), 1).provisional is True


@pytest.mark.parametrize("day", [dt.date(2028, 1, 3), dt.date(2003, 12, 31)])
def test_a_year_without_a_table_is_an_error(day: dt.date) -> None:
    with pytest.raises(YunnaoError, match=f"没有 {day.year} 年"):
        CALENDAR.is_working_day(day)
    with pytest.raises(YunnaoError, match="没有 2028 年"):
        CALENDAR.add(dt.date(2027, 12, 30), 5)


def test_five_working_days_across_mid_autumn_and_national_day() -> None:
    deadline = CALENDAR.add(dt.date(2026, 9, 24), 5)
    assert (deadline.day, deadline.provisional) == (dt.date(2026, 10, 9), False)
    assert CALENDAR.between(dt.date(2026, 9, 24), dt.date(2026, 10, 9)) == 5


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_more_days_are_never_earlier(start: dt.date, fewer: int, more: int) -> None:
    early, late = sorted((fewer, more))
    assert CALENDAR.add(start, early).day <= CALENDAR.add(start, late).day


@given(DAYS, st.integers(0, 30), st.integers(0, 60))
def test_a_later_start_is_never_due_earlier(start: dt.date, later: int, working_days: int) -> None:
    then = start + dt.timedelta(days=later)
    assert CALENDAR.add(start, working_days).day <= CALENDAR.add(then, working_days).day


@given(DAYS, st.integers(1, 60))
def test_adding_counts_working_days_one_by_one(start: dt.date, working_days: int) -> None:
    day, left = start, working_days
    while left:
        day += dt.timedelta(days=1)
        left -= CALENDAR.is_working_day(day)
    assert CALENDAR.add(start, working_days).day == day
    assert CALENDAR.between(start, day) == working_days


@given(DAYS, DAYS)
def test_between_is_antisymmetric(one: dt.date, other: dt.date) -> None:
    assert CALENDAR.between(one, other) == -CALENDAR.between(other, one)


def test_the_first_day_of_the_table() -> None:
    assert CALENDAR.is_working_day(CALENDAR.first_day) is False


TABLE = """
revision: 1
years:
  "2020": {confirmed: true, notice: n, holidays: [[2020-01-01, 2020-01-02]], make_up: [2020-01-04]}
  "2021": {confirmed: false, notice: n, holidays: [], make_up: []}
"""


def test_a_district_may_bring_its_own_table() -> None:
    calendar = calendar_from(strict_yaml.parse(TABLE, "t"), "t")
    assert [calendar.is_working_day(dt.date(2020, 1, day)) for day in range(1, 6)] == [False, False, True, True, False]
    assert calendar.confirmed_through == dt.date(2020, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"2021"', '"2022"', "年份不连续"),
        ("2020-01-02]", "2019-12-31]", "起止颠倒"),
        ("2020-01-04", "2021-01-04", "别的年份"),
        ("2020-01-04", "abc", "不是日期"),
        ("revision: 1", "revisions: 1", "revision"),
        ("holidays: []", "holiday: []", "holidays"),
    ],
)
def test_a_wrong_table_is_refused_with_a_sentence(old: str, new: str, says: str) -> None:
    document = strict_yaml.parse(TABLE.replace(old, new), "t")
    with pytest.raises(DefinitionError, match=says):
        calendar_from(document, "t.yaml")
