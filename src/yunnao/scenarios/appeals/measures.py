"""What became of the appeals: rates with their numerators, denominators and what was left out, by department; columnar.

Definitions follow the usual reading of Beijing's three rates (北京市接诉即办工作条例): 响应率, 解决率, 满意率. Departments are shown
in bands, not ranked (国办函〔2025〕66号: 不片面追求排名).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.definitions import FiledFlow

EVERYBODY = ""
"""The group of all departments together."""

TITLES: Mapping[str, Text] = {
    "on_time": Text("按时答复率", "answered in time"),
    "response": Text("响应率", "contacted in time"),
    "solved": Text("解决率", "solved"),
    "satisfied": Text("满意率", "satisfied"),
    "returned": Text("退回率", "sent back"),
    "redone": Text("重办率", "redone"),
}
BANDS = ((95, "优", "good"), (85, "良", "fair"), (0, "待改进", "to improve"))
"""Percent from which on a rate that should be high is in a band; an example that a district sets for itself."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A rate of a department (`EVERYBODY`: of all).

    Attributes:
        left_out: cases that are not in the denominator though they have come so far, and why.
    """

    measure: str
    department: str
    numerator: int
    denominator: int
    left_out: int
    reason: str

    @property
    def thousandths(self) -> int | None:
        """The rate, rounded half up; none of nothing."""
        return (self.numerator * 2000 + self.denominator) // (2 * self.denominator) if self.denominator else None


def case_table(events: pl.DataFrame, flow: FiledFlow, calendar: WorkingCalendar, today: dt.date) -> pl.DataFrame:
    """One row a case, from all its events (columns as `FiledCases.event_frame`).

    Returns:
        case_id, department, opened, dispatched, contacted, answered, due (dates; null if never), late (of the first answer, or of
        ``today`` without one), solved, satisfied (of the last call-back), unreached, returned, redone (Boolean).

    Raises:
        DefinitionError: the overall limit is not in working days.
    """
    day = pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us").dt.offset_by("8h").dt.date()
    rows = events.with_columns(
        day=day,
        extension=pl.when(pl.col("step") == "approve_extension").then(_number("working_days")),
        kind=pl.col("sets").str.json_path_match("$.kind"),
        solved=pl.when(pl.col("step").is_in(["call_back", "settle"])).then(_given("solved") == "true"),
        satisfied=pl.when(pl.col("step") == "call_back").then(_given("satisfied").is_in(["satisfied", "fair"])),
    )

    def first(*steps: str) -> pl.Expr:
        return pl.col("day").filter(pl.col("step").is_in(steps)).first()

    answered_seq = pl.col("seq").filter(pl.col("step") == "answer").first()
    before_answer = pl.col("seq") < answered_seq.fill_null(2**31)
    table = rows.group_by("case_id", maintain_order=True).agg(
        department=pl.col("department").drop_nulls().last(),
        opened=pl.col("day").first(),
        dispatched=first("dispatch"),
        contacted=first("contact", "answer"),
        answered=first("answer"),
        kind=pl.col("kind").drop_nulls().last(),
        extension=pl.col("extension").filter(before_answer).sum(),
        paused=pl.col("day").filter((pl.col("step") == "pause") & before_answer),
        resumed=pl.col("day").filter((pl.col("step") == "resume") & before_answer),
        solved=pl.col("solved").drop_nulls().last(),
        satisfied=pl.col("satisfied").drop_nulls().last(),
        unreached=(pl.col("to_state") == "closed_unverified").any(),
        returned=(pl.col("step") == "send_back").any(),
        redone=(pl.col("to_state") == "redoing").any(),
    )
    return _with_time(table, flow, calendar, today)


def _given(name: str) -> pl.Expr:
    return pl.col("given").str.json_path_match(f"$.{name}")


def _number(name: str) -> pl.Expr:
    return _given(name).cast(pl.Int64)


def _with_time(table: pl.DataFrame, flow: FiledFlow, calendar: WorkingCalendar, today: dt.date) -> pl.DataFrame:
    """With `due`: the working day whose number is that of the opening, and of the limit, extensions and pauses added.

    The limit is the one that was in force on the day of the opening.
    """
    clock = flow.clock("overall")
    starts = [dt.date.min, *(revision.from_ for revision in clock.revisions)]
    spans = {
        (kind, period): clock.on(day).span({"kind": kind} if kind else {})
        for kind in table["kind"].unique()
        for period, day in enumerate(starts)
    }
    if not all(span.working for span in spans.values()):
        raise DefinitionError(f"流程 {flow.id}：按时答复率要求总时限（overall）以工作日计；请改成 working days")
    limits = pl.DataFrame(
        [(kind, period, span.count) for (kind, period), span in spans.items()],
        schema={"kind": pl.String, "period": pl.Int64, "span": pl.Int64},
        orient="row",
    )
    days = pl.date_range(calendar.first_day, calendar.last_day, eager=True)
    numbers = pl.DataFrame({"day": days, "number": pl.Series(calendar.numbers, dtype=pl.Int64)})
    first_days = numbers.unique("number", keep="first", maintain_order=True)
    resumed = pl.concat_list("resumed", pl.col("answered").fill_null(today)).list.head(pl.col("paused").list.len())
    still = (
        table.select("case_id", "paused", resumed=resumed)
        .explode("paused", "resumed")
        .drop_nulls("paused")
        .join(numbers.rename({"day": "paused", "number": "from"}), on="paused", how="left")
        .join(numbers.rename({"day": "resumed", "number": "to"}), on="resumed", how="left")
        .group_by("case_id")
        .agg(still=(pl.col("to") - pl.col("from")).sum())
    )
    wanted = pl.col("number") + pl.col("span") + pl.col("extension") + pl.col("still").fill_null(0)
    return (
        table.with_columns(period=pl.sum_horizontal(pl.lit(0), *(pl.col("opened") >= day for day in starts[1:])))
        .with_columns(pl.col("period").cast(pl.Int64))
        .join(limits, on=["kind", "period"], how="left", nulls_equal=True, maintain_order="left")
        .join(still, on="case_id", how="left", maintain_order="left")
        .join(numbers.rename({"day": "opened"}), on="opened", how="left", maintain_order="left")
        .with_columns(number=wanted)
        .join(first_days.rename({"day": "due"}), on="number", how="left", maintain_order="left")
        .with_columns(late=pl.col("answered").fill_null(today) > pl.col("due"))
        .drop("number", "still", "span", "period", "paused", "resumed", "kind", "extension")
    )


def rates(table: pl.DataFrame) -> list[Rate]:
    """Every measure for every department, and for all together first."""
    late = pl.col("late").fill_null(False)
    answered, dispatched = pl.col("answered").is_not_null(), pl.col("dispatched").is_not_null()
    in_a_day = (pl.col("contacted") - pl.col("dispatched")).dt.total_days() <= 1
    valid, said = pl.col("solved").is_not_null(), pl.col("satisfied").is_not_null()
    unreached = "未能回访"
    measures: Sequence[tuple[str, pl.Expr, pl.Expr, pl.Expr, str]] = (
        ("on_time", answered & ~late, answered | late, ~answered & ~late, "还在时限内"),
        ("response", dispatched & in_a_day.fill_null(False), dispatched, ~dispatched, "尚未分派"),
        ("solved", valid & pl.col("solved"), valid, ~valid & pl.col("unreached"), unreached),
        ("satisfied", pl.col("satisfied"), said, ~said & pl.col("unreached"), unreached),
        ("returned", pl.col("returned"), dispatched, ~dispatched, "尚未分派"),
        ("redone", pl.col("redone"), answered, ~answered, "尚未答复"),
    )
    groups = [EVERYBODY, *sorted(table["department"].drop_nulls().unique())]
    found = []
    for measure, numerator, denominator, left_out, reason in measures:
        counts = (
            pl.concat([table.with_columns(group=pl.lit(EVERYBODY)), table.with_columns(group=pl.col("department"))])
            .group_by("group")
            .agg(n=(numerator & denominator).sum(), d=denominator.sum(), o=left_out.sum())
        )
        by_group = {group: (n, d, o) for group, n, d, o in counts.iter_rows()}
        for group in groups:
            n, d, o = by_group.get(group, (0, 0, 0))
            found.append(Rate(measure=measure, department=group, numerator=n, denominator=d, left_out=o, reason=reason))
    return found


def band(rate: Rate, language: str = "zh") -> str:
    """The band of a rate that should be high; empty for one that should be low, and of nothing."""
    if rate.measure in ("returned", "redone") or rate.thousandths is None:
        return ""
    return next(zh if language == "zh" else en for percent, zh, en in BANDS if rate.thousandths >= percent * 10)
