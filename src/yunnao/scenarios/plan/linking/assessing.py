"""Every target met, missed, or not assessable, with the reason; one verdict a target, none on what is merely related."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yunnao.platforms.indicators.targets.comparing import Verdict, conflict_words, demand, said
from yunnao.platforms.indicators.targets.conventions import Conventions
from yunnao.scenarios.plan.linking.pairs import Outcomes, Pair, best
from yunnao.scenarios.plan.linking.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One target.

    Attributes:
        verdict: none of an aspiration (力争), which is no base line.
        pair: what it rests on, if anything.
        related: what is near but not the same.
    """

    target: Statement
    verdict: Verdict | None
    reason: str
    pair: Pair | None = None
    related: tuple[Pair, ...] = ()

    @property
    def wanted(self) -> str:
        """The target in words."""
        return said(self.target.bound, self.target.unit)


def assess(
    targets: Sequence[Statement],
    outcomes: Sequence[Statement],
    conventions: Sequence[Conventions],
    known: Sequence[Statement] = (),
) -> list[Assessed]:
    """Every one of ``targets`` that is a target, in order.

    Args:
        known: further outcomes that arithmetic may use, such as last year's of the report with the targets.
    """
    conflicts = _conflicts(targets)
    found = Outcomes([*dict.fromkeys((*outcomes, *known))])
    usable = frozenset(outcomes)
    results = []
    for target in targets:
        if target.status == "target":
            pairs = [pair for pair in best(target, found, "checks", conventions) if pair.outcome in usable]
            assessed = _assessed(target, pairs)
            if assessed.pair is not None and (conflict := conflicts.get(_thing(target))):
                assessed = replace(assessed, verdict="not_assessable", reason=conflict)
            results.append(assessed)
    return results


def _thing(target: Statement) -> tuple[object, ...]:
    """What a target is about; an aspiration stands beside the base line, so it is about something else."""
    return (target.series, target.area, target.kinds, target.base_unit, target.period, target.aspirational)


def _conflicts(targets: Sequence[Statement]) -> dict[tuple[object, ...], str]:
    """Where targets of one name ask for different things: which, in a sentence."""
    same: dict[tuple[object, ...], dict[tuple[object, ...], str]] = defaultdict(dict)
    for target in targets:
        if target.status == "target" and not target.aspirational:
            wanted = f"{said(target.bound, target.unit)}（{target.source}）"
            same[_thing(target)].setdefault((target.direction == "down", *demand(target.bound, target.factor)), wanted)
    return {thing: conflict_words([*wanted.values()]) for thing, wanted in same.items() if len(wanted) > 1}


def _assessed(target: Statement, pairs: Sequence[Pair]) -> Assessed:
    sure = [pair for pair in pairs if pair.judged is not None]
    related = tuple(pair for pair in pairs if pair.strength == "related")
    if not sure:
        if related:
            why = "；".join(f"{pair.outcome.indicator} {pair.outcome.shown}：{pair.reason}" for pair in related)
            return Assessed(
                target=target, verdict=_base(target, "not_assessable"), reason=f"只有相关的数：{why}", related=related
            )
        return Assessed(
            target=target,
            verdict=_base(target, "not_assessable"),
            reason=f"没有找到 {target.period} 年这个指标的完成数",
        )
    exact = [pair for pair in sure if pair.strength == "exact"] or sure
    whole = [pair for pair in exact if pair.outcome.whole_year] or exact
    verdicts = {pair.judged for pair in whole}
    if len(verdicts) > 1:
        both = "、".join(f"{pair.outcome.shown}（{pair.outcome.source}）" for pair in whole)
        return Assessed(
            target=target,
            verdict=_base(target, "not_assessable"),
            reason=f"完成数不一致，判断会不同：{both}",
            pair=whole[0],
        )
    chosen = whole[0]
    reason = chosen.reason + (f"；{chosen.arithmetic}" if chosen.arithmetic else "")
    return Assessed(target=target, verdict=_base(target, chosen.judged), reason=_aside(target, reason), pair=chosen)


def _base(target: Statement, verdict: Verdict | None) -> Verdict | None:
    return None if target.aspirational else verdict


def _aside(target: Statement, reason: str) -> str:
    return f"力争值，不作底线，只列出：{reason}" if target.aspirational else reason
