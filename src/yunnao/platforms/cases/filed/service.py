"""The door to filed cases: filing, one step by one person or by the machine, what may be seen, and what is to be told."""

import datetime as dt
import hmac
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from yunnao.access.actors import Actor
from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA, Clock, instant_text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.attaching import attached
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.bulk import event_columns, text_rows
from yunnao.platforms.cases.filed.clocks import clock_runs
from yunnao.platforms.cases.filed.codes import code_for, new_code
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent, FiledStanding, fold, opening
from yunnao.platforms.cases.filed.filing import Filed, Filing, Person
from yunnao.platforms.cases.filed.given import checked
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.media import waiting_media
from yunnao.platforms.cases.filed.merging import Beside, ends_following, followers_event
from yunnao.platforms.cases.filed.named_files import remove_unnamed
from yunnao.platforms.cases.filed.projection import shown_department
from yunnao.platforms.cases.filed.searching import Wanted, search
from yunnao.platforms.cases.filed.view import FiledView as FiledView
from yunnao.platforms.cases.filed.waiting_rows import waiting_rows
from yunnao.platforms.cases.filed.workflow import Asked, Surroundings, allowed, take
from yunnao.platforms.cases.filed.writing import Writing
from yunnao.platforms.cases.filed.written import clean, legible, texts_of
from yunnao.storage.records import Records, read_frame, read_frames

_MOST_TITLE, _MOST_BODY = 200, 8000


