"""The tables of the rounds: what has been done and what is still to be done, so that a round can be cut off. Nothing here decides."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.rows import LINE, audited
from yunnao.platforms.cases.filed.store import EVENTS, NOW, OUTBOX, PROGRESS, SHARES
from yunnao.storage.records import Records

METADATA = sa.MetaData()

LEASES = sa.Table(
    "filed_lease",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("holder", sa.String, nullable=False),
    sa.Column("until", sa.String, nullable=False),
    sqlite_with_rowid=False,
)
"""Which process does what only one may do at a time, and until when."""

LOOKED = sa.Table(
    "filed_looked",
    METADATA,
    sa.Column("case_id", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("calendar", sa.Integer, nullable=False),
    sa.Column("next_on", sa.String(10)),
    sqlite_with_rowid=False,
)
"""A cache of the reminders: with how many events and by which revision of the calendar a case was looked at, and the day from which
on a reminder may be due again; none if nothing can come without an event."""

SENDING = sa.Table(
    "filed_sending",
    METADATA,
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", sa.String, nullable=False),
    sa.Column("problem", sa.String),
    sa.Index("ix_filed_sending_due", "status", "due_at", "message_id"),
    sqlite_with_rowid=False,
)
"""Messages on their way: `waiting` to be sent from `due_at` on, `undeliverable`, or left to the `pages` where nothing else reaches the
recipient. A message that was delivered has a row of `filed_delivery` instead."""

CALENDARS = audited(
    sa.Table(
        "filed_calendar",
        METADATA,
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("years", sa.String, nullable=False),
        sa.Column("adopted_at", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
)
"""Every holiday table that was adopted, as it was written; `years` are those that it changed, separated by commas."""

MOVES = audited(
    sa.Table(
        "filed_deadline_move",
        METADATA,
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("clock", sa.String, primary_key=True),
        sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("before", sa.String(10)),
        sa.Column("after", sa.String(10)),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
)
"""Deadlines that another revision of the calendar moved; none where no day could be computed."""

_BLACKENED = "blackened"

TABLES = (CALENDARS, MOVES)
"""The audited ones."""

ONE: sa.ColumnElement[int] = sa.literal_column("1")
"""Written out, so that the index below is seen to fit."""

_UNTOUCHED = sa.Index(
    "ix_filed_now_untouched",
    NOW.c.flow,
    NOW.c.case_id,
    sqlite_where=NOW.c.seq == ONE,
    postgresql_where=NOW.c.seq == ONE,
)
_SHARES_BY_DAY = sa.Index("ix_filed_share_due", SHARES.c.due_on, SHARES.c.case_id)
_FOLLOWED = sa.Index(
    "ix_filed_event_follows",
    EVENTS.c.follows,
    sqlite_where=EVENTS.c.follows.is_not(None),
    postgresql_where=EVENTS.c.follows.is_not(None),
)
_BY_LINE = sa.Index("ix_filed_message_line", OUTBOX.c[LINE], OUTBOX.c.message_id)


def create(records: Records) -> None:
    """Create tables and indexes that are not there yet; those of filed cases are there.

    Raises:
        YunnaoError: the store cannot be reached or written.
    """
    records.create(METADATA)
    with records.read() as connection:
        inspector = sa.inspect(connection)
        tables = (NOW, OUTBOX, SHARES, EVENTS)
        present = {each["name"] for table in tables for each in inspector.get_indexes(table.name)}
    missing = [index for index in (_UNTOUCHED, _BY_LINE, _SHARES_BY_DAY, _FOLLOWED) if index.name not in present]
    if missing:
        with records.write() as connection:
            for index in missing:
                index.create(connection, checkfirst=True)


def progress(connection: Connection, name: str) -> str | None:
    """How far the round ``name`` has come; none if it has not begun."""
    return connection.execute(sa.select(PROGRESS.c.value).where(PROGRESS.c.name == name)).scalar()


def blackened(connection: Connection) -> str:
    """When words were last blacked out or erased: what was made from words before that is not to be shown any more."""
    return progress(connection, _BLACKENED) or ""


def note_blackened(connection: Connection, at: str) -> None:
    """Note that words were blacked out or erased at an instant."""
    note_progress(connection, _BLACKENED, at)


def note_progress(connection: Connection, name: str, value: str | None) -> None:
    """Note how far the round ``name`` has come; none forgets it."""
    connection.execute(sa.delete(PROGRESS).where(PROGRESS.c.name == name))
    if value is not None:
        connection.execute(sa.insert(PROGRESS).values(name=name, value=value))
