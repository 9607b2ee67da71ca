"""What holds of every settlement, whatever the stays: sums, scales, order, neutrality, continuity."""

import random
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.scenarios.drg.settlement.generated import policies, settled, stays
from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import fen_from_yuan
from yunnao.scenarios.drg.settlement.exact import POINT
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs, basis_of, prepared
from yunnao.scenarios.drg.settlement.reference import reference_of
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_month, settle_year

HOSPITALS = hospitals_frame(("H0", "tertiary", None), ("H1", "secondary", None), ("H2", "primary", None))
moderate = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def settle(inputs: Inputs, rules: Rules) -> Settlement:
    try:
        return settle_year(inputs, rules, {})
    except YunnaoError:
        assume(False)
        raise


@moderate
@given(inputs=settled(), rules=policies())
def test_payments_sum_to_the_budget(inputs: Inputs, rules: Rules) -> None:
    result = settle(inputs, rules)
    for pool, found in result.pools.items():
        mine = result.hospitals.filter(pool=pool)
        if found.points:
            assert found.budget == fen_from_yuan(dict(rules.budgets)[pool])  # type: ignore[index]
            assert mine["payable"].sum() == found.shared == found.budget - found.adjustment
        assert mine["points"].sum() == found.points
    by_hospital = result.stays.group_by("hospital_id", "pool").agg(pl.col("payment").sum(), pl.col("points").sum())
    joined = result.hospitals.join(by_hospital, on=["hospital_id", "pool"], suffix="_of_stays")
    assert (joined["points"] == joined["points_of_stays"]).all()
    assert (joined["payable"] == joined["payment"]).all()


