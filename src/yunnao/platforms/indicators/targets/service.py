"""The door to targets: reviewed files in, owners, actuals, and what holds now or ever held. Append-only, audited, on both databases."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.audit.rows import LINE
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import Clock, instant_text
from yunnao.platforms.indicators.targets import store
from yunnao.platforms.indicators.targets.target import Actual, Promised, Target, columns, numbered
from yunnao.storage.records import Records

_PROMISED = tuple(field.name for field in fields(Promised))
_NUMBERS = ("value", "value_high", "base_value", "base_high", "base_stretch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A reviewed file: its name and SHA-256, and those of the report that it was read from."""

    name: str
    sha256: str
    report: str
    report_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a file changed: ids of targets."""

    new: tuple[str, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]
    unchanged: int

    @property
    def changed(self) -> bool:
        """Whether it changed anything at all."""
        return bool(self.new or self.revised or self.withdrawn)


class Targets:
    """The targets of one district."""

    def __init__(self, records: Records, audit: Audit, clock: Clock) -> None:
        records.create(store.METADATA)
        self._records = records
        self._audit = audit
        self._clock = clock

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for the methods that take one: all that is written in it is kept, or nothing.

        Raises:
            HomeBusy: another writer did not finish in time.
        """
        with self._audit.writing() as connection:
            yield connection

    # ------------------------------------------------------------------ in

    def load(
        self,
        connection: Connection,
        plan: str,
        promised: Sequence[Promised],
        reviewed: Reviewed,
        actor: str,
        owners: Mapping[str, str] | None = None,
    ) -> Loaded:
        """Take what a reviewed file promises in place of what earlier files of the same plan promised.

        A promise that is there unchanged stays as it is; one that reads otherwise gets a revision; one that is gone is withdrawn by a
        revision. A file that changes nothing leaves nothing behind.

        Args:
            owners: series -> department, as the district's table of departments has it; a target that somebody already
                owns keeps its owner.
        """
        wanted = numbered(plan, promised)
        held = {each.target_id: each for each in self._targets(connection, plan)}
        kept = {
            id_
            for id_, each in wanted.items()
            if id_ in held and not held[id_].withdrawn and held[id_].promised == each
        }
        new = tuple(id_ for id_ in wanted if id_ not in held)
        revised = tuple(id_ for id_ in wanted if id_ in held and id_ not in kept)
        gone = tuple(id_ for id_, each in held.items() if id_ not in wanted and not each.withdrawn)
        loaded = Loaded(new=new, revised=revised, withdrawn=gone, unchanged=len(kept))
        if not loaded.changed:
            return loaded
        number = 1 + (connection.execute(sa.select(sa.func.max(store.FILES.c.number))).scalar() or 0)
        file = {
            "number": number,
            "plan": plan,
            "name": reviewed.name,
            "sha256": reviewed.sha256,
            "report": reviewed.report,
            "report_sha256": reviewed.report_sha256,
            "loaded_at": instant_text(self._clock()),
            "actor": actor,
        }
        rows = [
            {
                "target_id": id_,
                "revision": held[id_].revision + 1 if id_ in held else 1,
                "file": number,
                "plan": plan,
                "withdrawn": id_ in gone,
                **columns(wanted[id_] if id_ in wanted else held[id_].promised),
            }
            for id_ in (*new, *revised, *gone)
        ]
        by_table = [
            self._owner_row(connection, id_, department, "table", "部门职责表", actor)
            for id_ in wanted
            if (department := (owners or {}).get(wanted[id_].series)) and (id_ not in held or held[id_].owner is None)
        ]
        details = {
            "plan": plan,
            "file": number,
            "sha256": reviewed.sha256,
            "new": len(new),
            "revised": len(revised),
            "withdrawn": len(gone),
        }
        changes = {
            store.FILES: _frame(store.FILES, [file]),
            store.TARGETS: _frame(store.TARGETS, rows),
            store.OWNERS: _frame(store.OWNERS, by_table),
        }
        self._audit.append(connection, AuditEvent.TARGETS_LOADED, actor, details, changes)
        return loaded

    def assign(self, target_id: str, department: str, actor: str, reason: str) -> None:
        """Say who answers for a target.

        Raises:
            YunnaoError: there is no such target.
        """
        with self.writing() as connection:
            if target_id not in {each.target_id for each in self._targets(connection)}:
                raise YunnaoError(f"没有目标 {target_id}；可用 yunnao plan track 查看全部目标的编号")
            row = self._owner_row(connection, target_id, department, "officer", reason, actor)
            details = {"target": target_id, "department": department}
            changes = {store.OWNERS: _frame(store.OWNERS, [row])}
            self._audit.append(connection, AuditEvent.TARGET_ASSIGNED, actor, details, changes)

    def record(
        self, connection: Connection, actuals: Sequence[Actual], file: str, file_sha256: str, refused: int, actor: str
    ) -> tuple[int, int]:
        """Keep what an officer's sheet says; a number that differs from what was said before is a revision.

        Returns:
            How many numbers are new, and how many revise an earlier one. What was said before in the same words leaves nothing.
        """
        held = {each.key: each for each in self._actuals(connection)}
        new = [each for each in actuals if each.key not in held]
        revised = [each for each in actuals if each.key in held and _differs(each, held[each.key])]
        if not new and not revised:
            return 0, 0
        at = instant_text(self._clock())
        rows = [
            {
                **{name: getattr(each, name) for name in _ACTUAL},
                "value": format(each.value, "f"),
                "base_value": format(each.base_value, "f"),
                "revision": held[each.key].revision + 1 if each.key in held else 1,
                "file_sha256": file_sha256,
                "actor": actor,
                "known_at": at,
            }
            for each in (*new, *revised)
        ]
        details = {"file": file, "sha256": file_sha256, "new": len(new), "revised": len(revised), "refused": refused}
        changes = {store.ACTUALS: _frame(store.ACTUALS, rows)}
        self._audit.append(connection, AuditEvent.ACTUALS_RECORDED, actor, details, changes)
        return len(new), len(revised)

    # ------------------------------------------------------------------ out

    def targets(self, plan: str | None = None, *, withdrawn: bool = False) -> list[Target]:
        """The targets that hold, in the order of plan and text; with ``withdrawn`` those that were taken back, too."""
        with self._records.read() as connection:
            found = self._targets(connection, plan)
        return [each for each in found if withdrawn or not each.withdrawn]

    def history(self, target_id: str) -> list[Target]:
        """Every revision of a target, oldest first.

        Raises:
            YunnaoError: there is no such target.
        """
        statement = sa.select(store.TARGETS).where(store.TARGETS.c.target_id == target_id)
        with self._records.read() as connection:
            rows = connection.execute(statement.order_by(store.TARGETS.c.revision)).mappings().all()
        if not rows:
            raise YunnaoError(f"没有目标 {target_id}；可用 yunnao plan track 查看全部目标的编号")
        return [_target(row, None) for row in rows]

    def files(self) -> dict[int, Mapping[str, Any]]:
        """Number -> the reviewed file: plan, name, sha256, report, report_sha256, loaded_at, actor."""
        with self._records.read() as connection:
            rows = connection.execute(sa.select(store.FILES)).mappings().all()
        return {row["number"]: {name: value for name, value in row.items() if name != LINE} for row in rows}

    def actuals(self, *, every_revision: bool = False) -> list[Actual]:
        """What officers' sheets said, by series and period; the last word on each, or every one with its revision."""
        with self._records.read() as connection:
            return self._actuals(connection, every_revision=every_revision)

    # ------------------------------------------------------------------ rows

    def _targets(self, connection: Connection, plan: str | None = None) -> list[Target]:
        statement = store.latest(store.TARGETS, "revision")
        if plan is not None:
            statement = statement.where(store.TARGETS.c.plan == plan)
        ordered = statement.order_by(store.TARGETS.c.plan, store.TARGETS.c.begins, store.TARGETS.c.target_id)
        owners = {row["target_id"]: row for row in connection.execute(store.latest(store.OWNERS, "seq")).mappings()}
        return [_target(row, owners.get(row["target_id"])) for row in connection.execute(ordered).mappings()]

    def _actuals(self, connection: Connection, *, every_revision: bool = False) -> list[Actual]:
        statement = sa.select(store.ACTUALS) if every_revision else store.latest(store.ACTUALS, "revision")
        table = store.ACTUALS.c
        ordered = statement.order_by(table.series, table.area, table.period, table.covers, table.revision)
        return [_actual(row) for row in connection.execute(ordered).mappings()]

    def _owner_row(
        self, connection: Connection, target_id: str, department: str, by: str, reason: str, actor: str
    ) -> dict[str, Any]:
        count = sa.select(sa.func.max(store.OWNERS.c.seq)).where(store.OWNERS.c.target_id == target_id)
        return {
            "target_id": target_id,
            "seq": 1 + (connection.execute(count).scalar() or 0),
            "department": department,
            "found_by": by,
            "reason": reason,
            "actor": actor,
            "at": instant_text(self._clock()),
        }


