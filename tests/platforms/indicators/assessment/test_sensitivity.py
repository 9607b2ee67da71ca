"""How firm ranks are: bounds that no weighting passes, against weightings that are tried; worked examples; the same draws again."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.indicators.assessment.made_up import (
    CITED,
    Q1,
    assessment,
    board,
    bonus,
    drawn_documents,
    drawn_values,
    indicator,
    values,
)
from yunnao.platforms.indicators.assessment.definition import read_assessment
from yunnao.platforms.indicators.assessment.sensitivity import extremes, stability
from yunnao.platforms.indicators.assessment.service import assess
from yunnao.platforms.indicators.assessment.values import gathered

TWO = ("east", "west")


def test_a_lead_that_ten_per_cent_can_turn_and_one_that_it_cannot() -> None:
    """East leads by 0.5 x (60 - 40) - 0.5 x (60 - 44): 20 w1 against 16 w2, level where (1 - t) 20 = (1 + t) 16, t = 1/9."""
    table = {"i1": {"east": 60, "west": 40}, "i2": {"east": 44, "west": 60}}
    made = assessment(board("one", indicator("i1"), indicator("i2")), units=TWO)
    firm = stability(assess(made, values(made, table))).boards["one"]
    assert firm["east"].tips_at == Fraction(100, 9)
    assert firm["east"].best == firm["east"].worst == 1
    assert firm["east"].firm
    assert firm["east"].held == 20
    loose = assessment(board("one", indicator("i1"), indicator("i2")), units=TWO, sensitivity={"percent": 12})
    firm = stability(assess(loose, values(loose, table))).boards["one"]
    assert [float(end) for unit in TWO for end in (firm[unit].best, firm[unit].worst)] == [1, 2, 1, 2]


def test_a_missing_value_leaves_the_others_comparable() -> None:
    """East and west as above; north lacks i2 and is asked i1 alone, so it can be compared with nobody."""
    table = {"i1": {"east": 60, "west": 40, "north": 50}, "i2": {"east": 44, "west": 60}}
    made = assessment(
        board("one", indicator("i1"), indicator("i2")),
        units=("east", "west", "north"),
        missing={"rule": "rescale", "least": 10, **CITED},
    )
    firm = stability(assess(made, values(made, table))).boards["one"]
    assert (firm["east"].tips_at, firm["west"].tips_at) == (Fraction(100, 9), Fraction(100, 9))
    assert firm["north"].tips_at is None


@pytest.mark.parametrize(("percent", "extra", "worst"), [(10, 0, 1), (12, 0, 2), (12, 25, 1)])
def test_weights_of_boards_move_the_total_and_a_bonus_does_not_move(percent: int, extra: int, worst: int) -> None:
    """As above with one indicator on each of two boards; a bonus of 0.5 for the leader, 2 x 25 / 100, keeps it ahead at 12 %."""
    made = assessment(
        board("one", indicator("i1")),
        board("two", indicator("i2")),
        units=TWO,
        sensitivity={"percent": percent},
        bonus=[bonus("extra")],
    )
    table = {"i1": {"east": 60, "west": 40}, "i2": {"east": 44, "west": 60}, "extra": {"east": extra, "west": 0}}
    firm = stability(assess(made, values(made, table)))
    assert firm.total["east"].worst == worst
    assert firm.boards["one"]["east"].firm
    assert firm.boards["two"]["west"].firm


def test_who_is_better_everywhere_is_never_passed() -> None:
    made = assessment(board("one", indicator("i1"), indicator("i2")), units=TWO, sensitivity={"percent": 99})
    firm = stability(assess(made, values(made, {"i1": {"east": 2, "west": 1}, "i2": {"east": 9, "west": 8}})))
    assert firm.boards["one"]["east"].firm
    assert firm.boards["one"]["east"].tips_at is None
    assert firm.total["west"].firm


def test_the_same_result_gives_the_same_draws_and_another_seed_other_ones() -> None:
    document = {"i1": {"east": 60, "west": 40}, "i2": {"east": 40, "west": 59}}

    def held(seed: int) -> int:
        made = assessment(
            board("one", indicator("i1"), indicator("i2")),
            units=TWO,
            sensitivity={"percent": 10, "draws": 200, "seed": seed},
        )
        return stability(assess(made, values(made, document))).boards["one"]["east"].held

    assert held(1) == held(1)
    assert 100 < held(1) < 200
    assert len({held(seed) for seed in range(1, 9)}) > 1


@settings(max_examples=150)
@given(
    weighted=st.lists(
        st.tuples(st.integers(1, 9).map(Fraction), st.fractions(-9, 9, max_denominator=4)), min_size=1, max_size=6
    ),
    moved=st.fractions(0, Fraction(9, 10), max_denominator=10),
)
def test_extremes_are_those_of_all_corners(weighted: list[tuple[Fraction, Fraction]], moved: Fraction) -> None:
    """A weighted mean has its extremes at corners of the box of weights; here every corner is tried."""
    means = []
    for corner in range(2 ** len(weighted)):
        factors = [1 + moved if corner >> place & 1 else 1 - moved for place in range(len(weighted))]
        weights = [factor * weight for factor, (weight, _) in zip(factors, weighted, strict=True)]
        pairs = zip(weights, weighted, strict=True)
        means.append(sum((weight * value for weight, (_, value) in pairs), Fraction(0)) / sum(weights))
    assert extremes(weighted, moved) == (min(means), max(means))


def _moved(document: dict[str, Any], factors: list[int]) -> dict[str, Any]:
    """The same with every weight times its factor in thousandths."""
    left = iter(factors)
    return {
        **document,
        "boards": [
            {
                **each,
                "weight": each["weight"] * next(left),
                "indicators": [{**own, "weight": own["weight"] * next(left)} for own in each["indicators"]],
            }
            for each in document["boards"]
        ],
    }


@settings(max_examples=120)
@given(data=st.data(), document=drawn_documents())
def test_no_weighting_leads_outside_of_the_bounds(data: st.DataObject, document: dict[str, Any]) -> None:
    if document["missing"]["rule"] == "rescale":  # who is assessable shall not hang on the weights here
        document["missing"] = {"rule": "rescale", "least": 1, **CITED}
    made = read_assessment(document, "drawn")
    rows = data.draw(drawn_values(made))
    result = assess(made, gathered(made, rows), Q1)
    firm = stability(result)
    count = sum(1 + len(each.indicators) for each in made.boards)
    ends = st.sampled_from([900, 1100]) | st.integers(900, 1100)
    other = read_assessment(_moved(document, data.draw(st.lists(ends, min_size=count, max_size=count))), "moved")
    again = assess(other, gathered(other, rows), Q1)
    for mine, theirs in zip(result.boards, again.boards, strict=True):
        for unit, found in firm.boards[mine.board.id].items():
            assert found.best <= mine.places[unit].rank <= found.worst
            assert found.best <= theirs.places[unit].rank <= found.worst
            assert found.best <= found.seen_best <= found.seen_worst <= found.worst
    for unit, found in firm.total.items():
        assert found.best <= result.places[unit].rank <= found.worst
        assert found.best <= again.places[unit].rank <= found.worst
        assert found.best <= found.seen_best <= found.seen_worst <= found.worst


@pytest.mark.parametrize("percent", [1, 5, 20, 60])
def test_wider_movement_never_narrows_the_bounds(percent: int) -> None:
    table = {"i1": {"east": 60, "west": 40}, "i2": {"east": 41, "west": 60}}

    def width(moved: int) -> Fraction:
        made = assessment(
            board("one", indicator("i1"), indicator("i2")), units=TWO, sensitivity={"percent": moved, "draws": 1}
        )
        firm = stability(assess(made, values(made, table))).boards["one"]
        return sum((found.worst - found.best for found in firm.values()), Fraction(0))

    assert width(percent) <= width(percent + 20)
