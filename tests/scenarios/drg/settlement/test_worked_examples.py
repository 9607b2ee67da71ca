"""The worked examples E1 to E5, to the last digit: published numbers, and numbers derived by hand from published formulas."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.scenarios.drg.settlement.accounts import Prepaid
from yunnao.scenarios.drg.settlement.exact import CV, POINT, decimal_text, root
from yunnao.scenarios.drg.settlement.preparing import Inputs, basis_of, prepared
from yunnao.scenarios.drg.settlement.reference import reference_of
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_year
from yunnao.scenarios.drg.settlement.sharing import shared_out

YUAN = 100
BEFORE = {"admitted_on": dt.date(YEAR - 1, 3, 1), "discharged_on": dt.date(YEAR - 1, 3, 9)}


def test_e1_a_hospitals_report() -> None:
    """174,098 points at 64 yuan: 1114.23 万元 of income, -1.00 万元 and -0.09 % against the cost, as the report prints it."""
    income = shared_out(174_098 * 64 * YUAN, [174_098 * POINT])[0]
    cost = 11_152_300 * YUAN
    assert income == 11_142_272 * YUAN
    assert decimal_text(Fraction(income, 10_000 * YUAN), 2) == "1114.23"
    assert decimal_text(Fraction(income - cost, 10_000 * YUAN), 2) == "-1.00"
    assert decimal_text(Fraction(income - cost, cost) * 100, 2) == "-0.09"
    assert decimal_text(Fraction(cost, 1529 * YUAN), 0) == "7294"
    assert decimal_text(Fraction(7294) / Fraction(Decimal("1.053")), 0) == "6927"
    assert decimal_text(Fraction(1529, 2266) * 100, 2) == "67.48"
    assert decimal_text(Fraction(174_098, 1529), 2) == "113.86"


def test_e2_the_response_of_a_tool() -> None:
    """0.4527 x 1.0000 x 6495.34 = 2940.44; limits of 0.4 and 3 times the mean."""
    payment = Fraction(Decimal("0.4527")) * Fraction(Decimal("6495.34"))
    assert decimal_text(payment, 2) == "2940.44"
    assert decimal_text(Fraction(Decimal("2940.44")) - 66_789, 2) == "-63848.56"
    mean = Fraction(Decimal("599.85")) / Fraction(Decimal("0.4"))
    assert decimal_text(mean, 2) == "1499.63"  # 1,499.625: the notes print 1,499.62, rounded half even
    assert decimal_text(3 * mean, 3) == "4498.875"


def test_e2b_the_published_rule_by_level() -> None:
    """Group mean 10,000: in a tertiary hospital a stay above 30,000 is a high multiple, exactly 30,000 is not."""
    by_level = {"by_level": {"tertiary": 3, "secondary": 2, "primary": 2}}
    basis = [stay(f"B{n}", "H1", "AB15", 10_000 * YUAN, **BEFORE) for n in range(3)]
    costs = {"over": 30_000 * YUAN + 1, "at": 30_000 * YUAN}
    rows = [stay(id_, "H1", "AB15", cost) for id_, cost in costs.items()]
    inputs = inputs_of([*basis, *rows], hospitals_frame(("H1", "tertiary", None)))
    rules = rules_with(high=by_level, base_points={"basis": "previous_years"})
    settled = settle_year(inputs, rules, {})
    assert dict(settled.stays.select("case_id", "class").iter_rows()) == {"over": "high", "at": "normal"}


def test_e3_trimming() -> None:
    costs = [1500, 4000, 5000, 5200, 5400, 5600, 5800, 6000, 6400, 30000]
    inputs = inputs_of(
        [stay(f"C{n}", "H1", "AB15", cost * YUAN) for n, cost in enumerate(costs)],
        hospitals_frame(("H1", "tertiary", None)),
    )
    interquartile = {"method": "interquartile", "below": "0.5", "above": "1.5"}
    stability = {"at_least": 6, "cv_at_most": 1}
    before, after = (
        _groups(inputs, rules_with(trimming=trimming, stability=stability))["all", "AB15"]
        for trimming in ({"method": "none"}, interquartile)
    )
    assert (after.low, after.high) == (4600 * YUAN, 7300 * YUAN)
    assert (before.kept, after.kept) == (10, 7)
    assert before.mean == 7490 * YUAN
    assert after.mean is not None
    assert decimal_text(after.mean / YUAN, 6) == "5628.571429"
    assert before.cv_squared is not None
    assert after.cv_squared is not None
    assert (root(before.cv_squared, CV), root(after.cv_squared, CV)) == (1_017_151, 79_292)
    assert (before.stable, after.stable) == (False, True)
    sample = _groups(inputs, rules_with(stability=stability | {"deviation": "sample"}))["all", "AB15"]
    assert sample.cv_squared is not None
    assert root(sample.cv_squared, CV) == 1_072_171


def _groups(inputs: Inputs, rules: Any) -> Any:
    return reference_of(basis_of(prepared(inputs, rules), rules, str(YEAR)), rules).groups


E4_STAYS = [
    ("H1", "A", 6_000, "normal", "55"),
    ("H1", "A", 5_200, "normal", "27.5"),
    ("H1", "B", 5_000, "low", "52.5"),
    ("H1", "B", 16_000, "normal", "157.5"),
    ("H1", "C", 70_000, "high", "525"),
    ("H1", "C", 36_000, "normal", "350"),
    ("H1", "0000", 8_000, "ungrouped", "80"),
    ("H2", "A", 4_000, "normal", "45"),
    ("H2", "A", 1_500, "low", "13.5"),
    ("H2", "A", 17_500, "high", "70"),
    ("H2", "B", 14_000, "normal", "142.5"),
    ("H2", "B", 31_500, "high", "157.5"),
    ("H2", "C", 30_000, "normal", "350"),
]
NAMES = {"A": "AA19", "B": "BB19", "C": "CC19", "0000": "0000"}


def e4_inputs() -> Inputs:
    """The stays of E4, on a basis of the year before whose means are 5,000 / 15,000 / 35,000, of all 10,000, and k as given there.

    Patients paid 40,000 in H1 and 20,000 in H2: the first stay of each carries it.
    """
    means = {"A": {"H1": 5_500, "H2": 4_500}, "B": {"H1": 15_750, "H2": 14_250}, "C": {"H1": 35_000, "H2": 35_000}}
    counts = {"A": 6, "B": 1, "C": 1}  # in each hospital; (12 x 5,000 + 2 x 15,000 + 2 x 35,000) / 16 = 10,000
    basis = [
        stay(f"B{group}{hospital}{n}", hospital, NAMES[group], mean * YUAN, **BEFORE)
        for group, by in means.items()
        for hospital, mean in by.items()
        for n in range(counts[group])
    ]
    own = {0: 40_000 * YUAN, 7: 20_000 * YUAN}
    rows = [
        stay(f"E4-{n:02}", hospital, NAMES[group], cost * YUAN, own_share=own.get(n, 0))
        for n, (hospital, group, cost, _, _) in enumerate(E4_STAYS)
    ]
    rows[1] |= {"person_id": "again", "discharged_on": dt.date(YEAR, 5, 20)}
    rows[0] |= {"person_id": "again", "admitted_on": dt.date(YEAR, 6, 4), "discharged_on": dt.date(YEAR, 6, 9)}
    bed_days = {"payment_kind": "bed_day", "own_share": 0}
    rows += [
        stay("E4-91", "H1", "0000", None, length_of_stay_days=20, **bed_days),
        stay("E4-92", "H2", "0000", None, length_of_stay_days=30, **bed_days),
    ]
    return inputs_of([*basis, *rows], hospitals_frame(("H1", "tertiary", 400 * YUAN), ("H2", "secondary", 300 * YUAN)))


E4_RULES = {
    "base_points": {"basis": "previous_years", "years": 1},
    "coefficients": {"parts": [{"of": "hospital", "weight": 1}]},
}
E4_PREPAID = {("H1", "all"): Prepaid(75_000 * YUAN), ("H2", "all"): Prepaid(52_000 * YUAN)}


def _of(settled: Settlement, column: str) -> dict[str, Any]:
    return dict(settled.hospitals.select("hospital_id", column).iter_rows())


def test_e4_settlement_of_the_fund() -> None:
    settled = settle_year(e4_inputs(), rules_with(**E4_RULES), E4_PREPAID)
    found = {
        id_: (class_, points) for id_, class_, points in settled.stays.select("case_id", "class", "points").iter_rows()
    }
    for n, (_, _, _, class_, points) in enumerate(E4_STAYS):
        assert found[f"E4-{n:02}"] == (class_, Decimal(points) * POINT), n
    assert found["E4-91"] == ("bed_day", 80 * POINT)
    assert found["E4-92"] == ("bed_day", 90 * POINT)
    assert settled.stays.filter("readmission")["case_id"].to_list() == ["E4-01"]
    assert settled.stays.filter("readmission")["readmitted_as"].to_list() == ["E4-00"]
    assert dict(settled.groups.select("drg", "base_points").iter_rows()) == {
        "AA19": 50 * POINT,
        "BB19": 150 * POINT,
        "CC19": 350 * POINT,
    }
    assert _of(settled, "points") == {"H1": 13_275_000, "H2": 8_685_000}
    assert settled.pools["all"].point_value == "68.306011"
    assert _of(settled, "payable") == {"H1": 9_067_623, "H2": 5_932_377}
    assert _of(settled, "final") == {"H1": 1_567_623, "H2": 732_377}


def test_e4_settlement_with_own_shares() -> None:
    settled = settle_year(e4_inputs(), rules_with(**E4_RULES, point_value="all_in"), {})
    assert settled.pools["all"].point_value == "95.628415"
    assert _of(settled, "payable") == {"H1": 8_694_672, "H2": 6_305_328}
    assert settled.pools["all"].payable == 150_000 * YUAN
    by_hospital = settled.stays.group_by("hospital_id").agg(pl.col("payment").sum())
    assert dict(by_hospital.iter_rows()) == _of(settled, "payable")


@pytest.mark.parametrize("overall_mean", ["kept", "all"])
def test_e5_the_mean_of_base_points_is_exactly_a_hundred(overall_mean: str) -> None:
    sizes, means = {"A": 60, "B": 30, "C": 10}, {"A": 5_000, "B": 15_000, "C": 35_000}
    rows = [stay(f"{name}{n}", "H1", NAMES[name], means[name] * YUAN) for name in sizes for n in range(sizes[name])]
    inputs = inputs_of(rows, hospitals_frame(("H1", "tertiary", None)))
    groups = _groups(inputs, rules_with(base_points={"basis": "year", "overall_mean": overall_mean}))
    assert [decimal_text(groups["all", NAMES[name]].base, 6) for name in sizes] == [
        "45.454545",
        "136.363636",
        "318.181818",
    ]
    assert sum(groups["all", NAMES[name]].base * count for name, count in sizes.items()) == 100 * 100
