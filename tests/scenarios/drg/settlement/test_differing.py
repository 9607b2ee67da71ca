"""What a difference says: which stays came, went, were corrected or only priced anew; and its parts add up."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.scenarios.drg.settlement.generated import policies, stays
from tests.scenarios.drg.settlement.kept import keep
from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.differing import Difference, difference
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.settling import settle_month, settle_year

HOSPITALS = hospitals_frame(("H0", "tertiary", 30_000), ("H1", "secondary", None), ("H2", "primary", None))


def between(folder: Path, rules: Rules, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Difference:
    one, other = (keep(folder, settle_year(inputs_of(rows, HOSPITALS), rules, {}), rules) for rows in (before, after))
    return difference(one, other)


def test_why_a_payment_changed(tmp_path: Path) -> None:
    """Base points rest on the year before, so nothing is priced anew: only what came, went or was corrected moves points."""
    basis = [
        stay(f"B{n}", "H0", "AA19", 100, discharged_on=stay("", "", "", 0)["discharged_on"].replace(year=YEAR - 1))
        for n in range(2)
    ]
    kept, gone, corrected = (stay(name, "H0", "AA19", 100) for name in ("kept", "gone", "corrected"))
    late = stay("late", "H1", "AA19", 100)
    rules = rules_with(base_points={"basis": "previous_years"}, budgets={"all": 600})
    found = between(
        tmp_path, rules, [*basis, kept, gone, corrected], [*basis, kept, corrected | {"total_cost": 20}, late]
    )
    assert found.stays.select("case_id", "what", "fields", "points_before", "points_after").rows() == [
        ("corrected", "changed", "total_cost", 1_000_000, 200_000),
        ("gone", "removed", "", 1_000_000, None),
        ("late", "added", "", None, 1_000_000),
    ]
    rows = {row["hospital_id"]: row for row in found.hospitals.to_dicts()}
    assert (rows["H0"]["removed_stays"], rows["H0"]["changed_stays"], rows["H1"]["added_stays"]) == (1, 1, 1)
    assert (rows["H0"]["payable_before"], rows["H0"]["payable_after"]) == (60_000, 32_727)
    # two yuan a point before: 180 points less are 360 yuan; the rest is the point value's rise
    assert (rows["H0"]["change"], rows["H0"]["by_points"], rows["H0"]["by_point_value"]) == (-27_273, -36_000, 8_727)
    assert (rows["H1"]["change"], rows["H1"]["by_points"], rows["H1"]["by_point_value"]) == (27_273, 20_000, 7_273)


def test_neighbours_are_priced_anew_not_changed(tmp_path: Path) -> None:
    rows = [stay("a", "H0", "AA19", 100), stay("b", "H0", "BB19", 100)]
    found = between(tmp_path, rules_with(), rows, [rows[0], rows[1] | {"total_cost": 300}])
    assert dict(found.stays.select("case_id", "what").iter_rows()) == {"a": "repriced", "b": "changed"}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(before=stays(), after=stays(), rules=policies())
def test_the_parts_add_up(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    rules: Rules,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    try:
        found = between(tmp_path_factory.mktemp("runs"), rules, before, after)
    except YunnaoError:
        assume(False)
        raise
    hospitals = found.hospitals
    parts = hospitals["by_points"] + hospitals["by_own_share"] + hospitals["by_point_value"]
    assert (hospitals["change"] == parts).all()
    gains = sum((hospitals[f"{kind}_points"] for kind in ("added", "removed", "changed", "repriced")), pl.Series([0]))
    assert (hospitals["points_after"] - hospitals["points_before"] == gains).all()
    came, went = hospitals["added_stays"], hospitals["removed_stays"]
    assert (hospitals["stays_after"] - hospitals["stays_before"] == came - went).all()


def test_no_difference_between_equals(tmp_path: Path) -> None:
    rows = [stay("a", "H0", "AA19", 100)]
    found = between(tmp_path, rules_with(), rows, rows)
    assert found.stays.is_empty()
    assert found.hospitals["change"].to_list() == [0]


def test_only_runs_of_one_period_are_compared(tmp_path: Path) -> None:
    inputs, rules = inputs_of([stay("a", "H0", "AA19", 100)], HOSPITALS), rules_with()
    year = keep(tmp_path, settle_year(inputs, rules, {}), rules)
    month = keep(tmp_path, settle_month(inputs, rules, f"{YEAR}-05"), rules)
    with pytest.raises(YunnaoError, match="不是同一时期"):
        difference(year, month)
