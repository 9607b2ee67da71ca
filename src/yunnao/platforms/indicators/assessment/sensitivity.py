"""How firm a rank is when weights move: exact bounds over all weights, and how often it holds over seeded draws.

Every weight moves on its own by up to p per cent. A board's score is a weighted mean, so whether one unit passes another depends on the
weighted mean of their differences; its extremes over all weights are taken where each weight is at one of its ends, the larger
differences at one end and the smaller at the other (`extremes`). A rank's bounds count, over all weights at once, the units that always are
before, and those that ever can be. They therefore hold for every weighting; a rank inside them need not be reached by one weighting alone.
Where units are asked different indicators, or the total is of stars, the bounds come from each unit's own extremes and are wider.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm

from yunnao.platforms.indicators.assessment.draws import Drawn, drawn_ranks
from yunnao.platforms.indicators.assessment.placing import Place, rank_of
from yunnao.platforms.indicators.assessment.scoring import Scored, Why, weight_of
from yunnao.platforms.indicators.assessment.service import BoardResult, Result

Span = tuple[Fraction, Fraction]
Weighted = tuple[Fraction, Fraction]
_Lead = Callable[[str, str], Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmness:
    """How firm one unit's rank is.

    Attributes:
        rank: at the weights as they are.
        best, worst: bounds that no weighting passes.
        held: in how many of the draws it had this rank.
        seen_best, seen_worst: the extreme ranks among the draws and the weights as they are.
        tips_at: the least per cent by which weights have to move for another unit with the same indicators to draw level with this
            one; None where no movement up to 100 % does, where no other unit has the same, and of totals.
    """

    rank: Fraction
    best: Fraction
    worst: Fraction
    held: int
    seen_best: Fraction
    seen_worst: Fraction
    tips_at: Fraction | None

    @property
    def firm(self) -> bool:
        """Whether no weighting changes the rank."""
        return self.best == self.worst == self.rank


@dataclass(frozen=True)
class Stability:
    """Of one result: unit -> how firm its rank is, of each board by id and of the total; units without a score are absent."""

    boards: Mapping[str, Mapping[str, Firmness]]
    total: Mapping[str, Firmness]


def extremes(weighted: Sequence[Weighted], moved: Fraction) -> Span:
    """Least and most of the weighted mean of (weight, value) pairs when every weight moves on its own by the share ``moved``.

    Args:
        weighted: not empty, weights > 0.
        moved: 0 to less than 1.
    """
    in_weights = lcm(*(weight.denominator for weight, _ in weighted))
    in_values = lcm(*(value.denominator for _, value in weighted))
    ordered = sorted((int(value * in_values), int(weight * in_weights)) for weight, value in weighted)
    low, high = moved.denominator - moved.numerator, moved.denominator + moved.numerator
    sums = list(accumulate(((weight, weight * value) for value, weight in ordered), _added, initial=(0, 0)))
    least = min(_mean(before, sums[-1], high, low) for before in sums)
    most = max(_mean(before, sums[-1], low, high) for before in sums)
    return least / in_values, most / in_values


def _added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _mean(before: tuple[int, int], whole: tuple[int, int], first: int, rest: int) -> Fraction:
    """The mean with the weights ``before`` some place times ``first`` and the others times ``rest``; sums of weights and of products."""
    weights = first * before[0] + rest * (whole[0] - before[0])
    return Fraction(first * before[1] + rest * (whole[1] - before[1]), weights)


def stability(result: Result) -> Stability:
    """How firm every rank of ``result`` is, as its assessment's `sensitivity` says."""
    moved = Fraction(result.assessment.sensitivity.percent) / 100
    drawn = drawn_ranks(result)
    boards = {each.board.id: _of_board(result, each, moved, drawn.boards[each.board.id]) for each in result.boards}
    leads = _TotalLeads(result, boards, moved)
    total = _firmness(result, result.total, result.places, leads.lead, lambda _: None, drawn.total)
    return Stability(boards, total)


def _of_board(result: Result, board: BoardResult, moved: Fraction, drawn: Drawn) -> dict[str, Firmness]:
    def lead(one: str, other: str) -> Span:
        return _lead(_weighted(board.scores[one]), _weighted(board.scores[other]), moved)

    def tip(unit: str) -> Fraction | None:
        others = [each for each in board.scores.values() if each.score is not None and each.unit != unit]
        return _tip(board.scores[unit], others)

    return _firmness(result, board.scores, board.places, lead, tip, drawn)


