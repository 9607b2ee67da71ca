"""Upkeep of filed cases: the projection held against the events, messages handed over, words blacked out."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.actors import Actor
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import instant_text
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.projection import now_row
from yunnao.platforms.cases.filed.service import FiledCases


class Upkeep:
    """What is done with filed cases by the house itself, not by those who handle them."""

    def __init__(self, cases: FiledCases) -> None:
        self.cases = cases
        self.records = cases.records

    def differing(self) -> list[str]:
        """Numbers of the cases whose row of the projection is not what their events say."""
        wrong = []
        with self.records.read() as connection:
            kept = {row["case_id"]: dict(row) for row in connection.execute(sa.select(store.NOW)).mappings()}
            for case_id in connection.execute(sa.select(store.CASES.c.case_id)).scalars().all():
                if kept.pop(case_id, None) != self._now(connection, case_id):
                    wrong.append(case_id)
        return sorted([*wrong, *kept])

    def rebuild(self) -> int:
        """Make the projection anew from the events, as after a new calendar; how many rows changed."""
        wrong = self.differing()
        with self.records.write() as connection:
            store.replace_now(connection, [self._now(connection, case_id) for case_id in wrong], wrong)
        return len(wrong)

    def _now(self, connection: Connection, case_id: str) -> dict[str, Any]:
        flow, events = self.cases.history(connection, case_id)
        lead = store.events_of(connection, events[-1].follows) if events[-1].follows else None
        return now_row(case_id, flow, events, self.cases.around.calendar, lead)

    def deliver(self, send: Callable[[Mapping[str, Any]], None], limit: int = 1000) -> int:
        """Hand every message that is not delivered yet to ``send``, oldest first, and record each as it is done.

        One whose delivery was not recorded (the process was killed in between) is handed over again: receivers tell by
        `message_id`. What ``send`` raises ends the round; the rest is for the next one.
        """
        done = store.DELIVERIES.c.message_id
        waiting = (
            sa.select(store.OUTBOX)
            .outerjoin(store.DELIVERIES, done == store.OUTBOX.c.message_id)
            .where(done.is_(None))
            .order_by(store.OUTBOX.c.written_at, store.OUTBOX.c.message_id)
            .limit(limit)
        )
        with self.records.read() as connection:
            messages = [dict(row) for row in connection.execute(waiting).mappings()]
        for message in messages:
            send(message)
            with self.records.write() as connection:
                if connection.execute(sa.select(done).where(done == message["message_id"])).first() is None:
                    row = {"message_id": message["message_id"], "delivered_at": instant_text(self.cases.clock())}
                    store.insert(connection, store.DELIVERIES, [row])
        return len(messages)

    def redact(self, case_id: str, place: str, wanted: str, actor: Actor, reason: str) -> None:
        """Black out ``wanted`` wherever it stands in the words at ``place`` (``title``, ``body``, or SEQ.FIELD), for good.

        Raises:
            YunnaoError: no such case or place, or it does not stand there.
        """
        with self.cases.audit.writing() as connection:
            self.cases.history(connection, case_id)
            where = (store.WORDS.c.case_id == case_id, store.WORDS.c.place == place)
            text = connection.execute(sa.select(store.WORDS.c.text).where(*where)).scalar()
            if not wanted or text is None or wanted not in text:
                raise YunnaoError(f"办件 {case_id} 的 {place} 里没有要遮盖的文字；请核对")
            blackened = text.replace(wanted, "█" * len(wanted))
            at = instant_text(self.cases.clock())
            connection.execute(sa.update(store.WORDS).where(*where).values(text=blackened, redacted_at=at))
            details = {"case": case_id, "place": place, "reason": reason}
            self.cases.audit.append(connection, AuditEvent.WORDS_REDACTED, actor.id, details)
