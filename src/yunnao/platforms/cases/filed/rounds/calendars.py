"""Revisions of the calendar: a holiday table is adopted, and every deadline that it moves is noted and told.

The table goes into the record store first, then into the home's file, then the deadlines are counted anew, piece by piece. Each part
follows from the one before, so that it is finished by whoever comes next if it was cut off.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection

from yunnao.access.roles import Role
from yunnao.audit.events import AuditEvent
from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.kernel.moment import CHINA, instant_text, parse_instant
from yunnao.kernel.working_days import WorkingCalendar, calendar_from
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import ClockRun, clock_runs, due
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent
from yunnao.platforms.cases.filed.histories import histories, numbers, project_anew
from yunnao.platforms.cases.filed.messages import CITIZEN
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.rounds.reminders import responsible
from yunnao.platforms.cases.filed.rounds.store import CALENDARS, MOVES
from yunnao.platforms.cases.filed.service import FiledCases
from yunnao.storage.files import write_atomically

_ROUND = "calendar"
_DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A deadline that another revision moved from `before` to `after`, when the arrangement of `year` was published; none: not known."""

    clock: str
    run: int
    before: dt.date | None
    after: dt.date | None
    year: int
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What became of a table: its revision, the years that it changed, and how many deadlines of how many cases it moved so far."""

    revision: int
    years: tuple[int, ...]
    moved: int
    cases: int


class Calendars:
    """The revisions of one district's calendar.

    Args:
        file: the district's own table in its home, which everything counts by once it is there.
        shipped: the table that comes with Yunnao.
    """

    def __init__(self, cases: FiledCases, file: Path, shipped: Path) -> None:
        self._cases = cases
        self._file = file
        self._shipped = shipped

    def adopt(self, path: Path) -> Adopted:
        """Adopt the table in ``path``; doing it again finishes what was cut off.

        Raises:
            DefinitionError: it is not a table, or takes something back that is published.
            YunnaoError: a file cannot be read or written.
        """
        self.finish()
        document = strict_yaml.read(path)
        new = calendar_from(document, path.name)
        text = path.read_text(encoding="utf-8")
        current = self._file if self._file.exists() else self._shipped
        old_text = current.read_text(encoding="utf-8")
        if text != old_text:
            old_document = strict_yaml.read(current)
            old = calendar_from(old_document, current.name)
            problem = _problem(old, old_document, new, document)
            if problem:
                raise DefinitionError(f"{path.name}：{problem}")
            self._note(old.revision, old_text, new.revision, text, changed_years(old_document, document))
            self.finish()
        with self._cases.records.read() as connection:
            own = connection.execute(sa.select(CALENDARS.c.years).where(CALENDARS.c.revision == new.revision)).scalar()
            moves = sa.select(sa.func.count(), sa.func.count(sa.distinct(MOVES.c.case_id)))
            moved, cases = connection.execute(moves.where(MOVES.c.revision == new.revision)).one()
        years = tuple(int(year) for year in own.split(",")) if own else ()
        return Adopted(revision=new.revision, years=years, moved=moved, cases=cases)

    def finish(self) -> int:
        """Finish the adoption that was cut off, if one was; how many deadlines were moved by that."""
        with self._cases.records.read() as connection:
            reached = rounds.progress(connection, _ROUND)
            latest = sa.select(CALENDARS).order_by(CALENDARS.c.revision.desc()).limit(2)
            revisions = connection.execute(latest).mappings().all()
        if reached in (None, _DONE):
            return 0
        new, old = revisions
        if not self._file.exists() or self._file.read_text(encoding="utf-8") != new["document"]:
            write_atomically(self._file, new["document"].encode())
        counting = _Counting(
            self._cases,
            before=_calendar(old["document"]),
            after=_calendar(new["document"]),
            years=tuple(int(year) for year in new["years"].split(",")),
        )
        return counting.count(str(reached))

    def _note(self, old: int, old_text: str, new: int, text: str, years: tuple[int, ...]) -> None:
        """The new revision, and before the first one the table that was in force until now."""
        at = instant_text(self._cases.clock())
        audit = self._cases.audit
        with audit.writing() as connection:
            known = connection.execute(sa.select(CALENDARS.c.revision).where(CALENDARS.c.revision == old)).first()
            rows = [(new, text, years)] if known else [(old, old_text, ()), (new, text, years)]
            frame = pl.DataFrame(
                {
                    "revision": [revision for revision, _, _ in rows],
                    "sha256": [hashlib.sha256(written.encode()).hexdigest() for _, written, _ in rows],
                    "document": [written for _, written, _ in rows],
                    "years": [",".join(map(str, changed)) for _, _, changed in rows],
                    "adopted_at": [at for _ in rows],
                },
                schema_overrides={"revision": pl.Int64},
            )
            details = {"revision": new, "sha256": frame["sha256"][-1], "years": list(years)}
            audit.append(connection, AuditEvent.CALENDAR_ADOPTED, MACHINE, details, {CALENDARS: frame})
            rounds.note_progress(connection, _ROUND, "")


def _calendar(document: str) -> WorkingCalendar:
    return calendar_from(yaml.safe_load(document), "working_days.yaml")


def changed_years(old: Any, new: Any) -> tuple[int, ...]:
    """The years for which two tables differ, in order."""
    years = {int(year) for year in (*old["years"], *new["years"])}
    by_year = [{int(year): entry for year, entry in table["years"].items()} for table in (old, new)]
    return tuple(sorted(year for year in years if by_year[0].get(year) != by_year[1].get(year)))


def _problem(old: WorkingCalendar, old_document: Any, new: WorkingCalendar, document: Any) -> str | None:
    """Why a table cannot follow another."""
    if new.revision <= old.revision:
        return f"revision 是 {new.revision}，现用的是 {old.revision}；请写一个更大的 revision"
    if new.first_day > old.first_day or new.last_day < old.last_day:
        covered = f"{old.first_day.year}–{old.last_day.year}"
        return f"少了现用工作日历里的年份（{covered}）；请在现用表的基础上增改"
    confirmed = {int(year) for year, entry in document["years"].items() if entry["confirmed"]}
    taken_back = {int(year) for year, entry in old_document["years"].items() if entry["confirmed"]} - confirmed
    if taken_back:
        return f"{min(taken_back)} 年的放假安排已经公布，不能改回 confirmed: false"
    for day in (day for entry in document["years"].values() for day in entry["make_up"]):
        for each in day if isinstance(day, list) else [day]:
            if each.weekday() < 5:
                return f"调休上班日 {each} 不是周末；请核对通知"
    return None if changed_years(old_document, document) else "与现用工作日历没有差别；不需要采用"


@dataclass(frozen=True, kw_only=True)
class _Moved:
    run: ClockRun
    nth: int
    before: dt.date | None
    after: dt.date | None


class _Counting:
    """Deadlines counted by one calendar and by the next."""

    def __init__(
        self, cases: FiledCases, before: WorkingCalendar, after: WorkingCalendar, years: tuple[int, ...]
    ) -> None:
        self._cases = cases
        self._before, self._after, self._years = before, after, years

    def count(self, reached: str) -> int:
        """Go through the cases after number ``reached``; how many deadlines moved."""
        now, moved = store.NOW.c, 0
        counted = sa.or_(now.closed == sa.false(), now.due_on.is_not(None))
        while True:
            with self._cases.records.read() as connection:
                piece = numbers(connection, now.case_id, counted, after=reached)
            with self._cases.audit.writing() as connection:
                if rounds.progress(connection, _ROUND) != reached:
                    return moved  # another process goes on with it
                moved += self._write(connection, piece)
                reached = piece[-1] if piece else _DONE
                rounds.note_progress(connection, _ROUND, reached)
            if not piece:
                return moved

    def _write(self, connection: Connection, piece: list[str]) -> int:
        at = self._cases.clock()
        read = histories(connection, self._cases.flows, piece)
        now = store.NOW.c
        rows = connection.execute(sa.select(now.case_id, now.department).where(now.case_id.in_(piece)))
        departments = {row.case_id: row.department for row in rows}
        moves, messages = [], []
        for case_id, (flow, events) in read.items():
            for each in self._moved(flow, events, at.astimezone(CHINA).date()):
                moves.append(self._row(case_id, each, at))
                messages += self._messages(case_id, flow, events, departments.get(case_id), each, at)
        if moves:
            details = {"revision": self._after.revision, "moved": len(moves)}
            changes = {MOVES: _frame(MOVES, moves), store.OUTBOX: _frame(store.OUTBOX, messages)}
            self._cases.audit.append(connection, AuditEvent.DEADLINES_MOVED, MACHINE, details, changes)
        project_anew(connection, self._cases.flows, piece, self._after)
        return len(moves)

    def _moved(self, flow: FiledFlow, events: list[FiledEvent], today: dt.date) -> list[_Moved]:
        nth: dict[str, int] = {}
        found = []
        for run in clock_runs(flow, events):
            nth[run.clock.id] = nth.get(run.clock.id, 0) + 1
            if run.stopped is None and not run.standing_still:
                before, after = _day(run, today, self._before), _day(run, today, self._after)
                if before != after:
                    found.append(_Moved(run=run, nth=nth[run.clock.id], before=before, after=after))
        return found

    def _row(self, case_id: str, moved: _Moved, at: dt.datetime) -> dict[str, Any]:
        reached = max(day for day in (moved.before, moved.after) if day)
        fitting = [year for year in self._years if year <= reached.year] or list(self._years)
        return {
            "case_id": case_id,
            "clock": moved.run.clock.id,
            "run": moved.nth,
            "revision": self._after.revision,
            "before": moved.before.isoformat() if moved.before else None,
            "after": moved.after.isoformat() if moved.after else None,
            "year": fitting[-1],
            "at": instant_text(at),
        }

    def _messages(
        self,
        case_id: str,
        flow: FiledFlow,
        events: list[FiledEvent],
        department: str | None,
        moved: _Moved,
        at: dt.datetime,
    ) -> list[dict[str, Any]]:
        """To the citizen and to who has it, about a time limit that is the citizen's own."""
        clock = moved.run.clock
        if not clock.citizen:
            return []
        role = responsible(flow, clock, events[-1].to_state, department)
        what = f"的“{clock.title.zh}”因放假安排公布，由 {moved.before or '未定'} 改为 {moved.after or '未定'}"
        said = {CITIZEN: f"您的诉求 {case_id} {what}", str(role): f"办件 {case_id} {what}"}
        return [
            {
                "message_id": f"{case_id}:calendar.{self._after.revision}:{clock.id}.{moved.nth}:{recipient}",
                "case_id": case_id,
                "recipient": recipient,
                "department": None if recipient in (CITIZEN, Role.CENTRE) else department,
                "text": text,
                "written_at": instant_text(at),
            }
            for recipient, text in said.items()
        ]


def _day(run: ClockRun, today: dt.date, calendar: WorkingCalendar) -> dt.date | None:
    try:
        return due(run, today, calendar).day
    except YunnaoError:
        return None


def _frame(table: sa.Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {
        column.name: pl.Int64 if isinstance(column.type, sa.Integer) else pl.String
        for column in table.columns
        if column.name in store.columns(table)
    }
    return pl.DataFrame(rows, schema=schema)


def moves_of(connection: Connection, case_id: str) -> list[Move]:
    """Every deadline of a case that a revision moved, in the order in which it happened."""
    statement = (
        sa.select(MOVES).where(MOVES.c.case_id == case_id).order_by(MOVES.c.revision, MOVES.c.clock, MOVES.c.run)
    )
    return [_move(row) for row in connection.execute(statement).mappings()]


def _move(row: sa.RowMapping) -> Move:
    before, after = (dt.date.fromisoformat(row[name]) if row[name] else None for name in ("before", "after"))
    return Move(
        clock=row["clock"], run=row["run"], before=before, after=after, year=row["year"], at=parse_instant(row["at"])
    )