def _firmness(
    result: Result,
    scored: Mapping[str, Scored],
    places: Mapping[str, Place],
    lead: _Lead,
    tip: Callable[[str], Fraction | None],
    drawn: Drawn,
) -> dict[str, Firmness]:
    """Args: ``lead(one, other)``: the least and most by which the other is better than the one."""
    rule = result.assessment.ties.rule
    units = [unit for unit, each in scored.items() if each.score is not None]
    found = {}
    for unit in units:
        leads = [lead(unit, other) for other in units if other != unit]
        ahead, level = sum(low > 0 for low, _ in leads), sum(low >= 0 for low, _ in leads)
        can_pass, can_reach = sum(high > 0 for _, high in leads), sum(high >= 0 for _, high in leads)
        # a tie counts for the better place, the worse one, or half, as the rule says
        best = rank_of(ahead if rule != "lower" else level, 1, rule)
        worst = rank_of(can_pass if rule == "higher" else can_reach, 1, rule)
        rank = places[unit].rank
        found[unit] = Firmness(
            rank=rank,
            best=best,
            worst=worst,
            held=drawn.held[unit],
            seen_best=min(drawn.best[unit], rank),
            seen_worst=max(drawn.worst[unit], rank),
            tips_at=tip(unit),
        )
    return found


def _weighted(scored: Scored) -> dict[str, Weighted]:
    """Indicator -> (weight, score), of those that make up a unit's score on a board."""
    own = [each for each in scored.indicators if each.score is not None]
    return {each.indicator.id: (weight_of(each.indicator), each.score) for each in own if each.score is not None}


def _lead(one: Mapping[str, Weighted], other: Mapping[str, Weighted], moved: Fraction) -> Span:
    """By how much the mean of ``other`` is above that of ``one``, at least and at most, with the same weights in both."""
    if one.keys() == other.keys():
        return extremes([(weight, other[id_][1] - value) for id_, (weight, value) in one.items()], moved)
    own, others = extremes(list(one.values()), moved), extremes(list(other.values()), moved)
    return others[0] - own[1], others[1] - own[0]


def _tip(scored: Scored, others: Sequence[Scored]) -> Fraction | None:
    """The least per cent of movement at which another unit of the same indicators draws level.

    It is sum(w d) against sum(w |d|), d being the differences.
    """
    own, tips = _weighted(scored), []
    for other in others:
        theirs = _weighted(other)
        if theirs.keys() != own.keys():  # a mean of other indicators: no weighted mean of differences
            continue
        differences = [(weight, theirs[id_][1] - value) for id_, (weight, value) in own.items()]
        swing = sum((weight * abs(value) for weight, value in differences), Fraction(0))
        if swing:
            tips.append(abs(sum((weight * value for weight, value in differences), Fraction(0))) / swing * 100)
        else:
            return Fraction(0)
    least = min(tips, default=Fraction(100))  # nobody else is asked the same indicators, or nobody draws level
    return least if least < 100 else None


class _TotalLeads:
    """By how much one unit's total can be above another's."""

    def __init__(self, result: Result, boards: Mapping[str, Mapping[str, Firmness]], moved: Fraction) -> None:
        self._result = result
        self._boards = boards
        self._moved = moved

    def lead(self, one: str, other: str) -> Span:
        """Least and most by which ``other`` is above ``one``."""
        own, theirs = self._asked(one), self._asked(other)
        bonus = self._result.bonus[other][1] - self._result.bonus[one][1]
        if self._result.assessment.total.of == "scores" and own == theirs:
            spans = [
                (
                    Fraction(each.board.weight),
                    _lead(_weighted(each.scores[one]), _weighted(each.scores[other]), self._moved),
                )
                for each in own
            ]
            low, high = self._mean(spans)
        else:
            mine, others = self._mean(self._spans(one, own)), self._mean(self._spans(other, theirs))
            low, high = others[0] - mine[1], others[1] - mine[0]
        return low + bonus, high + bonus

    def _asked(self, unit: str) -> list[BoardResult]:
        return [each for each in self._result.boards if each.scores[unit].why is not Why.EXCLUDED]

    def _spans(self, unit: str, boards: Sequence[BoardResult]) -> list[tuple[Fraction, Span]]:
        return [(Fraction(each.board.weight), self._span(unit, each)) for each in boards]

    def _span(self, unit: str, board: BoardResult) -> Span:
        if self._result.assessment.total.of == "scores":
            return extremes(list(_weighted(board.scores[unit]).values()), self._moved)
        firmness = self._boards[board.board.id].get(unit)
        if firmness is None:  # placed last without a score, whatever the weights
            return board.stars[unit], board.stars[unit]
        first = self._result.assessment.stars_of_first
        return max(first + 1 - firmness.worst, Fraction(0)), max(first + 1 - firmness.best, Fraction(0))

    def _mean(self, spans: Sequence[tuple[Fraction, Span]]) -> Span:
        """A mean rises with each of its values, so its extremes are those over the ends of the spans."""
        lows, highs = [(weight, low) for weight, (low, _) in spans], [(weight, high) for weight, (_, high) in spans]
        return extremes(lows, self._moved)[0], extremes(highs, self._moved)[1]
