"""The tables of filed cases, and how their rows are read and written. Nothing here decides.

Events, cases and messages are append-only. Words that people wrote stand apart from the events that refer to them (by case, place and
SHA-256), so that they can be redacted without touching history; so do the persons, who can be erased.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.rows import LINE, audited
from yunnao.kernel.moment import instant_text, parse_instant
from yunnao.platforms.cases.filed.attachment import ATTACHED, DETACHED, as_given, attachments_from
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.storage.records import frame_of, insert_frame

METADATA = sa.MetaData()

CASES = audited(
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

EVENTS = audited(
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
        sa.Column("follows", sa.String),
        sa.Column("share", sa.String),
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
    sa.Column("salt", sa.String(32)),
    sqlite_with_rowid=False,
)

PERSON = "person"
"""Among the digests of an opening event and among seals, that of who brought the matter: `person_digest`."""

_ASKED_FOR = ("flow", "state", "due_clock", "category", "street")

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
    sa.Column("category", sa.String),
    sa.Column("street", sa.String),
    sa.Column("follows", sa.String, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    # in the order in which inboxes list them, with all that inboxes ask for: a page or a count reads the index alone
    sa.Index("ix_filed_now_inbox", "department", "closed", "due_on", "case_id", *_ASKED_FOR),
    sa.Index("ix_filed_now_open", "closed", "due_on", "case_id", "department", *_ASKED_FOR),
    sqlite_with_rowid=False,
)
"""Where every case stands: a projection of the events, for inboxes; it can be rebuilt and is checked against them.

The department of a case that follows another is that of its lead.
"""

SHARES = sa.Table(
    "filed_share",
    METADATA,
    sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
    sa.Column("department", sa.String, primary_key=True),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Column("due_on", sa.String(10)),
    sa.Column("due_clock", sa.String),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Index("ix_filed_share_inbox", "department", "due_on", "case_id"),
    sqlite_with_rowid=False,
)
"""The shares that are open now: a projection like `NOW`."""

OUTBOX = audited(
    sa.Table(
        "filed_message",
        METADATA,
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("department", sa.String),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", sa.String, nullable=False),
        sa.Index("ix_filed_message_recipient", "recipient", "written_at", "message_id"),
        sa.Index("ix_filed_message_department", "recipient", "department", "written_at", "message_id"),
        sqlite_with_rowid=False,
    )
)

LOOKS = audited(
    sa.Table(
        "filed_look",
        METADATA,
        sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
        sa.Column("at", sa.String, primary_key=True),
        sa.Column("actor", sa.String, primary_key=True),
        sa.Column("purpose", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
)
"""Who looked at a case's contact and full text, and what for."""

PROGRESS = sa.Table(
    "filed_progress",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
    sqlite_with_rowid=False,
)
"""How far a round has come, by its name; and what a filing leaves to a round (`waiting_media`)."""

