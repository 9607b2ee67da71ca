"""Rates over appeals: each with its numerator, its denominator and what was left out and why, by department, street, class or month.

Definitions follow the usual reading of Beijing's three rates (北京市接诉即办工作条例): 响应率, 解决率, 满意率. Every case is either in a
measure's denominator or left out of it for exactly one reason, so that nothing disappears from view; what is excluded (不计入考核) is
left out of every measure, on the ground that was given.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.paths import SEPARATOR

Dimension = Literal["department", "street", "class", "month"]
DIMENSIONS: Mapping[Dimension, Text] = {
    "department": Text("部门", "Department"),
    "street": Text("街道", "Street"),
    "class": Text("类别", "Class"),
    "month": Text("受理月份", "Month received"),
}
EVERYBODY = ""
"""The group of all cases together."""
UNNAMED: Mapping[Dimension, Text] = {
    "department": Text("尚未分派", "not dispatched yet"),
    "street": Text("没有写明街道", "no street named"),
    "class": Text("尚未定类", "not classified yet"),
    "month": Text("没有日期", "no date"),
}
"""The group of cases that have no value."""

EXCLUDED = "excluded:"
REASONS: Mapping[str, Text] = {
    "in_time": Text("还在时限内，未答复", "not answered yet, still in time"),
    "contact_in_time": Text("还在首次联系的时限内", "not contacted yet, still in time"),
    "not_dispatched": Text("尚未分派", "not dispatched yet"),
    "with_lead": Text("并入另一件，随主单办理", "handled with the case it follows"),
    "not_asked": Text("尚未回访", "not called back yet"),
    "unreached": Text("未能回访", "could not be reached"),
    "not_ended": Text("尚未办结", "not closed yet"),
    "not_answered": Text("尚未答复", "not answered yet"),
}
"""Why a case is not in a denominator; further ones are `EXCLUDED` and a ground."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a rate says.

    Attributes:
        rule: what is counted among what, for readers.
        high: whether a high rate is the good one.
        counts: `cases`, or `assignments`: each time a case was sent to a department.
    """

    id: str
    title: Text
    rule: Text
    high: bool = True
    counts: Literal["cases", "assignments"] = "cases"


MEASURES: tuple[Measure, ...] = (
    Measure(
        id="response",
        title=Text("响应率", "contacted in time"),
        rule=Text("首次联系时限内联系了市民的件 ÷ 已分派的件", "contacted within the limit / dispatched"),
    ),
    Measure(
        id="solved",
        title=Text("解决率", "solved"),
        rule=Text("回访（或督办结案）说已解决的件 ÷ 有效回访的件", "said to be solved / called back"),
    ),
    Measure(
        id="satisfied",
        title=Text("满意率", "satisfied"),
        rule=Text("回访满意或基本满意的件 ÷ 有效回访的件", "satisfied or fairly satisfied / called back"),
    ),
    Measure(
        id="on_time",
        title=Text("按时答复率", "answered in time"),
        rule=Text("总时限内答复的件 ÷ 已答复或已超期的件", "answered within the limit / answered or past it"),
    ),
    Measure(
        id="returned",
        title=Text("退回率", "sent back"),
        rule=Text(
            "被承办部门退回的分派 ÷ 全部分派（按次，记在退回的部门）", "sent back by the department / dispatched to it"
        ),
        high=False,
        counts="assignments",
    ),
    Measure(
        id="redone",
        title=Text("重办率", "redone"),
        rule=Text("回访后重办的件 ÷ 已答复的件", "redone after the call-back / answered"),
        high=False,
    ),
    Measure(
        id="reopened",
        title=Text("重新打开率", "reopened"),
        rule=Text("办结后又重新打开的件 ÷ 办结过的件", "reopened / closed at some time"),
        high=False,
    ),
)
MEASURES_BY_ID: Mapping[str, Measure] = {measure.id: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A measure of one group.

    Attributes:
        group: id or words of the group; `EVERYBODY`, or none for cases that have no value.
        left_out: reason -> how many are not in the denominator because of it; none is zero.
    """

    measure: str
    group: str | None
    numerator: int
    denominator: int
    left_out: Mapping[str, int]

    @property
    def thousandths(self) -> int | None:
        """The rate, rounded half up; none of nothing."""
        return (self.numerator * 2000 + self.denominator) // (2 * self.denominator) if self.denominator else None

    @property
    def percent(self) -> str:
        """The rate in per cent with one decimal; empty for none."""
        share = self.thousandths
        return "" if share is None else f"{share // 10}.{share % 10}"


def between(table: pl.DataFrame, first: dt.date | None, last: dt.date | None) -> pl.DataFrame:
    """The cases received from ``first`` to ``last``, both included; without one, without a limit there."""
    conditions = [pl.col("opened") >= first] if first else []
    conditions += [pl.col("opened") <= last] if last else []
    return table.filter(*conditions) if conditions else table


