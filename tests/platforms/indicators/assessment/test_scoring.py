"""Scores worked out by hand; what is missing is never zero; and properties that hold for every assessment."""

from decimal import Decimal
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
    bonus,
    drawn_documents,
    drawn_values,
    indicator,
    value,
    values,
)
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.indicators.assessment.definition import Assessment, read_assessment
from yunnao.platforms.indicators.assessment.scoring import Why
from yunnao.platforms.indicators.assessment.service import Result, assess
from yunnao.platforms.indicators.assessment.values import Value, gathered

FOUR = dict(zip(UNITS, (80, 60, 40, 20), strict=True))


def scores_of(result: Result, number: int = 0) -> dict[str, Fraction | None]:
    return {unit: own.score for unit, own in result.boards[number].scores.items()}


def test_a_board_is_the_weighted_mean_of_its_indicators_and_the_total_that_of_the_boards() -> None:
    made = assessment(
        board("one", indicator("i1", 3), indicator("i2", 1), weight=2),
        board("two", indicator("i3"), weight=1),
        bonus=[bonus("b1")],
    )
    given = values(
        made,
        {"i1": FOUR, "i2": dict.fromkeys(UNITS, 40), "i3": dict.fromkeys(UNITS, 10), "b1": {"east": 50, "west": 100}},
    )
    result = assess(made, given)
    assert scores_of(result) == {"east": 70, "west": 55, "south": 40, "north": 25}
    assert result.total["east"].score == Fraction(70 * 2 + 10, 3) + 1
    assert result.total["west"].score == Fraction(55 * 2 + 10, 3) + 2
    assert result.total["south"].score == Fraction(40 * 2 + 10, 3), "no value, no bonus"
    assert result.bonus["south"][0][0].why is Why.NO_ROW
    (first, second) = result.boards[0].scores["east"].indicators
    assert [(own.share * 4, own.points) for own in (first, second)] == [
        (Fraction(3), Fraction(60)),
        (Fraction(1), Fraction(10)),
    ]


def test_parts_of_a_score_are_weighted_among_themselves() -> None:
    parts = [{"weight": 3, "rank": {"lowest": 40}}, {"weight": 1, "linear": {"baseline": 0, "full": 100}}]
    made = assessment(board("one", indicator("i1", score=parts)))
    result = assess(made, values(made, {"i1": FOUR}))
    assert scores_of(result)["west"] == Fraction(80 * 3 + 60, 4)


def test_a_target_may_be_given_with_the_value_or_for_each_unit() -> None:
    made = assessment(
        board(
            "one",
            indicator("i1", score={"completion": {"target": "given", "most": 100}}),
            indicator("i2", score={"completion": {"target": {"east": 50}, "most": 100}}),
        )
    )
    rows = [value("east", "i1", 30, target=40), value("east", "i2", 10)]
    rows += [value("west", "i1", 30), value("west", "i2", 10)]
    east, west = (assess(made, gathered(made, rows)).boards[0].scores[unit] for unit in ("east", "west"))
    assert east.score == Fraction(75 + 20, 2)
    assert [own.why for own in west.indicators] == [Why.NO_TARGET, Why.NO_TARGET]


def _missing(rule: str, **more: object) -> Result:
    made = assessment(board("one", indicator("i1", 3), indicator("i2", 1)), missing={"rule": rule, **CITED, **more})
    return assess(made, values(made, {"i1": {**FOUR, "north": 90}, "i2": {**dict.fromkeys(UNITS, 0), "north": None}}))


def test_a_missing_value_leaves_a_unit_without_score_and_place() -> None:
    result = _missing("not_assessable")
    assert scores_of(result) == {"east": 60, "west": 45, "south": 30, "north": None}
    assert "north" not in result.places
    assert result.boards[0].scores["north"].why is Why.MISSING
    assert result.boards[0].scores["north"].indicators[1].why is Why.NO_VALUE


def test_or_lets_the_other_weights_count_in_full() -> None:
    result = _missing("rescale", least=75)
    assert scores_of(result)["north"] == 90
    assert result.places["north"].rank == 1
    assert [own.share for own in result.boards[0].scores["north"].indicators] == [1, 0]
    assert _missing("rescale", least=76).boards[0].scores["north"].why is Why.TOO_LITTLE


def test_or_places_the_unit_behind_all_others() -> None:
    result = _missing("last")
    assert scores_of(result)["north"] is None
    assert result.places["north"].rank == 4
    assert result.boards[0].stars["north"] == 1


