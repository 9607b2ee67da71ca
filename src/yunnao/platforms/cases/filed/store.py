"""The tables of filed cases, and how their rows are read and written. Nothing here decides.

Events, cases and messages are append-only. Words that people wrote stand apart from the events that refer to them (by case, place and
SHA-256), so that they can be redacted without touching history; so do the persons, who can be erased.
"""

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.moment import instant_text, parse_instant
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.storage.records import append_only

METADATA = sa.MetaData()

CASES = append_only(
    sa.Table(
        "filed_case",
        METADATA,
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("flow", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("filing_key", sa.String, nullable=False, unique=True),
        sa.Column("opened_at", sa.String, nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sqlite_with_rowid=False,
    )
)

EVENTS = append_only(
    sa.Table(
        "filed_event",
        METADATA,
        sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("from_state", sa.String),
        sa.Column("to_state", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("department", sa.String),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("sets", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
)
"""`words`: place -> SHA-256 of every text that the event brought."""

WORDS = sa.Table(
    "filed_words",
    METADATA,
    sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
    sa.Column("place", sa.String, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("redacted_at", sa.String),
    sqlite_with_rowid=False,
)

PERSONS = sa.Table(
    "filed_person",
    METADATA,
    sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("contact", sa.Text),
    sa.Column("contact_sha256", sa.String(64), index=True),
    sqlite_with_rowid=False,
)

NOW = sa.Table(
    "filed_now",
    METADATA,
    sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
    sa.Column("flow", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("department", sa.String),
    sa.Column("attributes", sa.Text, nullable=False),
    sa.Column("opened_on", sa.String(10), nullable=False),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Column("due_on", sa.String(10)),
    sa.Column("due_clock", sa.String),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Index("ix_filed_now_inbox", "department", "closed", "due_on", "case_id"),
    sa.Index("ix_filed_now_open", "closed", "due_on", "case_id"),
    sqlite_with_rowid=False,
)
"""Where every case stands: a projection of the events, for inboxes; it can be rebuilt and is checked against them."""

OUTBOX = append_only(
    sa.Table(
        "filed_message",
        METADATA,
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("department", sa.String),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
)

DELIVERIES = append_only(
    sa.Table(
        "filed_delivery",
        METADATA,
        sa.Column("message_id", sa.String, sa.ForeignKey("filed_message.message_id"), primary_key=True),
        sa.Column("delivered_at", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
)


@dataclass(frozen=True, kw_only=True)
class FiledCase:
    """What never changes about a case."""

    case_id: str
    flow: str
    channel: str
    filing_key: str
    opened_at: dt.datetime


def sha256(text: str) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def next_number(connection: Connection, prefix: str, day: dt.date) -> str:
    """The first free number of a day: ``SQ20260924-00012``."""
    start = f"{prefix}{day:%Y%m%d}-"
    where = (CASES.c.case_id >= start, CASES.c.case_id < f"{start}~")
    last = connection.execute(sa.select(sa.func.max(CASES.c.case_id)).where(*where)).scalar()
    if last == f"{start}99999":  # longer numbers sort before it
        longest = (
            sa.select(CASES.c.case_id)
            .where(*where)
            .order_by(sa.func.length(CASES.c.case_id).desc(), CASES.c.case_id.desc())
        )
        last = connection.execute(longest.limit(1)).scalar_one()
    return f"{start}{int(last[len(start) :]) + 1 if last else 1:05d}"


_KEYS_AT_A_TIME = 500


def numbers_from(first: str) -> Iterator[str]:
    """``first`` and the numbers that follow it on the same day."""
    start, _, last = first.rpartition("-")
    return (f"{start}-{number:05d}" for number in itertools.count(int(last)))


def by_keys(connection: Connection, filing_keys: Sequence[str]) -> dict[str, str]:
    """Filing key -> case, of those that were filed."""
    found: dict[str, str] = {}
    for start in range(0, len(filing_keys), _KEYS_AT_A_TIME):
        some = filing_keys[start : start + _KEYS_AT_A_TIME]
        statement = sa.select(CASES.c.filing_key, CASES.c.case_id).where(CASES.c.filing_key.in_(some))
        found.update((row.filing_key, row.case_id) for row in connection.execute(statement))
    return found


def by_key(connection: Connection, filing_key: str) -> str | None:
    """The case that was filed under ``filing_key``, if any."""
    return connection.execute(sa.select(CASES.c.case_id).where(CASES.c.filing_key == filing_key)).scalar()


def case(connection: Connection, case_id: str) -> tuple[FiledCase, str] | None:
    """A case and the SHA-256 of its follow-up code, if there is one."""
    row = connection.execute(sa.select(CASES).where(CASES.c.case_id == case_id)).mappings().first()
    if row is None:
        return None
    return case_from(row), row["code_sha256"]


def case_from(row: Any) -> FiledCase:
    """What never changes about the case of a row."""
    values = {name: value for name, value in row.items() if name not in ("code_sha256", "opened_at")}
    return FiledCase(**values, opened_at=parse_instant(row["opened_at"]))


def events_of(connection: Connection, case_id: str) -> list[FiledEvent]:
    """The events of a case in order, with the words they brought as these stand now."""
    words = words_of(connection, case_id)
    rows = connection.execute(sa.select(EVENTS).where(EVENTS.c.case_id == case_id).order_by(EVENTS.c.seq)).mappings()
    return [event_from(row, words) for row in rows]


def event_from(row: Any, words: Mapping[str, str]) -> FiledEvent:
    """The event of a row; ``words``: place -> text of its case."""
    start = f"{row['seq']}."
    texts = {place.removeprefix(start): text for place, text in words.items() if place.startswith(start)}
    reason = texts.pop("reason", None)
    return FiledEvent(
        seq=row["seq"],
        step=row["step"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        actor=row["actor"],
        at=parse_instant(row["at"]),
        reason=reason,
        given={**json.loads(row["given"]), **texts},
        sets=json.loads(row["sets"]),
        department=row["department"],
    )


def words_of(connection: Connection, case_id: str) -> dict[str, str]:
    """Place -> text of everything that was written in a case; ``title`` and ``body`` are the citizen's own."""
    rows = connection.execute(sa.select(WORDS.c.place, WORDS.c.text).where(WORDS.c.case_id == case_id))
    return {row.place: row.text for row in rows}


def canonical(value: Any) -> str:
    """JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_row(case_id: str, event: FiledEvent, texts: Mapping[str, str]) -> dict[str, Any]:
    """The row of an event; ``texts``: place -> what it brought in words."""
    plain = {name: value for name, value in event.given.items() if f"{event.seq}.{name}" not in texts}
    return {
        "case_id": case_id,
        "seq": event.seq,
        "step": event.step,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "actor": event.actor,
        "at": instant_text(event.at),
        "department": event.department,
        "given": canonical(plain),
        "sets": canonical(dict(event.sets)),
        "words": canonical({place: sha256(text) for place, text in texts.items()}),
    }


def insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        connection.execute(sa.insert(table), list(rows))


def replace_now(connection: Connection, row: Mapping[str, Any]) -> None:
    """Put a case's row of the projection in place of the older one."""
    connection.execute(sa.delete(NOW).where(NOW.c.case_id == row["case_id"]))
    connection.execute(sa.insert(NOW).values(row))
