"""Inboxes: what waits for somebody, the most urgent first, page by page and counted by light; read from an index of the projection."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.roles import Role
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import Light
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.storage.records import Records

MOST_COUNTED = 10_000
"""Counts end here: beyond, nobody works from a number."""

_LIGHTS: tuple[Light, ...] = ("red", "yellow", "green")
_DAYS_AHEAD = 60
_IN_ONE_STATEMENT = 500


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Which cases are looked for.

    Attributes:
        department: that has them; all of them, and those that nobody has, if absent.
        states: any of these; every state if empty.
        closed: open ones (false) or ended ones (true).
        street: what the name of the street begins with.
        number: what the case's number begins with; then ended ones are looked for, too.
    """

    department: str | None = None
    states: Collection[str] = ()
    closed: bool = False
    light: Light | None = None
    category: str = ""
    street: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case in an inbox.

    Attributes:
        due_on: of the clock that ends first; absent where none runs.
        title: as it was written; to be masked before it is shown.
        share: whether the department only co-handles it; what is due is then due of that share.
    """

    case_id: str
    title: str
    state: str
    department: str | None
    category: str | None
    street: str | None
    opened_on: dt.date
    due_on: dt.date | None
    due_clock: str | None
    provisional: bool
    share: bool
    light: Light | None

    @property
    def place(self) -> "Place":
        """Where it stands in the list."""
        return Place(due_on=self.due_on.isoformat() if self.due_on else "", case_id=self.case_id)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in a list; a page begins after it. No ``due_on``: among those without a deadline."""

    due_on: str
    case_id: str


def waits_for(flow: FiledFlow, roles: Collection[Role]) -> list[str]:
    """The open states in which somebody with one of these roles has to move a case on, in the flow's order."""
    moved = {
        state
        for step in flow.steps
        for state in step.from_
        if set(step.by) & set(roles) and any(to not in (None, state) for to in (step.to, *(t.to for t in step.turns)))
    }
    return [state for state in flow.states if state in moved and state not in flow.closed]


