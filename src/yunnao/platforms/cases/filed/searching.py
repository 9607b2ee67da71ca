"""Finding filed cases by number, or by day, kind and whether they are closed; read in a few statements however many there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.moment import CHINA, instant_text
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent

_AT_A_TIME = 500
"""Numbers in one statement."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases are looked for.

    Attributes:
        ids: these alone, whatever else is said.
        start, end: instants between which they were opened, both included.
        kinds: values of the attribute `attribute`, of which one must be the case's; none among them stands for "not set".
    """

    flow: str
    ids: Sequence[str] | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    attribute: str = "kind"
    kinds: Sequence[str | None] = ()
    closed: bool | None = None
    offset: int = 0
    limit: int = 1000


@dataclass(frozen=True, kw_only=True)
class Found:
    """A case with its events and words."""

    case: store.FiledCase
    events: tuple[FiledEvent, ...]
    words: Mapping[str, str]


def search(connection: Connection, flow: FiledFlow, wanted: Wanted) -> list[Found]:
    """The cases that fit, the newest first."""
    cases, now = store.CASES.c, store.NOW.c
    statement = sa.select(store.CASES).join(store.NOW, now.case_id == cases.case_id).where(*_conditions(flow, wanted))
    statement = statement.order_by(cases.case_id.desc()).offset(wanted.offset).limit(wanted.limit)
    rows = connection.execute(statement).mappings().all()
    words, events = _words(connection, [row["case_id"] for row in rows]), {}
    for number, own in _rows(connection, store.EVENTS, [row["case_id"] for row in rows]):
        events[number] = tuple(store.event_from(row, words[number]) for row in sorted(own, key=lambda row: row["seq"]))
    return [
        Found(case=store.case_from(row), events=events[row["case_id"]], words=words[row["case_id"]]) for row in rows
    ]


def _conditions(flow: FiledFlow, wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    cases, now = store.CASES.c, store.NOW.c
    yield cases.flow == flow.id
    if wanted.ids is not None:
        yield cases.case_id.in_(wanted.ids)
        return
    if wanted.start is not None:
        yield cases.opened_at >= instant_text(wanted.start)
        yield (
            cases.case_id >= f"{flow.prefix}{wanted.start.astimezone(CHINA):%Y%m%d}-"
        )  # numbers begin with the day: an index
    if wanted.end is not None:
        yield cases.opened_at <= instant_text(wanted.end)
        yield cases.case_id < f"{flow.prefix}{wanted.end.astimezone(CHINA):%Y%m%d}-~"
    if wanted.closed is not None:
        yield now.closed == wanted.closed
    if wanted.kinds:
        yield sa.or_(*(_is_of(wanted.attribute, kind) for kind in wanted.kinds))


def _is_of(attribute: str, value: str | None) -> sa.ColumnElement[bool]:
    """Whether the canonical JSON of a case's attributes has this value; quotes inside of values are escaped there."""
    attributes = store.NOW.c.attributes
    if value is None:
        return ~attributes.contains(f'"{attribute}":', autoescape=True)
    return attributes.contains(f'"{attribute}":{store.canonical(value)}', autoescape=True)


def _words(connection: Connection, numbers: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {number: {} for number in numbers}
    for number, rows in _rows(connection, store.WORDS, numbers):
        found[number] = {row["place"]: row["text"] for row in rows}
    return found


def _rows(connection: Connection, table: sa.Table, numbers: Sequence[str]) -> Iterator[tuple[str, list[sa.RowMapping]]]:
    for start in range(0, len(numbers), _AT_A_TIME):
        of_case: dict[str, list[sa.RowMapping]] = defaultdict(list)
        some = numbers[start : start + _AT_A_TIME]
        for row in connection.execute(sa.select(table).where(table.c.case_id.in_(some))).mappings():
            of_case[row["case_id"]].append(row)
        yield from of_case.items()
