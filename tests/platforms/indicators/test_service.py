"""A scenario's indicators measured together, and asked about by name."""

from pathlib import Path

import polars as pl
import pytest

import yunnao.scenarios
from tests.platforms.indicators.frames import RowSources
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.platforms.indicators.definitions import load_indicators, read_indicators
from yunnao.platforms.indicators.service import Indicators

BENEFITS = Path(str(yunnao.scenarios.__file__)).parent / "benefits" / "indicators.yaml"
ALPHA = {"policy": "alpha", "in_force": True, "period": "2024", "has_amount": True}
GRANTED = [{"policy": "alpha", "subject": s, "outcome": "granted", "amount": 100} for s in ("S1", "S2", "S3")]
OWED = [{"policy": "alpha", "subject": "S4", "outcome": "undetermined", "amount": None}]


class CountingSources(RowSources):
    """Says how often the cases were asked for."""

    asked = 0

    def cases(self) -> pl.LazyFrame:
        self.asked += 1
        return super().cases()


def test_benefits_measure_what_they_promise() -> None:
    case = {"flow": "pay_benefit", "policy": "alpha", "period": "2024", "department": "tax", "amount": 100}
    cases = [
        {**case, "case_id": "C1", "subject": "S1", "state": "paid"},
        {**case, "case_id": "C2", "subject": "S2", "state": "declined"},
        {**case, "case_id": "C0", "subject": "S3", "state": "closed", "period": "2023"},
    ]
    missing = [{"policy": "alpha", "subject": "S4", "register": register} for register in ("tax_filings", "insurance")]
    sources = CountingSources([ALPHA], GRANTED + OWED, missing, [], cases)
    measured = Indicators(load_indicators(BENEFITS), "benefits").measure(sources, 3, "snapshot", {"alpha": "v1"})
    totals = {row.indicator: row.value for row in measured if row.by == ""}
    assert totals == {
        "policies_in_force": "1",
        "entitled": "3",
        "enterprises_entitled": "3",
        "amount_entitled": "3.00",
        "confirmed": "1",
        "amount_confirmed": "1.00",
        "paid": "1",
        "amount_paid": "1.00",
        "relief_applied": "0",
        "take_up": "0.3333",
        "days_to_payment_median": None,
        "days_to_payment_mean": None,
        "undetermined": "1",
    }
    assert {row.key: row.value for row in measured if row.by == "register"} == {"insurance": "1", "tax_filings": "1"}
    assert sources.asked == 1
    assert [row.indicator for row in measured if row.by == ""] == [i.id for i in load_indicators(BENEFITS)]


def test_rows_behind_by_name() -> None:
    indicators = Indicators(load_indicators(BENEFITS))
    rows = indicators.rows_behind("entitled", RowSources([ALPHA], GRANTED + OWED)).collect()
    assert rows["subject"].to_list() == ["S1", "S2", "S3"]
    with pytest.raises(DefinitionError, match="没有叫 nonsense 的指标"):
        indicators.rows_behind("nonsense", RowSources())


def test_a_fact_that_no_policy_in_force_reads() -> None:
    card = {"id": "it", "title": {"zh": "指标", "en": "it"}, "direction": "none", "unit": "count"}
    source = {"subjects": {"kind": "enterprise", "where": [{"fact": "profit", "at_least": 1}]}}
    with pytest.raises(YunnaoError, match="没有算出事实 profit"):
        Indicators(read_indicators([{**card, "count": source}], "x")).measure(RowSources(), 1, "s", {})
