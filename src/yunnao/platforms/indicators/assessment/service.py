"""One assessment of one period: every board, the total, stars, flags and moves against the period before."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.indicators.assessment.definition import Assessment, Board, Flag
from yunnao.platforms.indicators.assessment.periods import Period
from yunnao.platforms.indicators.assessment.placing import Place, flags, places, stars
from yunnao.platforms.indicators.assessment.scoring import (
    IndicatorScore,
    Scored,
    Why,
    board_scores,
    bonus_scores,
)
from yunnao.platforms.indicators.assessment.values import Values


@dataclass(frozen=True, kw_only=True)
class BoardResult:
    """One board: unit -> score, place (absent where there is none) and stars."""

    board: Board
    scores: Mapping[str, Scored]
    places: Mapping[str, Place]
    stars: Mapping[str, Fraction]


@dataclass(frozen=True, kw_only=True)
class Result:
    """An assessment of one period.

    Attributes:
        bonus: unit -> its scores on every bonus, and the points they bring.
        total: unit -> total score.
        flags: unit -> flags.
        before: the result of the period before; None where no value is of it.
    """

    assessment: Assessment
    period: Period
    boards: tuple[BoardResult, ...]
    bonus: Mapping[str, tuple[tuple[IndicatorScore, ...], Fraction]]
    total: Mapping[str, Scored]
    places: Mapping[str, Place]
    flags: Mapping[str, tuple[Flag, ...]]
    before: "Result | None" = None

    def move(self, unit: str, board: str | None = None) -> Fraction | None:
        """By how many places ``unit`` is better than in the period before, on a board or in total; None where that cannot be said."""
        now = _places(self, board).get(unit)
        before = _places(self.before, board).get(unit) if self.before else None
        return None if now is None or before is None else before.rank - now.rank


def _places(result: Result, board: str | None) -> Mapping[str, Place]:
    if board is None:
        return result.places
    return next((each.places for each in result.boards if each.board.id == board), {})


def assess(assessment: Assessment, values: Values, period: Period | None = None) -> Result:
    """Assess ``period`` (the latest that values are of, if none is named), and the one before where there are values of it.

    Raises:
        YunnaoError: no value is of the period, or no board is in force in it.
    """
    if not values.periods:
        raise YunnaoError("没有一行值用得上；请检查单位、指标的名称与定义是否一致")
    chosen = period or values.periods[-1]
    if chosen.kind != assessment.period:
        raise YunnaoError(f"{chosen} 不是本考核的周期；请写成 {values.periods[-1]} 这样")
    if chosen not in values.periods:
        raise YunnaoError(f"没有 {chosen} 的值；现有：{'、'.join(map(str, values.periods))}")
    before = None
    if chosen.before in values.periods and assessment.boards_in(chosen.before):
        before = _assess(assessment, values, chosen.before, None)
    return _assess(assessment, values, chosen, before)


def _assess(assessment: Assessment, values: Values, period: Period, before: Result | None) -> Result:
    boards = tuple(_board(board, assessment, values, period) for board in assessment.boards_in(period))
    if not boards:
        raise YunnaoError(f"{assessment.title.zh}：{period} 没有有效的板块和指标；请检查定义里的 from、to")
    bonuses = bonus_scores(assessment, values, period)
    total = {
        unit: _total(unit, assessment, boards, bonuses[unit][1], required=bonuses[unit][2]) for unit in assessment.units
    }
    placed = places(total, assessment.ties.rule)
    earlier = before.places if before else {}
    return Result(
        assessment=assessment,
        period=period,
        boards=boards,
        bonus={unit: (own, points) for unit, (own, points, _) in bonuses.items()},
        total=total,
        places=placed,
        flags={unit: flags(assessment, placed.get(unit), earlier.get(unit)) for unit in assessment.units},
        before=before,
    )


def _board(board: Board, assessment: Assessment, values: Values, period: Period) -> BoardResult:
    scores = board_scores(board, assessment, values, period)
    placed = places(scores, assessment.ties.rule)
    return BoardResult(
        board=board,
        scores=scores,
        places=placed,
        stars={unit: stars(place, assessment) for unit, place in placed.items()},
    )


def _total(
    unit: str, assessment: Assessment, boards: tuple[BoardResult, ...], bonus: Fraction, *, required: bool
) -> Scored:
    """The weighted mean over the boards that the unit is not excluded from, and bonuses; none where one of them has none."""
    asked = [each for each in boards if each.scores[unit].why is not Why.EXCLUDED]
    if not asked:
        return Scored(unit=unit, score=None, why=Why.EXCLUDED)
    if required or any(each.scores[unit].score is None and not each.scores[unit].last for each in asked):
        return Scored(unit=unit, score=None, why=Why.MISSING)
    of_scores = assessment.total.of == "scores"
    if of_scores and any(each.scores[unit].last for each in asked):
        return Scored(unit=unit, score=None, why=Why.MISSING, last=True)
    worth = [each.scores[unit].score if of_scores else each.stars[unit] for each in asked]
    weights = [Fraction(each.board.weight) for each in asked]
    weighted = [weight * own for weight, own in zip(weights, worth, strict=True) if own is not None]
    return Scored(unit=unit, score=sum(weighted, Fraction(0)) / sum(weights) + bonus)
