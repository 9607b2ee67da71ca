"""Delivery of messages: each is handed over at least once, and recorded as soon as it is, so that a receiver sees few of them twice.

Messages are taken from the outbox in the order of the audit lines that stand for them: what has been taken is one number. A message
that fails waits by itself, longer each time; the others go on.
"""

import datetime as dt
import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.audit.rows import LINE
from yunnao.kernel.moment import Clock, instant_text, parse_instant, system_clock
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.events import MACHINE
from yunnao.platforms.cases.filed.messages import CITIZEN
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.rounds.channels import Answer, Channel, Outgoing
from yunnao.platforms.cases.filed.rounds.store import LEASES, SENDING
from yunnao.platforms.cases.filed.rounds.task import Going, always
from yunnao.storage.records import Records, frame_of

PAUSES = tuple(dt.timedelta(minutes=each) for each in (0.5, 2, 5, 15, 60, 180, 360))
"""After the first, second, ... failure; the last one again and again."""
MOST_TRIES = 24
"""Then a message is undeliverable; with the pauses above after about four days."""
_LEASE = dt.timedelta(seconds=90)
"""Longer than any one message may take by two channels."""
_AT_A_TIME, _TAKEN_AT_A_TIME = 100, 5_000
_FAILURES_IN_A_ROW = 3
"""After so many, a channel is left alone until the next round."""
_TAKEN = "outbox"
_CHANNELS = "channels"


