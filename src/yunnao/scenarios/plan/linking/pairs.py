"""Promises joined to outcomes: how strongly two numbers belong together, and a verdict only where that is exact or computed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yunnao.platforms.indicators.targets.comparing import EXACT, Verdict, judge, stretch_words
from yunnao.platforms.indicators.targets.conventions import Conventions, on
from yunnao.platforms.indicators.targets.target import LAST_MONTH
from yunnao.scenarios.plan.linking.arithmetic import Converted, converted, same_kind
from yunnao.scenarios.plan.linking.names import is_generic, likeness
from yunnao.scenarios.plan.linking.statements import Statement

Strength = Literal["exact", "convertible", "related"]
Relation = Literal["checks", "continues"]
"""An outcome of the target's own year, or a target of the year after the outcome."""

STRENGTHS: Mapping[Strength, str] = {"exact": "同一指标", "convertible": "可换算", "related": "仅相关"}
RELATIONS: Mapping[Relation, str] = {"checks": "目标与完成", "continues": "完成与下年目标"}
VERDICTS: Mapping[Verdict, str] = {"met": "完成", "missed": "未完成", "not_assessable": "不能判断"}

_LIKE = 0.6
"""How alike names have to be to be mentioned as related."""
_MOST_RELATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A target and an outcome.

    Attributes:
        arithmetic: how the outcome was brought into the target's terms; empty where nothing had to be done.
        reason: why no more than related, or the reason of the verdict.
        judged: whether the outcome keeps what the target says; only of a pair that `checks` and is exact, or convertible where no
            exact one is at hand.
    """

    target: Statement
    outcome: Statement
    relation: Relation
    strength: Strength
    arithmetic: str = ""
    reason: str = ""
    judged: Verdict | None = None

    @property
    def verdict(self) -> Verdict | None:
        """What is judged; an aspiration (力争) is no base line and has none."""
        return None if self.target.aspirational else self.judged


def link(old: Sequence[Statement], new: Sequence[Statement], conventions: Sequence[Conventions]) -> list[Pair]:
    """Every pair over two reports: last year's targets with this year's outcomes, and outcomes with the next year's targets.

    A target that is exactly or by arithmetic joined to an outcome is not joined to what is merely related.
    """
    every = list(dict.fromkeys((*old, *new)))
    found = Outcomes(every)
    pairs = []
    for target in every:
        if target.status == "target":
            pairs += best(target, found, "checks", conventions)
            pairs += best(target, found, "continues", conventions)
    return pairs


class Outcomes:
    """The outcomes among statements, made ready for `best`: all of them, and by period."""

    def __init__(self, stated: Iterable[Statement]) -> None:
        self.every = [each for each in stated if each.status == "outcome"]
        self.by_period: dict[str, list[Statement]] = defaultdict(list)
        for each in self.every:
            self.by_period[each.period].append(each)


def best(target: Statement, outcomes: Outcomes, relation: Relation, conventions: Sequence[Conventions]) -> list[Pair]:
    """The pairs of one target: exact and convertible ones, else the nearest related ones."""
    period = target.period if relation == "checks" else str(target.year - 1) if target.year else None
    candidates = outcomes.by_period.get(period or "", [])
    found = [
        pair
        for outcome in candidates
        if (outcome.series, outcome.area) == (target.series, target.area)
        for pair in [_pair(target, outcome, relation, outcomes.every, conventions)]
    ]
    sure = [pair for pair in found if pair.strength != "related"]
    if sure:
        exact = [pair for pair in sure if pair.strength == "exact"]
        beside = [pair if not exact else _beside(pair) for pair in sure if pair.strength == "convertible"]
        return [*exact, *beside]
    return (found + list(_related(target, candidates, relation)))[:_MOST_RELATED]


def _beside(pair: Pair) -> Pair:
    """A converted outcome where an exact one is at hand: for comparison, without a verdict of its own."""
    said = f"另有同一指标的完成数，换算只供核对：{pair.reason}" if pair.reason else "另有同一指标的完成数，换算只供核对"
    return replace(pair, judged=None, reason=said)


def conventions_of(target: Statement, conventions: Sequence[Conventions]) -> Conventions:
    """Those that hold at the end of the target's period."""
    year = target.period[-4:]
    return on(conventions, dt.date(int(year), LAST_MONTH, 31) if year.isdecimal() else dt.date.max)


def _pair(
    target: Statement,
    outcome: Statement,
    relation: Relation,
    known: Sequence[Statement],
    all_conventions: Sequence[Conventions],
) -> Pair:
    conventions = conventions_of(target, all_conventions)
    if is_generic(target.series):
        why = f"“{target.indicator}”这个名称太笼统，不能确定说的是同一件事"
        return Pair(target=target, outcome=outcome, relation=relation, strength="related", reason=why)
    found = converted(target, outcome, known, conventions)
    if not isinstance(found, Converted):
        return Pair(target=target, outcome=outcome, relation=relation, strength="related", reason=found.why)
    same = same_kind(target, outcome) and target.unit == outcome.unit
    strength: Strength = "exact" if same else "convertible"
    if relation == "continues":
        return Pair(target=target, outcome=outcome, relation=relation, strength=strength, arithmetic=found.arithmetic)
    if not outcome.whole_year:
        return Pair(
            target=target,
            outcome=outcome,
            relation=relation,
            strength=strength,
            reason=f"完成数 {outcome.shown} 不是全年数（{outcome.source}）",
            judged="not_assessable",  # arithmetic with the year before would compare months with a year
        )
    result = found.result.divided(target.factor)
    judged = judge(target.bound, result, conventions, target.unit)
    stretch = None if target.base_stretch is None else EXACT.divide(target.base_stretch, target.factor)
    aside = stretch_words(target.bound, stretch, result, conventions, target.unit)
    estimate = "（完成数是预计数）" if outcome.estimate else ""
    return Pair(
        target=target,
        outcome=outcome,
        relation=relation,
        strength=strength,
        arithmetic=found.arithmetic,
        reason=f"{judged.reason}{estimate}{aside}",
        judged=judged.verdict,
    )


def _related(target: Statement, candidates: Sequence[Statement], relation: Relation) -> Iterator[Pair]:
    scored = [
        (likeness(target.series, outcome.series), outcome)
        for outcome in candidates
        if (outcome.series, outcome.area) != (target.series, target.area)
        and not is_generic(outcome.series)
        and (outcome.base_unit == target.base_unit or "%" in (outcome.base_unit, target.base_unit))
    ]
    for score, outcome in sorted(scored, key=lambda each: -each[0]):
        if score < _LIKE:
            return
        if outcome.series == target.series:
            why = f"范围不同：目标是{target.area or '本区'}，完成数是{outcome.area or '本区'}"
        else:
            why = "名称相近，不是同一个指标"
        yield Pair(target=target, outcome=outcome, relation=relation, strength="related", reason=why)
