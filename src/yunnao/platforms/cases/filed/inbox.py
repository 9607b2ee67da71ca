"""Inboxes: what waits for somebody, the most urgent first, page by page and counted by light; read from an index of the projection."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.roles import Role
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import Light
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.paths import SEPARATOR
from yunnao.platforms.cases.filed.waiting_rows import with_cases
from yunnao.storage.records import Records

MOST_LOOKED_AT = 10_000
"""Cases that a search by number, or for ended ones, looks at, the newest first; older ones are found by more of their number."""

Columns = Any
"""Columns of the projection, by name: of the table itself, or of a query on it."""

_LIGHTS: tuple[Light, ...] = ("red", "yellow", "green")
_DAYS_AHEAD = 60
_NONE = sa.cast(sa.null(), sa.String)
_Order = Literal["newest", "dated", "undated"]
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
        co_handled: with what the department co-handles, where the case is in any of these states (in whichever, if empty); none: without.
        closed: open ones (false) or ended ones (true).
        category: with those below it, where categories are paths.
        street: what the name of the street begins with.
        number: what the case's number begins with; then ended ones are looked for, too.
    """

    department: str | None = None
    states: Collection[str] = ()
    co_handled: Collection[str] | None = None
    closed: bool = False
    light: Light | None = None
    category: str = ""
    street: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case in an inbox.

    Attributes:
        department: that has it.
        share: the department that looks co-handles it; then the deadline is that of its share.
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
    share: bool = False

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
        newest = bool(wanted.number or wanted.closed)
        with self._records.read() as connection:
            for own, shares in self._parts(wanted, after):
                found = [*connection.execute(own.limit(limit - len(rows))).mappings()]
                if shares is not None:
                    found.extend(connection.execute(with_cases(shares.limit(limit - len(rows)))).mappings())
                    found.sort(key=lambda row: ("" if newest else row["due_on"] or "", row["case_id"]), reverse=newest)
                rows += found[: limit - len(rows)]
                if len(rows) == limit:
                    break
            numbers = [row["case_id"] for row in rows]
            titles, further = titles_of(connection, numbers), _further(connection, numbers)
        return [self._row(further[row["case_id"]], row, titles.get(row["case_id"], "")) for row in rows]

    def counts(self, wanted: Waiting) -> dict[Light, int]:
        """How many there are of each light, whichever is asked for; of ended cases none is counted."""
        found: dict[Light, int] = dict.fromkeys(_LIGHTS, 0)
        if wanted.closed and not wanted.number:
            return found
        with self._records.read() as connection:
            for row in connection.execute(sa.union_all(*self._counting(wanted))):
                if light := row.light or self.light(row.due_on, row.due_clock):
                    found[light] += row.cases
        return found

    def _counting(self, wanted: Waiting) -> Iterator[sa.Select[Any]]:
        """Statements whose rows say how many cases (`cases`) have a light, or a day and a clock that tell which."""
        now = store.NOW.c
        if wanted.number:
            some = self._newest(wanted, None).subquery()
            yield _by_day(sa.select(some).where(*self._conditions(wanted, some.c)), some.c)
        else:
            yield from self._ranges(_listed(wanted).where(*self._conditions(wanted, now)), now)
        if (shares := self._shares(wanted)) is not None:
            yield from self._ranges(shares, store.SHARES.c)

    def _ranges(self, every: sa.Select[Any], columns: Columns) -> Iterator[sa.Select[Any]]:
        """A range of an index is counted without looking at clocks; only days that may be yellow need theirs."""
        today, last = self._today.isoformat(), max(self._yellow_until.values())
        for light, range_ in (("red", columns.due_on < today), ("green", columns.due_on > last)):
            yield every.where(range_).with_only_columns(*_counted(sa.literal(light)))
        yield _by_day(every.where(columns.due_on >= today, columns.due_on <= last), columns)

    def light(self, due_on: str | None, due_clock: str | None) -> Light | None:
        """The light of a case whose first clock ends on a day; none where no clock runs."""
        if due_on is None or due_clock is None:
            return None
        if due_on < self._today.isoformat():
            return "red"
        return "yellow" if due_on <= self._yellow_until.get(due_clock, "") else "green"

    def _parts(self, wanted: Waiting, after: Place | None) -> Iterator[tuple[sa.Select[Any], sa.Select[Any] | None]]:
        """Statements for own cases and for shares, whose rows, part after part, are the list after a place."""
        shares = self._shares(wanted)
        for order in self._orders(wanted, after):
            if order == "newest":
                columns: Columns = self._newest(wanted, after).subquery().c
                own = sa.select(*(columns[name] for name in _COLUMNS)).where(*self._conditions(wanted, columns))
                own = own if wanted.number else own.where(columns.closed == wanted.closed)
            else:
                columns = store.NOW.c
                own = _listed(wanted).where(*self._conditions(wanted, columns))
            place = None if after is not None and order == "undated" and after.due_on else after
            further = None if shares is None else self._ordered(shares, store.SHARES.c, wanted.light, order, place)
            yield self._ordered(own, columns, wanted.light, order, place), further

    @staticmethod
    def _orders(wanted: Waiting, after: Place | None) -> Sequence[_Order]:
        if wanted.number or wanted.closed:
            return ("newest",)
        return ("undated",) if after is not None and not after.due_on else ("dated", "undated")

    def _ordered(
        self, every: sa.Select[Any], columns: Columns, light: Light | None, order: _Order, after: Place | None
    ) -> sa.Select[Any]:
        """The rows of a light after a place, in order: by deadline, those without one by number, or the newest first."""
        if light is not None:
            every = every.where(self._of_light(light, columns))
        if order == "newest":
            every = every if after is None else every.where(columns.case_id < after.case_id)
            return every.order_by(columns.case_id.desc())
        if order == "undated":
            every = every if after is None else every.where(columns.case_id > after.case_id)
            # the day, of which there is none, keeps planners to the index of inboxes: by number alone they walk all cases
            return every.where(columns.due_on.is_(None)).order_by(columns.due_on, columns.case_id)
        if after is not None:
            every = every.where(sa.tuple_(columns.due_on, columns.case_id) > sa.tuple_(after.due_on, after.case_id))
        return every.where(columns.due_on.is_not(None)).order_by(columns.due_on, columns.case_id)

    def _shares(self, wanted: Waiting) -> sa.Select[Any] | None:
        """Shares of the department, by the index of shares; their cases are looked at only if something is asked of them."""
        if wanted.co_handled is None or wanted.department is None or (wanted.closed and not wanted.number):
            return None
        shares, now = store.SHARES.c, store.NOW.c
        start = wanted.number or self._flow.prefix
        every = sa.select(store.SHARES).where(
            shares.department == wanted.department, shares.case_id >= start, shares.case_id < f"{start}~"
        )
        asked = replace(wanted, department=None, states=wanted.co_handled)
        if asked.states or asked.category or asked.street:
            every = every.join(store.NOW, now.case_id == shares.case_id).where(*self._conditions(asked, now))
        return every

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
            below = columns.category.startswith(wanted.category + SEPARATOR, autoescape=True)
            yield sa.or_(columns.category == wanted.category, below)
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

    def _row(self, further: Mapping[str, Any], row: sa.RowMapping, title: str) -> Row:
        share = bool(row.get("share"))
        return Row(
            case_id=row["case_id"],
            title=title,
            state=row["state"],
            department=row["lead"] if share else row["department"],
            category=row["category"],
            street=row["street"],
            opened_on=dt.date.fromisoformat(further["opened_on"]),
            due_on=dt.date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            due_clock=row["due_clock"],
            provisional=row["provisional"] if share else further["provisional"],
            light=self.light(row["due_on"], row["due_clock"]),
            share=share,
        )


def _by_day(every: sa.Select[Any], columns: Columns) -> sa.Select[Any]:
    """How many there are for each day and clock."""
    days = every.with_only_columns(*_counted(_NONE, columns.due_on, columns.due_clock))
    return days.group_by(columns.due_on, columns.due_clock)


def _counted(light: Columns, due_on: Columns = _NONE, due_clock: Columns = _NONE) -> tuple[Columns, ...]:
    """How many, for a light or for a day and a clock."""
    return light.label("light"), due_on.label("due_on"), due_clock.label("due_clock"), sa.func.count().label("cases")


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
