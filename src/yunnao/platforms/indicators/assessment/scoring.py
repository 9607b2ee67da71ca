"""Scores of every unit in a period: on each indicator, each board and in total; with the reason wherever there is none.

Everything is a `Fraction`: nothing is rounded before it is compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from yunnao.platforms.indicators.assessment import methods
from yunnao.platforms.indicators.assessment.definition import (
    FULL,
    AssessedIndicator,
    Assessment,
    Board,
    Bonus,
    Exclusion,
    Missing,
    Part,
)
from yunnao.platforms.indicators.assessment.periods import Period
from yunnao.platforms.indicators.assessment.values import Value, Values


class Why(StrEnum):
    """Why there is no score."""

    EXCLUDED = "excluded"
    NO_ROW = "no_row"
    NO_VALUE = "no_value"
    NO_TARGET = "no_target"
    NO_BASE = "no_base"
    MISSING = "missing"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """One part of a score: what was measured, against which target or base, and what it gave.

    Attributes:
        base: the value of the year before, of growth and change.
        compared: what was measured of every unit, in rising order; for methods that compare units.
    """

    part: Part
    measured: Fraction | None = None
    base: Value | None = None
    target: Fraction | None = None
    compared: tuple[Fraction, ...] = ()
    score: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorScore:
    """One unit on one indicator.

    Attributes:
        score: 0 to 100 (completion: up to its `most`); None where there is none, for the reason ``why``.
        share: of the board's score that it makes up for this unit; 0 where it has none.
        points: share x score.
    """

    indicator: AssessedIndicator | Bonus
    unit: str
    value: Value | None
    parts: tuple[PartScore, ...] = ()
    score: Fraction | None = None
    why: Why | None = None
    exclusion: Exclusion | None = None
    share: Fraction = Fraction(0)
    points: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One unit on one board, or in total.

    Attributes:
        score: None where there is none, for the reason ``why``.
        last: without a score, yet placed behind all that have one.
    """

    unit: str
    score: Fraction | None
    why: Why | None = None
    exclusion: Exclusion | None = None
    last: bool = False
    indicators: tuple[IndicatorScore, ...] = ()


def indicator_scores(
    indicator: AssessedIndicator | Bonus, units: Sequence[str], values: Values, period: Period
) -> dict[str, IndicatorScore]:
    """Unit -> its score on one indicator, shares and points still to come."""
    exclusions = indicator.excluded if isinstance(indicator, AssessedIndicator) else ()
    asked: dict[str, Value] = {}
    done: dict[str, IndicatorScore] = {}
    for unit in units:
        row = values.find(unit, indicator.id, period)
        exclusion = _exclusion(exclusions, unit, period)
        why = Why.EXCLUDED if exclusion else Why.NO_ROW if row is None else Why.NO_VALUE if row.value is None else None
        if why is None and row is not None:
            asked[unit] = row
        else:
            done[unit] = IndicatorScore(indicator=indicator, unit=unit, value=row, why=why, exclusion=exclusion)
    parts = [_part_scores(indicator, part, asked, values, period) for part in indicator.score]
    total = sum((Fraction(part.weight) for part in indicator.score), Fraction(0))
    for unit, row in asked.items():
        own = tuple(found[unit] for found in parts)
        lacking = next((each for each in own if each.score is None), None)
        why = None if lacking is None else Why.NO_TARGET if lacking.measured is not None else Why.NO_BASE
        weighted = [Fraction(each.part.weight) * each.score for each in own if each.score is not None]
        score = sum(weighted, Fraction(0)) / total if lacking is None else None
        done[unit] = IndicatorScore(indicator=indicator, unit=unit, value=row, parts=own, score=score, why=why)
    return {unit: done[unit] for unit in units}


