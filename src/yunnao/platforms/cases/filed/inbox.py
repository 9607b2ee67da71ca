"""Inboxes: what waits for somebody, the most urgent first, page by page and counted by light; read from an index of the projection."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.roles import Role
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import Light
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.storage.records import Records

MOST_LOOKED_AT = 10_000
"""Cases that a search by number, or for ended ones, looks at, the newest first; older ones are found by more of their number."""

Columns = Any
"""Columns of the projection, by name: of the table itself, or of a query on it."""

_LIGHTS: tuple[Light, ...] = ("red", "yellow", "green")
_DAYS_AHEAD = 60
_COLUMNS = (
    "case_id",
    "flow",
    "state",
    "department",
    "category",
    "street",
    "due_on",
    "due_clock",
)
"""What an index of the projection holds."""
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
    """The open states in which somebody with one of these roles has to move a case on, in the flow's order.

    That a case may be merged with another, or taken out again, makes it wait for nobody.
    """
    moved = {
        state
        for step in flow.steps
        for state in step.from_
        if not (step.follows or step.leaves)
        and set(step.by) & set(roles)
        and any(to not in (None, state) for to in (step.to, *(t.to for t in step.turns)))
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
        """Cases after a place: by deadline, those without one last; ended ones, and those found by number, the newest first."""
        rows: list[sa.RowMapping] = []
        with self._records.read() as connection:
            for statement in self._parts(wanted, after):
                rows += connection.execute(statement.limit(limit - len(rows))).mappings()
                if len(rows) == limit:
                    break
            numbers = [row["case_id"] for row in rows]
            titles, further = titles_of(connection, numbers), _further(connection, numbers)
        return [self._row({**row, **further[row["case_id"]]}, titles.get(row["case_id"], "")) for row in rows]

    def shares(self, department: str, limit: int = 50) -> list[Row]:
        """Cases that a department only co-handles, by the day on which its share is due; `department` is that which leads."""
        now, own = store.NOW.c, store.SHARES.c
        first = (
            sa.select(store.SHARES).where(own.department == department).order_by(own.due_on, own.case_id).limit(limit)
        )
        page = first.subquery()  # limited before it is joined, as in `waiting_rows`
        of_share = ("due_on", "due_clock", "provisional")
        columns = [page.c[name] if name in of_share else now[name] for name in (*_COLUMNS, "opened_on", "provisional")]
        statement = sa.select(*columns).join_from(page, store.NOW, now.case_id == page.c.case_id)
        with self._records.read() as connection:
            rows = connection.execute(
                statement.where(now.flow == self._flow.id).order_by(page.c.due_on, now.case_id)
            ).mappings()
            found = [dict(row) for row in rows]
            titles = titles_of(connection, [row["case_id"] for row in found])
        return [self._row(row, titles.get(row["case_id"], "")) for row in found]

    def counts(self, wanted: Waiting) -> dict[Light, int]:
        """How many there are of each light, whichever is asked for; of ended cases none is counted."""
        if wanted.closed and not wanted.number:
            return dict.fromkeys(_LIGHTS, 0)
        now, today, last = store.NOW.c, self._today.isoformat(), max(self._yellow_until.values())
        found: dict[Light, int] = dict.fromkeys(_LIGHTS, 0)
        with self._records.read() as connection:
            if wanted.number:
                some = self._newest(wanted, None).subquery()
                near = sa.select(some.c.due_on, some.c.due_clock, sa.func.count().label("cases"))
                near = near.where(*self._conditions(wanted, some.c)).group_by(some.c.due_on, some.c.due_clock)
            else:
                every = _listed(wanted).where(*self._conditions(wanted, now))
                count = every.with_only_columns(sa.func.count().label("cases"))
                # a range of the index is counted without looking at clocks; only days that may be yellow need theirs
                found["red"] = connection.execute(count.where(now.due_on < today)).scalar_one()
                found["green"] = connection.execute(count.where(now.due_on > last)).scalar_one()
                near = count.add_columns(now.due_on, now.due_clock).where(now.due_on >= today, now.due_on <= last)
                near = near.group_by(now.due_on, now.due_clock)
            for row in connection.execute(near):
                if light := self.light(row.due_on, row.due_clock):
                    found[light] += row.cases
        return found

    def light(self, due_on: str | None, due_clock: str | None) -> Light | None:
        """The light of a case whose first clock ends on a day; none where no clock runs."""
        if due_on is None or due_clock is None:
            return None
        if due_on < self._today.isoformat():
            return "red"
        return "yellow" if due_on <= self._yellow_until.get(due_clock, "") else "green"

    def _parts(self, wanted: Waiting, after: Place | None) -> Iterator[sa.Select[Any]]:
        """Statements whose rows, one after the other, are the list after a place."""
        now = store.NOW.c
        if wanted.number or wanted.closed:
            newest = self._newest(wanted, after).subquery()
            conditions = list(self._conditions(wanted, newest.c))
            if not wanted.number:
                conditions.append(newest.c.closed == wanted.closed)
            if wanted.light is not None:
                conditions.append(self._of_light(wanted.light, newest.c))
            yield sa.select(*(newest.c[name] for name in _COLUMNS)).where(*conditions).order_by(newest.c.case_id.desc())
            return
        every = _listed(wanted).where(*self._conditions(wanted, now))
        if wanted.light is not None:
            every = every.where(self._of_light(wanted.light, now))
        if after is None or after.due_on:
            dated = every.where(now.due_on.is_not(None)).order_by(now.due_on, now.case_id)
            if after is not None:
                dated = dated.where(sa.tuple_(now.due_on, now.case_id) > sa.tuple_(after.due_on, after.case_id))
            yield dated
        rest = every.where(now.due_on.is_(None)).order_by(now.case_id)
        if after is not None and not after.due_on:
            rest = rest.where(now.case_id > after.case_id)
        yield rest

    def _newest(self, wanted: Waiting, after: Place | None) -> sa.Select[Any]:
        """The newest cases whose number begins as wanted, `MOST_LOOKED_AT` at most, of whatever department and state."""
        number, start = store.NOW.c.case_id, wanted.number or self._flow.prefix
        before = after.case_id if after is not None else f"{start}~"
        rows = _rows().add_columns(store.NOW.c.closed).where(number >= start, number < min(before, f"{start}~"))
        return rows.order_by(number.desc()).limit(MOST_LOOKED_AT)

    def _conditions(self, wanted: Waiting, columns: Columns) -> Iterator[sa.ColumnElement[bool]]:
        yield columns.flow == self._flow.id
        if wanted.department is not None:
            yield columns.department == wanted.department
        if wanted.states:
            yield columns.state.in_(sorted(wanted.states))
        if wanted.category:
            yield columns.category == wanted.category
        if wanted.street:
            yield columns.street.startswith(wanted.street, autoescape=True)

    def _of_light(self, light: Light, columns: Columns) -> sa.ColumnElement[bool]:
        today, until = self._today.isoformat(), self._yellow_until
        if light == "red":
            return cast(sa.ColumnElement[bool], columns.due_on < today)
        soon = sa.or_(
            *(
                sa.and_(columns.due_clock.in_([id_ for id_ in until if until[id_] == day]), columns.due_on <= day)
                for day in sorted(set(until.values()))
            )
        )
        if light == "yellow":
            return sa.and_(columns.due_on >= today, columns.due_on <= max(until.values()), soon)
        return sa.and_(columns.due_on >= today, sa.not_(soon))

    def _row(self, row: Mapping[str, Any], title: str) -> Row:
        values = {name: value for name, value in row.items() if name != "flow"}
        dates = {name: dt.date.fromisoformat(row[name]) if row[name] else None for name in ("opened_on", "due_on")}
        return Row(**{**values, **dates, "title": title, "light": self.light(row["due_on"], row["due_clock"])})


def _rows() -> sa.Select[Any]:
    return sa.select(*(store.NOW.c[name] for name in _COLUMNS))


def _listed(wanted: Waiting) -> sa.Select[Any]:
    """Open rows by the index that has them in the order of the list; SQLite, which keeps no statistics here, is told which."""
    index = "ix_filed_now_open" if wanted.department is None else "ix_filed_now_inbox"
    return _rows().where(store.NOW.c.closed == sa.false()).with_hint(store.NOW, f"INDEXED BY {index}", "sqlite")


def _further(connection: Connection, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Case -> what a list shows beside the columns of the index."""
    now = store.NOW.c
    rows = connection.execute(
        sa.select(now.case_id, now.opened_on, now.provisional).where(now.case_id.in_(numbers))
    ).mappings()
    return {row["case_id"]: dict(row) for row in rows}


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
