"""Places, ties, stars, flags and moves; the published rules for ten units."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.indicators.assessment.made_up import (
    CITED,
    Q1,
    UNITS,
    assessment,
    board,
    drawn_documents,
    drawn_values,
    indicator,
    label,
    value,
    values,
)
from yunnao.platforms.indicators.assessment.definition import TieRule, read_assessment
from yunnao.platforms.indicators.assessment.placing import Place, flags, places, stars
from yunnao.platforms.indicators.assessment.scoring import Scored
from yunnao.platforms.indicators.assessment.service import assess
from yunnao.platforms.indicators.assessment.values import gathered

TEN = tuple(f"unit_{number}" for number in range(1, 11))


def scored(*numbers: int | None) -> dict[str, Scored]:
    return {f"u{n}": Scored(unit=f"u{n}", score=None if s is None else Fraction(s)) for n, s in enumerate(numbers)}


@pytest.mark.parametrize(
    ("rule", "ranks"),
    [("higher", [1, 2, 2, 4]), ("lower", [1, 3, 3, 4]), ("mean", [1, Fraction(5, 2), Fraction(5, 2), 4])],
)
def test_ties_as_configured(rule: TieRule, ranks: list[Fraction]) -> None:
    found = places(scored(90, 80, 80, 10), rule)
    assert [found[unit].rank for unit in ("u0", "u1", "u2", "u3")] == ranks
    assert [found[unit].sharing for unit in ("u0", "u1", "u2", "u3")] == [1, 2, 2, 1]


def test_of_ten_the_first_gets_ten_stars_and_the_tenth_one() -> None:
    """As published (青岛市 2023 年“摘星夺旗”考核办法)."""
    made = assessment(board("one", indicator("i1")), units=TEN)
    result = assess(made, values(made, {"i1": {unit: 100 - n for n, unit in enumerate(TEN)}}))
    assert [result.boards[0].stars[unit] for unit in TEN] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_stars_never_fall_below_none() -> None:
    made = assessment(board("one", indicator("i1")), stars={"first": 2, **CITED})
    assert [stars(Place(Fraction(rank)), made) for rank in (1, 2, 3, 4)] == [2, 1, 0, 0]


def test_flags_as_published_for_the_first_two_and_a_rise_of_two_places() -> None:
    made = assessment(board("one", indicator("i1")))

    def earned(rank: int, before: int | None) -> list[str]:
        earlier = None if before is None else Place(Fraction(before))
        return [flag.id for flag in flags(made, Place(Fraction(rank)), earlier)]

    assert earned(2, 2) == ["vanguard"]
    assert earned(2, 4) == ["vanguard", "progress"]
    assert earned(3, 4) == []
    assert earned(7, 9) == ["progress"]
    assert earned(7, None) == [], "without a place in the quarter before nothing can be said of a rise"
    assert flags(made, None, Place(Fraction(1))) == ()


def test_moves_are_against_the_quarter_before_and_unknown_without_it() -> None:
    made = assessment(board("one", indicator("i1")), board("new", indicator("i2"), **{"from": "2023Q1"}))
    before = dict(zip(UNITS, (10, 20, 30, 40), strict=True))
    now = {"east": 50, "west": 20, "south": 30, "north": None}
    rows = [value(unit, "i1", n, Q1.before) for unit, n in before.items()]
    rows += [value(unit, "i1", n) for unit, n in now.items()] + [value(unit, "i2", 1) for unit in UNITS]
    result = assess(made, gathered(made, rows))
    assert result.before is not None
    assert [result.move(unit, "one") for unit in UNITS] == [3, 0, 0, None]
    assert [result.move(unit, "new") for unit in UNITS] == [None] * 4
    assert result.move("east") == 3
    assert [flag.id for flag in result.flags["east"]] == ["vanguard", "progress"]
    assert assess(made, gathered(made, rows), Q1.before).before is None


@settings(max_examples=80)
@given(data=st.data(), document=drawn_documents())
def test_stars_of_a_board_add_up(data: st.DataObject, document: dict[str, Any]) -> None:
    """To n (n + 1) / 2 where nobody ties or ties get their mean; never to less by the higher place, nor to more by the lower."""
    made = read_assessment(document, "drawn")
    result = assess(made, gathered(made, data.draw(drawn_values(made, complete=True))), Q1)
    whole = Fraction(len(UNITS) * (len(UNITS) + 1), 2)
    for each in result.boards:
        total = sum(each.stars.values())
        if made.ties.rule == "mean" or all(place.sharing == 1 for place in each.places.values()):
            assert total == whole
        else:
            assert total > whole if made.ties.rule == "higher" else total < whole


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.sampled_from(["higher", "lower", "mean"]))
def test_a_better_score_has_the_better_place_and_an_equal_one_the_same(numbers: list[int], rule: TieRule) -> None:
    own = scored(*numbers)
    found = places(own, rule)
    for one in own:
        for other in own:
            mine, theirs = own[one].score, own[other].score
            assert mine is not None
            assert theirs is not None
            assert (mine > theirs) == (found[one].rank < found[other].rank)


def test_units_may_be_departments_in_bands_without_any_place_shown() -> None:
    made = assessment(
        board("one", indicator("i1"), publishes="bands"), total={"of": "scores", **CITED}, flags=[], title=label("部门")
    )
    result = assess(made, values(made, {"i1": dict(zip(UNITS, (90, 70, 50, 30), strict=True))}))
    assert [made.band(own.score).title.zh for own in result.total.values()] == ["fair", "fair", "low", "low"]
