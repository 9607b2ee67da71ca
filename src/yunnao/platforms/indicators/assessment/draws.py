"""Ranks over many drawn weightings: how often each holds. The draws follow from a seed; the arithmetic is exact."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm, prod

from yunnao.platforms.indicators.assessment.placing import Place, rank_of, stars
from yunnao.platforms.indicators.assessment.scoring import Why, weight_of
from yunnao.platforms.indicators.assessment.service import BoardResult, Result

_Ratio = tuple[int, int]
"""A number as numerator and denominator: not reduced, since reducing costs more than all the rest."""

_STEPS = 1000
"""A drawn weight is one of so many equal steps from its least to its most."""


@dataclass
class Drawn:
    """Of one board or the total: unit -> in how many draws it kept its rank, and its best and worst rank among them."""

    held: dict[str, int] = field(default_factory=dict)
    best: dict[str, Fraction] = field(default_factory=dict)
    worst: dict[str, Fraction] = field(default_factory=dict)

    def note(self, ranks: Mapping[str, Fraction], kept: Mapping[str, Place]) -> None:
        """Add one draw."""
        for unit, rank in ranks.items():
            self.held[unit] = self.held.get(unit, 0) + (rank == kept[unit].rank)
            self.best[unit] = min(self.best.get(unit, rank), rank)
            self.worst[unit] = max(self.worst.get(unit, rank), rank)


@dataclass(frozen=True)
class AllDrawn:
    """The draws of a result."""

    boards: Mapping[str, Drawn]
    total: Drawn


class _Scores:
    """Scores of a board under drawn weights, in whole numbers: one over the common denominators of weights and of scores."""

    def __init__(self, board: BoardResult) -> None:
        own = {
            unit: {each.indicator.id: each.score for each in scored.indicators if each.score is not None}
            for unit, scored in board.scores.items()
            if scored.score is not None
        }
        below = lcm(*(weight_of(each).denominator for each in board.board.indicators))
        self._weights = [(each.id, int(weight_of(each) * below)) for each in board.board.indicators]
        self._below = lcm(*(score.denominator for scores in own.values() for score in scores.values()))
        self._scores = {
            unit: [
                (place, int(scores[id_] * self._below)) for place, (id_, _) in enumerate(self._weights) if id_ in scores
            ]
            for unit, scores in own.items()
        }

    def drawn(self, factors: Sequence[int]) -> dict[str, _Ratio]:
        """Unit -> score, the weights times ``factors``."""
        weights = [weight * factor for (_, weight), factor in zip(self._weights, factors, strict=True)]
        return {
            unit: (
                sum(weights[place] * score for place, score in own),
                sum(weights[place] for place, _ in own) * self._below,
            )
            for unit, own in self._scores.items()
        }


def drawn_ranks(result: Result) -> AllDrawn:
    """Draw weightings as the assessment's `sensitivity` says; the same result gives the same draws."""
    settings = result.assessment.sensitivity
    source = random.Random(settings.seed)
    moved = Fraction(settings.percent) / 100
    drawn = AllDrawn({each.board.id: Drawn() for each in result.boards}, Drawn())
    boards = [(each, _Scores(each)) for each in result.boards]
    below = lcm(*(Fraction(each.board.weight).denominator for each in result.boards))
    for _ in range(settings.draws):
        worth: list[tuple[int, BoardResult, dict[str, _Ratio]]] = []
        for each, scores in boards:
            found = scores.drawn([_factor(source, moved) for _ in each.board.indicators])
            ranks = _ranks(result, found)
            drawn.boards[each.board.id].note(ranks, each.places)
            weight = int(Fraction(each.board.weight) * below) * _factor(source, moved)
            worth.append((weight, each, _worth(result, each, found, ranks)))
        totals = {unit: _total(result, unit, worth) for unit, own in result.total.items() if own.score is not None}
        drawn.total.note(_ranks(result, totals), result.places)
    return drawn


def _factor(source: random.Random, moved: Fraction) -> int:
    """A factor from 1 - ``moved`` to 1 + ``moved``, times a number that is the same for all: of weights only ratios count."""
    return moved.denominator * _STEPS + moved.numerator * (2 * source.randint(0, _STEPS) - _STEPS)


def _ranks(result: Result, scores: Mapping[str, _Ratio]) -> dict[str, Fraction]:
    whole, rule = _over_one(scores), result.assessment.ties.rule
    ordered = sorted(whole.values())
    found = {}
    for unit, score in whole.items():
        after = bisect_right(ordered, score)
        found[unit] = rank_of(len(ordered) - after, after - bisect_left(ordered, score), rule)
    return found


def _over_one(ratios: Mapping[str, _Ratio]) -> dict[str, int]:
    """The numerators over a denominator that is common to all; mostly it is so already."""
    below = lcm(*{denominator for _, denominator in ratios.values()})
    return {unit: numerator * (below // denominator) for unit, (numerator, denominator) in ratios.items()}


def _worth(
    result: Result, board: BoardResult, scores: dict[str, _Ratio], ranks: Mapping[str, Fraction]
) -> dict[str, _Ratio]:
    """What a board brings to totals: scores, or stars (those who are placed last without a score keep theirs)."""
    if result.assessment.total.of == "scores":
        return scores
    own = {**board.stars, **{unit: stars(Place(rank), result.assessment) for unit, rank in ranks.items()}}
    return {unit: found.as_integer_ratio() for unit, found in own.items()}


def _total(result: Result, unit: str, worth: Sequence[tuple[int, BoardResult, dict[str, _Ratio]]]) -> _Ratio:
    """The weighted mean of what the boards bring, and the bonus."""
    asked = [(weight, own[unit]) for weight, board, own in worth if board.scores[unit].why is not Why.EXCLUDED]
    below = prod(denominator for _, (_, denominator) in asked)
    above = sum(weight * numerator * (below // denominator) for weight, (numerator, denominator) in asked)
    below *= sum(weight for weight, _ in asked)
    bonus, part = result.bonus[unit][1].as_integer_ratio()
    return above * part + bonus * below, below * part
