"""Wrong attempts (passwords, follow-up codes, keys): counted in the record store, so that every process of a service counts alike and a
restart forgets nothing.

Whoever is counted (an address, a user name) is kept as a keyed hash alone: addresses are personal data, and people type passwords
where names belong. A row holds the instants of one's latest attempts, no more than count; rows that say nothing any more are swept away.
"""

import datetime as dt
import hmac
import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.moment import Clock, instant_text
from yunnao.storage.records import Records

WHILE = dt.timedelta(hours=1)
"""How long a wrong attempt counts."""
MOST_KEPT = 50_000
"""Rows of one kind: beyond that, those whose last attempt is the oldest are forgotten."""

METADATA = sa.MetaData()
ATTEMPTS = sa.Table(
    "wrong_attempt",
    METADATA,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("who_sha256", sa.String(64), primary_key=True),
    sa.Column("times", sa.Text, nullable=False),
    sa.Column("last_at", sa.String, nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""`times`: JSON list of instants, the oldest first."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One who is counted.

    Attributes:
        kind: what is got wrong from where, such as ``password.address``; each kind is counted for itself.
        who: an address or a name.
    """

    kind: str
    who: str


class Attempts:
    """The wrong attempts of a district.

    Args:
        most: how many within `WHILE` are still answered.
        secret: of the district.
    """

    def __init__(self, records: Records, clock: Clock, most: int, secret: bytes) -> None:
        records.create(METADATA)
        self._records = records
        self._clock = clock
        self._most = most
        self._secret = secret

    def may(self, *counted: Counted) -> bool:
        """Whether all of these may try (once more).

        Raises:
            YunnaoError: the record store cannot be read.
        """
        with self._records.read() as connection:
            return self.may_in(connection, *counted)

    def may_in(self, connection: Connection, *counted: Counted) -> bool:
        """`may` as ``connection`` sees it. In a writing transaction that also notes what was wrong, a limit is not passed by trying at
        once, by however many processes."""
        return all(len(self._recent(connection, each)) < self._most for each in counted)

    def note(self, *counted: Counted) -> bool:
        """All of these got it wrong, unless one of them was over its limit already; whether it was noted.

        Raises:
            YunnaoError: the record store cannot be written.
        """
        with self._records.write() as connection:
            return self.may_in(connection, *counted) and self.note_in(connection, *counted)

    def note_in(self, connection: Connection, *counted: Counted) -> bool:
        """All of these got it wrong: noted in the writing transaction of ``connection``; true."""
        now = self._clock()
        connection.execute(sa.delete(ATTEMPTS).where(ATTEMPTS.c.last_at <= instant_text(now - WHILE)))
        for each in counted:
            times = [*self._recent(connection, each), instant_text(now)][-self._most :]
            row = {"kind": each.kind, "who_sha256": self._hash(each)}
            connection.execute(sa.delete(ATTEMPTS).where(*self._own(each)))
            connection.execute(sa.insert(ATTEMPTS).values(**row, times=json.dumps(times), last_at=max(times)))
            self._keep_few(connection, each.kind)
        return True

    def _recent(self, connection: Connection, counted: Counted) -> list[str]:
        """The instants that still count. Those that lie ahead do, too: a clock that was set back excuses nothing."""
        found = connection.execute(sa.select(ATTEMPTS.c.times).where(*self._own(counted))).scalar()
        since = instant_text(self._clock() - WHILE)
        return [at for at in json.loads(found or "[]") if at > since]

    def _own(self, counted: Counted) -> tuple[sa.ColumnElement[bool], ...]:
        return ATTEMPTS.c.kind == counted.kind, ATTEMPTS.c.who_sha256 == self._hash(counted)

    def _hash(self, counted: Counted) -> str:
        return hmac.digest(self._secret, f"{counted.kind}:{counted.who}".encode(errors="replace"), "sha256").hex()

    @staticmethod
    def _keep_few(connection: Connection, kind: str) -> None:
        own = ATTEMPTS.c.kind == kind
        count = connection.execute(sa.select(sa.func.count()).select_from(ATTEMPTS).where(own)).scalar_one()
        if count > MOST_KEPT:
            oldest = sa.select(ATTEMPTS.c.who_sha256).where(own).order_by(ATTEMPTS.c.last_at).limit(count - MOST_KEPT)
            connection.execute(sa.delete(ATTEMPTS).where(own, ATTEMPTS.c.who_sha256.in_(oldest.scalar_subquery())))
