"""The audit log: append-only lines, chained by SHA-256, written in the transaction of the change itself.

A line's hash covers its number, instant, kind, actor, details, the digests of the rows that it stands for (`rows.py`) and
the hash of the line before; line 1 follows 64 zeros. A log cut off at its end together with its rows is whole in itself:
the heads kept outside of the table (`heads.py`, or on paper) show that. Who can rewrite table and files alike is shown by
nothing but a head that is out of their reach.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from yunnao.audit import heads, rows
from yunnao.audit.events import FIELDS, AuditEvent
from yunnao.audit.heads import Head, Noted
from yunnao.audit.rows import UNLINED, Found
from yunnao.kernel.moment import Clock, instant_text
from yunnao.storage.records import Records, append_only, insert_frame

METADATA = sa.MetaData()

LINES = append_only(
    sa.Table(
        "audit_line",
        METADATA,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
)

Check = Callable[[Connection], Iterable[tuple[int, str]]]
"""What holds something against audited rows that cannot be one of them: the line that it hangs on, and what is not as it says."""

_BEFORE_THE_FIRST = "0" * 64
_WRITTEN = "audit head"  # in a connection's notes: what this transaction has added


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `Audit.verify` found.

    Attributes:
        lines: how many lines are good, up to the first that is not.
        head: the last good line.
        broken: number of the first line that does not fit, or that rows or a head name and the log lacks; none if all
            is whole.
        sentence: the same in Chinese.
    """

    lines: int
    head: Head
    broken: int | None
    sentence: str


class Audit:
    """The log of one district.

    Args:
        tables: the audited tables; `verify` compares their rows with the lines.
        head_file: where the head is kept beside the records; nowhere if none is given.
        checks: what `verify` looks at besides; where the tables of one are not there yet, it finds nothing.
    """

    def __init__(
        self,
        records: Records,
        clock: Clock,
        tables: Sequence[sa.Table] = (),
        head_file: Path | None = None,
        checks: Sequence[Check] = (),
    ) -> None:
        records.create(METADATA)
        self._records = records
        self._clock = clock
        self._tables = tables
        self._head_file = head_file
        self._checks = checks

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """`Records.write`; once it is committed, the new head waits to be kept in the head file (`heads.keep`)."""
        with self._records.write() as connection:
            connection.info.pop(_WRITTEN, None)
            yield connection
            head = connection.info.pop(_WRITTEN, None)
        if head is not None and self._head_file is not None:
            heads.reached(self._head_file, head)

    def append(
        self,
        connection: Connection,
        kind: AuditEvent,
        actor: str,
        details: Mapping[str, Any],
        changes: Mapping[sa.Table, pl.DataFrame] | None = None,
        older: Sequence[sa.Table] = (),
    ) -> None:
        """Add ``changes`` and the line that stands for them in the transaction of ``connection``: all are kept or none.

        Args:
            changes: audited table -> its new rows, without `line`; in an order that foreign keys allow.
            older: tables that are audited from now on (`audited`, later): this line stands for the rows that have none. Only of an upgrade.

        Raises:
            ValueError: the details are not exactly the fields of this kind, or hold a float.
            sqlalchemy.exc.IntegrityError: a row breaks a constraint; the transaction is then lost.
        """
        if set(details) != FIELDS[kind]:
            raise ValueError(f"{kind}: expected the fields {sorted(FIELDS[kind])}, got {sorted(details)}")
        last = self.last(connection)
        number = last.number + 1
        written = {table: frame for table, frame in (changes or {}).items() if not frame.is_empty()}
        digests = {table.name: rows.digest(table, frame) for table, frame in written.items()}
        digests |= {table.name: said for table in older if (said := rows.unlined(connection, table)) is not None}
        line = {
            "number": number,
            "at": instant_text(self._clock()),
            "kind": str(kind),
            "actor": actor,
            "details": _canonical(details),
            "rows": _canonical(digests),
            "previous": last.hash,
        }
        for table, frame in written.items():
            insert_frame(
                connection, table, frame.hstack([pl.Series(rows.LINE, [number]).new_from_index(0, frame.height)])
            )
        connection.info[_WRITTEN] = Head(number, _hash(line))
        connection.execute(sa.insert(LINES).values(**line, hash=_hash(line)))

    def verify(self, known: Iterable[Noted] = ()) -> Verdict:
        """Walk the whole chain and every audited row, and name the first line that is missing, altered or out of order.

        Args:
            known: heads kept elsewhere; each must be in the chain.
        """
        sought = list(known)
        at = {noted.hash: 0 if noted.hash == _BEFORE_THE_FIRST else -1 for noted in sought}
        with self._records.read() as connection:
            present = set(sa.inspect(connection).get_table_names())
            found = {t.name: rows.found(connection, t) for t in self._tables if t.name in present}
            hanging: dict[int, str] = {}
            for check in self._checks:
                for number, what in check(connection):
                    hanging.setdefault(number, what)
            head = Head(0, _BEFORE_THE_FIRST)
            statement = sa.select(LINES).order_by(LINES.c.number).execution_options(yield_per=10_000)
            with connection.execute(statement) as lines:
                for row in lines.mappings():
                    problem = _problem(head, row) or _unlike(row, found) or _detached(row, hanging)
                    if problem:
                        return _broken(head, head.number + 1, problem)
                    head = Head(row["number"], row["hash"])
                    if head.hash in at:
                        at[head.hash] = head.number
        strange = [
            (line, f"{table} {first}")
            for table, each in found.items()
            for line, first in each.first.items()
            if not 1 <= line <= head.number
        ] + [(number, what) for number, what in hanging.items() if not 1 <= number <= head.number]
        if strange:
            number, what = min(strange)
            return _broken(head, number if number > 0 else head.number + 1, f"缺失，而表中有它写下的行（{what}）")
        for noted in sought:
            if at[noted.hash] not in ({noted.number} if noted.number is not None else range(head.number + 1)):
                return _broken(head, noted.number or head.number + 1, f"与{noted.where}记下的末条 {noted} 不符")
        return Verdict(head.number, head, None, f"审计记录共 {head.number} 条，完整，与各表逐行相符")

    def head(self) -> Head:
        """The last line."""
        with self._records.read() as connection:
            return self.last(connection)

    def last(self, connection: Connection) -> Head:
        """The last line as ``connection`` sees it."""
        return _last(connection, LINES.c.number > 0)

    def before(self, connection: Connection, number: int) -> Head:
        """The line before line ``number``."""
        return _last(connection, LINES.c.number < number)

    def lines(self, limit: int = 100) -> list[Mapping[str, Any]]:
        """The newest ``limit`` lines, newest first, with `details` as a mapping."""
        with self._records.read() as connection:
            newest = connection.execute(sa.select(LINES).order_by(LINES.c.number.desc()).limit(limit)).mappings()
            return [{**row, "details": json.loads(row["details"])} for row in newest]

    def details_of(self, kind: AuditEvent) -> list[Mapping[str, Any]]:
        """What every line of a kind says, the oldest first."""
        with self._records.read() as connection:
            query = sa.select(LINES.c.details).where(LINES.c.kind == kind).order_by(LINES.c.number)
            return [json.loads(details) for details in connection.scalars(query)]