ERASED = sa.Table(
    "filed_erased",
    METADATA,
    sa.Column("case_id", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""Cases whose personal data was erased, as of their event `seq`; whether their texts were removed altogether."""

DELIVERIES = audited(
    sa.Table(
        "filed_delivery",
        METADATA,
        sa.Column("message_id", sa.String, sa.ForeignKey("filed_message.message_id"), primary_key=True),
        sa.Column("delivered_at", sa.String, nullable=False),
        sqlite_with_rowid=False,
    ),
    later=True,
)

SEALS = audited(
    sa.Table(
        "filed_seal",
        METADATA,
        sa.Column("case_id", sa.String, sa.ForeignKey("filed_case.case_id"), primary_key=True),
        sa.Column("place", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sqlite_with_rowid=False,
    )
)
"""What stands at a place in words, or of a person (`PERSON`), since it was redacted or erased: the digest with the greatest number, in
place of that of its event."""


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


_AT_A_TIME = 500
"""Numbers in one statement."""

TABLES = (CASES, EVENTS, OUTBOX, LOOKS, DELIVERIES, SEALS)
"""The audited ones."""

_LAST_NUMBER = sa.select(sa.func.max(CASES.c.case_id)).where(
    CASES.c.case_id >= sa.bindparam("start"), CASES.c.case_id < sa.bindparam("end")
)
_LONGEST_NUMBER = (
    sa.select(CASES.c.case_id)
    .where(CASES.c.case_id >= sa.bindparam("start"), CASES.c.case_id < sa.bindparam("end"))
    .order_by(sa.func.length(CASES.c.case_id).desc(), CASES.c.case_id.desc())
    .limit(1)
)
_BY_KEYS = sa.select(CASES.c.filing_key, CASES.c.case_id).where(
    CASES.c.filing_key.in_(sa.bindparam("keys", expanding=True))
)
_CASE = sa.select(CASES).where(CASES.c.case_id == sa.bindparam("id"))
_EVENTS_OF = sa.select(EVENTS).where(EVENTS.c.case_id == sa.bindparam("id")).order_by(EVENTS.c.seq)
_WORDS_OF = sa.select(WORDS.c.place, WORDS.c.text).where(WORDS.c.case_id == sa.bindparam("id"))
_FOLLOWERS = (
    sa.select(NOW.c.case_id).where(NOW.c.follows.in_(sa.bindparam("leads", expanding=True))).order_by(NOW.c.case_id)
)
_FORGET = sa.delete(NOW).where(NOW.c.case_id == sa.bindparam("id"))
_FORGET_SHARES = sa.delete(SHARES).where(SHARES.c.case_id == sa.bindparam("id"))
"""Built once: building a statement takes longer than running it."""


def columns(table: sa.Table) -> list[str]:
    """The columns of an audited table that are ours to fill."""
    return [column.name for column in table.columns if column.name != LINE]


def number_start(prefix: str, day: dt.date) -> str:
    """What the numbers of a day begin with: ``SQ20260924-``."""
    return f"{prefix}{day:%Y%m%d}-"


def last_number(connection: Connection, prefix: str, day: dt.date) -> int:
    """How many numbers of a day are taken."""
    start = number_start(prefix, day)
    last = connection.execute(_LAST_NUMBER, {"start": start, "end": f"{start}~"}).scalar()
    if last == f"{start}99999":  # longer numbers sort before it
        last = connection.execute(_LONGEST_NUMBER, {"start": start, "end": f"{start}~"}).scalar()
    return int(last[len(start) :]) if last else 0


def by_key(connection: Connection, filing_keys: Collection[str]) -> dict[str, str]:
    """The cases that were filed under these keys: key -> number."""
    keys = sorted(set(filing_keys))
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_A_TIME):
        rows = connection.execute(_BY_KEYS, {"keys": keys[start : start + _AT_A_TIME]})
        found |= {row.filing_key: row.case_id for row in rows}
    return found


def case(connection: Connection, case_id: str) -> tuple[FiledCase, str] | None:
    """A case and the SHA-256 of its follow-up code, if there is one."""
    row = connection.execute(_CASE, {"id": case_id}).mappings().first()
    if row is None:
        return None
    return case_from(row), row["code_sha256"]


def is_there(connection: Connection) -> bool:
    """Whether anything can have been filed: the tables are made when a district first needs them."""
    return {table.name for table in METADATA.tables.values()} <= set(sa.inspect(connection).get_table_names())


def erased_until(connection: Connection, case_id: str) -> int:
    """The event up to which a case's personal data was erased; 0 if it never was."""
    return connection.execute(sa.select(ERASED.c.seq).where(ERASED.c.case_id == case_id)).scalar() or 0


def case_from(row: Any) -> FiledCase:
    """What never changes about the case of a row."""
    values = {name: value for name, value in row.items() if name not in ("code_sha256", "opened_at", LINE)}
    return FiledCase(**values, opened_at=parse_instant(row["opened_at"]))


def followers(connection: Connection, leads: Sequence[str]) -> list[str]:
    """The cases that follow one of ``leads``, by number."""
    found: list[str] = []
    for start in range(0, len(leads), _AT_A_TIME):
        found += connection.execute(_FOLLOWERS, {"leads": leads[start : start + _AT_A_TIME]}).scalars()
    return found


def events_of(connection: Connection, case_id: str) -> list[FiledEvent]:
    """The events of a case in order, with the words they brought as these stand now."""
    words = words_of(connection, case_id)
    rows = connection.execute(_EVENTS_OF, {"id": case_id}).mappings()
    return [event_from(row, words) for row in rows]


def event_from(row: Any, words: Mapping[str, str]) -> FiledEvent:
    """The event of a row; ``words``: place -> text of its case."""
    start = f"{row['seq']}."
    texts = {place.removeprefix(start): text for place, text in words.items() if place.startswith(start)}
    reason = texts.pop("reason", None)
    given = json.loads(row["given"])
    plain = {name: value for name, value in given.items() if name not in (ATTACHED, DETACHED)}
    return FiledEvent(
        seq=row["seq"],
        step=row["step"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        actor=row["actor"],
        at=parse_instant(row["at"]),
        reason=reason,
        given={**plain, **texts},
        sets=json.loads(row["sets"]),
        department=row["department"],
        follows=row["follows"],
        share=row["share"],
        attachments=attachments_from(given),
        detached=given.get(DETACHED),
    )


def person_digest(row: Mapping[str, Any]) -> str:
    """What stands for a row of `PERSONS` in its opening event or seal. Without the salt, which is erased along with the person, a
    telephone number cannot be found by trying all there are."""
    return sha256(canonical([row[name] for name in ("salt", "name", "contact", "contact_sha256")]))


def words_of(connection: Connection, case_id: str) -> dict[str, str]:
    """Place -> text of everything that was written in a case; ``title`` and ``body`` are the citizen's own."""
    rows = connection.execute(_WORDS_OF, {"id": case_id})
    return {row.place: row.text for row in rows}


def canonical(value: Any) -> str:
    """JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_row(
    case_id: str, event: FiledEvent, texts: Mapping[str, str], digests: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The row of an event; ``texts``: place -> what it brought in words; ``digests``: of what else it brought."""
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
        "follows": event.follows,
        "share": event.share,
        "given": canonical(plain | as_given(event.attachments, event.detached)),
        "sets": canonical(dict(event.sets)),
        "words": canonical({place: sha256(text) for place, text in texts.items()} | dict(digests or {})),
    }


def insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, which all have the columns of the first, if there are any."""
    insert_frame(connection, table, frame_of(table, rows))


def replace_now(connection: Connection, rows: Sequence[Mapping[str, Any]], older: Sequence[str]) -> None:
    """Put rows of the projection in place of those of the cases ``older``."""
    if older:
        connection.execute(_FORGET, [{"id": case_id} for case_id in older])
    insert(connection, NOW, rows)


def replace_shares(connection: Connection, rows: Sequence[Mapping[str, Any]], older: Sequence[str]) -> None:
    """Put rows of open shares in place of those of the cases ``older``."""
    if older:
        connection.execute(_FORGET_SHARES, [{"id": case_id} for case_id in older])
    insert(connection, SHARES, rows)