def _part_scores(
    indicator: AssessedIndicator | Bonus, part: Part, asked: Mapping[str, Value], values: Values, period: Period
) -> dict[str, PartScore]:
    measured, bases, targets = {}, {}, {}
    for unit, row in asked.items():
        bases[unit] = values.find(unit, indicator.id, period.year_before) if part.of != "value" else None
        before = values.number(unit, indicator.id, period.year_before)
        assert row.value is not None
        found = methods.measured(part.of, Fraction(row.value), before)
        if found is not None:
            measured[unit] = found
        target = _target(part, row)
        if target is not None:
            targets[unit] = target
    ready = {unit: found for unit, found in measured.items() if part.completion is None or unit in targets}
    scores = methods.scores(part, ready, rising=indicator.direction == "up", targets=targets)
    compared = tuple(sorted(ready.values()))
    return {
        unit: PartScore(
            part=part,
            measured=measured.get(unit),
            base=bases[unit],
            target=targets.get(unit),
            compared=compared,
            score=scores.get(unit),
        )
        for unit in asked
    }


def _target(part: Part, row: Value) -> Fraction | None:
    if part.completion is None:
        return None
    wanted = part.completion.target
    if wanted == "given":
        return Fraction(row.target) if row.target is not None and row.target > 0 else None
    if isinstance(wanted, dict):
        return Fraction(wanted[row.unit]) if row.unit in wanted else None
    return Fraction(wanted)


def _exclusion(exclusions: Sequence[Exclusion], unit: str, period: Period) -> Exclusion | None:
    return next((each for each in exclusions if each.holds(unit, period)), None)


def board_scores(board: Board, assessment: Assessment, values: Values, period: Period) -> dict[str, Scored]:
    """Unit -> its score on one board (whose indicators are all in force in ``period``)."""
    by_indicator = [
        indicator_scores(indicator, list(assessment.units), values, period) for indicator in board.indicators
    ]
    missing = board.missing or assessment.missing
    found = {}
    for unit in assessment.units:
        own = [scores[unit] for scores in by_indicator]
        exclusion = _exclusion(board.excluded, unit, period)
        if exclusion is not None:
            found[unit] = Scored(unit=unit, score=None, why=Why.EXCLUDED, exclusion=exclusion)
        else:
            found[unit] = _of_board(unit, own, missing)
    return found


def _of_board(unit: str, own: Sequence[IndicatorScore], missing: Missing) -> Scored:
    asked = [each for each in own if each.why is not Why.EXCLUDED]
    there = [each for each in asked if each.score is not None]
    if not asked:
        return Scored(unit=unit, score=None, why=Why.EXCLUDED, indicators=tuple(own))
    whole, held = _weight(asked), _weight(there)
    if len(there) < len(asked) and (missing.rule != "rescale" or held * 100 < whole * Fraction(missing.least)):
        why = Why.TOO_LITTLE if missing.rule == "rescale" else Why.MISSING
        return Scored(unit=unit, score=None, why=why, last=missing.rule == "last", indicators=tuple(own))
    shared = tuple(_shared(each, _weight([each]) / held) for each in own)
    return Scored(unit=unit, score=sum((each.points for each in shared), Fraction(0)), indicators=shared)


def _weight(scores: Sequence[IndicatorScore]) -> Fraction:
    return sum((weight_of(each.indicator) for each in scores), Fraction(0))


def weight_of(indicator: AssessedIndicator | Bonus) -> Fraction:
    """The weight of an indicator on its board; a bonus has none."""
    return Fraction(indicator.weight) if isinstance(indicator, AssessedIndicator) else Fraction(0)


def _shared(own: IndicatorScore, share: Fraction) -> IndicatorScore:
    return own if own.score is None else replace(own, share=share, points=share * own.score)


def bonus_scores(
    assessment: Assessment, values: Values, period: Period
) -> dict[str, tuple[tuple[IndicatorScore, ...], Fraction, bool]]:
    """Unit -> its scores on every bonus in force, the points they bring, and whether one that is required is missing."""
    bonuses = [bonus for bonus in assessment.bonus if bonus.holds(period)]
    scored = [(bonus, indicator_scores(bonus, list(assessment.units), values, period)) for bonus in bonuses]
    found = {}
    for unit in assessment.units:
        own, required = [], False
        for bonus, scores in scored:
            each = scores[unit]
            required |= each.score is None and bonus.missing == "not_assessable"
            if each.score is not None:
                each = _shared(each, Fraction(bonus.most) / FULL)
            own.append(each)
        found[unit] = (tuple(own), sum((each.points for each in own), Fraction(0)), required)
    return found
