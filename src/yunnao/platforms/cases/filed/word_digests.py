"""Words and persons held against the digests that events and seals keep of them, so that `yunnao audit verify` sees a citizen's text or
contact altered, gone, put in or put back.

A text that was blacked out, and a person that was erased, is held against the seal that was set then (`seals`). Those that were blacked
out or erased, and persons that were written, before there were seals or digests were sealed as they stood at the upgrade (`older`).
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import LINES
from yunnao.audit.rows import LINE
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.copies import Place
from yunnao.platforms.cases.filed.histories import TOGETHER, numbers
from yunnao.platforms.cases.filed.seals import salted

_Line = int
_Said = tuple[_Line, str]
"""Audit line and digest."""


def altered_words(connection: Connection) -> Iterator[tuple[_Line, str]]:
    """Of every text and person that is not what its event brought or its seal left, and of every one that no event brought: audit line of
    event or seal, place.

    A text that no event has a digest of is said of the event that its place names, else of the case's first; of line 0 if there is no
    such case. Read in pieces, however many cases there are.
    """
    if not store.is_there(connection):
        return
    for table in (store.WORDS, store.PERSONS, store.SEALS):
        yield from ((0, f"{number} {table.name}") for number in _without_a_case(connection, table))
    for piece in _pieces(connection):
        lines, brought = _brought(connection, piece)
        seals = _sealed(connection, piece)
        said = brought | seals
        for row in connection.execute(_of(store.WORDS, piece)):
            place = row.case_id, row.place
            own = lines.get((row.case_id, row.place.partition(".")[0])) or lines.get((row.case_id, "1"), 0)
            line, digest = said.pop(place, (own, ""))
            if store.sha256(row.text) != digest or (row.redacted_at is not None) != (place in seals):
                yield line, " ".join(place)
        for person in map(dict, connection.execute(_of(store.PERSONS, piece)).mappings()):
            place = person["case_id"], store.PERSON
            line, digest = said.pop(place, (lines.get((place[0], "1"), 0), ""))
            if store.person_digest(person) != digest:
                yield line, " ".join(place)
        yield from ((line, " ".join(place)) for place, (line, _) in said.items())


def older(connection: Connection) -> Iterator[dict[Place, str]]:
    """What is to be sealed in a store from before there were seals, in pieces: texts that were blacked out and persons that were erased,
    as the audit log says of their case, and persons of whom no event has a digest. Persons of whom anything is left get a salt.

    Returns:
        Case, place -> digest of what stands there.
    """
    blackened = cases_with(connection, AuditEvent.WORDS_REDACTED, AuditEvent.PERSONAL_DATA_ERASED)
    for piece in _pieces(connection):
        _, brought = _brought(connection, piece)
        marked = _of(store.WORDS, piece).where(store.WORDS.c.redacted_at.is_not(None))
        left = {
            (row.case_id, row.place): store.sha256(row.text)
            for row in connection.execute(marked)
            if row.case_id in blackened
        }
        for person in map(dict, connection.execute(_of(store.PERSONS, piece)).mappings().all()):
            case_id, place = person["case_id"], (person["case_id"], store.PERSON)
            erased = case_id in blackened and person["name"] is person["contact"] is person["salt"] is None
            if erased or place not in brought:
                fresh = salted(person)
                own = store.PERSONS.c.case_id == case_id
                connection.execute(sa.update(store.PERSONS).where(own).values(salt=fresh["salt"]))
                left[place] = store.person_digest(fresh)
        if left:
            yield left


def _pieces(connection: Connection) -> Iterator[list[str]]:
    after = ""
    while piece := numbers(connection, store.CASES.c.case_id, after=after):
        yield piece
        if len(piece) < TOGETHER:
            break
        after = piece[-1]


def _of(table: sa.Table, piece: list[str]) -> sa.Select[Any]:
    return sa.select(table).where(table.c.case_id.in_(piece))


def _brought(connection: Connection, piece: list[str]) -> tuple[dict[tuple[str, str], _Line], dict[Place, _Said]]:
    """Case, event -> its audit line; case, place -> line and digest of what an event brought there."""
    events = store.EVENTS.c
    lines: dict[tuple[str, str], _Line] = {}
    brought: dict[Place, _Said] = {}
    statement = sa.select(events.case_id, events.seq, events.words, events[LINE]).where(events.case_id.in_(piece))
    for case_id, seq, words, line in connection.execute(statement.order_by(events.case_id, events.seq)):
        lines[case_id, str(seq)] = line
        for place, digest in _object(words).items():
            brought[case_id, place] = line, digest
    return lines, brought


def _sealed(connection: Connection, piece: list[str]) -> dict[Place, _Said]:
    """Case, place -> line and digest of its last seal."""
    in_order = _of(store.SEALS, piece).order_by(store.SEALS.c.number)
    return {
        (row["case_id"], row["place"]): (row[LINE], row["sha256"]) for row in connection.execute(in_order).mappings()
    }


def _without_a_case(connection: Connection, table: sa.Table) -> list[str]:
    """The first number in ``table`` that no case has; none where the database itself saw to that."""
    cases, own = store.CASES.c.case_id, table.c.case_id
    there = sa.exists().where(cases == own)
    return list(connection.execute(sa.select(own).where(~there).order_by(own).limit(1)).scalars())


def cases_with(connection: Connection, *kinds: AuditEvent) -> dict[str, _Line]:
    """The cases of which the audit log says one of these (that words were redacted, or personal data erased), and where it does so last."""
    found: dict[str, _Line] = {}
    said = sa.select(LINES.c.number, LINES.c.details).where(LINES.c.kind.in_([str(kind) for kind in kinds]))
    for line, text in connection.execute(said.order_by(LINES.c.number)):
        details = _object(text)
        found |= dict.fromkeys(details.get("cases") or [details.get("case")], line)
    return found


def _object(text: str) -> dict[str, Any]:
    """The object that a text is; an empty one if it was altered into something else, which its own line or row then shows."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
