"""What a run changes in the cases: the difference between what is wanted and where the cases stand. Pure and columnar.

A case that nobody has acted on follows the run: opened, amended, taken back with a reason, proposed again. One that
somebody has confirmed is never moved by a run; it is marked where it is no longer due, or due in another amount, and
payment refuses it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.definitions import Flow
from yunnao.platforms.cases.store import KEY

WANTED = {
    "flow": pl.String,
    "policy": pl.String,
    "subject": pl.String,
    "period": pl.String,
    "amount": pl.Int64,
    "department": pl.String,
    "basis": pl.String,
    "waiting": pl.String,
    "title": pl.String,
}
"""Columns of what a run wants; `waiting` (text or a list of texts) and `title` may be absent."""

_REQUIRED = (*KEY, "department", "basis")


@dataclass(frozen=True, kw_only=True)
class ReconcileReport:
    """How many cases a run opened, changed and left alone; `left_to_later`: of matters that a run for a later day has."""

    proposed: int = 0
    amended: int = 0
    withdrawn: int = 0
    proposed_again: int = 0
    entitlement_lost: int = 0
    amount_differs: int = 0
    entitlement_restored: int = 0
    unchanged: int = 0
    left_to_later: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """What happened how often, unless never."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def changed(self) -> int:
        """How many cases got an event."""
        return sum(self.counts.values()) - self.unchanged - self.left_to_later


def check_scope(wanted: pl.DataFrame, scope: Collection[tuple[str, str]]) -> None:
    """Refuse what a run may not want.

    Raises:
        YunnaoError: a column is missing, or a row is outside the scope.
    """
    missing = sorted({name for name in WANTED if name not in ("waiting", "title")} - set(wanted.columns))
    if missing:
        raise YunnaoError(f"开办件的表缺少列：{'、'.join(missing)}；请补上")
    outside = set(wanted.select("policy", "period").unique().iter_rows()) - set(scope)
    for policy, period in sorted(outside, key=str):
        raise YunnaoError(f"政策 {policy} {period} 不在本次运行的范围内，不能为它开办件")


def checked(wanted: pl.DataFrame, flows: Mapping[str, Flow]) -> pl.DataFrame:
    """``wanted`` with exactly the columns and types of `WANTED`.

    Raises:
        YunnaoError: a column is of another type, a required value is unknown, a key is there twice, an amount is
            negative, or a flow is not declared.
    """
    if "waiting" in wanted.columns and isinstance(wanted.schema["waiting"], pl.List):
        wanted = wanted.with_columns(pl.col("waiting").list.sort().list.join("、"))
    if not (wanted.schema["amount"].is_integer() or wanted.schema["amount"] == pl.Null):
        raise YunnaoError(f"开办件的表中，金额列的类型是 {wanted.schema['amount']}；应是整数分")
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in WANTED.items() if name not in wanted.columns]
    try:
        rows = wanted.with_columns(*absent).select(pl.col(name).cast(dtype) for name, dtype in WANTED.items())
    except pl.exceptions.PolarsError as error:
        raise YunnaoError(f"开办件的表有列类型不对（{error}）；金额应是整数分，其余是文字") from None
    _refuse_first(rows, pl.any_horizontal(pl.col(_REQUIRED).is_null()), "有必填项为空")
    _refuse_first(rows, pl.col("amount") < 0, "金额为负")
    _refuse_first(rows, pl.struct(KEY).is_duplicated(), "出现了两次")
    unknown = sorted(set(rows["flow"].unique()) - set(flows))
    if unknown:
        raise YunnaoError(f"没有声明流程 {unknown[0]}；请检查政策的 opens 和 case.yaml")
    return rows


def _refuse_first(rows: pl.DataFrame, bad: pl.Expr, problem: str) -> None:
    first = rows.filter(bad).head(1)
    if first.height:
        key = "、".join(str(value) for value in first.select(KEY).row(0))
        raise YunnaoError(f"开办件的表中（{key}）{problem}；什么也没有改动")


