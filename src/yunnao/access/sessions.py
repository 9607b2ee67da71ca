"""Sessions of officers who have signed in: kept in the record store, found by a token of which only the SHA-256 is kept."""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.moment import Clock, instant_text, parse_instant
from yunnao.storage.records import Records

LONGEST = dt.timedelta(hours=8)
"""A session ends this long after signing in, whatever is done in it."""
IDLE = dt.timedelta(minutes=30)
"""A session ends when nothing was done in it for so long."""

_NOTED_EVERY = dt.timedelta(minutes=1)

METADATA = sa.MetaData()
SESSIONS = sa.Table(
    "officer_session",
    METADATA,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("actor", sa.String, nullable=False, index=True),
    sa.Column("password_mark", sa.String(64), nullable=False),
    sa.Column("signed_in_at", sa.String, nullable=False),
    sa.Column("seen_at", sa.String, nullable=False),
    sqlite_with_rowid=False,
)
"""Rows of sessions that run; what has ended is gone, the audit log tells of it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session that runs.

    Attributes:
        token: what the browser holds.
        password_mark: of the password it was begun with.
    """

    token: str
    actor: str
    password_mark: str

    @property
    def form_token(self) -> str:
        """What every form of this session carries; nobody can tell it without the token."""
        return form_token(self.token)


def form_token(token: str) -> str:
    """What the forms of a browser that holds ``token`` carry."""
    return hmac.digest(token.encode(errors="replace"), b"form", "sha256").hex()


class Sessions:
    """The sessions of a district."""

    def __init__(self, records: Records, clock: Clock) -> None:
        records.create(METADATA)
        self._records = records
        self._clock = clock

    def begin(self, connection: Connection, actor: str, password_mark: str) -> str:
        """Begin a session in the transaction of ``connection``, and forget those that have run out; its token."""
        now = self._clock()
        connection.execute(sa.delete(SESSIONS).where(_run_out(now)))
        token = secrets.token_urlsafe(32)
        row = {"token_sha256": _sha256(token), "actor": actor, "password_mark": password_mark}
        connection.execute(sa.insert(SESSIONS).values(**row, signed_in_at=instant_text(now), seen_at=instant_text(now)))
        return token

    def find(self, token: str) -> Session | None:
        """The session that runs under ``token``, if any; that it was seen now is noted once a minute.

        Raises:
            YunnaoError: the record store cannot be read or written.
        """
        now = self._clock()
        own = SESSIONS.c.token_sha256 == _sha256(token)
        with self._records.read() as connection:
            row = connection.execute(sa.select(SESSIONS).where(own, ~_run_out(now))).first()
        if row is None:
            return None
        if now - parse_instant(row.seen_at) >= _NOTED_EVERY:
            with self._records.write() as connection:
                connection.execute(sa.update(SESSIONS).where(own).values(seen_at=instant_text(now)))
        return Session(token, row.actor, row.password_mark)

    def end(self, connection: Connection, session: Session) -> bool:
        """End a session in the transaction of ``connection``; whether it still ran."""
        statement = sa.delete(SESSIONS).where(SESSIONS.c.token_sha256 == _sha256(session.token))
        return connection.execute(statement).rowcount > 0


def _run_out(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(
        SESSIONS.c.signed_in_at <= instant_text(now - LONGEST), SESSIONS.c.seen_at <= instant_text(now - IDLE)
    )


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
