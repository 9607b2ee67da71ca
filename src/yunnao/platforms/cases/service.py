"""The door to cases (办件): what a run changes in them, one step by one person, and what everybody may see."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from yunnao.access.actors import Actor, Actors
from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA, Clock, instant_text
from yunnao.kernel.working_days import Deadline, WorkingCalendar
from yunnao.platforms.cases import overview, store, workflow
from yunnao.platforms.cases.deadlines import deadline, is_overdue
from yunnao.platforms.cases.definitions import Flow, Step
from yunnao.platforms.cases.reconcile import ReconcileReport
from yunnao.platforms.cases.run_events import write_run
from yunnao.platforms.cases.workflow import Event, Matter, Request, Standing
from yunnao.storage.records import Records


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """One case as somebody sees it.

    Attributes:
        deadline: of the present state; none in an end, and where the calendar lacks the year (see `deadline_problem`).
        allowed: the steps the asker may take now.
        onward: the steps that lead on, whoever takes them, each with why not today if only the time is wrong.
    """

    matter: Matter
    events: tuple[Event, ...]
    standing: Standing
    state_title: str
    deadline: Deadline | None
    deadline_problem: str | None
    overdue: bool
    allowed: tuple[Step, ...] = ()
    onward: tuple[tuple[Step, str | None], ...] = ()


class Cases:
    """The cases of one district."""

    def __init__(
        self,
        records: Records,
        flows: Mapping[str, Flow],
        calendar: WorkingCalendar,
        clock: Clock,
        audit: Audit,
        actors: Actors,
    ) -> None:
        records.create(store.METADATA)
        self.records = records
        self.flows = flows
        self.calendar = calendar
        self.clock = clock
        self.audit = audit
        self.actors = actors

    # ------------------------------------------------------------------ a run

    def reconcile(
        self,
        wanted: pl.DataFrame,
        *,
        scope: Collection[tuple[str, str]],
        run: int,
        as_of: dt.date,
        reasons: pl.DataFrame | None = None,
    ) -> ReconcileReport:
        """Bring the cases in line with what a run decided, in one transaction; again with the same is no change.

        Args:
            wanted: the columns of `reconcile.WANTED`; everything wanted within the scope, changed or not.
            scope: the (policy, period) pairs that the run decided for all their subjects; other cases are left alone.
            run: number of the run.
            as_of: the day that the run is about. Where a run for a later day has spoken on a (policy, period), this one
                changes nothing; a day still to come counts as today, so that a look ahead does not bar the days until then.
            reasons: policy, subject, reason (Chinese): why something is no longer wanted.

        Raises:
            YunnaoError: ``wanted`` is not usable, or the store cannot be written; nothing has changed.
        """
        day = min(as_of, self._today())
        with self.audit.writing() as connection:
            at = instant_text(self.clock())
            report = write_run(connection, self.audit, self.flows, wanted, scope, run, day, reasons, at)
        return report

    # ------------------------------------------------------------------ a person

    def take(
        self,
        case_id: str,
        step: str,
        actor: str,
        *,
        reason: str | None = None,
        document: str | None = None,
        expected_events: int | None = None,
    ) -> CaseView:
        """One step by one person.

        Args:
            actor: id of an officer, or the credit code of the enterprise itself.
            expected_events: how many events the actor has seen; refused if there are more by now.

        Returns:
            The case after the step, as the actor sees it.

        Raises:
            StepRefused: not now, not by this person, not in this way, or somebody else was faster; it is audited.
            YunnaoError: no such case or actor.
        """
        who = self.actors.actor(actor)
        request = Request(step=step, actor=who, at=self.clock(), reason=reason, document=document)
        try:
            with self.audit.writing() as connection:
                event = self._event(connection, case_id, request, expected_events)
                details = {"case": case_id, "seq": event.seq, "step": step, "to": event.to_state}
                rows = {store.EVENTS: store.event_rows({case_id: event})}
                self.audit.append(connection, AuditEvent.STEP_TAKEN, who.id, details, rows)
                return self._view(connection, case_id, who)
        except IntegrityError:
            refused = StepRefused(f"办件 {case_id} 刚被别人办理过；请刷新后再看")
        except StepRefused as error:
            refused = error
        with self.audit.writing() as connection:
            details = {"case": case_id, "step": step, "why": str(refused)}
            self.audit.append(connection, AuditEvent.STEP_REFUSED, who.id, details)
        raise refused

    def take_many(
        self, case_ids: Sequence[str], step: str, actor: str, *, reason: str | None = None, document: str | None = None
    ) -> dict[str, str]:
        """The same step on many cases in one transaction: those that allow it are taken.

        Returns:
            case id -> why, of those that do not allow it.

        Raises:
            YunnaoError: no such case or actor; nothing has changed.
        """
        who = self.actors.actor(actor)
        request = Request(step=step, actor=who, at=self.clock(), reason=reason, document=document)
        refused: dict[str, str] = {}
        taken: dict[str, Event] = {}
        with self.audit.writing() as connection:
            for case_id in dict.fromkeys(case_ids):
                try:
                    taken[case_id] = self._event(connection, case_id, request, None)
                except StepRefused as error:
                    refused[case_id] = str(error)
            if taken:
                to_state = next(iter(taken.values())).to_state
                details = {"step": step, "to": to_state, "count": len(taken)}
                rows = {store.EVENTS: store.event_rows(taken)}
                self.audit.append(connection, AuditEvent.STEPS_TAKEN, who.id, details, rows)
        return refused

    def _event(self, connection: Connection, case_id: str, request: Request, expected_events: int | None) -> Event:
        matter, events = self._case(connection, case_id)
        if expected_events is not None and expected_events != len(events):
            last = events[-1]
            when = last.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
            raise StepRefused(f"办件 {case_id} 在您打开之后已有变动（{when}，{last.actor}，{last.step}）；请刷新后再办")
        batch = store.unsent_batch_of(connection, case_id)
        if batch:
            raise StepRefused(f"办件 {case_id} 已列入拨付批次 {batch}；请先发出或取消该批次")
        return workflow.take(self._flow(matter), matter, events, request, self.calendar)

    # ------------------------------------------------------------------ what everybody may see

    def get(self, case_id: str, actor: str | None = None) -> CaseView:
        """One case with its events, its deadline, and the steps that ``actor`` may take now.

        Raises:
            YunnaoError: no such case or actor.
        """
        who = self.actors.actor(actor) if actor else None
        with self.records.read() as connection:
            return self._view(connection, case_id, who)

    def list(
        self,
        *,
        flow: str | None = None,
        policy: str | None = None,
        subject: str | None = None,
        state: str | None = None,
        department: str | None = None,
        overdue: bool | None = None,
        limit: int | None = 100,
    ) -> pl.DataFrame:
        """Cases, the most urgent first (no deadline last), then by id.

        Returns:
            case_id, flow, policy, subject, period, department, title, state, since, amount (fen), waiting, entitled,
            amount_differs, deadline (Date), provisional, calendar_lacks, overdue (Boolean), seq.

        Raises:
            YunnaoError: there is no such flow, or it has no such state.
        """
        self._check_asked(flow, state)
        asked = {"flow": flow, "policy": policy, "subject": subject, "department": department}
        given = {name: value for name, value in asked.items() if value is not None}
        with self.records.read() as connection:
            listed = overview.listed(
                connection, self.flows, self.calendar, self._today(), given, state=state, overdue=overdue
            )
        return listed if limit is None else listed.head(limit)

    def held(self) -> pl.DataFrame:
        """What there are cases about: flow, policy, subject of each."""
        with self.records.read() as connection:
            return store.matters(connection).select("flow", "policy", "subject")

    def frame(self) -> pl.DataFrame:
        """Every case, for indicators, ordered by id.

        Returns:
            case_id, flow, policy, subject, period, department, state, amount (Int64 fen), opened_on, ended_on (Date,
            null while open), and ``<state>_on`` (Date) for every state of every flow: when first reached.
        """
        with self.records.read() as connection:
            return overview.frame(connection, self.flows)

    # ------------------------------------------------------------------ parts

    def _check_asked(self, flow: str | None, state: str | None) -> None:
        if flow is not None and flow not in self.flows:
            raise YunnaoError(f"没有叫 {flow!r} 的流程；现有：{'、'.join(self.flows)}")
        flows = self.flows.values() if flow is None else [self.flows[flow]]
        known = {id_: each.title.zh for found in flows for id_, each in found.states.items()}
        if state is not None and state not in known:
            words = "、".join(f"{id_}（{title}）" for id_, title in known.items())
            raise YunnaoError(f"没有叫 {state!r} 的状态；现有：{words}")

    def _view(self, connection: Connection, case_id: str, actor: Actor | None) -> CaseView:
        matter, events = self._case(connection, case_id)
        flow, now, where = self._flow(matter), self.clock(), workflow.fold(events)
        due, problem = None, None
        try:
            due = deadline(flow, where.state, where.since, where.amount, self.calendar)
        except YunnaoError as error:
            problem = str(error)
        may: list[Step] = []
        if actor and problem is None and not store.unsent_batch_of(connection, case_id):
            may = workflow.allowed(flow, matter, events, actor, now, self.calendar)
        return CaseView(
            matter=matter,
            events=tuple(events),
            standing=where,
            state_title=flow.states[where.state].title.zh if where.state in flow.states else where.state,
            deadline=due,
            deadline_problem=problem,
            overdue=is_overdue(due, self._today()),
            allowed=tuple(may),
            onward=tuple(workflow.onward(flow, where, self._today(), self.calendar)) if problem is None else (),
        )

    def _case(self, connection: Connection, case_id: str) -> tuple[Matter, Sequence[Event]]:
        matter = store.matter(connection, case_id)
        if matter is None:
            raise YunnaoError(f"没有办件 {case_id!r}；请用 yunnao cases 查看办件号")
        return matter, store.events_of(connection, case_id)

    def _flow(self, matter: Matter) -> Flow:
        if matter.flow not in self.flows:
            raise YunnaoError(f"办件 {matter.case_id} 的流程 {matter.flow} 已不在任何场景的 case.yaml 中；请恢复该流程")
        return self.flows[matter.flow]

    def _today(self) -> dt.date:
        return self.clock().astimezone(CHINA).date()
