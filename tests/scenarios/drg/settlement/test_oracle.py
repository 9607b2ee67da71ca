"""The set-wise result equals the slow oracle's, stay by stay, over generated stays, reviews and policies."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.scenarios.drg.settlement.generated import policies, settled
from tests.scenarios.drg.settlement.made import YEAR
from tests.scenarios.drg.settlement.oracle import Oracle
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs
from yunnao.scenarios.drg.settlement.settling import settle_month, settle_year


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(inputs=settled(), rules=policies(), monthly=st.booleans())
def test_points_are_the_oracles(inputs: Inputs, rules: Rules, monthly: bool) -> None:
    period = f"{YEAR}-05" if monthly else str(YEAR)
    try:
        found = settle_month(inputs, rules, period) if monthly else settle_year(inputs, rules, {})
    except YunnaoError as error:
        # trimming may leave nothing at all, or nothing of a pool
        if "没有留下任何病案" not in str(error) and "算不出它的基准点数" not in str(error):
            raise
        event("refused")
        return
    for class_ in found.counts:
        event(class_)
    mine = {
        id_: (class_, points) for id_, class_, points in found.stays.select("case_id", "class", "points").iter_rows()
    }
    assert mine == Oracle(inputs, rules, period).prices()
