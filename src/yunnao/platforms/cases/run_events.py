"""Writes what a run changes in the cases, policy by policy, so that memory is bounded by the largest.

On a policy and period the run for the latest day governs: a run for an earlier day neither opens, amends nor takes back
anything there, so that in whatever order days are run, the cases come to what the latest of them wants.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.platforms.cases import reconcile, store
from yunnao.platforms.cases.definitions import Flow
from yunnao.platforms.cases.overview import standing_where
from yunnao.platforms.cases.reconcile import ReconcileReport
from yunnao.platforms.cases.workflow import TAKING_BACK

MACHINE = "yunnao"
"""Who a run's events are by."""


def write_run(
    connection: Connection,
    audit: Audit,
    flows: Mapping[str, Flow],
    wanted: pl.DataFrame,
    scope: Collection[tuple[str, str]],
    run: int,
    day: dt.date,
    reasons: pl.DataFrame | None,
    at: str,
) -> ReconcileReport:
    """Append the events of a run in the writing transaction of ``connection``; arguments as `Cases.reconcile`.

    Returns:
        What changed; each policy in which something did has an audit line of its own.

    Raises:
        YunnaoError: ``wanted`` is not usable; the transaction is then to be given up.
    """
    reconcile.check_scope(wanted, scope)
    counts: Counter[str] = Counter()
    reached: list[tuple[str, str, str]] = []
    for policy in sorted({policy for policy, _ in scope}):
        latest = store.latest_days(connection, policy)
        periods = sorted({period for other, period in scope if other == policy})
        governed = [period for period in periods if latest.get(period, "") <= day.isoformat()]
        reached += [(policy, period, day.isoformat()) for period in governed if latest.get(period) != day.isoformat()]
        rows = reconcile.checked(wanted.filter(pl.col("policy") == policy), flows)
        counts["left_to_later"] += rows.filter(~pl.col("period").is_in(governed)).height
        rows = rows.filter(pl.col("period").is_in(governed))
        cases = standing_where(connection, store.MATTERS.c.policy == policy).filter(pl.col("period").is_in(governed))
        rows = reconcile.changes(rows, cases, reasons, flows)
        of_policy = dict(rows.group_by(pl.col("step").fill_null("unchanged")).len().iter_rows())
        counts.update(of_policy)
        changed = rows.filter(pl.col("step").is_not_null())
        if changed.height:
            new = changed.filter(pl.col("case_id").is_null())
            known = changed.filter(pl.col("case_id").is_not_null())
            changed = pl.concat([new.with_columns(store.case_ids(new)), known]).sort("case_id")
            of_policy.pop("unchanged", None)
            details = {"run": run, "policy": policy, "counts": of_policy}
            tables = _tables(connection, changed, run, at)
            audit.append(connection, AuditEvent.CASES_RECONCILED, MACHINE, details, tables)
    if reached:
        days = pl.DataFrame(reached, schema=["policy", "period", "day"], orient="row")
        details = {"run": run, "as_of": day.isoformat()}
        audit.append(connection, AuditEvent.DAY_REACHED, MACHINE, details, {store.DAYS: days})
    return ReconcileReport(**counts)


def _tables(connection: Connection, changed: pl.DataFrame, run: int, at: str) -> dict[sa.Table, pl.DataFrame]:
    opened = changed.filter(pl.col("step") == "proposed")
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
    return {
        store.BASES: store.new_bases(connection, changed["basis"]),
        store.MATTERS: opened.select(store.MATTER_COLUMNS),
        store.EVENTS: events,
    }
