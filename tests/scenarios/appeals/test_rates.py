"""Rates, columnar, against a count case by case over histories that happened at random; nothing is lost between the two."""

import datetime as dt
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.appeals.histories import AROUND, FLOW, TODAY, History, frame, histories, naive_rates
from yunnao.scenarios.appeals.measures import case_table, measured_cases, whole_cases
from yunnao.scenarios.appeals.rates import DIMENSIONS, EVERYBODY, MEASURES, Dimension, Rate, between, ordered, rates


def measured(cases: dict[str, History]) -> pl.DataFrame:
    return case_table(frame(cases), FLOW, AROUND.calendar, TODAY)


def standings(rate: Rate) -> Counter[str]:
    return +Counter({"+": rate.numerator, "-": rate.denominator - rate.numerator, **rate.left_out})


@settings(max_examples=60)
@given(found=st.lists(histories(), min_size=1, max_size=6), by=st.sampled_from(list(DIMENSIONS)))
def test_columnar_rates_are_those_of_a_plain_count(found: list[History], by: Dimension) -> None:
    cases = {f"SQ{number}": events for number, events in enumerate(found)}
    columnar = {
        (group, rate.measure): counts
        for group, row in rates(measured(cases), by, TODAY).items()
        for rate in row
        if (counts := standings(rate))
    }
    assert columnar == naive_rates(found, by)


@settings(max_examples=30)
@given(found=st.lists(histories(), min_size=1, max_size=8), by=st.sampled_from(list(DIMENSIONS)))
def test_every_case_is_in_a_denominator_or_left_out_once_and_groups_add_up(found: list[History], by: Dimension) -> None:
    table = rates(measured({f"SQ{number}": events for number, events in enumerate(found)}), by, TODAY)
    for place, measure in enumerate(MEASURES):
        row = [table[group][place] for group in table if group != EVERYBODY]
        everybody = table[EVERYBODY][place]
        assert sum((standings(rate) for rate in row), Counter()) == standings(everybody)
        assert 0 <= everybody.numerator <= everybody.denominator
        if measure.counts == "cases":
            assert everybody.denominator + sum(everybody.left_out.values()) == len(found)


@settings(max_examples=20)
@given(found=st.lists(histories(), min_size=1, max_size=6), cut=st.integers(1, 9), least=st.integers(1, 12))
def test_events_in_pieces_come_to_the_same(found: list[History], cut: int, least: int) -> None:
    events = frame({f"SQ{number}": events for number, events in enumerate(found)})
    pieces = [events[start : start + cut] for start in range(0, events.height, cut)]
    for piece in whole_cases(pieces, least):
        assert piece.height == events.filter(pl.col("case_id").is_in(piece["case_id"].unique().implode())).height
    whole = case_table(events, FLOW, AROUND.calendar, TODAY)
    assert measured_cases(pieces, FLOW, AROUND.calendar, TODAY).equals(whole)


def test_of_nothing_there_are_rates_of_nothing() -> None:
    table = rates(measured_cases([], FLOW, AROUND.calendar, TODAY), "street", TODAY)
    assert [rate.thousandths for rate in table[EVERYBODY]] == [None] * len(MEASURES)


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [(0, 0, ""), (0, 3, "0.0"), (2, 3, "66.7"), (1, 16, "6.3"), (7, 7, "100.0")],
)
def test_per_cent_is_rounded_half_up(numerator: int, denominator: int, percent: str) -> None:
    rate = Rate(measure="solved", group="", numerator=numerator, denominator=denominator, left_out={})
    assert rate.percent == percent


def test_days_between_are_both_included() -> None:
    days = [dt.date(2026, 1, day) for day in (1, 2, 3)]
    table = pl.DataFrame({"opened": days})
    assert between(table, days[1], days[2])["opened"].to_list() == days[1:]
    assert between(table, None, days[0])["opened"].to_list() == days[:1]


def test_rows_are_in_the_order_of_the_catalogue_with_everybody_first_and_the_unnamed_last() -> None:
    groups = [None, "b", "x", "a", EVERYBODY]
    assert ordered(groups, str, ["b", "a"]) == [EVERYBODY, "b", "a", "x", None]
    assert ordered(groups, str) == [EVERYBODY, "a", "b", "x", None]
