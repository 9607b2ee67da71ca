"""Reminders (预警): yellow before a clock is due, red once it has passed, each told once for every run of a clock.

What is told follows from events, calendar and day alone, and a message's id from what it is about. So a round may be cut off anywhere,
and two processes may remind at once: nothing is told twice, nothing is left out.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.roles import Role
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA, instant_text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import Due, clock_runs, due
from yunnao.platforms.cases.filed.definitions import Clock, FiledFlow
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent, fold
from yunnao.platforms.cases.filed.histories import TOGETHER, histories
from yunnao.platforms.cases.filed.rounds.store import LOOKED
from yunnao.platforms.cases.filed.rounds.task import Going, always
from yunnao.platforms.cases.filed.service import FiledCases


def running(
    flow: FiledFlow, events: Sequence[FiledEvent], today: dt.date, calendar: WorkingCalendar
) -> Iterator[tuple[Due, int]]:
    """The clocks that run and do not stand still, with when they are due and which run of its clock each is, counted from 1.

    A deadline that lies beyond the calendar is left out.
    """
    nth: dict[str, int] = {}
    for run in clock_runs(flow, events):
        nth[run.clock.id] = nth.get(run.clock.id, 0) + 1
        if run.stopped is None and not run.standing_still:
            try:
                yield due(run, today, calendar), nth[run.clock.id]
            except YunnaoError:
                continue


def reminders(
    case_id: str,
    flow: FiledFlow,
    events: Sequence[FiledEvent],
    department: str | None,
    at: dt.datetime,
    calendar: WorkingCalendar,
) -> list[dict[str, Any]]:
    """Rows of `store.OUTBOX` for every running clock that is yellow or red at ``at``.

    A run that was extended is warned about anew, for its new deadline. Of a share (协办) the department is told whose share it is.

    Args:
        department: that has the case; none while nobody has.
    """
    today, rows = at.astimezone(CHINA).date(), []
    for found, nth in running(flow, events, today, calendar):
        light, clock = found.light(today, calendar), found.run.clock
        if light == "green":
            continue
        extended = f"+{len(found.run.extensions)}" if found.run.extensions else ""
        said = "将于" if light == "yellow" else "已于"
        end = "到期，请抓紧办理" if light == "yellow" else "到期，仍未办结，请立即办理"
        of_share = found.run.share
        first = Role.HANDLER if of_share else responsible(flow, clock, fold(events).state, department)
        for recipient in dict.fromkeys([first] if light == "yellow" else [first, Role.CENTRE]):
            rows.append(
                {
                    "message_id": f"{case_id}:{clock.id}.{nth}{extended}:{light}:{recipient}",
                    "case_id": case_id,
                    "recipient": str(recipient),
                    "department": None if recipient == Role.CENTRE else of_share or department,
                    "text": f"办件 {case_id}：“{clock.title.zh}”{said} {found.day} {end}",
                    "written_at": instant_text(at),
                }
            )
    return rows


def responsible(flow: FiledFlow, clock: Clock, state: str, department: str | None) -> Role:
    """Whose step stops a clock: the handler's, where a department has the case and a handler may; else the desk's, or the centre's."""
    stopping = [step for step in flow.steps if any(signal.partition(">")[0] == step.id for signal in clock.stops)]
    here = [step for step in stopping if state in step.from_] or stopping
    roles = {role for step in here for role in step.by}
    if department is not None and Role.HANDLER in roles:
        return Role.HANDLER
    nobody = department is None and Role.CENTRE not in roles
    return Role.OPERATOR if Role.OPERATOR in roles or nobody else Role.CENTRE


def next_reminder(
    flow: FiledFlow, events: Sequence[FiledEvent], today: dt.date, calendar: WorkingCalendar
) -> dt.date | None:
    """The first day after ``today`` on which a running clock turns yellow or red; none if none will."""
    days = []
    for found, _ in running(flow, events, today, calendar):
        light = found.light(today, calendar)
        if light == "yellow":
            days.append(found.day + dt.timedelta(days=1))
        elif light == "green":
            day = found.day
            while found.light(day - dt.timedelta(days=1), calendar) == "yellow":
                day -= dt.timedelta(days=1)
            days.append(day)
    return min(days, default=None)


