"""What runs have measured as results of targets: by a table, with run and definition as the source, an officer's word before it."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.platforms.indicators.targets.promises import GROWTH, REVENUE, promise
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.measure import Measured
from yunnao.scenarios.plan.tracking.measured import FILE, MeasuredLine, load_measured, measured_actuals
from yunnao.scenarios.plan.tracking.promises import series_of_promises


def measured(run: int, day: str, value: str | None, unit: str = "CNY", by: str = "") -> Measured:
    return Measured(
        scenario="benefits",
        indicator="amount_paid",
        title=Text("已兑付金额", "paid"),
        unit=unit,
        direction="up",
        by=by,
        key="",
        value=value,
        numerator=None,
        denominator=None,
        rows=1,
        unknown=0,
        as_of=dt.date.fromisoformat(day),
        run=run,
        snapshot="s",
        made_from=(),
        definition="d" * 16,
    )


LINE = MeasuredLine(indicator="一般公共预算收入", scenario="benefits", measure="amount_paid", covers="to_date")


def test_the_latest_run_of_a_month_is_its_result() -> None:
    rows = [
        measured(1, "2023-03-31", "100.50"),
        measured(2, "2023-04-30", "200"),
        measured(3, "2023-04-15", "999"),
        measured(4, "2023-05-31", None),
        measured(5, "2023-06-30", "7", by="policy"),
    ]
    found = measured_actuals([LINE], rows, series_of_promises([REVENUE]))
    assert [(each.period, each.base_value, each.base_unit, each.kind) for each in found] == [
        ("2023-03", Decimal("100.50"), "元", "level"),
        ("2023-04", Decimal(200), "元", "level"),
    ]
    assert found[0].source == f"第 1 次运行的指标 benefits.amount_paid（2023-03-31，定义 {'d' * 16}）"


def test_a_share_is_in_per_cent_and_of_the_targets_kind() -> None:
    line = LINE.model_copy(update={"indicator": "应享尽享率", "covers": "point"})
    wanted = series_of_promises([promise(GROWTH, series="应享尽享率", kind="share")])
    (found,) = measured_actuals([line], [measured(1, "2023-03-31", "0.3828", "share")], wanted)
    assert (found.base_value, found.base_unit, found.kind) == (Decimal("38.28"), "%", "share")


def test_the_table_is_checked(tmp_path: Path) -> None:
    assert load_measured(tmp_path) == []
    path = tmp_path / FILE
    path.parent.mkdir()
    path.write_text(
        "- {indicator: 市场主体, scenario: benefits, measure: enterprises, covers: 累计}\n", encoding="utf-8"
    )
    with pytest.raises(DefinitionError, match="covers"):
        load_measured(tmp_path)
