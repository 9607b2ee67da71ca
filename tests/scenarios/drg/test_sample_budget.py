"""A budget of the sample's size: scaled to the fen, a whole policy, told from a district's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from yunnao.kernel.errors import DefinitionError
from yunnao.scenarios.drg.sample_budget import is_scaled, scaled_policy
from yunnao.scenarios.drg.sample_year import STAYS
from yunnao.scenarios.drg.settlement.policy import SAMPLE, load_policy

SHIPPED = SAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("stays", [1, 777, STAYS, 1_000_000])
def test_budgets_are_scaled_and_nothing_else(stays: int, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(scaled_policy(SHIPPED, stays), encoding="utf-8")
    shipped, scaled = load_policy(SAMPLE).rules(2023), load_policy(path).rules(2023)
    for pool, budget in shipped.budgets.items():
        assert abs(scaled.budgets[pool] - budget * stays / STAYS) <= Decimal("0.005")
    assert scaled.model_copy(update={"budgets": shipped.budgets}) == shipped


def test_it_is_told_from_a_districts_own() -> None:
    assert is_scaled(scaled_policy(SHIPPED, 5))
    assert not is_scaled(SHIPPED)
    with pytest.raises(DefinitionError, match="没有找到预算"):
        scaled_policy("id: own", 5)