def _last(connection: Connection, where: sa.ColumnElement[bool]) -> Head:
    statement = sa.select(LINES.c.number, LINES.c.hash).where(where).order_by(LINES.c.number.desc()).limit(1)
    last = connection.execute(statement).first()
    return Head(last.number, last.hash) if last else Head(0, _BEFORE_THE_FIRST)


def _broken(head: Head, number: int, problem: str) -> Verdict:
    whole = max(min(head.number, number - 1), 0)
    return Verdict(head.number, head, number, f"审计记录第 {number} 条{problem}；此前 {whole} 条完整")


def _problem(head: Head, row: RowMapping) -> str | None:
    if row["number"] != head.number + 1:
        return f"缺失（接着的是第 {row['number']} 条）"
    if row["previous"] != head.hash:
        return "接不上前一条"
    line = {key: value for key, value in row.items() if key != "hash"}
    return None if _hash(line) == row["hash"] else "的内容被改动过"


def _unlike(row: RowMapping, found: Mapping[str, Found]) -> str | None:
    """The table whose rows are not those that the line stands for. Rows without a line are taken out of ``found`` at the line of the
    upgrade that stands for them."""
    said = json.loads(row["rows"])
    for table in sorted({*said, *found}):
        own = found[table] if table in found else Found()
        digest = own.digests.get(row["number"])
        if table in said and digest is None and row["kind"] == AuditEvent.STORE_UPGRADED:
            digest = own.digests.pop(UNLINED, None)
            own.first.pop(UNLINED, None)
        if table not in found or digest != said.get(table):
            return f"写下的行（表 {table}）被改动、删除或增添过"
    return None


def _detached(row: RowMapping, hanging: Mapping[int, str]) -> str | None:
    what = hanging.get(row["number"])
    return f"所指的内容（{what}）被改动、删除或增添过" if what else None


def _hash(line: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(line).encode()).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(_exact(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError("an audit line holds no floats")
    if isinstance(value, Mapping):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list | tuple) else value