_ACTUAL = ("area", "series", "kind", "base_unit", "period", "covers", "indicator", "unit", "sign", "source")


def _differs(said: Actual, held: Actual) -> bool:
    return (said.base_value, said.sign) != (held.base_value, held.sign)


def _target(row: RowMapping, owner: RowMapping | None) -> Target:
    promised = {name: row[name] for name in _PROMISED}
    promised |= {name: None if row[name] is None else Decimal(row[name]) for name in _NUMBERS}
    return Target(
        target_id=row["target_id"],
        revision=row["revision"],
        file=row["file"],
        plan=row["plan"],
        withdrawn=row["withdrawn"],
        promised=Promised(**promised),
        owner=owner["department"] if owner else None,
        owner_by=owner["found_by"] if owner else None,
    )


def _actual(row: RowMapping) -> Actual:
    words = {name: row[name] for name in (*_ACTUAL, "known_at", "revision")}
    return Actual(**words, value=Decimal(row["value"]), base_value=Decimal(row["base_value"]))


def _frame(table: sa.Table, rows: Collection[Mapping[str, Any]]) -> pl.DataFrame:
    types = {sa.Integer: pl.Int64, sa.Boolean: pl.Boolean}
    schema = {column.name: types.get(type(column.type), pl.String) for column in table.columns if column.name != LINE}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
