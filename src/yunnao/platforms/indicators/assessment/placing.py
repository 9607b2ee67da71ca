"""Places, stars, flags and moves: what a score is worth among others."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from yunnao.platforms.indicators.assessment.definition import Assessment, Flag, TieRule
from yunnao.platforms.indicators.assessment.scoring import Scored


@dataclass(frozen=True, slots=True)
class Place:
    """A place among the units that have one.

    Attributes:
        rank: 1 is the first; halves occur where ties get their mean.
        sharing: how many have it, this unit included.
    """

    rank: Fraction
    sharing: int = 1


def places(scored: Mapping[str, Scored], rule: TieRule) -> dict[str, Place]:
    """Unit -> place, of the units that have a score or are placed last; these share the very last place."""
    with_score = {unit: each.score for unit, each in scored.items() if each.score is not None}
    last = [unit for unit, each in scored.items() if each.score is None and each.last]
    found = {}
    for unit, score in with_score.items():
        better = sum(other > score for other in with_score.values())
        equal = sum(other == score for other in with_score.values())
        found[unit] = Place(rank_of(better, equal, rule), equal)
    return found | {unit: Place(Fraction(len(with_score) + len(last)), len(last)) for unit in last}


def rank_of(better: int, equal: int, rule: TieRule) -> Fraction:
    """The rank of units with ``better`` ones before them, ``equal`` of them having the same score."""
    match rule:
        case "higher":
            return Fraction(better + 1)
        case "lower":
            return Fraction(better + equal)
    return better + Fraction(equal + 1, 2)


def stars(place: Place, assessment: Assessment) -> Fraction:
    """Stars of a board's place: the first has `stars_of_first`, each further place one less, never below 0.

    Published (青岛市 2023 年“摘星夺旗”考核办法): of ten, the first gets ten stars and the tenth one.
    """
    return max(assessment.stars_of_first + 1 - place.rank, Fraction(0))


def flags(assessment: Assessment, place: Place | None, before: Place | None) -> tuple[Flag, ...]:
    """The flags that a total place earns.

    Published (青岛市 2023 年“摘星夺旗”考核办法): 真抓实干、勇当排头 for the first two of the total; 加压奋进、进位赶超 for a total
    rank that is better by two places or more than in the quarter before. Without a place in the period before there is none for a rise.
    """
    if place is None:
        return ()
    return tuple(
        flag
        for flag in assessment.flags
        if (flag.first is not None and place.rank <= flag.first)
        or (flag.rise is not None and before is not None and before.rank - place.rank >= flag.rise)
    )