class Delivery:
    """The sender of one district.

    Args:
        channels: in the order in which they are tried; without any, messages stay for the pages.
        since: what was written before is left to the pages; everything is sent if absent.
        clock: of the retries; leases always run by the system's.
    """

    def __init__(
        self,
        records: Records,
        audit: Audit,
        channels: Sequence[Channel],
        clock: Clock,
        since: dt.datetime | None = None,
    ) -> None:
        self._records = records
        self._audit = audit
        self._channels = channels
        self._clock = clock
        self._since = instant_text(since) if since else ""
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def round(self, going: Going = always) -> Mapping[str, int]:
        """Send what is due, unless another process is sending.

        Args:
            going: asked before each message whether to go on.

        Returns:
            How many were `delivered`, failed and are to be tried again (`later`), and became `undeliverable`.
        """
        counts = {"delivered": 0, "later": 0, "undeliverable": 0}
        if not self._channels or not self._anything() or not self._leased():
            return counts
        try:
            self._take_in()
            failing: dict[str, int] = {}
            after = ("", "")
            while due := self._due(after):
                for place, message in due:
                    after = place
                    if not going() or all(failing.get(each.name, 0) >= _FAILURES_IN_A_ROW for each in self._channels):
                        return counts
                    answer = self._send(message, failing)
                    if answer is not None and not self._record(message, answer, counts):
                        return counts  # another process has taken over
        finally:
            self._release()
        return counts

    # ------------------------------------------------------------------ what is to be sent

    def _anything(self) -> bool:
        """Whether a message is new or due, or the channels are others than before."""
        with self._records.read() as connection:
            newest = connection.execute(sa.select(sa.func.max(store.OUTBOX.c[LINE]))).scalar() or 0
            return (
                newest > int(rounds.progress(connection, _TAKEN) or 0)
                or rounds.progress(connection, _CHANNELS) != self._names
                or connection.execute(sa.select(SENDING.c.message_id).where(*self._is_due()).limit(1)).first()
                is not None
            )

    @property
    def _names(self) -> str:
        return ",".join(channel.name for channel in self._channels)

    def _is_due(self) -> tuple[sa.ColumnElement[bool], ...]:
        return SENDING.c.status == "waiting", SENDING.c.due_at <= instant_text(self._clock())

    def _take_in(self) -> None:
        """Bring new messages of the outbox on their way; after other channels were set, those too that had none."""
        now = instant_text(self._clock())
        with self._records.read() as connection:
            newest = connection.execute(sa.select(sa.func.max(store.OUTBOX.c[LINE]))).scalar() or 0
            taken = int(rounds.progress(connection, _TAKEN) or 0)
            same = rounds.progress(connection, _CHANNELS) == self._names
        if not same:
            with self._records.write() as connection:
                without = sa.update(SENDING).where(SENDING.c.status == "pages")
                connection.execute(without.values(status="waiting", due_at=now))
                rounds.note_progress(connection, _CHANNELS, self._names)
        while taken < newest:
            with self._records.write() as connection:
                taken = self._take_piece(connection, now)

    def _take_piece(self, connection: Connection, now: str) -> int:
        out, line = store.OUTBOX.c, store.OUTBOX.c[LINE]
        taken = int(rounds.progress(connection, _TAKEN) or 0)
        lines = (
            connection.execute(sa.select(line).where(line > taken).order_by(line).limit(_TAKEN_AT_A_TIME))
            .scalars()
            .all()
        )
        last = lines[-1] if lines else taken
        done = store.DELIVERIES.c.message_id
        fresh = (
            sa.select(out.message_id, sa.literal("waiting"), sa.literal(0), sa.literal(now))
            .outerjoin(store.DELIVERIES, done == out.message_id)
            .where(line > taken, line <= last, done.is_(None), out.written_at >= self._since)
        )
        connection.execute(sa.insert(SENDING).from_select(["message_id", "status", "tries", "due_at"], fresh))
        rounds.note_progress(connection, _TAKEN, str(last))
        return int(last)

    def _due(self, after: tuple[str, str]) -> list[tuple[tuple[str, str], Outgoing]]:
        """Messages that are due, the longest due first, from those after ``after`` on; each with its place in that order."""
        out, sending, cases, persons = store.OUTBOX.c, SENDING.c, store.CASES.c, store.PERSONS.c
        contact = sa.case((out.recipient == CITIZEN, persons.contact)).label("contact")
        columns = (out.message_id, out.case_id, out.recipient, out.department, out.text, out.written_at)
        statement = (
            sa.select(*columns, contact, cases.channel, sending.due_at)
            .select_from(SENDING)
            .join(store.OUTBOX, out.message_id == sending.message_id)
            .join(store.CASES, cases.case_id == out.case_id)
            .outerjoin(store.PERSONS, persons.case_id == out.case_id)
            .where(*self._is_due(), sa.tuple_(sending.due_at, sending.message_id) > sa.tuple_(*after))
            .order_by(sending.due_at, sending.message_id)
            .limit(_AT_A_TIME)
        )
        with self._records.read() as connection:
            rows = [dict(row) for row in connection.execute(statement).mappings()]
        return [((row.pop("due_at"), row["message_id"]), Outgoing(**row)) for row in rows]

    # ------------------------------------------------------------------ one message

    def _send(self, message: Outgoing, failing: dict[str, int]) -> Answer | None:
        """What became of a message; none if the channel that it needs is left alone for now."""
        answer = Answer(what="elsewhere")
        for channel in self._channels:
            if not channel.suits(message):
                continue
            if failing.get(channel.name, 0) >= _FAILURES_IN_A_ROW:
                return None
            answer = channel.send(message)
            failing[channel.name] = failing.get(channel.name, 0) + 1 if answer.what == "later" else 0
            if answer.what != "elsewhere":
                break
        return answer

    def _record(self, message: Outgoing, answer: Answer, counts: dict[str, int]) -> bool:
        """Record what became of a message; false if another process has the lease by now."""
        now = self._clock()
        own = SENDING.c.message_id == message.message_id
        with self._audit.writing() as connection:
            if answer.what == "delivered":
                done = store.DELIVERIES.c.message_id
                if connection.execute(sa.select(done).where(done == message.message_id)).first() is None:
                    row = {"message_id": message.message_id, "delivered_at": instant_text(now)}
                    details, changes = (
                        {"message": message.message_id},
                        {store.DELIVERIES: frame_of(store.DELIVERIES, [row])},
                    )
                    self._audit.append(connection, AuditEvent.MESSAGE_DELIVERED, MACHINE, details, changes)
                connection.execute(sa.delete(SENDING).where(own))
                counts["delivered"] += 1
            else:
                tries = (connection.execute(sa.select(SENDING.c.tries).where(own)).scalar() or 0) + 1
                status = _status(answer, tries)
                due_at = instant_text(now + PAUSES[min(tries, len(PAUSES)) - 1])
                values = {"status": status, "tries": tries, "due_at": due_at, "problem": answer.problem or None}
                connection.execute(sa.update(SENDING).where(own).values(**values))
                name = "later" if status == "waiting" else status
                counts[name] = counts.get(name, 0) + 1
            return self._hold(connection)

    # ------------------------------------------------------------------ one sender at a time

    def _leased(self) -> bool:
        with self._records.read() as connection:
            row = connection.execute(sa.select(LEASES).where(LEASES.c.name == _TAKEN)).first()
        if self._is_held(row):
            return False
        with self._records.write() as connection:
            return self._hold(connection)

    def _hold(self, connection: Connection) -> bool:
        """Take the lease or make it longer, unless somebody else has it."""
        row = connection.execute(sa.select(LEASES).where(LEASES.c.name == _TAKEN)).first()
        if self._is_held(row):
            return False
        connection.execute(sa.delete(LEASES).where(LEASES.c.name == _TAKEN))
        values = {"name": _TAKEN, "holder": self._holder, "until": instant_text(system_clock() + _LEASE)}
        connection.execute(sa.insert(LEASES).values(**values))
        return True

    def _is_held(self, row: Any) -> bool:
        """Whether somebody else has the lease; one whose process has ended on this machine has it no more."""
        if row is None or row.holder == self._holder or parse_instant(row.until) <= system_clock():
            return False
        return not _has_ended(row.holder)

    def _release(self) -> None:
        with self._records.write() as connection:
            connection.execute(sa.delete(LEASES).where(LEASES.c.name == _TAKEN, LEASES.c.holder == self._holder))


def _has_ended(holder: str) -> bool:
    """Whether the process that a lease names was on this machine and is no more."""
    host, process, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # somebody else's, and alive
    return False


def _status(answer: Answer, tries: int) -> str:
    """What a message that was not delivered is now: one that no channel suits is left to the pages."""
    if answer.what == "later":
        return "waiting" if tries < MOST_TRIES else "undeliverable"
    return "undeliverable" if answer.problem else "pages"
