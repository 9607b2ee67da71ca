"""Comparators: by the conventions, exact, and never worse for a better result."""

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.platforms.indicators.targets.comparing import Better, Bound, Reached, Sign, judge, reached, said
from yunnao.platforms.indicators.targets.conventions import load_conventions

CONVENTIONS = load_conventions()[0]
numbers = st.decimals(-1000, 1000, places=3)
bounds = st.builds(
    Bound,
    sign=st.sampled_from(get_args(Sign)),
    low=numbers,
    high=st.none(),
    better=st.sampled_from(get_args(Better)),
    percent=st.booleans(),
) | st.builds(
    lambda low, width, better: Bound(sign="=", low=low, high=low + width, better=better),
    numbers,
    st.decimals("0.001", 50, places=3),
    st.sampled_from(get_args(Better)),
)


def verdict(bound: Bound, value: Decimal | str, sign: Sign = "=") -> str:
    return judge(bound, reached(sign, Decimal(value), None, CONVENTIONS), CONVENTIONS, "%").verdict


def bound(sign: Sign, low: str, high: str | None = None, better: Better = "up", *, percent: bool = True) -> Bound:
    return Bound(sign=sign, low=Decimal(low), high=Decimal(high) if high else None, better=better, percent=percent)


@pytest.mark.parametrize(
    ("promised", "value", "expected"),
    [
        (bound("≥", "8"), "8", "met"),
        (bound("≥", "8"), "7.999", "missed"),
        (bound(">", "8"), "8", "missed"),
        (bound(">", "8"), "8.001", "met"),
        (bound("=", "8"), "8.5", "met"),
        (bound("=", "8"), "7.9", "missed"),
        (bound("=", "3", better="down"), "3", "met"),
        (bound("=", "3", better="down"), "3.1", "missed"),
        (bound("≤", "5.5"), "5.5", "met"),
        (bound("≤", "5.5"), "5.51", "missed"),
        (bound("<", "5.5"), "5.5", "missed"),
        (bound("≈", "5.5"), "5.2", "met"),  # 左右: 0.3 percentage points
        (bound("≈", "5.5"), "5.19", "missed"),
        (bound("≈", "5.5"), "9", "met"),
        (bound("≈", "3", better="down"), "3.3", "met"),
        (bound("≈", "3", better="down"), "3.31", "missed"),
        (bound("≈", "1200", percent=False), "1200", "met"),
        (bound("≈", "1200", percent=False), "1199", "not_assessable"),  # no tolerance is published, none is invented
        (bound("=", "5", "6"), "5", "met"),
        (bound("=", "5", "6"), "7", "met"),
        (bound("=", "5", "6"), "4.9", "missed"),
        (bound("=", "5", "6", better="down"), "6.1", "missed"),
    ],
)
def test_the_conventions(promised: Bound, value: str, expected: str) -> None:
    assert verdict(promised, value) == expected


def test_a_result_that_is_said_vaguely_is_judged_only_where_it_does_not_matter() -> None:
    assert verdict(bound("≥", "5"), "5", ">") == "met"
    assert verdict(bound("≥", "5.5"), "5", ">") == "not_assessable"
    assert verdict(bound("≥", "5"), "5", "<") == "missed"
    assert verdict(bound("≥", "70"), "70", "≈") == "not_assessable"
    assert verdict(bound("≥", "60"), "70", "≈") == "met"
    assert "跨过目标" in judge(bound("≥", "5.5"), reached(">", Decimal(5), None, CONVENTIONS), CONVENTIONS, "%").reason


def test_the_tolerance_is_said_to_be_a_software_convention() -> None:
    judged = judge(bound("≈", "5.5"), reached("=", Decimal("5.3"), None, CONVENTIONS), CONVENTIONS, "%")
    assert judged.reason == "完成 5.3 %，目标 5.5 %左右（“左右”按 0.3 个百分点，软件约定）"


@given(bounds, numbers, st.decimals(0, 100, places=3))
def test_a_better_result_never_turns_met_into_missed(promised: Bound, value: Decimal, more: Decimal) -> None:
    better = value + more if promised.wants == "up" else value - more
    order = {"missed": 0, "not_assessable": 1, "met": 2}
    assert order[verdict(promised, better)] >= order[verdict(promised, value)]


@given(bounds, numbers, numbers)
def test_what_is_known_better_is_never_judged_the_other_way(promised: Bound, one: Decimal, other: Decimal) -> None:
    """A verdict on an interval is that on every number in it; where these differ there is none."""
    low, high = sorted((one, other))
    found = judge(promised, Reached(low=low, high=high), CONVENTIONS).verdict
    ends = {verdict(promised, low), verdict(promised, high)}
    if found != "not_assessable":
        assert ends == {found}
    elif "not_assessable" not in ends:
        assert ends == {"met", "missed"}


@given(bounds, numbers)
def test_the_number_itself_keeps_every_promise_but_a_strict_one(promised: Bound, value: Decimal) -> None:
    same = replace(promised, low=value, high=None)
    assert verdict(same, value) == ("missed" if promised.sign in (">", "<") and promised.high is None else "met")


def test_bounds_are_said_in_words() -> None:
    assert [
        said(each, "%") for each in (bound("≥", "8.0"), bound("≈", "5.5"), bound("=", "5", "6"), bound("≤", "3"))
    ] == [
        "不低于 8 %",
        "5.5 %左右",
        "5—6 %",
        "不高于 3 %",
    ]
