"""Messages that nobody took: the list of them, and another attempt by somebody who has mended what was in the way."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.kernel.moment import Clock, instant_text
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.rounds.store import SENDING
from yunnao.storage.records import Records

_IS = SENDING.c.status == "undeliverable"


@dataclass(frozen=True, kw_only=True)
class Undeliverable:
    """A message that nobody took.

    Attributes:
        recipient: a role, or `citizen`; ``department``: whose officers are meant, none for citizen and centre.
        written_at: an instant, as text.
        tries: how often it was sent.
        problem: why nobody took it, without contents or contacts.
    """

    message_id: str
    case_id: str
    recipient: str
    department: str | None
    text: str
    written_at: str
    tries: int
    problem: str


class Undelivered:
    """The undeliverable messages of one district."""

    def __init__(self, records: Records, audit: Audit, clock: Clock) -> None:
        self._records = records
        self._audit = audit
        self._clock = clock

    def count(self) -> int:
        """How many there are."""
        with self._records.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(SENDING).where(_IS)).scalar_one()

    def newest(self, limit: int = 100) -> list[Undeliverable]:
        """The newest of them, the newest first."""
        out, sending = store.OUTBOX.c, SENDING.c
        columns = (out.message_id, out.case_id, out.recipient, out.department, out.text, out.written_at)
        statement = (
            sa.select(*columns, sending.tries, sa.func.coalesce(sending.problem, "").label("problem"))
            .join(SENDING, sending.message_id == out.message_id)
            .where(_IS)
            .order_by(out.written_at.desc(), out.message_id)
            .limit(limit)
        )
        with self._records.read() as connection:
            return [Undeliverable(**row) for row in connection.execute(statement).mappings()]

    def try_again(self, actor: str, message_ids: Collection[str] | None = None) -> int:
        """Put undeliverable messages back among those to be sent, with one line in the audit log; how many there were.

        Args:
            actor: in whose name; message_ids: only these, all if absent; others than undeliverable ones are passed over.
        """
        values = {"status": "waiting", "tries": 0, "due_at": instant_text(self._clock()), "problem": None}
        which = [_IS] if message_ids is None else [_IS, SENDING.c.message_id.in_(message_ids)]
        with self._audit.writing() as connection:
            count = connection.execute(sa.update(SENDING).where(*which).values(**values)).rowcount
            if count:
                self._audit.append(connection, AuditEvent.MESSAGES_TRIED_AGAIN, actor, {"count": count})
            return count