class FiledCases:
    """The filed cases of one district.

    Args:
        departments: id -> title, of every department that a case may go to.
        secret: of the district; contacts are hashed with it, so that the same person is found without being named.
        files: of attachments; without them, none can be brought.
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
        files: KeptFiles | None = None,
    ) -> None:
        records.create(store.METADATA)
        self.records = records
        self.flows = flows
        self.around = Surroundings(calendar=calendar, departments=departments)
        self.clock = clock
        self.audit = audit
        self._secret = secret
        self._files = files

    def go_by(self, flows: Mapping[str, FiledFlow], calendar: WorkingCalendar) -> None:
        """Go by these from now on; what the projection holds stays until it is made anew (`Upkeep.rebuild`)."""
        self.flows = flows
        if self.around.calendar is not calendar:
            self.around = replace(self.around, calendar=calendar)

    # ------------------------------------------------------------------ filing

    def file(
        self, filings: Sequence[Filing], actor: str = MACHINE, steps: Mapping[str, Sequence[Asked]] | None = None
    ) -> list[Filed]:
        """File matters, all in one transaction; one that was filed before is answered with its number.

        Args:
            steps: filing key -> what the machine does with it right away, if it is new.

        Raises:
            YunnaoError: a filing is not usable, or a step is refused; the sentence says which and why, and none is filed.
        """
        with self.audit.writing() as connection:
            return self.file_in(connection, filings, actor, steps)

    def file_in(
        self,
        connection: Connection,
        filings: Sequence[Filing],
        actor: str = MACHINE,
        steps: Mapping[str, Sequence[Asked]] | None = None,
    ) -> list[Filed]:
        """`file` in the transaction of ``connection`` (of `Audit.writing`), together with whatever else is written there."""
        for filing in filings:
            problem = self._problem(filing)
            if problem:
                raise YunnaoError(f"诉求“{filing.title[:20]}”（{filing.key}）不能受理：{problem}")
        writing = Writing(connection, self.around, self.history)
        writing.know([filing.key for filing in filings])
        filed = [self._file(writing, filing, actor) for filing in filings]
        for filing, each in zip(filings, filed, strict=True):
            for asked in (steps or {}).get(filing.key, ()) if each.new else ():
                self._take(writing, each.case_id, asked)
        new = [each.case_id for each in filed if each.new]
        if new:
            writing.write(self.audit, AuditEvent.CASES_FILED, actor, {"count": len(new), "first": new[0]})
        return filed

    def _problem(self, filing: Filing) -> str | None:
        flow = self.flows.get(filing.flow)
        if flow is None:
            return f"没有叫 {filing.flow} 的流程；现有：{'、'.join(self.flows)}"
        if not filing.body.strip() and not filing.title.strip():
            return "没有内容；请写明诉求"
        if len(filing.title) > _MOST_TITLE or len(filing.body) > _MOST_BODY:
            return f"标题最多 {_MOST_TITLE} 个字，内容最多 {_MOST_BODY} 个字；请缩短"
        return checked(flow.attributes, filing.attributes, self.around.departments)

    def _file(self, writing: Writing, filing: Filing, actor: str) -> Filed:
        known = writing.by_key(filing.key)
        if known is not None:
            return Filed(
                case_id=known,
                code=code_for(self._secret, filing.key) if filing.repeatable else None,
                new=False,
                same=writing.opened_with(known, {"title": clean(filing.title), "body": clean(filing.body)}),
            )
        flow = self.flows[filing.flow]
        at = filing.at or self.clock()
        self._check_kept(filing.attachments)
        case_id = writing.number(flow.prefix, at.astimezone(CHINA).date())
        code = code_for(self._secret, filing.key) if filing.repeatable else new_code()
        case = {
            "case_id": case_id,
            "flow": filing.flow,
            "channel": filing.channel,
            "filing_key": filing.key,
            "opened_at": instant_text(at),
            "code_sha256": store.sha256(f"{case_id}:{code}"),
        }
        contact = filing.person.contact
        person = {
            "case_id": case_id,
            "name": filing.person.name,
            "contact": contact,
            "contact_sha256": self.contact_hash(contact) if contact else None,
            "salt": secrets.token_hex(16),
        }
        writing.add_case(case, person)
        texts = {"title": clean(filing.title), "body": clean(filing.body)}
        kept, full = legible(flow, filing.attributes)
        writing.add_event(case_id, flow, opening(flow.starts, at, actor, kept, filing.attachments), texts | full)
        writing.leave(waiting_media(case_id, filing.media, at))
        return Filed(case_id=case_id, code=code, new=True)

    def _check_kept(self, attachments: Sequence[Attachment]) -> None:
        """Make sure, in the transaction that names them, that the files of attachments are there.

        Raises:
            YunnaoError: one is not.
        """
        for each in attachments:
            if self._files is None or not self._files.there(each.sha256):
                raise YunnaoError("图片没有保存好，还没有受理；请重新选择图片，再提交一次")

    def contact_hash(self, contact: str) -> str:
        """What the same contact always becomes, by which the same person is found without being named."""
        return hmac.new(self._secret, contact.strip().encode(), "sha256").hexdigest()

    # ------------------------------------------------------------------ steps

    def take(self, case_id: str, asked: Asked) -> FiledEvent:
        """One step, with its messages and its line in the audit log, in one transaction.

        Raises:
            StepRefused: not now, not by this person, not in this way, or somebody else was faster; it is audited.
            YunnaoError: no such case.
        """
        who = asked.actor.id if asked.actor else MACHINE
        try:
            with self.audit.writing() as connection:
                writing = Writing(connection, self.around, self.history)
                event = self._take(writing, case_id, asked)
                details = {"case": case_id, "seq": event.seq, "step": event.step, "to": event.to_state}
                writing.write(self.audit, AuditEvent.STEP_TAKEN, who, details)
            if event.detached and self._files:
                remove_unnamed(self.records, self._files, [event.detached])
            return event
        except IntegrityError:
            refused = StepRefused(f"办件 {case_id} 刚被别人办理过；请刷新后再看")
        except StepRefused as error:
            refused = error
        with self.audit.writing() as connection:
            details = {"case": case_id, "step": asked.step, "why": str(refused)}
            self.audit.append(connection, AuditEvent.STEP_REFUSED, who, details)
        raise refused

    def take_many(self, wanted: Sequence[tuple[str, Asked]], actor: str = MACHINE) -> dict[str, str]:
        """Steps on many cases, in the order given and in one transaction: those that are possible are taken.

        After a step that is not, further ones on the same case are passed over.

        Args:
            actor: in whose name they are noted.

        Returns:
            case id -> why, of the step that was not possible.

        Raises:
            YunnaoError: no such case; nothing has changed.
        """
        refused: dict[str, str] = {}
        with self.audit.writing() as connection:
            writing = Writing(connection, self.around, self.history)
            for case_id, asked in wanted:
                if case_id in refused:
                    continue
                try:
                    self._take(writing, case_id, asked)
                except StepRefused as error:
                    refused[case_id] = str(error)
            if writing.events:
                writing.write(self.audit, AuditEvent.FILED_STEPS_TAKEN, actor, {"count": writing.events})
        return refused

    def _take(self, writing: Writing, case_id: str, asked: Asked) -> FiledEvent:
        flow, events = writing.history(case_id)
        event = take(flow, case_id, events, asked, self.around, self._beside(writing, flow, case_id, asked))
        self._check_kept(event.attachments)
        writing.add_event(case_id, flow, event, texts_of(flow, event))
        if flow.leaving is not None and ends_following(flow, event):
            for follower in writing.followers(case_id):
                brought = followers_event(flow, writing.history(follower)[1], case_id, events)
                writing.add_event(follower, flow, brought, texts_of(flow, brought))
        return event

    @staticmethod
    def _beside(writing: Writing, flow: FiledFlow, case_id: str, asked: Asked) -> Beside:
        """Other cases that the step asked for is judged by, read in the transaction that writes it."""
        step, cases = flow.step(asked.step), {}
        for name, field in {} if step is None else step.gives.items():
            number = asked.given.get(name)
            if field.kind == "case" and isinstance(number, str) and store.case(writing.connection, number):
                other, events = writing.history(number)
                if other.id == flow.id:
                    cases[number] = events
        follows = step is not None and step.follows is not None
        return Beside(cases=cases, followers=writing.followers(case_id) if follows else ())

    # ------------------------------------------------------------------ seeing

    def get(self, case_id: str, actor: Actor | None = None) -> FiledView:
        """One case, and the steps that ``actor`` may take now.

        Raises:
            YunnaoError: no such case.
        """
        with self.records.read() as connection:
            flow, events = self.history(connection, case_id)
            standing = self._standing(connection, events)
            followers = store.followers(connection, [case_id]) if flow.leaving else []
            words = store.words_of(connection, case_id)
            found = store.case(connection, case_id)
            person = connection.execute(sa.select(store.PERSONS).where(store.PERSONS.c.case_id == case_id)).first()
            kept = attached(events[store.erased_until(connection, case_id) :]) if attached(events) else {}
        assert found is not None
        beside = Beside(followers=followers)
        may = allowed(flow, case_id, events, actor, self.clock(), self.around, beside) if actor else []
        return FiledView(
            case=found[0],
            flow=flow,
            events=tuple(events),
            standing=standing,
            clocks=tuple(clock_runs(flow, events)),
            title=words.get("title", ""),
            body=words.get("body", ""),
            person=Person(name=person.name, contact=person.contact) if person else Person(),
            allowed=tuple(may),
            attachments=tuple(kept.values()),
        )

    def _standing(self, connection: Connection, events: Sequence[FiledEvent]) -> FiledStanding:
        """Where a case with these events stands; one that follows another has the department of its lead."""
        standing = fold(events)
        lead = store.events_of(connection, standing.follows) if standing.follows else None
        return replace(standing, department=shown_department(standing, lead))

    def followers(self, case_id: str) -> list[str]:
        """The cases that follow this one, by number."""
        with self.records.read() as connection:
            return store.followers(connection, [case_id])

    def opens(self, case_id: str, code: str) -> bool:
        """Whether ``code`` is the follow-up code of the case; takes as long for a wrong one as for a right one."""
        with self.records.read() as connection:
            found = store.case(connection, case_id)
        kept = found[1] if found else store.sha256("no such case")
        return hmac.compare_digest(kept, store.sha256(f"{case_id}:{code.strip().upper()}")) and found is not None

    def filed_as(self, key: str) -> str | None:
        """The number of what was filed under ``key``, if anything was."""
        with self.records.read() as connection:
            return store.by_key(connection, [key]).get(key)

    def search(self, wanted: Wanted) -> list[FiledView]:
        """Cases that fit, the newest first, as nobody in particular sees them (no person, no steps)."""
        flow = self.flows[wanted.flow]
        with self.records.read() as connection:
            return [
                FiledView(
                    case=found.case,
                    flow=flow,
                    events=found.events,
                    standing=self._standing(connection, found.events),
                    clocks=tuple(clock_runs(flow, found.events)),
                    title=found.words.get("title", ""),
                    body=found.words.get("body", ""),
                    person=Person(),
                )
                for found in search(connection, flow, wanted)
            ]

    def inbox(
        self,
        *,
        department: str | None = None,
        closed: bool | None = False,
        limit: int = 100,
        flow: str | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of the projection, the most urgent first (no deadline last), then by number.

        `share` is true in a row of a case which the department only co-handles; `department`, `since` and what is due are then
        those of the share.

        Args:
            department: that has or co-handles them; all departments (and no shares) if absent.
            closed: open ones (false), ended ones (true), or both (none).
            flow: the only one whose cases are wanted; shares are of flows that have them.
        """
        with self.records.read() as connection:
            return waiting_rows(connection, department, closed, limit, flow)

    def texts(
        self,
        flow: str,
        *,
        since: dt.date | None = None,
        newest: int | None = None,
        among: Collection[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Words and standings of cases, for topics and repeats; see `bulk.text_rows`."""
        with self.records.read() as connection:
            return text_rows(connection, flow, since=since, newest=newest, among=among)

    def event_frame(self, flow: str) -> pl.DataFrame:
        """Every event of every case of a flow, by number and seq, for measures.

        Returns:
            case_id, seq, step, to_state, at (an instant as text), department, given, sets (JSON without the words people wrote).
        """
        with self.records.read() as connection:
            return read_frame(connection, event_columns(flow))

    def event_frames(self, flow: str) -> Iterator[pl.DataFrame]:
        """`event_frame` in pieces, for what need not be in memory at once; all of one moment."""
        with self.records.read() as connection:
            yield from read_frames(connection, event_columns(flow))

    def history(self, connection: Connection, case_id: str) -> tuple[FiledFlow, list[FiledEvent]]:
        """A case's flow and events, as ``connection`` sees them.

        Raises:
            YunnaoError: no such case, or its flow is gone.
        """
        found = store.case(connection, case_id)
        if found is None:
            raise YunnaoError(f"没有办件 {case_id!r}；请核对编号")
        flow = self.flows.get(found[0].flow)
        if flow is None:
            raise YunnaoError(f"办件 {case_id} 的流程 {found[0].flow} 已不在任何场景的 case.yaml 中；请恢复该流程")
        return flow, store.events_of(connection, case_id)
