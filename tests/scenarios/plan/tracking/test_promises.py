"""Targets that a home keeps: results are judged in the direction in which the target tells a change."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.scenarios.plan.linking.rows import promised, row, stated
from tests.web.service.served import make_district
from yunnao.app import District
from yunnao.kernel.moment import CHINA
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.platforms.indicators.targets.service import Reviewed
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.tracking.actual_files import read_actuals
from yunnao.scenarios.plan.tracking.loading import load_plan
from yunnao.scenarios.plan.tracking.promises import actuals_of_rows, promises, series_of_promises
from yunnao.scenarios.plan.tracking.standing import standing

NOW = dt.datetime(2024, 2, 1, 9, tzinfo=CHINA)
REVIEWED = Reviewed(name="核对表.xlsx", sha256="a" * 64, report="", report_sha256="")
HEAD = "指标,时期,数值,计量单位,口径,区域,性质\n"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    found = District(make_district(tmp_path / "home"), lambda: NOW, {})
    yield found
    found.records.close()


def lights(district: District, target: Quantity, path: Path | None, *outcomes: Quantity) -> list[tuple[str, str]]:
    """Where the home's one target stands by a sheet, or by a later report."""
    load_plan(district.targets, district.filed, "2023", promises([target]), REVIEWED, [], [], "os:x", NOW)
    wanted = series_of_promises(each.promised for each in district.targets.targets())
    found, skipped = (
        read_actuals(path, wanted, NOW.date()) if path else actuals_of_rows(stated(*outcomes), wanted, "报告.txt")
    )
    assert skipped == []
    with district.targets.writing() as connection:
        district.targets.record(connection, found, "月报.csv", "b" * 64, 0, "os:x")
    tracked = standing(district.targets, [], [], NOW.date(), load_conventions(district.home))
    return [(each.light, str(each.value)) for each in tracked]


ENERGY = promised("单位地区生产总值能耗", "3", kind="rate_change", direction="down", comparator="≥", period="2023")
DUST = promised("PM2.5年均浓度", "5", kind="rate_change", direction="down", period="2023")
GROWTH = promised("规上工业增加值增速", "8", direction="up", comparator="≥", period="2023")


@pytest.mark.parametrize(
    ("target", "line", "light", "value"),
    [
        (ENERGY, "单位地区生产总值能耗降低率,2023,3.5,%", "green", "3.5"),
        (ENERGY, "单位地区生产总值能耗增速,2023,-3.5,%", "green", "3.5"),
        (ENERGY, "单位地区生产总值能耗降低率,2023,2.5,%", "red", "2.5"),
        (DUST, "PM2.5年均浓度,2023,6,%", "red", "-6"),
        (DUST, "PM2.5年均浓度下降,2023,6,%", "green", "6"),
        (GROWTH, "规上工业增加值增速,2023,8.5,%", "green", "8.5"),
        (GROWTH, "规上工业增加值下降,2023,8.5,%", "red", "-8.5"),
    ],
)
def test_a_sheet_is_told_in_the_direction_of_the_target(
    district: District, tmp_path: Path, target: Quantity, line: str, light: str, value: str
) -> None:
    path = tmp_path / "月报.csv"
    path.write_text(f"{HEAD}{line},,,\n", encoding="utf-8")
    assert lights(district, target, path) == [(light, value)]


@pytest.mark.parametrize(
    ("target", "direction", "light", "value"),
    [(ENERGY, "down", "green", "3.4"), (ENERGY, "up", "red", "-3.4"), (GROWTH, "down", "red", "-3.4")],
)
def test_a_later_report_is_told_in_the_direction_of_the_target(
    district: District, target: Quantity, direction: str, light: str, value: str
) -> None:
    outcome = row(target.indicator, "3.4", kind=target.kind, direction=direction, period="2023")
    assert lights(district, target, None, outcome) == [(light, value)]


def test_what_a_report_says_as_a_range_or_differently_is_refused_with_the_reason() -> None:
    firms = promised("市场主体", "3", "万户", period="2023")
    wanted = series_of_promises(promises([GROWTH, firms]))
    said = stated(
        row(GROWTH.indicator, "8.1", period="2023", line=3),
        row(GROWTH.indicator, "8.3", period="2023", line=9),
        row("市场主体", "2.8", "万户", value_high=Decimal(3), period="2023", line=5),
        row("别的指标", "1", value_high=Decimal(3), period="2023", line=6),
    )
    found, skipped = actuals_of_rows(said, wanted, "报告.txt")
    assert found == []
    assert [(each.file, each.row, each.column) for each in skipped] == [
        ("报告.txt", line, "value") for line in (3, 5, 9)
    ]
    assert "8.1 %（第 3 行）、8.3 %（第 9 行）" in skipped[0].reason
    assert "2.8—3 万户 是一个区间" in skipped[1].reason
    again = stated(*(row(GROWTH.indicator, "8.1", period="2023", line=line) for line in (3, 9)))
    (actual,), skipped = actuals_of_rows(again, wanted, "报告.txt")
    assert (actual.base_value, skipped) == (Decimal("8.1"), [])
