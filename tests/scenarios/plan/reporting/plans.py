"""A made-up plan of two years with results, in a district's own store."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from tests.platforms.indicators.targets.promises import GROWTH, REVENUE, result
from yunnao.app import District
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.platforms.indicators.targets.service import Reviewed
from yunnao.platforms.indicators.targets.target import Promised
from yunnao.scenarios.plan.reporting.figures import Lineage
from yunnao.scenarios.plan.reporting.skeleton import Basis
from yunnao.scenarios.plan.tracking.standing import standing

HOSTILE = '<img src=x onerror="alert(1)">&项目数'
DAY = dt.date(2024, 1, 15)
HEADINGS = ("（一）抓产业", "（二）促开放", "（三）惠民生")


def _at(of: Promised, place: int, heading: int, **changes: object) -> Promised:
    section = f"二、2023年主要任务 > {HEADINGS[heading]} > 一是做一件事"
    return replace(of, begins=place, ends=place + 2, text_line=place, section=section, **changes)  # type: ignore[arg-type]


JOBS = replace(
    GROWTH,
    indicator="城镇新增就业",
    series="城镇新增就业",
    kind="increment",
    unit="万人",
    base_unit="人",
    nature="flow",
)
PROJECTS = replace(
    JOBS,
    indicator=HOSTILE,
    series="项目",
    kind="level",
    unit="个",
    base_unit="个",
    value=Decimal("12.0"),
    base_value=Decimal("12.0"),
)
SCHOOLS = replace(
    PROJECTS,
    indicator="新建学校",
    series="新建学校",
    unit="所",
    base_unit="所",
    value=Decimal(3),
    base_value=Decimal(3),
)
PLAN = [
    _at(GROWTH, 10, 0, base_stretch=Decimal("9.5")),
    _at(REVENUE, 20, 0, sign="="),
    _at(PROJECTS, 30, 1, sign="≈"),
    _at(JOBS, 40, 2, value=Decimal("2.50"), base_value=Decimal("25000.00"), sign=">"),
    _at(SCHOOLS, 50, 2, value_high=Decimal(5), base_high=Decimal(5), sign="="),
    _at(GROWTH, 60, 2, aspirational=True, value=Decimal(12), base_value=Decimal(12), sign="="),
]
"""Every sort of target: a stretch beside it, a scaled unit, 左右, a range, an aspiration."""
NEXT = [
    _at(GROWTH, 10, 0, period="2024", value=Decimal("8.50"), base_value=Decimal("8.50"), indicator="规上工业增加值增速")
]
RESULTS = [
    result(GROWTH, 12, "8.10"),
    result(REVENUE, 12, "23412345678.90"),
    result(JOBS, 11, "24650"),
    result(JOBS, 10, "22000"),
    result(JOBS, 9, "20000"),
]


def loaded(district: District, plan: list[Promised] = PLAN, following: list[Promised] = NEXT) -> District:
    """The district with both plans and the results in its store."""
    with district.targets.writing() as connection:
        for year, promised in (("2023", plan), ("2024", following)):
            reviewed = Reviewed(
                name=f"{year}.xlsx", sha256=year[-1] * 64, report=f"报告{year}.txt", report_sha256="b" * 64
            )
            if promised:
                district.targets.load(
                    connection, year, promised, reviewed, "os:tester", {"规模以上工业增加值": "ecology"}
                )
        district.targets.record(connection, RESULTS, "月报.xlsx", "c" * 64, 0, "os:tester")
    return district


def basis(district: District, day: dt.date = DAY) -> Basis:
    """What the report of 2023 is made from."""
    return Basis(
        district="示例区",
        year=2023,
        as_of=day,
        tracked=standing(district.targets, [], [], day, load_conventions(), "2023"),
        following=district.targets.targets("2024"),
        lineage=Lineage(district.targets.files(), district.targets.actuals(), district.departments),
    )
