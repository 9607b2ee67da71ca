"""Periods and status, from headings, years and verbs, of any year."""

import pytest

from tests.scenarios.plan.reading.said import rows
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.reading.reader import read

_REPORT = """某县2018年计划执行情况与2019年计划草案的报告
一、2018年计划执行情况
全年生产总值增长7%。过去五年，累计减税3亿元。2016-2020年建成公园9个。
二、2019年主要目标和措施
生产总值增长8%左右，到2020年达到500亿元。2018年完成投资6亿元。
[1] 平台：包括3个板块。
"""


def test_sections_tell_period_and_status() -> None:
    said = [(f"{row.value:f}", row.period, row.status) for row in read(Document(text=_REPORT, source="x")).rows]
    assert said == [
        ("7", "2018", "outcome"),
        ("3", "2014-2018", "outcome"),
        ("9", "2016-2020", "outcome"),
        ("8", "2019", "target"),
        ("500", "2020", "target"),
        ("6", "2018", "outcome"),
        ("3", "other", "description"),
    ]


def test_a_five_year_plan_speaks_of_its_own_years() -> None:
    text = (
        "某省国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要\n第一章 发展基础\n"
        "“十三五”时期，生产总值从2015年的2万亿元增加到2020年的3万亿元，年均增长7%。\n"
        "第二章 主要目标\n到2025年，森林覆盖率达到25%。寿命达到78岁。\n第三章 建设\n新增良田800万亩。\n"
    )
    said = [(f"{row.value:f}", row.period, row.status) for row in read(Document(text=text, source="x")).rows]
    assert said == [
        ("2", "2015", "outcome"),
        ("3", "2020", "outcome"),
        ("7", "2016-2020", "outcome"),
        ("25", "2025", "target"),
        ("78", "2025", "target"),
        ("800", "2021-2025", "target"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("某区2024年重点工作任务\n新建学校6所。\n", ["2024 target"]),
        (
            "某市政府工作报告（2023年）\n2022年工作回顾\n新增企业30家。\n2023年重点工作\n新增企业40家。\n",
            ["2022 outcome", "2023 target"],
        ),
        (
            "# 政府工作报告\n## 一、过去五年和2022年工作回顾\n过去五年，建成学校12所。2022年，新增企业30家。\n"
            "## 二、2023年工作建议\n新增企业40家。\n",
            ["2018-2022 outcome", "2022 outcome", "2023 target"],
        ),
        (
            "某区2021年工作总结和2022年工作计划\n一、主要成效\n建成学校12所。\n二、下一步打算\n新建学校9所。\n",
            ["2021 outcome", "2022 target"],
        ),
        ("2022年一季度经济运行情况\n全区生产总值增长5%。\n", ["2022 outcome"]),
        (
            "某市“十四五”教育发展规划\n一、发展基础\n“十三五”期间，新建学校30所。\n二、主要目标\n到2025年，毛入园率达到95%。\n"
            "三、重点任务\n新建学校50所。\n",
            ["2016-2020 outcome", "2025 target", "2021-2025 target"],
        ),
        ("一、上半年工作情况\n新增企业30家。\n二、下半年重点工作\n新增企业40家。\n", ["other outcome", "other target"]),
    ],
    ids=lambda value: value.split("\n")[0] if isinstance(value, str) else "",
)
def test_reports_of_other_kinds_and_years(text: str, said: list[str]) -> None:
    assert [f"{row.period} {row.status}" for row in read(Document(text=text, source="x")).rows] == said


@pytest.mark.parametrize(
    ("passage", "period"),
    [
        ("接待游客12万人次，是2019年的1.3倍。", "2022"),
        ("比2020年增长5%。", "2022"),
        ("项目获得2021年度奖励5项。", "2022"),
        ("五年年均增长7%。", "2018-2022"),
        ("增速为近7年最高；民间投资增长23.6%。", "2022"),
        ("截至目前，累计建成9个。", "2022"),
    ],
)
def test_years_of_names_and_bases_are_no_periods(passage: str, period: str) -> None:
    assert {row.period for row in rows(passage)} == {period}


def test_without_headings_verbs_tell() -> None:
    text = "2021年，全区新增企业300家。下一步，要确保引进项目20个。\n"
    said = [(f"{row.value:f}", row.period, row.status) for row in read(Document(text=text, source="x")).rows]
    assert said == [("300", "2021", "outcome"), ("20", "2022", "target")]


def test_estimates_and_aspirations_are_said() -> None:
    heading = "二、2023年工作安排\n"
    first, second = rows("预计生产总值增长10%，力争12%。", heading)
    assert (first.estimate, second.estimate) == (True, True)
    assert (first.aspirational, second.aspirational) == (second.value, second.value)
    (plain,) = rows("争取资金15亿元。")
    assert plain.aspirational is None, "what was reached is not striven for"


