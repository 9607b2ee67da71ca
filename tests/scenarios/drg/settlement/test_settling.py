"""The account of a year: prepayments, bond by quality score, deductions; the month's prepayment; the point value of each pool."""

from typing import Any

import pytest

from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.accounts import Prepaid, prepaid_by
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.settling import settle_month, settle_year

HOSPITALS = hospitals_frame(("H1", "tertiary", None), ("H2", "secondary", None))
YUAN = 100


def two(**more: Any) -> list[dict[str, Any]]:
    """Equal stays in two hospitals."""
    return [
        stay(f"S{name}", name, "AA19", 100_000, own_share=40_000, fund_claimed=60_000, **more) for name in ("H1", "H2")
    ]


def score(hospital: str, share: int | None, deduction: int | None = None) -> dict[str, Any]:
    return {"hospital_id": hospital, "year": str(YEAR), "quality_score": share, "deduction": deduction}


def final(rules: Rules, *scores: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    prepaid = {("H1", "all"): Prepaid(50_000 * YUAN, 1_500 * YUAN)}
    found = settle_year(inputs_of(two(), HOSPITALS, scores), rules, prepaid).hospitals
    return {row[0]: row[1:] for row in found.select("hospital_id", "bond_returned", "deduction", "final").iter_rows()}


def test_the_bond_comes_back_by_the_score() -> None:
    by_score = rules_with(bond={"share": "0.03"})
    before = 75_000 * YUAN - 50_000 * YUAN
    assert final(by_score, score("H1", 8 * 10**11))["H1"] == (1_200 * YUAN, 0, before + 1_200 * YUAN)
    assert final(by_score)["H1"] == (1_500 * YUAN, 0, before + 1_500 * YUAN)
    assert final(by_score, score("H2", 0))["H1"] == (1_500 * YUAN, 0, before + 1_500 * YUAN)
    strict = rules_with(bond={"share": "0.03", "full_from": "0.9", "missing": "none"})
    assert final(strict)["H1"] == (0, 0, before)
    assert final(strict, score("H1", 9 * 10**11))["H1"] == (1_500 * YUAN, 0, before + 1_500 * YUAN)


def test_deductions_are_taken_off() -> None:
    found = final(rules_with(), score("H1", None, 3 * YUAN), score("H2", None, None))
    assert found["H1"] == (1_500 * YUAN, 3 * YUAN, (25_000 + 1_500 - 3) * YUAN)
    assert found["H2"] == (0, 0, 75_000 * YUAN)


def test_a_deduction_is_spread_over_pools() -> None:
    rows = [stay("a", "H1", "AA19", 100), stay("b", "H1", "AA19", 100, pool="resident")]
    rules = rules_with(budgets={"employee": 300, "resident": 100})
    found = settle_year(inputs_of(rows, HOSPITALS, [score("H1", None, 1001)]), rules, {}).hospitals
    assert dict(found.select("pool", "deduction").iter_rows()) == {"employee": 751, "resident": 250}
    assert found["final"].sum() == 400 * YUAN - 1001


def test_a_hospital_that_was_prepaid_and_has_no_stays_pays_back() -> None:
    found = settle_year(inputs_of([two()[0]], HOSPITALS), rules_with(), {("H2", "all"): Prepaid(100, 3)}).hospitals
    assert found.filter(hospital_id="H2").select("stays", "points", "payable", "final").row(0) == (0, 0, 0, 3 - 100)


def test_pools_have_point_values_of_their_own() -> None:
    rows = [stay("a", "H1", "AA19", 100), stay("b", "H1", "AA19", 300, pool="resident")]
    separate = {"employee": 1000, "resident": 500}
    found = settle_year(inputs_of(rows, HOSPITALS), rules_with(budgets=separate), {})
    assert {pool: each.point_value for pool, each in found.pools.items()} == {
        "employee": "10.000000",
        "resident": "5.000000",
    }
    own = rules_with(budgets=separate, base_points={"basis": "year", "by_pool": True})
    groups = settle_year(inputs_of(rows, HOSPITALS), own, {}).groups
    assert groups.select("reference", "mean_cost", "base_points").rows() == [
        ("employee", 100, 1_000_000),
        ("resident", 300, 1_000_000),
    ]


def test_the_adjustment_fund_is_kept() -> None:
    found = settle_year(inputs_of(two(), HOSPITALS), rules_with(adjustment="0.05"), {}).pools["all"]
    assert (found.budget, found.adjustment, found.shared, found.payable) == (
        15_000_000,
        750_000,
        14_250_000,
        14_250_000,
    )


def test_a_month_by_claims_and_by_points() -> None:
    claims = rules_with(prepayment={"share": "0.85", "mode": "claimed"}, bond={"share": "0.03"})
    found = settle_month(inputs_of(two(), HOSPITALS), claims, f"{YEAR}-05").hospitals
    assert found.select("payable", "bond_withheld", "final").rows() == [(51_000, 1_530, 49_470)] * 2
    points = rules_with(prepayment={"share": "0.9", "mode": "points"}, bond={"share": 0}, budgets={"all": 12_000})
    found = settle_month(inputs_of(two(), HOSPITALS), points, f"{YEAR}-05").hospitals
    assert found["payable"].to_list() == [45_000, 45_000]
    assert found["point_value"].to_list() == ["5.000000"] * 2


def test_an_unknown_claim_is_prepaid_nothing_and_said() -> None:
    rows = two()
    rows[0]["fund_claimed"] = None
    found = settle_month(inputs_of(rows, HOSPITALS), rules_with(), f"{YEAR}-05")
    assert found.hospitals["payable"].to_list() == [0, 51_000]
    assert found.stays["why"].to_list() == ["统筹记账未知，没有预拨", ""]


def test_months_add_up() -> None:
    rules = rules_with(bond={"share": "0.03"})
    frame = settle_month(inputs_of(two(), HOSPITALS), rules, f"{YEAR}-05").hospitals
    assert prepaid_by([frame, frame]) == {(name, "all"): Prepaid(102_000, 3_060) for name in ("H1", "H2")}


def test_what_is_kept_or_borne() -> None:
    found = settle_year(inputs_of(two(), HOSPITALS), rules_with(budgets={"all": 1000}), {}).hospitals
    assert found["difference"].to_list() == [50_000 + 40_000 - 100_000] * 2
    unknown = two()
    unknown[0]["own_share"] = None
    found = settle_year(inputs_of(unknown, HOSPITALS), rules_with(), {}).hospitals
    assert found["own_share"].to_list() == [None, 40_000]
    assert found["difference"].to_list()[0] is None
    with pytest.raises(YunnaoError, match=r"1 份病案没有个人支付（SH1）"):
        settle_year(inputs_of(unknown, HOSPITALS), rules_with(point_value="all_in"), {})


def test_nothing_to_settle_is_a_sentence() -> None:
    with pytest.raises(YunnaoError, match=f"{YEAR}-07 没有出院的病案"):
        settle_month(inputs_of(two(), HOSPITALS), rules_with(), f"{YEAR}-07")
    with pytest.raises(YunnaoError, match="没有可用来计算基准点数的病案"):
        settle_year(inputs_of(two(), HOSPITALS), rules_with(base_points={"basis": "previous_years"}), {})


def test_stays_without_a_discharge_are_counted_as_such() -> None:
    found = settle_year(
        inputs_of([*two(), stay("open", "H1", "AA19", 1, discharged_on=None)], HOSPITALS), rules_with(), {}
    )
    assert (found.undated, found.stays.height) == (1, 2)


def test_cmi_is_the_mean_weight() -> None:
    rows = [stay("a", "H1", "AA19", 100), stay("b", "H1", "BB19", 300), stay("c", "H1", "0000", 50)]
    found = settle_year(inputs_of(rows, HOSPITALS), rules_with(), {}).hospitals
    assert found.select("stays", "grouped", "cmi").row(0) == (3, 2, 10_000)
