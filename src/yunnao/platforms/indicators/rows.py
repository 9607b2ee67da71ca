"""The exact rows behind an indicator: every measure aggregates these, so a number and its lineage cannot differ.

A row carries what names it (`identity`), the breakdown's `key` (null: unknown), `counted` (true; false: only in the
denominator of a share; null: unknown, so in neither) and `value` (of sums, medians and means, in stored units).
"""

import functools
import operator
from collections.abc import Sequence

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import WorkingCalendar, shipped_calendar
from yunnao.platforms.indicators.definitions import (
    ByFact,
    Duration,
    FactTest,
    Indicator,
    OfCases,
    OfDecisions,
    Share,
    Source,
    SourceKind,
)
from yunnao.platforms.indicators.sources import Sources

IDENTITY: dict[SourceKind, tuple[str, ...]] = {
    "policies": ("policy",),
    "decisions": ("policy", "subject"),
    "subjects": ("subject",),
    "cases": ("case_id", "policy", "subject"),
}
_CURRENT = "current period"  # no column of ours has a space in its name
_PAIR = ["policy", "subject"]


def identity(indicator: Indicator) -> tuple[str, ...]:
    """The columns that name a row behind ``indicator``."""
    if indicator.count and indicator.count.distinct:
        return ("subject",)
    return IDENTITY[indicator.rows_of.kind]


def rows_behind(
    indicator: Indicator, sources: Sources, *, broken_down: bool = False, calendar: WorkingCalendar | None = None
) -> pl.LazyFrame:
    """The rows that ``indicator`` rests on: its `identity`, then key, counted, value.

    Args:
        broken_down: with the breakdown's keys; a decision that lacks facts of two registers then has a row for each.
        calendar: for durations in working days; the shipped one if none is given.

    Rows whose membership or value is unknown are kept with `counted` null: they are counted nowhere, and visible.
    """
    source = indicator.rows_of
    frame = _frame(indicator, sources, calendar or shipped_calendar())
    member = predicate(source, frame)
    if indicator.share is not None:
        frame, counted = _matched(indicator.share, frame, sources)
        frame = frame.with_columns(counted=pl.when(member.is_null()).then(None).otherwise(counted), value=_no_value())
        frame = frame.filter(member.fill_null(True))
    elif indicator.quantity is not None:
        known = pl.when(pl.col("value").is_not_null()).then(True)
        frame = frame.filter(member.fill_null(True)).with_columns(
            counted=pl.when(member.is_null()).then(None).otherwise(known)
        )
    else:
        frame = frame.filter(member.fill_null(True)).with_columns(counted=member, value=_no_value())
    frame = _keyed(indicator, frame, sources) if broken_down else frame.with_columns(key=pl.lit(""))
    names = identity(indicator)
    rows = frame.select(*names, "key", "counted", "value")
    return rows.unique([*names, "key"]) if indicator.count and indicator.count.distinct else rows


def _no_value() -> pl.Expr:
    return pl.lit(None, dtype=pl.Int64)


def _frame(indicator: Indicator, sources: Sources, calendar: WorkingCalendar) -> pl.LazyFrame:
    """The unfiltered rows of the indicator's source, with every column its filters need and `value`."""
    source = indicator.rows_of
    counting = indicator.share.counting if indicator.share and indicator.share.counting.kind == source.kind else source
    if source.kind == "policies":
        return sources.policies()
    if source.subjects is not None:
        frame = sources.subjects(source.subjects.kind)
        _check_facts(indicator, frame)
        of = indicator.quantity.of if indicator.quantity else None
        return frame.with_columns(value=pl.col(of).cast(pl.Int64)) if isinstance(of, str) else frame
    if source.kind == "cases":
        frame = _with_current_period(sources) if _needs_period(source, counting) else sources.cases()
        return _with_value(indicator, frame, sources, calendar)
    assert source.decisions is not None  # the only kind left
    frame = sources.decisions()
    for filters in {id(f): f for f in (source.decisions, counting.decisions)}.values():
        if filters is not None and filters.conditions and filters.policy:
            frame = _with_conditions(filters.policy[0], frame, sources)
    return _with_value(indicator, frame, sources, calendar)


def _check_facts(indicator: Indicator, frame: pl.LazyFrame) -> None:
    share, quantity = indicator.share, indicator.quantity
    sources = [indicator.rows_of.subjects, share.counting.subjects if share else None]
    wanted = [test.fact for source in sources if source is not None for test in source.where]
    wanted += [quantity.of] if quantity is not None and isinstance(quantity.of, str) else []
    absent = sorted(set(wanted) - set(frame.collect_schema().names()))
    if absent:
        raise YunnaoError(
            f"指标 {indicator.id}：这次运行没有算出事实 {'、'.join(absent)}；"
            "请检查读它的政策在本区、在这一天是否生效，以及它的名册是否已导入"
        )


def _needs_period(*sources: Source) -> bool:
    return any(source.cases is not None and source.cases.period is not None for source in sources)


def _with_current_period(sources: Sources) -> pl.LazyFrame:
    current = sources.policies().select("policy", pl.col("period").alias(_CURRENT))
    return sources.cases().join(current, on="policy", how="left")


def _with_conditions(policy: str, frame: pl.LazyFrame, sources: Sources) -> pl.LazyFrame:
    states = sources.conditions(policy)
    names = [name for name in states.collect_schema().names() if name != "subject"]
    of_policy = states.select(
        pl.lit(policy).alias("policy"), "subject", *(pl.col(name).alias(_state(policy, name)) for name in names)
    )
    return frame.join(of_policy, on=_PAIR, how="left")


