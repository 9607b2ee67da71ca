"""The tables of cases and payments, all audited, and how their rows are made and read. Nothing here decides.

Rows are written by `Audit.append` alone, together with the audit line that stands for them.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.rows import LINE, audited
from yunnao.kernel.moment import instant_text, parse_instant
from yunnao.platforms.cases.workflow import Event, Matter
from yunnao.storage.records import read_frame

METADATA = sa.MetaData()
CASES_TOGETHER = 50_000
"""Cases that are read at a time, unless one policy has more; bounds memory."""

MATTERS = audited(
    sa.Table(
        "case_matter",
        METADATA,
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("flow", sa.String, nullable=False),
        sa.Column("policy", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False, index=True),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("department", sa.String, nullable=False),
        sa.Column("title", sa.String),
        sa.Index("ix_case_matter_policy", "policy", "period"),
        sqlite_with_rowid=False,
    )
)

EVENTS = audited(
    sa.Table(
        "case_event",
        METADATA,
        sa.Column("case_id", sa.String, sa.ForeignKey("case_matter.case_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("from_state", sa.String),
        sa.Column("to_state", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("amount", sa.BigInteger),
        sa.Column("reason", sa.Text),
        sa.Column("document", sa.Text),
        sa.Column("waiting", sa.Text),
        sa.Column("basis_id", sa.String),
        sa.Column("run", sa.Integer),
        sqlite_with_rowid=False,
    )
)

BASES = audited(
    sa.Table(
        "case_basis",
        METADATA,
        sa.Column("basis_id", sa.String, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
    )
)
"""What decided (run, snapshot, policy version, day), once for the thousands of cases that share it."""

DAYS = audited(
    sa.Table(
        "case_day",
        METADATA,
        sa.Column("policy", sa.String, primary_key=True),
        sa.Column("period", sa.String, primary_key=True),
        sa.Column("day", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
)
"""The days about which runs have spoken on a policy and period, each later than the one before: the latest governs."""

BATCHES = audited(
    sa.Table(
        "payment_batch",
        METADATA,
        sa.Column("batch_id", sa.String, primary_key=True),
        sa.Column("policy", sa.String, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
    )
)

BATCH_LINES = audited(
    sa.Table(
        "payment_line",
        METADATA,
        sa.Column("batch_id", sa.String, sa.ForeignKey("payment_batch.batch_id"), primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("case_matter.case_id"), primary_key=True, index=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("name", sa.String),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
)

BATCH_EVENTS = audited(
    sa.Table(
        "payment_batch_event",
        METADATA,
        sa.Column("batch_id", sa.String, sa.ForeignKey("payment_batch.batch_id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("reason", sa.Text),
    )
)

MATTER_COLUMNS = ("case_id", "flow", "policy", "subject", "period", "department", "title")

TABLES = tuple(METADATA.sorted_tables)

KEY = ("flow", "policy", "subject", "period")
"""What a case is about: one case for each."""


def case_ids(keys: pl.DataFrame) -> pl.Series:
    """The case id of each row of `KEY` columns: 18 letters and digits made of the key alone, the same at every run.

    ``c``, two digits of the policy's SHA-256, so that a policy's cases lie together in the tables, and fifteen (60
    bits) of the key's. Lengths before the texts keep two keys from reading as one.
    """
    parts = [part for name in KEY for part in (pl.col(name).str.len_bytes(), pl.col(name))]
    texts = keys.select(pl.format("{}:{}," * len(KEY), *parts)).to_series()
    policies = keys["policy"].unique()
    prefixes = pl.Series([f"c{_hex(policy, 2)}" for policy in policies], dtype=pl.String)
    firsts = keys["policy"].replace_strict(policies, prefixes, return_dtype=pl.String)
    return (firsts + pl.Series([_hex(text, 15) for text in texts], dtype=pl.String)).alias("case_id")


def _hex(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def basis_ids(bases: pl.Series) -> pl.Series:
    """The id of each basis text: 16 hexadecimal digits of its SHA-256; null stays null."""
    unique = bases.unique().drop_nulls()
    ids = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in unique]
    return bases.replace_strict(unique, pl.Series(ids, dtype=pl.String), default=None, return_dtype=pl.String)


def new_bases(connection: Connection, bases: pl.Series) -> pl.DataFrame:
    """The rows of `BASES` for the texts of ``bases`` that are not kept yet."""
    frame = pl.DataFrame({"content": bases.unique().drop_nulls()})
    frame = frame.with_columns(basis_ids(frame["content"]).alias("basis_id"))
    known = read_frame(connection, sa.select(BASES.c.basis_id))
    return frame.join(known, on="basis_id", how="anti")


def latest_days(connection: Connection, policies: Collection[str]) -> dict[tuple[str, str], str]:
    """(policy, period) -> the latest day about which a run has spoken on it."""
    statement = sa.select(DAYS.c.policy, DAYS.c.period, sa.func.max(DAYS.c.day).label("day"))
    statement = statement.where(DAYS.c.policy.in_(policies)).group_by(DAYS.c.policy, DAYS.c.period)
    return {(row.policy, row.period): row.day for row in connection.execute(statement)}


def sizes(connection: Connection, *where: sa.ColumnElement[bool]) -> Counter[str]:
    """How many of the cases for which ``where`` (on `MATTERS`) holds are about each policy."""
    statement = sa.select(MATTERS.c.policy, sa.func.count()).where(*where).group_by(MATTERS.c.policy)
    return Counter(dict(connection.execute(statement).all()))


def together(sizes: Mapping[str, int], at_most: int = CASES_TOGETHER) -> Iterator[list[str]]:
    """The policies of ``sizes``, sorted, in groups that have ``at_most`` cases together; one that has more is alone."""
    group: list[str] = []
    for policy in sorted(sizes):
        if group and sum(sizes[each] for each in group) + sizes[policy] > at_most:
            yield group
            group = []
        group.append(policy)
    if group:
        yield group


def matters(connection: Connection, *where: sa.ColumnElement[bool]) -> pl.DataFrame:
    """One row a case (`MATTER_COLUMNS`), of those for which ``where`` holds."""
    return read_frame(connection, sa.select(*(MATTERS.c[name] for name in MATTER_COLUMNS)).where(*where))


def events(connection: Connection, columns: Sequence[str], *where: sa.ColumnElement[bool]) -> pl.DataFrame:
    """These ``columns`` of the events of cases for which ``where`` (on `MATTERS`) holds, ordered by case and seq."""
    statement = sa.select(*(EVENTS.c[name] for name in columns))
    if where:
        statement = statement.join(MATTERS, MATTERS.c.case_id == EVENTS.c.case_id).where(*where)
    return read_frame(connection, statement.order_by(EVENTS.c.case_id, EVENTS.c.seq))


def matter(connection: Connection, case_id: str) -> Matter | None:
    """The case called ``case_id``, if there is one."""
    columns = (MATTERS.c[name] for name in MATTER_COLUMNS)
    row = connection.execute(sa.select(*columns).where(MATTERS.c.case_id == case_id)).mappings().first()
    return Matter(**row) if row else None


def events_of(connection: Connection, case_id: str) -> list[Event]:
    """The events of one case, in order."""
    statement = (
        sa.select(EVENTS, BASES.c.content.label("basis"))
        .outerjoin(BASES, BASES.c.basis_id == EVENTS.c.basis_id)
        .where(EVENTS.c.case_id == case_id)
        .order_by(EVENTS.c.seq)
    )
    return [_event(row) for row in connection.execute(statement).mappings()]


def _event(row: Any) -> Event:
    values = {name: value for name, value in row.items() if name not in ("case_id", "basis_id", "at", LINE)}
    return Event(**values, at=parse_instant(row["at"]))


def event_rows(events: Mapping[str, Event]) -> pl.DataFrame:
    """Rows of `EVENTS`: one event a case, without a basis."""
    names = [c.name for c in EVENTS.columns if c.name in Event.__dataclass_fields__ and c.name != "at"]
    rows = [
        (case_id, instant_text(event.at), *(getattr(event, name) for name in names))
        for case_id, event in events.items()
    ]
    types = {name: pl.Int64 if isinstance(EVENTS.c[name].type, sa.Integer) else pl.String for name in names}
    return pl.DataFrame(rows, schema={"case_id": pl.String, "at": pl.String, **types}, orient="row")


def batch_event(
    batch_id: str, seq: int, kind: str, actor: str, at: dt.datetime, reason: str | None = None
) -> pl.DataFrame:
    """A row of `BATCH_EVENTS`."""
    row = {"batch_id": batch_id, "seq": seq, "kind": kind, "actor": actor, "at": instant_text(at), "reason": reason}
    return pl.DataFrame([row], schema_overrides={"reason": pl.String})


def batches(connection: Connection, *where: sa.ColumnElement[bool]) -> pl.DataFrame:
    """One row a batch: `BATCHES` and status (prepared, sent, cancelled), prepared_by, prepared_at, changed_at."""
    first, last = BATCH_EVENTS.alias("first"), BATCH_EVENTS.alias("last")
    latest = sa.select(sa.func.max(BATCH_EVENTS.c.seq)).where(BATCH_EVENTS.c.batch_id == BATCHES.c.batch_id)
    statement = (
        sa.select(
            BATCHES,
            last.c.kind.label("status"),
            first.c.actor.label("prepared_by"),
            first.c.at.label("prepared_at"),
            last.c.at.label("changed_at"),
        )
        .join(first, sa.and_(first.c.batch_id == BATCHES.c.batch_id, first.c.seq == 1))
        .join(last, sa.and_(last.c.batch_id == BATCHES.c.batch_id, last.c.seq == latest.scalar_subquery()))
        .where(*where)
        .order_by(first.c.at, BATCHES.c.batch_id)
    )
    return read_frame(connection, statement)


def unsent_batch_of(connection: Connection, case_id: str) -> str | None:
    """The prepared batch, neither sent nor cancelled, that holds the case; if any."""
    moved_on = sa.select(BATCH_EVENTS.c.batch_id).where(
        BATCH_EVENTS.c.batch_id == BATCH_LINES.c.batch_id, BATCH_EVENTS.c.kind != "prepared"
    )
    statement = sa.select(BATCH_LINES.c.batch_id).where(BATCH_LINES.c.case_id == case_id, ~moved_on.exists())
    return connection.execute(statement).scalar()


def batch_lines(connection: Connection, batch_ids: Sequence[str]) -> pl.DataFrame:
    """The lines of these batches: batch_id, case_id, subject, name, amount; ordered by batch and case."""
    statement = sa.select(BATCH_LINES).where(BATCH_LINES.c.batch_id.in_(batch_ids))
    return read_frame(connection, statement.order_by(BATCH_LINES.c.batch_id, BATCH_LINES.c.case_id))