class Reminders:
    """The reminders of one district."""

    def __init__(self, cases: FiledCases) -> None:
        self._cases = cases

    def round(self, going: Going = always) -> Mapping[str, int]:
        """Look at every open case that may have come near a deadline, and write what is to be told.

        A case is looked at when it has new events, when the day has come that its clocks name, or when the calendar is another one.

        Returns:
            How many cases were looked at, and how many messages written: `looked`, `yellow`, `red`.
        """
        counts = {"looked": 0, "yellow": 0, "red": 0}
        for due_by in (store.NOW, store.SHARES):
            after = ("", "")
            while going():
                with self._cases.records.read() as connection:
                    rows = connection.execute(self._due(due_by, after)).all()
                    read = histories(connection, self._cases.flows, list({row.case_id: None for row in rows}))
                if rows:
                    self._look(
                        {row.case_id: (row.seq, row.department) for row in rows if row.case_id in read}, read, counts
                    )
                if len(rows) < TOGETHER:
                    break
                after = (rows[-1].due_on, rows[-1].case_id)
        return counts

    def _due(self, due_by: sa.Table, after: tuple[str, str]) -> sa.Select[Any]:
        """Cases that may be near a deadline of ``due_by``, their own or that of a share, from those after a place on."""
        now, looked = store.NOW.c, LOOKED.c
        calendar, today = self._cases.around.calendar, self._today()
        stale = sa.or_(
            looked.case_id.is_(None),
            looked.seq != now.seq,
            looked.calendar != calendar.revision,
            looked.next_on <= today.isoformat(),
        )
        day = due_by.c.due_on
        statement = sa.select(now.case_id, now.seq, now.department, day)
        if due_by is not store.NOW:
            statement = statement.join(due_by, due_by.c.case_id == now.case_id)
        return (
            statement.outerjoin(LOOKED, looked.case_id == now.case_id)
            .where(now.closed == sa.false(), day <= self._horizon(today).isoformat(), stale)
            .where(sa.tuple_(day, due_by.c.case_id) > sa.tuple_(*after))
            .order_by(day, due_by.c.case_id)
            .limit(TOGETHER)
        )

    def _today(self) -> dt.date:
        return self._cases.clock().astimezone(CHINA).date()

    def _horizon(self, today: dt.date) -> dt.date:
        """The last day on which something may be due that is yellow today."""
        warning = max((clock.warning for flow in self._cases.flows.values() for clock in flow.clocks), default=0)
        calendar = self._cases.around.calendar
        try:
            return calendar.add(today, warning + 1).day - dt.timedelta(days=1)
        except YunnaoError:
            return calendar.last_day

    def _look(
        self,
        cases: Mapping[str, tuple[int, str | None]],
        read: Mapping[str, tuple[FiledFlow, list[FiledEvent]]],
        counts: dict[str, int],
    ) -> None:
        """Write what is to be told of these cases (number -> events seen, department); one that has moved on waits for the next round."""
        at, calendar = self._cases.clock(), self._cases.around.calendar
        today = at.astimezone(CHINA).date()
        told, looked = [], []
        for case_id, (seq, department) in cases.items():
            flow, events = read[case_id]
            told += reminders(case_id, flow, events, department, at, calendar)
            coming = next_reminder(flow, events, today, calendar)
            day = coming.isoformat() if coming else None
            looked.append({"case_id": case_id, "seq": seq, "calendar": calendar.revision, "next_on": day})
        with self._cases.audit.writing() as connection:
            still = _unmoved(connection, {case_id: seq for case_id, (seq, _) in cases.items()})
            fresh = _not_written(connection, [row for row in told if row["case_id"] in still])
            levels = {level: sum(f":{level}:" in row["message_id"] for row in fresh) for level in ("yellow", "red")}
            if fresh:
                frame = pl.DataFrame(fresh, schema=dict.fromkeys(store.columns(store.OUTBOX), pl.String))
                details = {"day": today.isoformat(), **levels}
                audit = self._cases.audit
                audit.append(connection, AuditEvent.REMINDERS_WRITTEN, MACHINE, details, {store.OUTBOX: frame})
            connection.execute(sa.delete(LOOKED).where(LOOKED.c.case_id.in_(still)))
            store.insert(connection, LOOKED, [row for row in looked if row["case_id"] in still])
        counts["looked"] += len(still)
        for level, count in levels.items():
            counts[level] += count


def _unmoved(connection: Connection, seen: Mapping[str, int]) -> set[str]:
    now = store.NOW.c
    rows = connection.execute(sa.select(now.case_id, now.seq).where(now.case_id.in_(seen)))
    return {row.case_id for row in rows if row.seq == seen[row.case_id]}


def _not_written(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    written = store.OUTBOX.c.message_id
    known: set[str] = set()
    for start in range(0, len(rows), TOGETHER):
        ids = [row["message_id"] for row in rows[start : start + TOGETHER]]
        known.update(connection.execute(sa.select(written).where(written.in_(ids))).scalars())
    return [row for row in rows if row["message_id"] not in known]
