"""The scenario as the loader reads it, once for all tests of this folder."""

import datetime as dt
from functools import cache
from pathlib import Path

from yunnao.catalogue.loader import district_parameters, load_scenario
from yunnao.catalogue.scenario import Scenario

REGIONS = frozenset({"全国", "山东", "青岛"})
SHARED_RULES = Path(__file__).resolve().parents[3] / ".." / "shared" / "rules"
SHARED_REGISTERS = SHARED_RULES.parent / "data" / "registers"


@cache
def benefits() -> Scenario:
    """The scenario in a district of Qingdao."""
    return load_scenario("yunnao.scenarios.benefits", district=district_parameters({"city": "青岛"}))


def decided_on(day: dt.date) -> set[str]:
    """Ids of the policies that decide on ``day``."""
    return {policy.id for policy in benefits().deciding(day, REGIONS)}