@moderate
@given(inputs=settled(), rules=policies())
def test_a_month_prepays_what_it_says_and_withholds_the_bond(inputs: Inputs, rules: Rules) -> None:
    try:
        result = settle_month(inputs, rules, f"{YEAR}-05")
    except YunnaoError:
        assume(False)
        raise
    hospitals = result.hospitals
    assert (hospitals["payable"] == hospitals["final"] + hospitals["bond_withheld"]).all()
    paid = result.stays.group_by("hospital_id", "pool").agg(pl.col("payment").sum())
    joined = hospitals.join(paid, on=["hospital_id", "pool"])
    if rules.prepayment.mode == "claimed":
        some = result.stays.filter(pl.col("class") != "excluded").group_by("hospital_id", "pool")
        claimed = joined.join(some.agg(pl.col("fund_claimed").sum()), on=["hospital_id", "pool"])
        assert (claimed["payable"] == (claimed["fund_claimed"] * 85 + 50) // 100).all()
        joined = joined.join(claimed.filter(pl.col("fund_claimed") > 0), on=["hospital_id", "pool"], how="semi")
    else:
        joined = joined.filter(pl.col("points") > 0)
    assert (joined["payable"] == joined["payment"]).all()


@moderate
@given(rows=stays(grouped_only=True), factor=st.sampled_from([2, 7, 1000]), all_in=st.booleans())
def test_scaling_all_costs_leaves_points_and_value(rows: list[dict[str, Any]], factor: int, all_in: bool) -> None:
    scaled = [row | {"total_cost": row["total_cost"] * factor} for row in rows]
    rules = rules_with(coefficients={"parts": [{"of": "hospital"}]}, point_value="all_in" if all_in else "fund_only")
    before, after = (settle(inputs_of(each, HOSPITALS), rules) for each in (rows, scaled))
    assert_frame_equal(before.stays.drop("total_cost"), after.stays.drop("total_cost"))
    assert before.pools == after.pools


@moderate
@given(inputs=settled(), rules=policies(), factor=st.integers(2, 50))
def test_scaling_the_budget_scales_payments(inputs: Inputs, rules: Rules, factor: int) -> None:
    rules = rules.model_copy(update={"point_value": "fund_only", "adjustment": 0})
    larger = rules.model_copy(update={"budgets": {pool: value * factor for pool, value in rules.budgets.items()}})
    before, after = settle(inputs, rules), settle(inputs, larger)
    for pool, found in before.pools.items():
        if found.exact:
            assert Fraction(after.pools[pool].exact) == Fraction(found.exact) * factor
    # what largest remainders moved was less than a fen before
    gap = after.hospitals["payable"] - before.hospitals["payable"] * factor
    assert gap.abs().max() <= factor  # type: ignore[operator]
    assert_frame_equal(before.stays.drop("payment"), after.stays.drop("payment"))


@moderate
@given(inputs=settled(), rules=policies(), seed=st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(inputs: Inputs, rules: Rules, seed: int) -> None:
    order = list(range(len(inputs.stays)))
    random.Random(seed).shuffle(order)
    turned = Inputs(
        stays=inputs.stays[order],
        hospitals=inputs.hospitals.reverse(),
        scores=inputs.scores.reverse(),
        reviews=inputs.reviews.reverse(),
    )
    before, after = settle(inputs, rules), settle(turned, rules)
    assert_frame_equal(before.stays, after.stays)
    assert_frame_equal(before.groups, after.groups)
    assert_frame_equal(before.hospitals, after.hospitals)


@moderate
@given(rows=stays(grouped_only=True), scale=st.sampled_from([100, 1000]))
def test_the_mean_of_base_points_over_the_basis_is_the_scale(rows: list[dict[str, Any]], scale: int) -> None:
    rules = rules_with(scale=scale)
    basis = basis_of(prepared(inputs_of(rows, HOSPITALS), rules), rules, str(YEAR))
    groups = reference_of(basis, rules).groups.values()
    assert sum(group.base * group.stays for group in groups) == scale * len(basis)


@moderate
@given(rows=stays(grouped_only=True))
def test_without_coefficients_normal_stays_share_by_base_points(rows: list[dict[str, Any]]) -> None:
    """k = 1 and every stay normal: a hospital's part of the budget is its part of the base points."""
    rules = rules_with(high=None, low=None, readmission=None, base_points={"basis": "year", "decimals": 4})
    result = settle(inputs_of(rows, HOSPITALS), rules)
    assert set(result.counts) == {"normal"}
    assert (result.stays["points"] == result.stays["base_points"]).all()
    base = result.stays.group_by("hospital_id").agg(pl.col("base_points").sum())
    joined = result.hospitals.join(base, on="hospital_id")
    part = joined["payable"] - (joined["base_points"] * 15_000_000 // joined["base_points"].sum())
    assert part.is_in([0, 1]).all()


def at_the_edges(cost: int) -> int:
    """Points of a stay of this cost where mean = 10,000.00 yuan, B = 100, k = 0.9 in the hospital."""
    basis = [stay(f"B{n}", f"H{n}", "AA19", 900_000 if n else 1_100_000, discharged_on=_BEFORE) for n in range(2)]
    rules = rules_with(
        base_points={"basis": "previous_years"}, coefficients={"parts": [{"of": "hospital"}]}, readmission=None
    )
    result = settle_year(inputs_of([*basis, stay("S", "H1", "AA19", cost)], HOSPITALS), rules, {})
    return int(result.stays["points"].item())


_BEFORE = stay("", "", "", 0)["discharged_on"].replace(year=YEAR - 1)


def test_high_multiples_begin_where_normal_stays_end() -> None:
    """At 3 times the mean both formulas give B k; the next fen brings B / m more, 1/10000 point rounded."""
    assert at_the_edges(3_000_000) == 90 * POINT
    assert at_the_edges(3_000_001) == 90 * POINT + 1  # 100 points / 1,000,000 fen = 1/10000 point a fen
    assert at_the_edges(3_500_000) == (90 + 50) * POINT


def test_low_multiples_end_with_the_known_cliff() -> None:
    """Just below 0.4 times the mean 0.4 B k, from there on B k: what the questions to reviewers look at."""
    assert at_the_edges(400_000) == 90 * POINT
    assert at_the_edges(399_999) == 36 * POINT - 1  # 100 x 0.9 x 0.399999 = 35.99991, half up to 35.9999
    assert at_the_edges(200_000) == 18 * POINT
