"""Tables of main indicators: plain text with tabs or bars, and tables that a file's format marks."""

import pytest

from yunnao.scenarios.plan.document import Cell, Document, Table
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.reading.reader import read

_LINES = [
    ["指标", "单位", "2022年计划", "2022年完成", "2023年计划", "属性"],
    ["地区生产总值增长", "%", "6左右", "5.4", "5.5以上", "预期性"],
    ["高新技术企业数", "家", "420", "1,436", "≥1480", "预期性"],
    ["城镇登记失业率（%）", "", "4以内", "3.1", "4以内", "约束性"],
]
_SAID = [
    ("地区生产总值增长", "≈", "6", "%", "growth_yoy", "2022", "target"),
    ("地区生产总值增长", "=", "5.4", "%", "growth_yoy", "2022", "outcome"),
    ("地区生产总值增长", "≥", "5.5", "%", "growth_yoy", "2023", "target"),
    ("高新技术企业数", "=", "420", "家", "level", "2022", "target"),
    ("高新技术企业数", "=", "1436", "家", "level", "2022", "outcome"),
    ("高新技术企业数", "≥", "1480", "家", "level", "2023", "target"),
    ("城镇登记失业率", "≤", "4", "%", "share", "2022", "target"),
    ("城镇登记失业率", "=", "3.1", "%", "share", "2022", "outcome"),
    ("城镇登记失业率", "≤", "4", "%", "share", "2023", "target"),
]


def _said(rows: tuple[Quantity, ...]) -> list[tuple[str, ...]]:
    return [
        (row.indicator, row.comparator, f"{row.value:f}", row.unit, row.kind, row.period, row.status) for row in rows
    ]


def test_tabs() -> None:
    text = "表1 主要指标\n" + "\n".join("\t".join(line) for line in _LINES)
    assert _said(read(Document(text=text, source="x")).rows) == _SAID


def test_commas_where_the_lines_cannot_be_sentences() -> None:
    text = (
        "主要指标完成情况\n序号，指标，2015年实际，2020年目标，2020年实际，情况\n1，生产总值（亿元），1521，2300，2356.8，完成\n"
        "2，城镇化率（%），48.3，56，57.2，完成\n"
    )
    assert _said(read(Document(text=text, source="x")).rows) == [
        ("生产总值", "=", "1521", "亿元", "level", "2015", "outcome"),
        ("生产总值", "=", "2300", "亿元", "level", "2020", "target"),
        ("生产总值", "=", "2356.8", "亿元", "level", "2020", "outcome"),
        ("城镇化率", "=", "48.3", "%", "share", "2015", "outcome"),
        ("城镇化率", "=", "56", "%", "share", "2020", "target"),
        ("城镇化率", "=", "57.2", "%", "share", "2020", "outcome"),
    ]
    prose = "2023年，全市，增长6%\n地区生产总值，增长5%，较快\n全市，共有，12\n"
    assert len(read(Document(text=prose, source="x")).rows) == 2, "sentences stay sentences"


def test_the_unit_may_stand_in_a_line_above() -> None:
    text = "某市2020年主要指标\n单位：亿元、%\n指标    绝对数    比上年增长\n地区生产总值    2356.8    3.6\n零售额    896.5    -2.4\n"
    assert [(row.indicator, row.unit, row.direction) for row in read(Document(text=text, source="x")).rows] == [
        ("地区生产总值", "亿元", "none"),
        ("地区生产总值增速", "%", "up"),
        ("零售额", "亿元", "none"),
        ("零售额增速", "%", "down"),
    ]


def test_bars() -> None:
    body = ["|" + "|".join(f" {cell} " for cell in line) + "|" for line in _LINES]
    body.insert(1, "|---|---|---|---|---|---|")
    assert _said(read(Document(text="\n".join(body), source="x")).rows) == _SAID


def test_cells_of_a_format() -> None:
    text, rows = "", []
    for line in _LINES:
        cells = []
        for cell in line:
            cells.append(Cell(len(text), len(text) + len(cell)))
            text += cell + "\n"
        rows.append(tuple(cells))
    assert _said(read(Document(text=text, source="x", tables=(Table(tuple(rows)),))).rows) == _SAID


def test_sums_over_the_years_of_a_plan_are_in_the_unit_of_their_row() -> None:
    text = (
        "第十四个五年规划纲要\n指标\t单位\t2020年\t2025年\t年均增速（%）\n"
        "生产总值\t亿元\t360\t490\t6.5左右\n城镇化率\t%\t56.3\t62\t〔5.7〕\n"
    )
    rows = read(Document(text=text, source="x")).rows
    said = [(row.indicator, f"{row.value:f}", row.unit, row.kind, row.period) for row in rows]
    assert said[2] == ("生产总值增速", "6.5", "%", "growth_yoy", "2021-2025")
    assert said[5] == ("城镇化率提高幅度", "5.7", "%", "rate_change", "2021-2025")


@pytest.mark.parametrize(
    ("line", "name", "unit"),
    [
        ("5G基站数（万个）\t1.2\t2.2\t3", "5G基站数", "万个"),
        ("4A级景区（家）\t1.2\t2.2\t3", "4A级景区", "家"),
        ("每千人口执业(助理)医师数(人)\t1.2\t2.2\t3", "每千人口执业（助理）医师数", "人"),
        ("农产品（绿色）产值（亿元）合计\t1.2\t2.2\t3", "农产品（绿色）产值合计", "亿元"),
        ("出口带宽（Tbps）\t1.2\t2.2\t3", "出口带宽", "Tbps"),
        ("**总产值**（亿元）\t**1.2**\t2.2\t3", "总产值", "亿元"),
    ],
)
def test_names_with_numerals_and_brackets(line: str, name: str, unit: str) -> None:
    found = read(Document(text=f"指标\t2020年\t2021年\t2025年\n{line}\n就业（万人）\t4\t5\t6\n", source="x")).rows
    said = [(row.indicator, f"{row.value:f}", row.unit, row.period) for row in found[:3]]
    assert said == [(name, "1.2", unit, "2020"), (name, "2.2", unit, "2021"), (name, "3", unit, "2025")]
    assert len(found) == 6


def test_thousands_apart_by_a_space() -> None:
    text = "指标\t单位\t2021年\t2022年\n收入\t元\t15 682\t1\u00a0016 682.5\n户数\t户\t300\t1,400\n"
    found = read(Document(text=text, source="x")).rows
    assert [f"{row.value:f}" for row in found] == ["15682", "1016682.5", "300", "1400"]
