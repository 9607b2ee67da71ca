"""Messages for officers (of `store.OUTBOX`) that an officer has not marked as read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.access.scope import EVERYWHERE
from yunnao.kernel.moment import Clock, instant_text, parse_instant
from yunnao.platforms.cases.filed import store
from yunnao.storage.records import Records

WITHIN = dt.timedelta(days=14)
"""Older messages are history: the case itself still says what waits."""

_MOST_LOOKED_AT = 500

METADATA = sa.MetaData()
READ = sa.Table(
    "filed_message_read",
    METADATA,
    sa.Column("actor", sa.String, primary_key=True),
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("read_at", sa.String, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message for officers."""

    message_id: str
    case_id: str
    text: str
    written_at: dt.datetime


class Unread:
    """What officers have and have not read."""

    def __init__(self, records: Records, clock: Clock) -> None:
        records.create(METADATA)
        self._records = records
        self._clock = clock

    def of(self, actor: Actor, limit: int = 20) -> list[Message]:
        """The messages of the last fortnight for the actor's roles, and their department, that they have not read; newest first."""
        since, outbox = instant_text(self._clock() - WITHIN), store.OUTBOX.c
        found: list[sa.Row[Any]] = []
        with self._records.read() as connection:
            for role in sorted(actor.roles - {Role.CITIZEN}):
                conditions = [outbox.recipient == str(role), outbox.written_at >= since]
                if role not in EVERYWHERE:
                    conditions.append(outbox.department == actor.department)
                newest = (
                    sa.select(outbox.message_id, outbox.case_id, outbox.text, outbox.written_at)
                    .where(*conditions)
                    .order_by(outbox.written_at.desc(), outbox.message_id.desc())
                    .limit(_MOST_LOOKED_AT)
                    .subquery()
                )
                read = sa.exists().where(READ.c.actor == actor.id, READ.c.message_id == newest.c.message_id)
                unread = sa.select(newest).where(~read).order_by(newest.c.written_at.desc()).limit(limit)
                found += connection.execute(unread).all()
        found.sort(key=lambda row: (row.written_at, row.message_id), reverse=True)
        return [
            Message(message_id=r.message_id, case_id=r.case_id, text=r.text, written_at=parse_instant(r.written_at))
            for r in found[:limit]
        ]

    def mark(self, actor: Actor, message_ids: Sequence[str]) -> None:
        """Note that the actor has read these messages; those that are not for them, or are noted, are passed over."""
        for_them = {message.message_id for message in self.of(actor, _MOST_LOOKED_AT)}
        at = instant_text(self._clock())
        rows = [
            {"actor": actor.id, "message_id": id_, "read_at": at}
            for id_ in dict.fromkeys(message_ids)
            if id_ in for_them
        ]
        with self._records.write() as connection:
            known = sa.select(READ.c.message_id).where(
                READ.c.actor == actor.id, READ.c.message_id.in_([row["message_id"] for row in rows])
            )
            read = set(connection.execute(known).scalars())
            store.insert(connection, READ, [row for row in rows if row["message_id"] not in read])
