"""What one transaction adds to filed cases, gathered first: many cases are then written in a few statements, under one audit line."""

import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.messages import messages_of
from yunnao.platforms.cases.filed.projection import now_row, share_rows
from yunnao.platforms.cases.filed.workflow import Surroundings
from yunnao.storage.records import frame_of

History = tuple[FiledFlow, list[FiledEvent]]
"""A case's flow and events."""


class Writing:
    """Rows to be written; what was gathered is seen by the steps that follow in the same transaction.

    Args:
        connection: of the writing transaction.
        read: a case's history as a connection sees it.
    """

    def __init__(
        self, connection: Connection, around: Surroundings, read: Callable[[Connection, str], History]
    ) -> None:
        self.connection = connection
        self.around = around
        self._read = read
        self._histories: dict[str, History] = {}
        self._last_numbers: dict[tuple[str, dt.date], int] = {}
        self._keys: dict[str, str] = {}
        self._cases: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._messages: list[dict[str, Any]] = []
        self._words: list[dict[str, Any]] = []
        self._persons: list[dict[str, Any]] = []
        self._left: list[dict[str, Any]] = []
        self._digests: dict[str, dict[str, str]] = {}
        self._fresh: set[str] = set()
        self._changed: set[str] = set()
        self._moved: set[str] = set()
        self._shared: set[str] = set()
        self._follows: dict[str, str | None] = {}

    @property
    def events(self) -> int:
        """How many events are gathered."""
        return len(self._events)

    def history(self, case_id: str) -> History:
        """A case's flow and events, with those that are gathered here.

        Raises:
            YunnaoError: no such case, or its flow is gone.
        """
        if case_id not in self._histories:
            self._histories[case_id] = self._read(self.connection, case_id)
        return self._histories[case_id]

    def followers(self, lead: str) -> list[str]:
        """The cases that follow ``lead`` by now, by number."""
        gathered = {case_id for case_id, follows in self._follows.items() if follows == lead}
        candidates = gathered.union(store.followers(self.connection, [lead]))
        return sorted(each for each in candidates if self.history(each)[1][-1].follows == lead)

    def number(self, prefix: str, day: dt.date) -> str:
        """The next number of a day: ``SQ20260924-00012``."""
        if (prefix, day) not in self._last_numbers:
            self._last_numbers[prefix, day] = store.last_number(self.connection, prefix, day)
        self._last_numbers[prefix, day] += 1
        return f"{store.number_start(prefix, day)}{self._last_numbers[prefix, day]:05d}"

    def know(self, filing_keys: Collection[str]) -> None:
        """Look up which of these keys were filed under before, all at once, for `by_key`."""
        self._keys |= store.by_key(self.connection, filing_keys)

    def by_key(self, filing_key: str) -> str | None:
        """The case that was filed under ``filing_key``, one of those `know` was asked for, if any."""
        return self._keys.get(filing_key)

    def opened_with(self, case_id: str, texts: Mapping[str, str]) -> bool:
        """Whether a case was opened with these texts (place -> text); told by their hashes, so that redacted ones are known, too."""
        kept = _opening_words(self.connection, case_id)
        if case_id in self._fresh:
            kept = {row["place"]: store.sha256(row["text"]) for row in self._words if row["case_id"] == case_id}
        return all(kept.get(place) == store.sha256(text) for place, text in texts.items())

    def add_case(self, case: Mapping[str, Any], person: Mapping[str, Any]) -> None:
        """A new case; its opening event follows by `add_event`."""
        self._cases.append(dict(case))
        self._persons.append(dict(person))
        self._digests[case["case_id"]] = {store.PERSON: store.person_digest(person)}
        self._keys[case["filing_key"]] = case["case_id"]
        self._fresh.add(case["case_id"])

    def leave(self, rows: Collection[Mapping[str, Any]]) -> None:
        """Leave something to a round: rows of `store.PROGRESS`."""
        self._left += [dict(row) for row in rows]

    def add_event(self, case_id: str, flow: FiledFlow, event: FiledEvent, texts: Mapping[str, str]) -> None:
        """An event of a case, with the texts (place -> text) that it brought."""
        _, events = self._histories.setdefault(case_id, (flow, []))
        if event.follows != (events[-1].follows if events else None):
            self._follows[case_id] = event.follows
        events.append(event)
        self._events.append(store.event_row(case_id, event, texts, self._digests.pop(case_id, None)))
        self._words += [
            {"case_id": case_id, "place": place, "text": text, "redacted_at": None} for place, text in texts.items()
        ]
        self._messages += messages_of(case_id, flow, events, self.around.departments)
        self._changed.add(case_id)
        if any(each.share for each in events):
            self._shared.add(case_id)  # whatever happens to it may move what is due
        if event.department is not None:
            self._moved.add(case_id)

    def write(self, audit: Audit, kind: AuditEvent, actor: str, details: Mapping[str, Any]) -> None:
        """Write everything, under one line of the audit log.

        Raises:
            sqlalchemy.exc.IntegrityError: somebody else was faster; the transaction is lost.
        """
        changes = {
            store.CASES: frame_of(store.CASES, self._cases),
            store.EVENTS: frame_of(store.EVENTS, self._events),
            store.OUTBOX: frame_of(store.OUTBOX, self._messages),
        }
        audit.append(self.connection, kind, actor, details, changes)
        store.insert(self.connection, store.PERSONS, self._persons)
        store.insert(self.connection, store.WORDS, self._words)
        store.insert(self.connection, store.PROGRESS, self._left)
        moved = store.followers(self.connection, sorted(self._moved - self._fresh))
        changed = self._changed | set(moved)  # those that follow a case go where it goes
        rows = [self._now(case_id) for case_id in sorted(changed)]
        store.replace_now(self.connection, rows, sorted(changed - self._fresh))
        shared = sorted(self._shared)
        open_now = [row for id_ in shared for row in share_rows(id_, *self.history(id_), self.around.calendar)]
        store.replace_shares(self.connection, open_now, shared)

    def _now(self, case_id: str) -> dict[str, Any]:
        flow, events = self.history(case_id)
        lead = events[-1].follows
        return now_row(case_id, flow, events, self.around.calendar, self.history(lead)[1] if lead else None)


def _opening_words(connection: Connection, case_id: str) -> dict[str, str]:
    """Place -> SHA-256 of the words with which a case was opened; nothing if there is no such case."""
    first = sa.select(store.EVENTS.c.words).where(store.EVENTS.c.case_id == case_id, store.EVENTS.c.seq == 1)
    kept: dict[str, str] = json.loads(connection.execute(first).scalar() or "{}")
    return kept