def changes(
    wanted: pl.DataFrame, standing: pl.DataFrame, reasons: pl.DataFrame | None, flows: Mapping[str, Flow]
) -> pl.DataFrame:
    """The events that a run makes.

    Args:
        wanted: as `checked` returns it.
        standing: the cases in scope: `MATTERS` columns with those of `standing.fold`.
        reasons: policy, subject, reason: why something is no longer wanted; the flow's own words where it has no row.

    Returns:
        One row a case in scope: `WANTED`, case_id (null if new), step (null where nothing changes), from_state,
        to_state, seq (of the new event), reason.
    """
    standing = standing.join(_classes(flows), on=["flow", "state"], how="left", maintain_order="left")
    wanted = wanted.with_columns(is_wanted=pl.lit(True))
    both = wanted.join(standing, on=KEY, how="full", coalesce=True, suffix="_now", maintain_order="left_right")
    rows = both.with_columns(
        is_wanted=pl.col("is_wanted").fill_null(False),
        department=pl.coalesce("department_now", "department"),
    ).with_columns(step=_step())
    ways = pl.DataFrame(
        [(flow.id, flow.starts, flow.withdrawal.to, flow.withdrawal.reason) for flow in flows.values()],
        schema=["flow", "starts", "taken_back_to", "default_reason"],
        orient="row",
    )
    rows = rows.join(ways, on="flow", how="left", maintain_order="left")
    rows = _with_reasons(rows, reasons)
    opens = pl.col("step").is_in(["proposed", "proposed_again"])
    taken_back = pl.col("step") == "withdrawn"
    to_state = pl.when(opens).then("starts").when(taken_back).then("taken_back_to").otherwise("state")
    return rows.select(
        *WANTED,
        "case_id",
        "step",
        pl.col("state").alias("from_state"),
        to_state.alias("to_state"),
        (pl.col("seq").fill_null(0) + 1).alias("seq"),
        pl.when(pl.col("step").is_in(["withdrawn", "entitlement_lost"])).then("reason").alias("reason"),
    )


def _classes(flows: Mapping[str, Flow]) -> pl.DataFrame:
    """flow, state -> follows (the run moves it), marked (the run only marks it)."""
    rows = [
        (flow.id, state, state in flow.withdrawal.from_, state in flow.flagged_in)
        for flow in flows.values()
        for state in flow.states
    ]
    schema = {"flow": pl.String, "state": pl.String, "follows": pl.Boolean, "marked": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _step() -> pl.Expr:
    is_wanted, exists = pl.col("is_wanted"), pl.col("case_id").is_not_null()
    follows, marked = pl.col("follows").fill_null(False), pl.col("marked").fill_null(False)
    now, before, found = pl.col("amount"), pl.col("amount_now"), pl.col("wanted_amount")
    other_amount = now.ne_missing(before)
    other_than_found = now.ne_missing(found) | ~pl.col("entitled")
    other_waiting = pl.col("waiting").ne_missing(pl.col("waiting_now"))
    return (
        pl.when(is_wanted & ~exists)
        .then(pl.lit("proposed"))
        .when(is_wanted & pl.col("withdrawn"))
        .then(pl.lit("proposed_again"))
        .when(is_wanted & follows & (other_amount | other_waiting))
        .then(pl.lit("amended"))
        .when(is_wanted & (follows | marked) & other_than_found & ~other_amount)
        .then(pl.lit("entitlement_restored"))
        .when(is_wanted & marked & other_than_found)
        .then(pl.lit("amount_differs"))
        .when(~is_wanted & follows)
        .then(pl.lit("withdrawn"))
        .when(~is_wanted & marked & pl.col("entitled"))
        .then(pl.lit("entitlement_lost"))
    )


def _with_reasons(rows: pl.DataFrame, reasons: pl.DataFrame | None) -> pl.DataFrame:
    if reasons is None:
        return rows.with_columns(reason="default_reason")
    given = reasons.select("policy", "subject", "reason").unique(
        ["policy", "subject"], keep="first", maintain_order=True
    )
    rows = rows.join(given, on=["policy", "subject"], how="left", maintain_order="left")
    return rows.with_columns(reason=pl.coalesce("reason", "default_reason"))
