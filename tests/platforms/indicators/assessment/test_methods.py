"""Scores by every method against numbers worked out by hand, and that a better value never lowers a score."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.platforms.indicators.assessment.definition import Part
from yunnao.platforms.indicators.assessment.methods import measured, scores

HUNDRED = Fraction(100)


def part(**written: Any) -> Part:
    return Part.model_validate(written)


def test_by_rank_the_steps_are_equal_and_ties_share_the_better_place() -> None:
    found = scores(
        part(rank={"lowest": 60}),
        {"a": Fraction(9), "b": Fraction(7), "c": Fraction(7), "d": Fraction(1), "e": Fraction(-2)},
        rising=True,
        targets={},
    )
    assert found == {"a": 100, "b": 90, "c": 90, "d": 70, "e": 60}
    assert scores(part(rank={}), {"a": Fraction(9)}, rising=True, targets={}) == {"a": 100}


def test_by_spread() -> None:
    values = {"a": Fraction(8), "b": Fraction(5), "c": Fraction(-4)}
    assert scores(part(spread={"lowest": 60}), values, rising=True, targets={}) == {"a": 100, "b": 90, "c": 60}
    assert scores(part(spread={"lowest": 60}), values, rising=False, targets={}) == {"a": 60, "b": 70, "c": 100}
    assert scores(part(spread={}), {"a": Fraction(3), "b": Fraction(3)}, rising=True, targets={}) == {
        "a": 100,
        "b": 100,
    }


def test_by_completion_of_a_target() -> None:
    rule, targets = part(completion={"target": "given", "most": 120}), {unit: Fraction(30) for unit in "abcd"}
    values = {"a": Fraction(15), "b": Fraction(33), "c": Fraction(90), "d": Fraction(-3)}
    assert scores(rule, values, rising=True, targets=targets) == {"a": 50, "b": 110, "c": 120, "d": 0}
    falling = {"a": Fraction(60), "b": Fraction(30), "c": Fraction(0), "d": Fraction(-1)}
    assert scores(rule, falling, rising=False, targets=targets) == {"a": 50, "b": 100, "c": 120, "d": 120}


def test_by_a_line_between_baseline_and_full() -> None:
    found = scores(
        part(linear={"baseline": -5, "full": 10}),
        {"a": Fraction(-9), "b": Fraction(0), "c": Fraction(11)},
        rising=True,
        targets={},
    )
    assert found == {"a": 0, "b": Fraction(100, 3), "c": 100}
    assert scores(part(linear={"baseline": 20, "full": 0}), {"a": Fraction(5)}, rising=False, targets={}) == {"a": 75}


def test_growth_and_change_over_the_year_before() -> None:
    assert measured("growth", Fraction(12), Fraction(10)) == 20
    assert measured("change", Fraction(12), Fraction(10)) == 2
    assert measured("value", Fraction(12), None) == 12
    assert measured("growth", Fraction(12), None) is None
    assert measured("growth", Fraction(12), Fraction(0)) is None
    assert measured("growth", Fraction(12), Fraction(-3)) is None


@pytest.mark.parametrize(
    "rule",
    [
        part(rank={"lowest": 60}),
        part(spread={"lowest": 10}),
        part(completion={"target": 7, "most": 130}),
        part(linear={"baseline": -10, "full": 30}),
    ],
    ids=lambda rule: rule.method,
)
@given(
    values=st.lists(st.fractions(-50, 50, max_denominator=7), min_size=1, max_size=7),
    gain=st.fractions(0, 60, max_denominator=5),
    rising=st.booleans(),
)
def test_a_better_value_never_lowers_its_score(
    rule: Part, values: list[Fraction], gain: Fraction, rising: bool
) -> None:
    if not rising and rule.linear is not None:
        rule = part(linear={"baseline": 30, "full": -10})
    before = {str(place): value for place, value in enumerate(values)}
    after = {**before, "0": values[0] + (gain if rising else -gain)}
    targets = dict.fromkeys(before, Fraction(7))
    old = scores(rule, before, rising=rising, targets=targets)
    new = scores(rule, after, rising=rising, targets=targets)
    assert new["0"] >= old["0"]
    most = rule.completion.most if rule.completion else HUNDRED
    assert all(0 <= score <= most for score in {**old, **new}.values())
