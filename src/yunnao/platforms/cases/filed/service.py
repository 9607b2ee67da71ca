"""The door to filed cases: filing, one step by one person or by the machine, what may be seen, and what is to be told."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from yunnao.access.actors import Actor
from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import ClockRun, clock_runs
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent, FiledStanding, fold
from yunnao.platforms.cases.filed.filing import Filed, Filing, Person
from yunnao.platforms.cases.filed.messages import messages_of
from yunnao.platforms.cases.filed.projection import now_row
from yunnao.platforms.cases.filed.registering import Desk, check, clean, register
from yunnao.platforms.cases.filed.searching import Wanted, search
from yunnao.platforms.cases.filed.workflow import Asked, Surroundings, allowed, take
from yunnao.storage.records import Records


@dataclass(frozen=True, kw_only=True)
class FiledView:
    """One case as somebody sees it, with the steps they may take now."""

    case: store.FiledCase
    flow: FiledFlow
    events: tuple[FiledEvent, ...]
    standing: FiledStanding
    clocks: tuple[ClockRun, ...]
    title: str
    body: str
    person: Person
    allowed: tuple[FiledStep, ...] = ()


class FiledCases:
    """The filed cases of one district.

    Args:
        departments: id -> title, of every department that a case may go to.
        secret: of the district; contacts are hashed with it, so that the same person is found without being named.
    """

    def __init__(
        self,
        records: Records,
        flows: Mapping[str, FiledFlow],
        departments: Mapping[str, Any],
        calendar: WorkingCalendar,
        clock: Clock,
        audit: Audit,
        secret: bytes,
    ) -> None:
        records.create(store.METADATA)
        self.records = records
        self.flows = flows
        self.around = Surroundings(calendar=calendar, departments=departments)
        self.clock = clock
        self.audit = audit
        self._desk = Desk(flows=flows, around=self.around, clock=clock, audit=audit, secret=secret)

    # ------------------------------------------------------------------ filing

    def file(self, filings: Sequence[Filing], actor: str = MACHINE) -> list[Filed]:
        """File matters, all in one transaction; one that was filed before is answered with its number.

        Raises:
            YunnaoError: a filing is not usable; the sentence says which and why, and none is filed.
        """
        check(filings, self.flows, self.around.departments)
        with self.records.write() as connection:
            return register(connection, filings, self._desk, actor)

    # ------------------------------------------------------------------ steps

    def take(self, case_id: str, asked: Asked) -> FiledEvent:
        """One step, with its messages and its line in the audit log, in one transaction.

        Raises:
            StepRefused: not now, not by this person, not in this way, or somebody else was faster; it is audited.
            YunnaoError: no such case.
        """
        who = asked.actor.id if asked.actor else MACHINE
        try:
            with self.records.write() as connection:
                return self._take(connection, case_id, asked)
        except IntegrityError:
            refused = StepRefused(f"办件 {case_id} 刚被别人办理过；请刷新后再看")
        except StepRefused as error:
            refused = error
        with self.records.write() as connection:
            details = {"case": case_id, "step": asked.step, "why": str(refused)}
            self.audit.append(connection, AuditEvent.STEP_REFUSED, who, details)
        raise refused

    def take_many(self, wanted: Sequence[tuple[str, Asked]]) -> dict[str, str]:
        """Steps on many cases, in the order given and in one transaction: those that are possible are taken.

        Returns:
            case id -> why, of the last step that was not possible.

        Raises:
            YunnaoError: no such case; nothing has changed.
        """
        refused: dict[str, str] = {}
        with self.records.write() as connection:
            for case_id, asked in wanted:
                try:
                    self._take(connection, case_id, asked)
                except StepRefused as error:
                    refused[case_id] = str(error)
        return refused

    def _take(self, connection: Connection, case_id: str, asked: Asked) -> FiledEvent:
        flow, events = self._case(connection, case_id)
        event = take(flow, case_id, events, asked, self.around)
        self._keep(connection, flow, case_id, [*events, event], self._texts(flow, event))
        return event

    def _texts(self, flow: FiledFlow, event: FiledEvent) -> dict[str, str]:
        step = flow.step(event.step)
        fields = {} if step is None else step.gives
        texts = {
            f"{event.seq}.{name}": clean(str(value))
            for name, value in event.given.items()
            if fields[name].kind == "text"
        }
        return texts | ({f"{event.seq}.reason": clean(event.reason)} if event.reason else {})

    def _keep(
        self,
        connection: Connection,
        flow: FiledFlow,
        case_id: str,
        events: Sequence[FiledEvent],
        texts: Mapping[str, str],
    ) -> None:
        """The last of the events with its words, its messages, its audit line and the projection."""
        event = events[-1]
        row = store.event_row(case_id, event, texts)
        store.insert(connection, store.EVENTS, [row])
        words = [{"case_id": case_id, "place": place, "text": text} for place, text in texts.items()]
        store.insert(connection, store.WORDS, words)
        store.insert(connection, store.OUTBOX, messages_of(case_id, flow, events, self.around.departments))
        store.replace_now(connection, now_row(case_id, flow, events, self.around.calendar))
        details = {"case": case_id, "seq": event.seq, "step": event.step, "to": event.to_state}
        self.audit.append(
            connection, AuditEvent.FILED_EVENT, event.actor, details | {"sha256": store.sha256(store.canonical(row))}
        )

    # ------------------------------------------------------------------ seeing

    def get(self, case_id: str, actor: Actor | None = None) -> FiledView:
        """One case, and the steps that ``actor`` may take now.

        Raises:
            YunnaoError: no such case.
        """
        with self.records.read() as connection:
            flow, events = self._case(connection, case_id)
            words = store.words_of(connection, case_id)
            found = store.case(connection, case_id)
            person = connection.execute(sa.select(store.PERSONS).where(store.PERSONS.c.case_id == case_id)).first()
        assert found is not None
        may = allowed(flow, case_id, events, actor, self.clock(), self.around) if actor else []
        return FiledView(
            case=found[0],
            flow=flow,
            events=tuple(events),
            standing=fold(events),
            clocks=tuple(clock_runs(flow, events)),
            title=words.get("title", ""),
            body=words.get("body", ""),
            person=Person(name=person.name, contact=person.contact) if person else Person(),
            allowed=tuple(may),
        )

    def opens(self, case_id: str, code: str) -> bool:
        """Whether ``code`` is the follow-up code of the case; takes as long for a wrong one as for a right one."""
        with self.records.read() as connection:
            found = store.case(connection, case_id)
        kept = found[1] if found else store.sha256("no such case")
        return hmac.compare_digest(kept, store.sha256(f"{case_id}:{code.strip().upper()}")) and found is not None

    def filed_as(self, key: str) -> str | None:
        """The number of what was filed under ``key``, if anything was."""
        with self.records.read() as connection:
            return store.by_key(connection, key)

    def search(self, wanted: Wanted) -> list[FiledView]:
        """Cases that fit, the newest first, as nobody in particular sees them (no person, no steps)."""
        flow = self.flows[wanted.flow]
        with self.records.read() as connection:
            return [
                FiledView(
                    case=found.case,
                    flow=flow,
                    events=found.events,
                    standing=fold(found.events),
                    clocks=tuple(clock_runs(flow, found.events)),
                    title=found.words.get("title", ""),
                    body=found.words.get("body", ""),
                    person=Person(),
                )
                for found in search(connection, flow, wanted)
            ]

    def inbox(
        self, *, department: str | None = None, closed: bool | None = False, limit: int = 100
    ) -> list[dict[str, Any]]:
        """Rows of the projection, the most urgent first (no deadline last), then by number.

        Args:
            department: that has them; all departments if absent.
            closed: open ones (false), ended ones (true), or both (none).
        """
        now = store.NOW.c
        statement = sa.select(store.NOW).order_by(now.due_on.is_(None), now.due_on, now.case_id).limit(limit)
        if department is not None:
            statement = statement.where(now.department == department)
        if closed is not None:
            statement = statement.where(now.closed == closed)
        with self.records.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def texts(self, flow: str) -> list[dict[str, Any]]:
        """Of every case of a flow, by number: case_id, title, body, opened_on (text), contact_sha256; for topics and repeats."""
        title, body = store.WORDS.alias("title"), store.WORDS.alias("body")
        statement = (
            sa.select(
                store.CASES.c.case_id,
                title.c.text.label("title"),
                body.c.text.label("body"),
                store.NOW.c.opened_on,
                store.PERSONS.c.contact_sha256,
            )
            .join(store.NOW, store.NOW.c.case_id == store.CASES.c.case_id)
            .join(title, sa.and_(title.c.case_id == store.CASES.c.case_id, title.c.place == "title"))
            .join(body, sa.and_(body.c.case_id == store.CASES.c.case_id, body.c.place == "body"))
            .outerjoin(store.PERSONS, store.PERSONS.c.case_id == store.CASES.c.case_id)
            .where(store.CASES.c.flow == flow)
            .order_by(store.CASES.c.case_id)
        )
        with self.records.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def event_frame(self, flow: str) -> pl.DataFrame:
        """Every event of every case of a flow, by number and seq, for measures.

        Returns:
            case_id, seq, step, to_state, at (an instant as text), department, given, sets (JSON without the words people wrote).
        """
        events = store.EVENTS.c
        columns = (events.case_id, events.seq, events.step, events.to_state, events.at, events.department)
        statement = (
            sa.select(*columns, events.given, events.sets)
            .join(store.CASES, store.CASES.c.case_id == events.case_id)
            .where(store.CASES.c.flow == flow)
            .order_by(events.case_id, events.seq)
        )
        return self.records.read_frame(statement)

    def _case(self, connection: Connection, case_id: str) -> tuple[FiledFlow, list[FiledEvent]]:
        found = store.case(connection, case_id)
        if found is None:
            raise YunnaoError(f"没有办件 {case_id!r}；请核对编号")
        flow = self.flows.get(found[0].flow)
        if flow is None:
            raise YunnaoError(f"办件 {case_id} 的流程 {found[0].flow} 已不在任何场景的 case.yaml 中；请恢复该流程")
        return flow, store.events_of(connection, case_id)

    # ------------------------------------------------------------------ the projection

    def differing(self) -> list[str]:
        """Numbers of the cases whose row of the projection is not what their events say."""
        wrong = []
        with self.records.read() as connection:
            kept = {row["case_id"]: dict(row) for row in connection.execute(sa.select(store.NOW)).mappings()}
            for case_id in connection.execute(sa.select(store.CASES.c.case_id)).scalars().all():
                flow, events = self._case(connection, case_id)
                if kept.pop(case_id, None) != now_row(case_id, flow, events, self.around.calendar):
                    wrong.append(case_id)
        return sorted([*wrong, *kept])

    def rebuild(self) -> int:
        """Make the projection anew from the events, as after a new calendar; how many rows changed."""
        wrong = self.differing()
        with self.records.write() as connection:
            for case_id in wrong:
                flow, events = self._case(connection, case_id)
                store.replace_now(connection, now_row(case_id, flow, events, self.around.calendar))
        return len(wrong)

    # ------------------------------------------------------------------ messages

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
                    row = {"message_id": message["message_id"], "delivered_at": instant_text(self.clock())}
                    store.insert(connection, store.DELIVERIES, [row])
        return len(messages)

    # ------------------------------------------------------------------ personal data

    def redact(self, case_id: str, place: str, wanted: str, actor: Actor, reason: str) -> None:
        """Black out ``wanted`` wherever it stands in the words at ``place`` (``title``, ``body``, or SEQ.FIELD), for good.

        Raises:
            YunnaoError: no such case or place, or it does not stand there.
        """
        with self.records.write() as connection:
            self._case(connection, case_id)
            where = (store.WORDS.c.case_id == case_id, store.WORDS.c.place == place)
            text = connection.execute(sa.select(store.WORDS.c.text).where(*where)).scalar()
            if not wanted or text is None or wanted not in text:
                raise YunnaoError(f"办件 {case_id} 的 {place} 里没有要遮盖的文字；请核对")
            blackened = text.replace(wanted, "█" * len(wanted))
            at = instant_text(self.clock())
            connection.execute(sa.update(store.WORDS).where(*where).values(text=blackened, redacted_at=at))
            details = {"case": case_id, "place": place, "reason": reason}
            self.audit.append(connection, AuditEvent.WORDS_REDACTED, actor.id, details)
