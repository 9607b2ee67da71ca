"""Cases of late with their words, for finding those that speak of the same matter or come from the same person."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.storage.records import Records

_IN_ONE_STATEMENT = 500


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote; `person` is the hash of their contact, if they left one."""

    case_id: str
    title: str
    body: str
    opened_on: dt.date
    person: str | None
    state: str
    department: str | None


def newest_numbers(records: Records, flow: FiledFlow, since: dt.date, most: int) -> list[str]:
    """The numbers of the newest cases opened since a day, at most so many."""
    numbers = store.CASES.c.case_id
    first = store.number_start(flow.prefix, since)
    statement = sa.select(numbers).where(numbers >= first, numbers < f"{flow.prefix}~").order_by(numbers.desc())
    with records.read() as connection:
        return list(connection.execute(statement.limit(most)).scalars())


def written(records: Records, numbers: Sequence[str]) -> list[Written]:
    """What was written in these cases, in the order of the numbers; numbers that are none are passed over."""
    with records.read() as connection:
        found = {each.case_id: each for each in _written(connection, numbers)}
    return [found[number] for number in numbers if number in found]


def of_person(records: Records, contact_hash: str, most: int, without: Collection[str] = ()) -> list[str]:
    """The newest cases of whoever has this contact, by number."""
    persons = store.PERSONS.c
    statement = sa.select(persons.case_id).where(persons.contact_sha256 == contact_hash)
    with records.read() as connection:
        numbers = connection.execute(statement.order_by(persons.case_id.desc()).limit(most + len(without))).scalars()
        return [number for number in numbers if number not in without][:most]


def _written(connection: Connection, numbers: Sequence[str]) -> Iterator[Written]:
    now, words, persons = store.NOW, store.WORDS, store.PERSONS
    title, body = words.alias("title"), words.alias("body")
    statement = (
        sa.select(
            now.c.case_id,
            title.c.text.label("title"),
            body.c.text.label("body"),
            now.c.opened_on,
            persons.c.contact_sha256,
            now.c.state,
            now.c.department,
        )
        .join(title, sa.and_(title.c.case_id == now.c.case_id, title.c.place == "title"))
        .join(body, sa.and_(body.c.case_id == now.c.case_id, body.c.place == "body"))
        .outerjoin(persons, persons.c.case_id == now.c.case_id)
    )
    for start in range(0, len(numbers), _IN_ONE_STATEMENT):
        some = numbers[start : start + _IN_ONE_STATEMENT]
        for row in connection.execute(statement.where(now.c.case_id.in_(some))):
            yield Written(
                case_id=row.case_id,
                title=row.title,
                body=row.body,
                opened_on=dt.date.fromisoformat(row.opened_on),
                person=row.contact_sha256,
                state=row.state,
                department=row.department,
            )
