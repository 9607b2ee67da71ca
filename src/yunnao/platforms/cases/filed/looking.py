"""Looking at what is personal in a case, which is noted; and the audit lines that stand for its events."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from yunnao.access.actors import Actor
from yunnao.audit.events import AuditEvent
from yunnao.audit.rows import LINE
from yunnao.kernel.moment import instant_text, parse_instant
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.service import FiledCases


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody looked; ``line`` of the audit log stands for it."""

    actor: str
    purpose: str
    at: dt.datetime
    line: int


def note_look(cases: FiledCases, case_id: str, actor: Actor, purpose: str) -> None:
    """Note, before it is shown, that ``actor`` looks at a case's contact and full text; ``purpose``: an id from a closed list.

    Raises:
        YunnaoError: no such case, or the record store cannot be written; nothing may be shown then.
    """
    row = {"case_id": case_id, "at": instant_text(cases.clock()), "actor": actor.id, "purpose": purpose}
    with cases.audit.writing() as connection:
        cases.history(connection, case_id)
        key = [store.LOOKS.c[name] == row[name] for name in ("case_id", "at", "actor")]
        again = connection.execute(sa.select(store.LOOKS.c.at).where(*key)).first() is not None
        changes: Mapping[sa.Table, pl.DataFrame] = {} if again else {store.LOOKS: pl.DataFrame([row])}
        cases.audit.append(
            connection, AuditEvent.PERSON_SHOWN, actor.id, {"case": case_id, "purpose": purpose}, changes
        )


def looks_at(cases: FiledCases, case_id: str) -> list[Look]:
    """Who looked at a case, the latest first."""
    looks = store.LOOKS.c
    statement = sa.select(store.LOOKS).where(looks.case_id == case_id).order_by(looks.at.desc(), looks.actor)
    with cases.records.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return [
        Look(actor=row["actor"], purpose=row["purpose"], at=parse_instant(row["at"]), line=row[LINE]) for row in rows
    ]


def has_looked(cases: FiledCases, case_id: str, actor: Actor, since: dt.datetime) -> bool:
    """Whether it is noted that ``actor`` has looked at a case since an instant."""
    looks = store.LOOKS.c
    own = (looks.case_id == case_id, looks.actor == actor.id, looks.at >= instant_text(since))
    with cases.records.read() as connection:
        return connection.execute(sa.select(looks.at).where(*own).limit(1)).first() is not None


def audit_lines(cases: FiledCases, case_id: str) -> dict[int, int]:
    """Event -> number of the audit line that stands for it."""
    events = store.EVENTS.c
    with cases.records.read() as connection:
        rows = connection.execute(sa.select(events.seq, store.EVENTS.c[LINE]).where(events.case_id == case_id))
        return {row.seq: row.line for row in rows}
