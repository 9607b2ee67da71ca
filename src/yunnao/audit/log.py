"""The audit log: append-only lines, chained by SHA-256, written in the transaction of the change itself.

A line's hash covers its number, instant, kind, actor, details and the hash of the line before; line 1 follows 64 zeros.
A log cut off at its end is whole in itself: note `head()` elsewhere (on paper, say) to notice that.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import FIELDS, AuditEvent
from yunnao.kernel.moment import Clock, instant_text
from yunnao.storage.records import Records, append_only

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
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
)

_BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `Audit.verify` found.

    Attributes:
        lines: how many lines were read before it stopped.
        head: hash of the last good line.
        broken: number of the first line that does not fit; none if the chain is whole.
        sentence: the same in Chinese.
    """

    lines: int
    head: str
    broken: int | None
    sentence: str


class Audit:
    """The log of one district."""

    def __init__(self, records: Records, clock: Clock) -> None:
        records.create(METADATA)
        self._records = records
        self._clock = clock

    def append(self, connection: Connection, kind: AuditEvent, actor: str, details: Mapping[str, Any]) -> None:
        """Add a line in the writing transaction of ``connection``, so that both are kept or neither.

        Raises:
            ValueError: the details are not exactly the fields of this kind, or hold a float.
        """
        self.append_all(connection, kind, actor, [details])

    def append_all(
        self, connection: Connection, kind: AuditEvent, actor: str, details: Sequence[Mapping[str, Any]]
    ) -> None:
        """Add a line for each of ``details``, as `append` does, in one statement.

        Raises:
            ValueError: some details are not exactly the fields of this kind, or hold a float.
        """
        last = connection.execute(
            sa.select(LINES.c.number, LINES.c.hash).order_by(LINES.c.number.desc()).limit(1)
        ).first()
        number, previous = (last.number, last.hash) if last else (0, _BEFORE_THE_FIRST)
        lines, at = [], instant_text(self._clock())
        for said in details:
            if set(said) != FIELDS[kind]:
                raise ValueError(f"{kind}: expected the fields {sorted(FIELDS[kind])}, got {sorted(said)}")
            number += 1
            line = {
                "number": number,
                "at": at,
                "kind": str(kind),
                "actor": actor,
                "details": _canonical(said),
                "previous": previous,
            }
            previous = _hash(line)
            lines.append({**line, "hash": previous})
        if lines:
            connection.execute(sa.insert(LINES), lines)

    def verify(self) -> Verdict:
        """Walk the whole chain and name the first line that is missing, altered or out of order."""
        previous, number = _BEFORE_THE_FIRST, 0
        statement = sa.select(LINES).order_by(LINES.c.number).execution_options(yield_per=10_000)
        with self._records.read() as connection, connection.execute(statement) as rows:
            for row in rows.mappings():
                number += 1
                line = {key: value for key, value in row.items() if key != "hash"}
                problem = _problem(number, previous, line, row["hash"])
                if problem:
                    whole = f"此前 {number - 1} 条完整"
                    return Verdict(number - 1, previous, number, f"审计记录第 {number} 条{problem}；{whole}")
                previous = row["hash"]
        return Verdict(number, previous, None, f"审计记录共 {number} 条，完整")

    def head(self) -> str:
        """The hash of the last line."""
        with self._records.read() as connection:
            statement = sa.select(LINES.c.hash).order_by(LINES.c.number.desc()).limit(1)
            return connection.execute(statement).scalar() or _BEFORE_THE_FIRST

    def lines(self, limit: int = 100) -> list[Mapping[str, Any]]:
        """The newest ``limit`` lines, newest first, with `details` as a mapping."""
        with self._records.read() as connection:
            rows = connection.execute(sa.select(LINES).order_by(LINES.c.number.desc()).limit(limit)).mappings()
            return [{**row, "details": json.loads(row["details"])} for row in rows]


def _problem(number: int, previous: str, line: Mapping[str, Any], hash_: str) -> str | None:
    if line["number"] != number:
        return f"缺失（接着的是第 {line['number']} 条）"
    if line["previous"] != previous:
        return "接不上前一条"
    return None if _hash(line) == hash_ else "的内容被改动过"


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