def _state(policy: str, condition: str) -> str:
    return f"state {policy} {condition}"


def _with_value(indicator: Indicator, frame: pl.LazyFrame, sources: Sources, calendar: WorkingCalendar) -> pl.LazyFrame:
    quantity = indicator.quantity
    if quantity is None:
        return frame
    if isinstance(quantity.of, Duration):
        return _with_duration(quantity.of, indicator.unit == "working_day", frame, calendar)
    # A policy that grants no money has no amount to be unknown: its decisions are not part of a sum of money.
    paying = sources.policies().filter(pl.col("has_amount")).select("policy")
    return frame.join(paying, on="policy", how="semi").with_columns(value=pl.col("amount").cast(pl.Int64))


def _with_duration(of: Duration, working: bool, frame: pl.LazyFrame, calendar: WorkingCalendar) -> pl.LazyFrame:
    names = frame.collect_schema().names()
    start, end = (
        pl.col(f"{state}_on") if f"{state}_on" in names else pl.lit(None, dtype=pl.Date) for state in (of.from_, of.to)
    )
    frame = frame.with_columns(start.alias("start day"), end.alias("end day"))
    if not working:
        return frame.with_columns(value=(pl.col("end day") - pl.col("start day")).dt.total_days())
    days = pl.LazyFrame(
        {"day": pl.date_range(calendar.first_day, calendar.last_day, eager=True), "number": calendar.numbers},
        schema={"day": pl.Date, "number": pl.Int64},
    )
    for moment in ("start", "end"):
        numbered = days.rename({"day": f"{moment} day", "number": f"{moment} number"})
        frame = frame.join(numbered, on=f"{moment} day", how="left")
    return frame.with_columns(value=pl.col("end number") - pl.col("start number"))


def predicate(source: Source, frame: pl.LazyFrame) -> pl.Expr:
    """Whether a row belongs to ``source``; unknown where a tested fact is unknown and no other test fails."""
    if source.decisions is not None:
        return _decision(source.decisions)
    if source.cases is not None:
        return _case(source.cases, frame.collect_schema().names())
    if source.subjects is not None:
        return _all([_fact(test) for test in source.subjects.where])
    return pl.col("in_force").fill_null(False)


def _all(tests: list[pl.Expr]) -> pl.Expr:
    return functools.reduce(operator.and_, tests, pl.lit(True))  # Kleene's "and", as Polars has it


def _decision(filters: OfDecisions) -> pl.Expr:
    tests = [_among("policy", filters.policy), _among("outcome", filters.outcome)]
    for condition, state in filters.conditions.items():
        name = _state((filters.policy or [""])[0], condition)
        tests.append((pl.col(name) == state).fill_null(False))
    return _all(tests)


def _case(filters: OfCases, names: list[str]) -> pl.Expr:
    tests = [_among(name, getattr(filters, name)) for name in ("flow", "policy", "state")]
    if filters.reached:
        dates = [f"{state}_on" for state in filters.reached if f"{state}_on" in names]
        tests.append(pl.any_horizontal(pl.col(dates).is_not_null()) if dates else pl.lit(False))
    if filters.period is not None:
        tests.append((pl.col("period") == pl.col(_CURRENT)).fill_null(False))
    return _all(tests)


def _among(name: str, values: Sequence[str] | None) -> pl.Expr:
    return pl.lit(True) if values is None else pl.col(name).is_in(values).fill_null(False)


def _fact(test: FactTest) -> pl.Expr:
    fact, values = pl.col(test.fact), test.values
    if test.comparison == "in_":
        return fact.is_in(values)
    compare = {
        "is_": operator.eq,
        "is_not": operator.ne,
        "at_least": operator.ge,
        "at_most": operator.le,
        "more_than": operator.gt,
        "less_than": operator.lt,
    }[test.comparison]
    return compare(fact, pl.lit(values[0]))  # type: ignore[no-any-return]


def _matched(share: Share, frame: pl.LazyFrame, sources: Sources) -> tuple[pl.LazyFrame, pl.Expr]:
    """The frame and the expression that says whether a row of `of` is among `counting`."""
    if share.of.kind == share.counting.kind:
        return frame, predicate(share.counting, frame)
    cases = _with_current_period(sources) if _needs_period(share.counting) else sources.cases()
    having = cases.filter(predicate(share.counting, cases)).select(_PAIR).unique()
    return frame.join(having.with_columns(matched=True), on=_PAIR, how="left"), pl.col("matched").fill_null(False)


def _keyed(indicator: Indicator, frame: pl.LazyFrame, sources: Sources) -> pl.LazyFrame:
    by = indicator.by
    if by is None:
        return frame.with_columns(key=pl.lit(""))
    if by == "register":
        owed = sources.missing().select(*_PAIR, pl.col("register").alias("key"))
        return frame.join(owed, on=_PAIR, how="left")
    if not isinstance(by, ByFact):
        return frame.with_columns(key=pl.col(by).cast(pl.String))
    if indicator.rows_of.kind == "subjects":
        return frame.with_columns(key=pl.col(by.fact).cast(pl.String))
    facts = sources.subjects(by.of).select("subject", pl.col(by.fact).cast(pl.String).alias("key"))
    return frame.join(facts, on="subject", how="left")