def test_a_title_of_two_years_is_no_heading_and_items_may_begin_with_a_year() -> None:
    text = (
        "某港经济区2018年工作情况及2019年工作打算\n1、主要指标。2018年完成投资6亿元。全年新签约项目7个。\n"
        "2、2019年打算。投资增长8%以上。全年新签约项目9个。\n"
    )
    said = [(f"{row.value:f}", row.period, row.status) for row in read(Document(text=text, source="x")).rows]
    assert said == [
        ("6", "2018", "outcome"),
        ("7", "2018", "outcome"),
        ("8", "2019", "target"),
        ("9", "2019", "target"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "政府工作报告\n一、2018年政府工作回顾\n增长6%。\n二、2019年政府工作安排\n增长7%。",
            [("6", "2018", "outcome"), ("7", "2019", "target")],
        ),
        (
            "政府工作报告\n一、2018年主要工作\n增长6%。\n二、2019年工作\n增长7%。新建学校3所。",
            [("6", "2018", "outcome"), ("7", "2019", "target"), ("3", "2019", "target")],
        ),
        (
            "政府工作报告\n——2019年1月23日在某市人民代表大会上\n一、过去一年工作回顾\n增长6%。\n二、今年工作\n增长7%。",
            [("6", "2018", "outcome"), ("7", "2019", "target")],
        ),
        (
            "2019年，我们将重点做好以下工作：一是新建学校3所。二是改造小区8个。",
            [("3", "2019", "target"), ("8", "2019", "target")],
        ),
        (
            "2019年上半年计划执行情况的报告\n上半年增长5%。\n下半年，我们将确保全年增长6%以上。新开工项目100个。",
            [("5", "2019", "outcome"), ("6", "2019", "target"), ("100", "2019", "target")],
        ),
        (
            "今年是开局之年。主要目标是：增长6%。\n一、推进工业发展。培育企业20家。",
            [("6", "other", "target"), ("20", "other", "target")],
        ),
        ("去年完成投资20亿元，今年计划完成30亿元。", [("20", "other", "outcome"), ("30", "other", "target")]),
        (
            "某州2018年政府工作报告（节选）\n一年来，增长5%。\n2019年主要预期目标：增长6%。\n（一）抓项目。完成投资9亿元。",
            [("5", "2018", "outcome"), ("6", "2019", "target"), ("9", "2019", "target")],
        ),
        (
            "2019年某市为民办实事项目公开征求意见\n2018-12-31 16:20:16\n我市2019年拟新建学校3所。改造小区8个。",
            [("3", "2019", "target"), ("8", "2019", "target")],
        ),
        (
            "市政府提出，做好2019年工作，要全面推进建设。\n改造小区8个，新增车位300个。",
            [("8", "2019", "target"), ("300", "2019", "target")],
        ),
        (
            "1-11月，投资增长5%。\n2019年，计划实施项目8个。年底前新增企业20家。",
            [("5", "2018", "outcome"), ("8", "2019", "target"), ("20", "2019", "target")],
        ),
        ("征集2019年项目，共30类。在教育领域，将实施项目63个。", [("30", "2019", "target"), ("63", "2019", "target")]),
        (
            "记者从2018年前三季度通气会上获悉，产值为6亿元。投资增长5%。",
            [("6", "2018", "outcome"), ("5", "2018", "outcome")],
        ),
        (
            "某高新区2018年工作总结及2019年工作要点\n2018年，产值6亿元。\n2019年，高新区将紧扣发展。\n1.经济指标：产值突破9亿元。",
            [("6", "2018", "outcome"), ("9", "2019", "target")],
        ),
        ("某市2019年国民经济和社会发展计划\n主要目标是：投资增长8%左右。", [("8", "2019", "target")]),
        (
            "2018年度水利投资计划完成32亿元、完成率20%。同比增长5%。",
            [("32", "2018", "outcome"), ("20", "2018", "outcome"), ("5", "2018", "outcome")],
        ),
        ("抓好工业。2019年6月底前建成学校3所。", [("3", "2019", "target")]),
        (
            "一、2018年工作\n（一）经济运行。增长6%。\n二、下步打算\n增长7%。",
            [("6", "2018", "outcome"), ("7", "2019", "target")],
        ),
        (
            "某街道2018年工作总结和2019年工作安排\n（一）民生改善\n救助65户。\n（二）下一步工作\n救助70户。",
            [("65", "2018", "outcome"), ("70", "2019", "target")],
        ),
        (
            "二、2019年总体要求\n赤字率4%。\n一年来，生产总值增长5%。新增就业12万人。\n今年，我们将新建学校3所。",
            [("4", "2019", "target"), ("5", "2018", "outcome"), ("12", "2018", "outcome"), ("3", "2019", "target")],
        ),
        (
            "某局2018年总结\n二、2019年工作打算\n（一）存在的问题和困难\n1.收入偏低。人均收入2万元。\n（二）主要措施\n实施项目30个。",
            [("2", "2018", "outcome"), ("30", "2019", "target")],
        ),
        ("2018年增长5%。展望二〇三五年，人口达到300万人。", [("5", "2018", "outcome"), ("300", "2035", "target")]),
        ("2018年增长5%。经过八年努力，100万人脱贫。", [("5", "2018", "outcome"), ("100", "2018", "outcome")]),
    ],
)
def test_headings_days_and_openings_tell_what_is_to_come(text: str, said: list[tuple[str, str, str]]) -> None:
    read_ = [(f"{row.value:f}", row.period, row.status) for row in read(Document(text=text, source="x")).rows]
    assert read_ == said


def test_a_paragraph_may_begin_with_five_years_or_with_a_year() -> None:
    text = (
        "政府工作报告\n一、本届政府工作回顾\n五年来，实力增强。净增企业86家，达到312家。收入从2016年的42亿元增长到71亿元，年均增长9%。\n"
        "过去的2021年，实力增强。投资增长8%。新增就业2万人。\n二、今后五年目标\n城镇化率达到62%。\n三、2022年工作\n新建学校5所。\n"
    )
    said = [(f"{row.value:f}", row.period) for row in read(Document(text=text, source="x")).rows]
    assert said == [
        ("86", "2017-2021"),
        ("312", "2021"),
        ("42", "2016"),
        ("71", "2021"),
        ("9", "2017-2021"),
        ("8", "2021"),
        ("2", "2021"),
        ("62", "2026"),
        ("5", "2022"),
    ]
