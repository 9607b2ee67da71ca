"""Seals: digests of what a lawful redaction or erasure left of a text or a person, so that nothing else can stand there unnoticed."""

import secrets
from collections.abc import Mapping
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.copies import Place
from yunnao.storage.records import frame_of

_AT_A_TIME = 500


def seals_of(connection: Connection, left: Mapping[Place, str]) -> dict[sa.Table, pl.DataFrame]:
    """The rows that seal what is left at each place (case, place -> digest), for `Audit.append`; each after those that it has."""
    last: dict[Place, int] = {}
    kept, cases = store.SEALS.c, sorted({case_id for case_id, _ in left})
    for start in range(0, len(cases), _AT_A_TIME):
        statement = (
            sa.select(kept.case_id, kept.place, sa.func.max(kept.number).label("number"))
            .where(kept.case_id.in_(cases[start : start + _AT_A_TIME]))
            .group_by(kept.case_id, kept.place)
        )
        last |= {(row.case_id, row.place): row.number for row in connection.execute(statement)}
    rows = [
        {"case_id": case_id, "place": place, "number": last.get((case_id, place), 0) + 1, "sha256": digest}
        for (case_id, place), digest in sorted(left.items())
    ]
    return {store.SEALS: frame_of(store.SEALS, rows)}


def salted(person: Mapping[str, Any]) -> dict[str, Any]:
    """A row of persons with a fresh salt, or without one where nothing is left that it would protect."""
    left = any(person[name] is not None for name in ("name", "contact", "contact_sha256"))
    return {**person, "salt": secrets.token_hex(16) if left else None}