def rates(table: pl.DataFrame, by: Dimension, today: dt.date) -> dict[str | None, list[Rate]]:
    """Every measure, in the order of `MEASURES`, of every group and of all together (`EVERYBODY`, first).

    Groups are in the order of their ids, the unnamed one last. A case counts for the department that has it; a return counts for the
    department that sent it back.

    Args:
        table: as `case_table`.
        today: the day the table was made for.
    """
    excluded = pl.when(pl.col("excluded").is_not_null()).then(pl.lit(EXCLUDED) + pl.col("excluded"))
    cases = table.with_columns(group=_group(by))
    sent = (
        cases.select("group", "excluded", "answered", "assignments")
        .explode("assignments", empty_as_null=True)
        .unnest("assignments")
        .with_columns(group=pl.col("department") if by == "department" else pl.col("group"))
    )
    standings = _standings(today)
    counted: dict[str, dict[str | None, dict[str, int]]] = {}
    for measure in MEASURES:
        frame = cases if measure.counts == "cases" else sent
        counted[measure.id] = _counts(frame, excluded.otherwise(standings[measure.id]))
    found = {group for counts in counted.values() for group in counts} - {EVERYBODY}
    groups = [EVERYBODY, *sorted(group for group in found if group is not None), *([None] if None in found else [])]
    return {
        group: [_rate(measure.id, group, counted[measure.id].get(group, {})) for measure in MEASURES]
        for group in groups
    }


def _group(by: Dimension) -> pl.Expr:
    if by == "month":
        return pl.col("opened").dt.strftime("%Y-%m")
    return pl.col("category").str.split(SEPARATOR).list.first() if by == "class" else pl.col(by)


_IN, _OUT = "+", "-"
"""In the numerator; in the denominator alone."""


def _standings(today: dt.date) -> dict[str, pl.Expr]:
    """Measure -> where a case stands: `_IN`, `_OUT`, or the reason why it is not in the denominator."""
    answered, assigned, contacted = (pl.col(name).is_not_null() for name in ("answered", "assigned", "contacted"))
    late = pl.col("late").fill_null(False)
    in_time = (pl.col("contacted") <= pl.col("contact_due")).fill_null(False)
    waiting = ~contacted & (pl.lit(today) <= pl.col("contact_due"))
    unassigned = _reason(answered, "with_lead", "not_dispatched")
    unasked = pl.when(pl.col("unreached")).then(pl.lit("unreached")).otherwise(pl.lit("not_asked"))
    return {
        "response": _standing(
            in_time, assigned & ~waiting, pl.when(assigned).then(pl.lit("contact_in_time")).otherwise(unassigned)
        ),
        "solved": _standing(pl.col("solved"), pl.col("solved").is_not_null(), unasked),
        "satisfied": _standing(pl.col("satisfied"), pl.col("satisfied").is_not_null(), unasked),
        "on_time": _standing(~late, answered | late, pl.lit("in_time")),
        "returned": _standing(pl.col("returned"), pl.col("returned").is_not_null(), unassigned),
        "redone": _standing(pl.col("redone"), answered, pl.lit("not_answered")),
        "reopened": _standing(pl.col("reopened"), pl.col("ended"), pl.lit("not_ended")),
    }


def _standing(numerator: pl.Expr, denominator: pl.Expr, reason: pl.Expr) -> pl.Expr:
    counts = pl.when(numerator).then(pl.lit(_IN)).otherwise(pl.lit(_OUT))
    return pl.when(denominator).then(counts).otherwise(reason)


def _reason(condition: pl.Expr, then: str, otherwise: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(then)).otherwise(pl.lit(otherwise))


def _counts(frame: pl.DataFrame, standing: pl.Expr) -> dict[str | None, dict[str, int]]:
    """Group -> standing -> how many, all together included."""
    found: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = frame.select("group", standing=standing).group_by("group", "standing").len()
    for group, stands, count in rows.iter_rows():
        found[group][stands] += count
        found[EVERYBODY][stands] += count
    return found


def _rate(measure: str, group: str | None, counts: Mapping[str, int]) -> Rate:
    numerator = counts.get(_IN, 0)
    left = {reason: count for reason, count in sorted(counts.items()) if reason not in (_IN, _OUT)}
    denominator = numerator + counts.get(_OUT, 0)
    return Rate(measure=measure, group=group, numerator=numerator, denominator=denominator, left_out=left)


def ordered(
    groups: Iterable[str | None], titles: Callable[[str], str], order: Sequence[str] | None = None
) -> list[str | None]:
    """The groups in the order of ``order``, or by their titles; `EVERYBODY` first, the unnamed one last."""
    places = {group: place for place, group in enumerate(order or ())}

    def key(group: str | None) -> tuple[int, int, str]:
        if group is None or group == EVERYBODY:
            return (2 if group is None else 0, 0, "")
        return (1, places.get(group, len(places)), titles(group))

    return sorted(groups, key=key)
