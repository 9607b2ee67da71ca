"""Other parameters: which can be set, which values are allowed, and that a simulation is the settlement by these rules."""

import pytest
from polars.testing import assert_frame_equal

from tests.scenarios.drg.settlement.made import hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.policy import SAMPLE, load_policy
from yunnao.scenarios.drg.settlement.settling import settle_year
from yunnao.scenarios.drg.settlement.simulation import changed, parsed, simulate

HOSPITALS = hospitals_frame(("H1", "tertiary", None), ("H2", "secondary", None))
ROWS = [
    stay("a", "H1", "AA19", 100),
    stay("b", "H1", "AA19", 100),
    stay("c", "H2", "AA19", 36),
    stay("d", "H2", "AA19", 164),
]
RULES = load_policy(SAMPLE).rules(2023)


def test_a_simulation_is_the_settlement_by_other_rules() -> None:
    inputs, rules = inputs_of(ROWS, HOSPITALS), rules_with()
    found = simulate(inputs, rules, {"low.below": "0.35"}, {})
    other = rules_with(low={**rules.model_dump()["low"], "below": "0.35"})
    assert_frame_equal(found.after.hospitals, settle_year(inputs, other, {}).hospitals)
    assert_frame_equal(found.before.hospitals, settle_year(inputs, rules, {}).hospitals)
    assert found.moves["change"].to_list() == [-found.moves["change"][1], found.moves["change"][1]]
    assert (found.gains, found.loses) == (1, 1)
    assert found.moves["change"][1] > 0  # the stay at 0.36 times the mean is no low multiple any more


def test_the_budget_moves_everybody() -> None:
    found = simulate(inputs_of(ROWS, HOSPITALS), rules_with(), {"budgets.all": "300000"}, {})
    assert found.gains == 2
    assert found.pools.select("budget_before", "budget_after").row(0) == (15_000_000, 30_000_000)


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("low.below", "0.35", lambda rules: str(rules.low.below) == "0.35"),
        ("low", "null", lambda rules: rules.low is None),
        ("high.tiers.0.multiple", "2.5", lambda rules: str(rules.high.tiers[0].multiple) == "2.5"),
        ("trimming", "{method: none}", lambda rules: rules.trimming.method == "none"),
        ("coefficients.incentives.H0001", "1.05", lambda rules: str(rules.coefficients.incentives["H0001"]) == "1.05"),
        ("readmission.exempt_adrgs", "[RB1, RC1]", lambda rules: rules.readmission.exempt_adrgs == ["RB1", "RC1"]),
        ("point_value", "all_in", lambda rules: rules.point_value == "all_in"),
        ("high.needs_review", "true", lambda rules: rules.high.needs_review is True),
    ],
)
def test_what_can_be_set(name: str, value: str, where: object) -> None:
    assert callable(where)
    assert where(changed(RULES, {name: value}))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("low.belw", "1", "没有参数 low.belw；这一层可用：at_most_base、below"),
        ("year", "2024", "year 不是可以改的参数"),
        ("origins.low", "1", "origins 不是可以改的参数"),
        ("high.tiers.9.multiple", "2", "没有参数 high.tiers.9.multiple；这一层可用：0 到 2"),
        ("scale.value", "2", "没有参数 scale.value"),
        ("low.below", "2", "low → below：不能大于 1"),
        ("low.below", "lots", "low → below"),
        ("low.below", "{a", "不是合法的 YAML"),
        ("budgets.army", "5", "budgets"),
    ],
)
def test_what_cannot(name: str, value: str, sentence: str) -> None:
    with pytest.raises(YunnaoError) as refused:
        changed(RULES, {name: value})
    assert sentence in str(refused.value)


def test_settings_as_they_are_typed() -> None:
    assert parsed(["low.below=0.35", "trimming={method: none}"]) == {"low.below": "0.35", "trimming": "{method: none}"}
    with pytest.raises(YunnaoError, match="写得不对"):
        parsed(["low.below"])
