"""How a value becomes a score of 0 to 100: pure functions over exact numbers, one for each method.

Every method is monotone: a better value of a unit never lowers that unit's score.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from yunnao.platforms.indicators.assessment.definition import FULL, Of, Part


def measured(of: Of, value: Fraction, year_before: Fraction | None) -> Fraction | None:
    """What a part scores: the value, its growth in per cent, or its change; None where the year before gives no base."""
    match of:
        case "value":
            return value
        case "growth":
            return None if year_before is None or year_before <= 0 else (value / year_before - 1) * 100
        case "change":
            return None if year_before is None else value - year_before
    assert_never(of)


def scores(
    part: Part, values: Mapping[str, Fraction], *, rising: bool, targets: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Unit -> score, of the units in ``values``.

    Args:
        values: unit -> what is measured, of every unit that has it; methods of ranks and spreads compare them.
        rising: whether more is better.
        targets: unit -> target, of a part of completion; it has every unit of ``values``.
    """
    if part.rank is not None:
        return _by_rank(values, Fraction(part.rank.lowest), rising)
    if part.spread is not None:
        return _by_spread(values, Fraction(part.spread.lowest), rising)
    if part.completion is not None:
        most = Fraction(part.completion.most)
        return {unit: _completion(value, targets[unit], most, rising) for unit, value in values.items()}
    assert part.linear is not None  # a part has exactly one method
    baseline, full = Fraction(part.linear.baseline), Fraction(part.linear.full)
    return {unit: _within((value - baseline) / (full - baseline)) * FULL for unit, value in values.items()}


def _by_rank(values: Mapping[str, Fraction], lowest: Fraction, rising: bool) -> dict[str, Fraction]:
    steps = len(values) - 1
    ordered = sorted(values.values(), reverse=rising)
    first = {value: place for place, value in reversed(list(enumerate(ordered)))}
    return {
        unit: FULL - (FULL - lowest) * Fraction(first[value], steps) if steps else Fraction(FULL)
        for unit, value in values.items()
    }


def _by_spread(values: Mapping[str, Fraction], lowest: Fraction, rising: bool) -> dict[str, Fraction]:
    if not values:
        return {}
    least, most = min(values.values()), max(values.values())
    if least == most:
        return dict.fromkeys(values, Fraction(FULL))
    worst, best = (least, most) if rising else (most, least)
    return {unit: lowest + (FULL - lowest) * (value - worst) / (best - worst) for unit, value in values.items()}


def _completion(value: Fraction, target: Fraction, most: Fraction, rising: bool) -> Fraction:
    if not rising and value <= 0:
        return most  # nothing is left of what should fall
    share = value / target if rising else target / value
    return min(max(share * FULL, Fraction(0)), most)


def _within(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))
