"""Writes what a run changes in the cases, policy by policy, so that memory is bounded by the largest."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl
from sqlalchemy.engine import Connection

from yunnao.platforms.cases import reconcile, store
from yunnao.platforms.cases.definitions import Flow
from yunnao.platforms.cases.overview import standing_where
from yunnao.platforms.cases.reconcile import ReconcileReport
from yunnao.platforms.cases.workflow import TAKING_BACK
from yunnao.storage.records import insert_frame

MACHINE = "yunnao"
"""Who a run's events are by."""


def write_run(
    connection: Connection,
    flows: Mapping[str, Flow],
    wanted: pl.DataFrame,
    scope: Collection[tuple[str, str]],
    run: int,
    reasons: pl.DataFrame | None,
    at: str,
) -> ReconcileReport:
    """Append the events of a run in the writing transaction of ``connection``; arguments as `Cases.reconcile`.

    Returns:
        What changed; its digest is of the lines ``case_id step`` in the order of policies and, within, of cases.

    Raises:
        YunnaoError: ``wanted`` is not usable; the transaction is then to be given up.
    """
    reconcile.check_scope(wanted, scope)
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    for policy in sorted({policy for policy, _ in scope}):
        periods = sorted({period for other, period in scope if other == policy})
        rows = reconcile.checked(wanted.filter(pl.col("policy") == policy), flows)
        cases = standing_where(connection, store.MATTERS.c.policy == policy).filter(pl.col("period").is_in(periods))
        rows = reconcile.changes(rows, cases, reasons, flows)
        counts.update(dict(rows.group_by(pl.col("step").fill_null("unchanged")).len().iter_rows()))
        changed = rows.filter(pl.col("step").is_not_null())
        if changed.height:
            new = changed.filter(pl.col("case_id").is_null())
            known = changed.filter(pl.col("case_id").is_not_null())
            changed = pl.concat([new.with_columns(store.case_ids(new)), known]).sort("case_id")
            _write(connection, changed, run, at)
            lines = changed.select(pl.format("{} {}\n", "case_id", "step").str.join("")).item()
            digest.update(lines.encode())
    return ReconcileReport(**counts, cases_sha256=digest.hexdigest())


def _write(connection: Connection, changed: pl.DataFrame, run: int, at: str) -> None:
    store.insert_bases(connection, changed["basis"])
    opened = changed.filter(pl.col("step") == "proposed")
    insert_frame(connection, store.MATTERS, opened.select(store.MATTERS.c.keys()))
    still = ~pl.col("step").is_in(sorted(TAKING_BACK))
    events = changed.select(
        "case_id",
        "seq",
        "step",
        "from_state",
        "to_state",
        pl.lit(MACHINE).alias("actor"),
        pl.lit(at).alias("at"),
        pl.when(still).then("amount").alias("amount"),
        "reason",
        pl.when(still).then("waiting").alias("waiting"),
        store.basis_ids(changed["basis"]).alias("basis_id"),
        pl.lit(run, pl.Int64).alias("run"),
    )
    insert_frame(connection, store.EVENTS, events)
