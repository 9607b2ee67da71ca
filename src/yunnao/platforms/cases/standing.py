"""`workflow.fold` for all cases at once: columnar, and equal to it (tests/platforms/cases/test_standing.py)."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import Deadline, WorkingCalendar
from yunnao.platforms.cases.deadlines import deadline
from yunnao.platforms.cases.definitions import MACHINE_STEPS, Flow
from yunnao.platforms.cases.workflow import PROPOSING, TAKING_BACK

EVENT_COLUMNS = ("case_id", "seq", "step", "from_state", "to_state", "at", "amount", "waiting")
"""What the fold reads."""


def china_day(at: str) -> pl.Expr:
    """The day in China of the stored instants in column ``at``."""
    return pl.col(at).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us").dt.offset_by("8h").dt.date()


def fold(events: pl.DataFrame) -> pl.DataFrame:
    """Where each case stands.

    Args:
        events: `EVENT_COLUMNS`, ordered by case and seq.

    Returns:
        One row a case, in the order given: case_id, state, since (Date), seq, amount, entitled, wanted_amount, waiting,
        withdrawn (Boolean, the last event took it back), opened_on (Date).
    """
    step = pl.col("step")
    moved = pl.col("from_state").ne_missing(pl.col("to_state"))
    proposing, machine = step.is_in(sorted(PROPOSING)), step.is_in(sorted(MACHINE_STEPS))
    present = {
        "since": pl.when(moved).then(pl.col("at")).forward_fill(),
        "last_proposing": pl.when(proposing).then(pl.col("seq")).forward_fill(),
        "last_machine": pl.when(machine).then(pl.col("seq")).forward_fill(),
    }
    # A case's first event moves, proposes and is of a run, so nothing is carried over from the case before.
    carried = events.with_columns(**present)
    last = carried.filter(pl.col("case_id").ne_missing(pl.col("case_id").shift(-1)))
    at_seq = carried.select("case_id", "seq", "step", "amount", "waiting")
    proposals = at_seq.filter(step.is_in(sorted(PROPOSING))).drop("step")
    found = at_seq.filter(step.is_in(sorted(MACHINE_STEPS))).select(
        "case_id",
        "seq",
        entitled=~step.is_in(sorted(TAKING_BACK)),
        wanted_amount="amount",
    )
    opened = events.filter(pl.col("case_id").ne_missing(pl.col("case_id").shift(1))).select("case_id", opened_at="at")
    return (
        last.select("case_id", "seq", "since", "last_proposing", "last_machine", state="to_state", last_step="step")
        .join(
            proposals,
            left_on=["case_id", "last_proposing"],
            right_on=["case_id", "seq"],
            how="left",
            maintain_order="left",
        )
        .join(
            found, left_on=["case_id", "last_machine"], right_on=["case_id", "seq"], how="left", maintain_order="left"
        )
        .join(opened, on="case_id", how="left", maintain_order="left")
        .select(
            "case_id",
            "state",
            china_day("since").alias("since"),
            "seq",
            "amount",
            "entitled",
            "wanted_amount",
            "waiting",
            (pl.col("last_step") == "withdrawn").alias("withdrawn"),
            china_day("opened_at").alias("opened_on"),
        )
    )


def reached(events: pl.DataFrame, states: list[str]) -> pl.DataFrame:
    """When each case first reached each of ``states``: case_id and a Date column ``<state>_on`` each; null if never."""
    moved = pl.col("from_state").ne_missing(pl.col("to_state"))
    return (
        events.select("case_id", "to_state", china_day("at").alias("day"), moved=moved)
        .group_by("case_id", maintain_order=True)
        .agg(
            pl.col("day").filter("moved", pl.col("to_state") == state).first().alias(f"{state}_on") for state in states
        )
    )


def due(cases: pl.DataFrame, flows: Mapping[str, Flow], calendar: WorkingCalendar) -> pl.DataFrame:
    """``cases`` (flow, state, since, amount) with `deadline` (Date), `provisional` and `calendar_lacks` (Boolean).

    `deadline` is null in an end, and where it lies beyond the calendar: then `calendar_lacks` is true.
    """
    bounds = _amount_bounds(flows)
    bucket = pl.lit(0)
    for bound in bounds:
        bucket = bucket + (pl.col("amount") > bound).cast(pl.Int32)
    keyed = cases.with_columns(bucket.alias("_bucket"))
    distinct = keyed.group_by("flow", "state", "since", "_bucket").agg(pl.col("amount").first())
    rows = [_due(flows, calendar, *row) for row in distinct.select("flow", "state", "since", "amount").iter_rows()]
    answers = distinct.select("flow", "state", "since", "_bucket").with_columns(
        pl.Series("deadline", [row[0] for row in rows], dtype=pl.Date),
        pl.Series("provisional", [row[1] for row in rows], dtype=pl.Boolean),
        pl.Series("calendar_lacks", [row[2] for row in rows], dtype=pl.Boolean),
    )
    on = ["flow", "state", "since", "_bucket"]
    return keyed.join(answers, on=on, how="left", nulls_equal=True, maintain_order="left").drop("_bucket")


def _amount_bounds(flows: Mapping[str, Flow]) -> list[int]:
    """Every amount at which a step begins or ceases to be the right one, in fen."""
    values = {
        flow.parameter(step.when.amount.parameter, value.from_)
        for flow in flows.values()
        for step in flow.steps
        if step.when
        for value in flow.parameters[step.when.amount.parameter]
    }
    return sorted(values)


def _due(
    flows: Mapping[str, Flow], calendar: WorkingCalendar, flow: str, state: str, since: date, amount: int | None
) -> tuple[date | None, bool, bool]:
    if flow not in flows or not calendar.covers(since):
        return None, False, flow in flows
    try:
        answer: Deadline | None = deadline(flows[flow], state, since, amount, calendar)
    except YunnaoError:
        return None, False, True
    return (answer.day, answer.provisional, False) if answer else (None, False, False)