def test_a_unit_that_is_not_asked_is_scored_by_the_rest_whatever_the_rule_for_missing_values() -> None:
    out = [{"unit": "north", "reason": "没有这项任务", **CITED}]
    made = assessment(
        board("one", indicator("i1"), indicator("i2", excluded=out)), board("two", indicator("i3"), excluded=out)
    )
    given = values(made, dict.fromkeys(("i1", "i2", "i3"), FOUR))
    result = assess(made, given)
    assert scores_of(result)["north"] == 20
    assert result.boards[1].scores["north"].why is Why.EXCLUDED
    assert result.total["north"].score == 20, "of the board that it is assessed on"


def test_a_correction_that_contradicts_is_refused_and_strange_rows_are_told() -> None:
    made = assessment(board("one", indicator("i1")))
    with pytest.raises(ValueError, match="两个不同的值"):
        gathered(made, [value("east", "i1", 1), value("east district", "i1", 2)])
    found = gathered(made, [value("moon", "i1", 1), value("east", "i9", 1), value("east", "i1", 1, Q1.year_before)])
    assert len(found.unused) == 2
    assert list(found.periods) == [Q1.year_before]


def test_a_period_without_values_or_boards_is_refused() -> None:
    made = assessment(board("one", indicator("i1"), **{"from": "2023Q3"}))
    with pytest.raises(YunnaoError, match="没有 2022Q1 的值"):
        assess(made, values(made, {"i1": FOUR}), Q1.year_before)
    with pytest.raises(YunnaoError, match="没有有效的板块"):
        assess(made, values(made, {"i1": FOUR}), Q1)
    with pytest.raises(YunnaoError, match="没有一行值"):
        assess(made, gathered(made, []))


def _same(one: Result, other: Result) -> None:
    assert [dict(board.scores).keys() for board in one.boards] == [dict(board.scores).keys() for board in other.boards]
    for unit in one.assessment.units:
        assert one.total[unit].score == other.total[unit].score
        assert one.places.get(unit) == other.places.get(unit)
        for mine, theirs in zip(one.boards, other.boards, strict=True):
            assert mine.scores[unit].score == theirs.scores[unit].score
            assert mine.stars.get(unit) == theirs.stars.get(unit)


def _rewritten(document: dict[str, Any], factor: int) -> dict[str, Any]:
    return {
        **document,
        "boards": [
            {
                **each,
                "weight": each["weight"] * factor,
                "indicators": [{**own, "weight": own["weight"] * factor} for own in each["indicators"]],
            }
            for each in document["boards"]
        ],
    }


@settings(max_examples=60)
@given(data=st.data(), document=drawn_documents(), factor=st.integers(1, 50))
def test_only_the_ratios_of_weights_count(data: st.DataObject, document: dict[str, Any], factor: int) -> None:
    made, scaled = (read_assessment(d, "drawn") for d in (document, _rewritten(document, factor)))
    rows = data.draw(drawn_values(made))
    _same(assess(made, gathered(made, rows), Q1), assess(scaled, gathered(scaled, rows), Q1))


@settings(max_examples=60)
@given(data=st.data(), document=drawn_documents())
def test_the_order_of_units_and_rows_does_not_count(data: st.DataObject, document: dict[str, Any]) -> None:
    units = dict(data.draw(st.permutations(list(document["units"].items()))))
    made, other = read_assessment(document, "drawn"), read_assessment({**document, "units": units}, "drawn")
    rows = data.draw(drawn_values(made))
    shuffled = data.draw(st.permutations(rows))
    one, two = assess(made, gathered(made, rows), Q1), assess(other, gathered(other, shuffled), Q1)
    for unit in made.units:
        assert one.total[unit].score == two.total[unit].score
        assert one.places.get(unit) == two.places.get(unit)


@settings(max_examples=120)
@given(data=st.data(), document=drawn_documents(), gain=st.integers(0, 80))
def test_a_better_value_never_lowers_score_stars_or_place(
    data: st.DataObject, document: dict[str, Any], gain: int
) -> None:
    made = read_assessment(document, "drawn")
    rows = data.draw(drawn_values(made, complete=True))
    place = data.draw(st.sampled_from([n for n, row in enumerate(rows) if row.period == Q1]))
    row = rows[place]
    rising = next(each.direction for each in made.asked if each.id == row.indicator) == "up"
    assert row.value is not None
    better = Value(
        unit=row.unit, indicator=row.indicator, period=Q1, value=row.value + Decimal(gain if rising else -gain)
    )
    old = assess(made, gathered(made, rows), Q1)
    new = assess(made, gathered(made, [*rows[:place], better, *rows[place + 1 :]]), Q1)
    _no_worse(made, old, new, row.unit)


def _no_worse(made: Assessment, old: Result, new: Result, unit: str) -> None:
    before, after = old.total[unit].score, new.total[unit].score
    assert before is not None
    assert after is not None
    assert after >= before
    assert new.places[unit].rank <= old.places[unit].rank
    for mine, theirs in zip(old.boards, new.boards, strict=True):
        assert theirs.stars[unit] >= mine.stars[unit]