class Inbox:
    """The inboxes of one flow.

    Args:
        today: the day by which lights are given.
    """

    def __init__(self, records: Records, flow: FiledFlow, calendar: WorkingCalendar, today: dt.date) -> None:
        self._records = records
        self._flow = flow
        self._today = today
        self._yellow_until = {clock.id: _last_day(today, clock.warning, calendar) for clock in flow.clocks}

    def page(self, wanted: Waiting, after: Place | None = None, limit: int = 50) -> list[Row]:
        """Cases after a place: by deadline, those without one last; ended ones the newest first."""
        rows: list[sa.RowMapping] = []
        with self._records.read() as connection:
            for table in _tables(wanted):
                found: list[sa.RowMapping] = []
                for statement in self._parts(wanted, after, table):
                    if len(found) < limit:
                        found += connection.execute(statement.limit(limit - len(found))).mappings()
                rows += found
            if store.SHARES in _tables(wanted):
                rows = sorted(rows, key=lambda row: (row["due_on"] is None, row["due_on"], row["case_id"]))[:limit]
            titles = titles_of(connection, [row["case_id"] for row in rows])
        return [self._row(row, titles.get(row["case_id"], "")) for row in rows]

    def counts(self, wanted: Waiting) -> dict[Light, int]:
        """How many there are of each light, whichever is asked for; `MOST_COUNTED` stands for as many or more."""
        found: dict[Light, int] = {}
        with self._records.read() as connection:
            for light in _LIGHTS:
                found[light] = 0
                for table in _tables(wanted):
                    some = _select(table, table.c.case_id).where(
                        *self._conditions(wanted, table), self._of_light(light, table)
                    )
                    limited = some.limit(MOST_COUNTED).subquery()
                    found[light] += connection.execute(sa.select(sa.func.count()).select_from(limited)).scalar_one()
                found[light] = min(found[light], MOST_COUNTED)
        return found

    def light(self, due_on: str | None, due_clock: str | None) -> Light | None:
        """The light of a case whose first clock ends on a day; none where no clock runs."""
        if due_on is None or due_clock is None:
            return None
        if due_on < self._today.isoformat():
            return "red"
        return "yellow" if due_on <= self._yellow_until.get(due_clock, "") else "green"

    def _parts(self, wanted: Waiting, after: Place | None, table: sa.Table) -> Iterator[sa.Select[tuple[object, ...]]]:
        """Statements whose rows, one after the other, are the list after a place."""
        now, own = store.NOW.c, table.c
        of_case = (now.state, now.category, now.street, now.opened_on)
        of_table = (own.case_id, own.department, own.due_on, own.due_clock, own.provisional)
        share = sa.literal(table is store.SHARES).label("share")
        every = _select(table, *of_case, *of_table, share).where(*self._conditions(wanted, table))
        if wanted.light is not None:
            every = every.where(self._of_light(wanted.light, table))
        if after is None or after.due_on:
            dated = every.where(own.due_on.is_not(None)).order_by(own.due_on, own.case_id)
            if after is not None:
                dated = dated.where(sa.tuple_(own.due_on, own.case_id) > sa.tuple_(after.due_on, after.case_id))
            yield dated
        rest = every.where(own.due_on.is_(None)).order_by(own.case_id.desc() if wanted.closed else own.case_id)
        if after is not None and not after.due_on:
            rest = rest.where(own.case_id < after.case_id if wanted.closed else own.case_id > after.case_id)
        yield rest

    def _conditions(self, wanted: Waiting, table: sa.Table) -> Iterator[sa.ColumnElement[bool]]:
        now, own = store.NOW.c, table.c
        yield now.flow == self._flow.id
        if wanted.department is not None:
            yield own.department == wanted.department
        if wanted.number:
            yield own.case_id >= wanted.number
            yield own.case_id < f"{wanted.number}~"
        elif table is store.NOW:
            yield now.closed == wanted.closed
        if wanted.states and table is store.NOW:  # a share waits for its department in whatever state the case is
            yield now.state.in_(sorted(wanted.states))
        if wanted.category:
            yield now.category == wanted.category
        if wanted.street:
            yield now.street.startswith(wanted.street, autoescape=True)

    def _of_light(self, light: Light, table: sa.Table) -> sa.ColumnElement[bool]:
        own, today = table.c, self._today.isoformat()
        if light == "red":
            return own.due_on < today
        until = self._yellow_until
        soon = sa.or_(
            *(
                sa.and_(own.due_clock.in_([id_ for id_ in until if until[id_] == day]), own.due_on <= day)
                for day in sorted(set(until.values()))
            )
        )
        if light == "yellow":
            return sa.and_(own.due_on >= today, own.due_on <= max(until.values()), soon)
        return sa.and_(own.due_on >= today, sa.not_(soon))

    def _row(self, row: sa.RowMapping, title: str) -> Row:
        dates = {name: dt.date.fromisoformat(row[name]) if row[name] else None for name in ("opened_on", "due_on")}
        return Row(**{**row, **dates, "title": title, "light": self.light(row["due_on"], row["due_clock"])})


def _tables(wanted: Waiting) -> tuple[sa.Table, ...]:
    """Where the cases looked for stand: those that a department has, and the shares in which it co-handles others."""
    return (store.NOW,) if wanted.department is None or wanted.closed else (store.NOW, store.SHARES)


def _select(table: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[tuple[Any, ...]]:
    selected = sa.select(*columns)
    if table is store.NOW:
        return selected
    return selected.join_from(table, store.NOW, store.NOW.c.case_id == table.c.case_id)


def titles_of(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Case -> its title as it stands now."""
    found: dict[str, str] = {}
    words = store.WORDS.c
    for start in range(0, len(numbers), _IN_ONE_STATEMENT):
        some = numbers[start : start + _IN_ONE_STATEMENT]
        rows = connection.execute(
            sa.select(words.case_id, words.text).where(words.place == "title", words.case_id.in_(some))
        )
        found |= {row.case_id: row.text for row in rows}
    return found


def _last_day(today: dt.date, warning: int, calendar: WorkingCalendar) -> str:
    """The last day that is yellow today for a clock that warns so many working days before its end (`Due.light`)."""
    last = today
    for ahead in range(1, _DAYS_AHEAD):
        day = today + dt.timedelta(days=ahead)
        try:
            if calendar.between(today, day) > warning:
                break
        except YunnaoError:
            break
        last = day
    return last.isoformat()
