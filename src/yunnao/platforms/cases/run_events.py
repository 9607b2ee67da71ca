"""Writes what a run changes in the cases: so many together that memory is bounded by the largest policy.

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
_PAIR = ("policy", "period")


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
    sizes = store.sizes(connection)
    sizes.update(dict(wanted.group_by("policy").len().iter_rows()))
    for policies in store.together({policy: sizes[policy] for policy, _ in scope}):
        latest = store.latest_days(connection, policies)
        governed = [pair for pair in sorted(scope) if pair[0] in policies and latest.get(pair, "") <= day.isoformat()]
        reached += [(*pair, day.isoformat()) for pair in governed if latest.get(pair) != day.isoformat()]
        spoken_on = pl.DataFrame(governed, schema=dict.fromkeys(_PAIR, pl.String), orient="row")
        rows = reconcile.checked(wanted.filter(pl.col("policy").is_in(policies)), flows)
        counts["left_to_later"] += rows.join(spoken_on, on=_PAIR, how="anti").height
        rows = rows.join(spoken_on, on=_PAIR, how="semi", maintain_order="left")
        cases = standing_where(connection, store.MATTERS.c.policy.in_(policies))
        cases = cases.join(spoken_on, on=_PAIR, how="semi", maintain_order="left")
        rows = reconcile.changes(rows, cases, reasons, flows)
        counts["unchanged"] += rows["step"].null_count()
        changed = rows.filter(pl.col("step").is_not_null()).sort("policy", maintain_order=True)
        for of_policy in changed.partition_by("policy", maintain_order=True):
            steps = dict(of_policy.group_by("step").len().sort("step").iter_rows())
            counts.update(steps)
            new = of_policy.filter(pl.col("case_id").is_null())
            known = of_policy.filter(pl.col("case_id").is_not_null())
            of_policy = pl.concat([new.with_columns(store.case_ids(new)), known]).sort("case_id")
            details = {"run": run, "policy": of_policy["policy"][0], "counts": steps}
            tables = _tables(connection, of_policy, run, at)
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
