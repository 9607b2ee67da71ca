"""Pairs over two reports: how strong, by what arithmetic, and never a verdict on what is merely related."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.plan.linking.rows import promised, row, stated
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.scenarios.plan.linking.pairs import Pair, link
from yunnao.scenarios.plan.quantities import Quantity

CONVENTIONS = load_conventions()


def pairs(old: list[Quantity], new: list[Quantity]) -> list[Pair]:
    return link(stated(*old, source="旧.txt"), stated(*new, source="新.txt"), CONVENTIONS)


def one(old: list[Quantity], new: list[Quantity]) -> Pair:
    (found,) = [pair for pair in pairs(old, new) if pair.relation == "checks"]
    return found


def test_the_same_indicator_kind_and_unit_is_exact() -> None:
    found = one([promised("规上工业增加值增速", 8, comparator="≥")], [row("规模以上工业增加值", "8.2")])
    assert (found.strength, found.verdict, found.arithmetic) == ("exact", "met", "")
    assert found.reason == "完成 8.2 %，目标 不低于 8 %"


def test_other_printed_units_are_converted_and_shown() -> None:
    found = one([promised("实际使用外资", "15", "亿元", comparator="≥")], [row("实际利用外资", "149999", "万元")])
    assert (found.strength, found.verdict) == ("convertible", "missed")
    assert found.arithmetic == "149999 万元 = 1499990000 元"


def test_growth_follows_from_two_levels() -> None:
    old = [promised("一般公共预算收入", 5, comparator="≥"), row("一般公共预算收入", "200.0", "亿元", period="2021")]
    found = one(old, [row("一般公共预算收入", "209.8", "亿元")])
    assert (found.strength, found.verdict) == ("convertible", "missed")
    assert "20980000000 ÷ 20000000000 − 1 = 4.9 %" in found.arithmetic
    assert "旧.txt" in found.arithmetic


def test_only_whole_numbers_of_what_is_counted_are_exact() -> None:
    old = [promised("一般公共预算收入", 5, comparator="≥"), row("一般公共预算收入", "200", "亿元", period="2021")]
    found = one(old, [row("一般公共预算收入", "209.9", "亿元")])
    assert (found.strength, found.verdict) == ("convertible", "not_assessable"), "200 亿元 is rounded: 4.66 to 5.24 %"
    assert "按印出的位数在 4.6633—5.2381 % 之间" in found.arithmetic
    old = [promised("高新技术企业数", 20, comparator="≥"), row("高新技术企业数", "500", "家", period="2021")]
    assert one(old, [row("高新技术企业数", "599", "家")]).verdict == "missed"
    assert one(old, [row("高新技术企业数", "600", "家")]).verdict == "met"


def test_a_level_follows_from_growth_and_last_years_level() -> None:
    old = [promised("社会消费品零售总额", "1000", "亿元"), row("社会消费品零售总额", "950", "亿元", period="2021")]
    found = one(old, [row("社零总额增速", "5.5")])
    assert (found.strength, found.verdict) == ("convertible", "met")
    assert "95000000000 ×（1 + 5.5 %）= 100225000000 元" in found.arithmetic


def test_growth_at_constant_prices_does_not_follow_from_levels() -> None:
    old = [promised("地区生产总值", 6), row("地区生产总值", "4368.53", "亿元", period="2021")]
    found = one(old, [row("地区生产总值", "4691.85", "亿元")])
    assert (found.strength, found.verdict) == ("related", None)
    assert "可比价" in found.reason
    assert "÷ 436853000000 − 1 = 7.4011 %，含价格变动，只供参考" in found.reason


def test_an_increment_is_the_difference_of_what_accumulated() -> None:
    old = [
        promised("高新技术企业数", "100", "家", kind="increment"),
        row("高新技术企业数", "500", "家", kind="cumulative", period="2021"),
    ]
    found = one(old, [row("高新技术企业数", "612", "家", kind="cumulative")])
    assert (found.strength, found.verdict) == ("convertible", "met")
    assert "612 − 500 = 112 家" in found.arithmetic


def test_arithmetic_needs_last_years_figure_and_one_only() -> None:
    target = promised("一般公共预算收入", 5)
    outcome = row("一般公共预算收入", "210", "亿元")
    without = one([target], [outcome])
    assert (without.strength, without.verdict) == ("related", None)
    assert without.reason == "没有 2021 年的准确数，不能换算"
    two = [row("一般公共预算收入", value, "亿元", period="2021") for value in ("200", "201")]
    assert "不一致" in one([target, *two], [outcome]).reason


def test_an_increment_and_a_level_are_only_related() -> None:
    found = one([promised("市场主体", "8", "万家", kind="increment")], [row("市场主体", "42.5", "万家")])
    assert (found.strength, found.verdict) == ("related", None)
    assert "当年新增" in found.reason


def test_another_scope_is_only_related() -> None:
    found = one([promised("市场主体", "42", "万家")], [row("自贸片区市场主体", "12", "万家")])
    assert (found.strength, found.verdict) == ("related", None)
    assert found.reason == "范围不同：目标是本区，完成数是自贸片区"


def test_other_years_are_not_paired() -> None:
    assert pairs([promised("市场主体", "42", "万家")], [row("市场主体", "42", "万家", period="2020")]) == []


def test_within_one_report_an_outcome_goes_on_as_next_years_target() -> None:
    report = [row("规上工业增加值增速", "11"), promised("规上工业增加值增速", "10", period="2023")]
    statements = stated(*report)
    (found,) = link(statements, statements, CONVENTIONS)
    assert (found.relation, found.strength, found.verdict) == ("continues", "exact", None)


def test_a_fall_that_was_promised_is_missed_by_a_rise() -> None:
    target = promised("单位GDP能耗", "3", direction="down", kind="rate_change", comparator="≥")
    fell = row("单位地区生产总值能耗", "3.2", direction="down", kind="rate_change")
    rose = row("单位地区生产总值能耗", "1", direction="up", kind="rate_change")
    assert one([target], [fell]).verdict == "met"
    assert one([target], [rose]).verdict == "missed"


@pytest.mark.parametrize(
    ("wanted", "sign", "reached", "said", "verdict"),
    [
        ("3", "≤", "3", "=", "met"),
        ("3", "≤", "4", "=", "missed"),
        ("3", "=", "2", "=", "met"),
        ("3", "=", "4", "=", "missed"),
        ("5", "≤", "3", "≤", "met"),
        ("1", "=", "3", "≤", "not_assessable"),
    ],
)
def test_a_rank_is_kept_by_a_better_one(wanted: str, sign: str, reached: str, said: str, verdict: str) -> None:
    target = promised("综合实力百强区位次", wanted, "名", kind="rank", comparator=sign)
    assert one([target], [row("综合实力百强区位次", reached, "名", kind="rank", comparator=said)]).verdict == verdict


def test_to_break_through_is_to_reach() -> None:
    words = {"comparator": ">", "quote": "地区生产总值突破5000亿元", "sentence": "地区生产总值突破5000亿元。"}
    outcome = [row("地区生产总值", "5000", "亿元")]
    assert one([promised("地区生产总值", "5000", "亿元", **words)], outcome).verdict == "met"
    over = {**words, "quote": "地区生产总值超过5000亿元", "sentence": "地区生产总值超过5000亿元。"}
    assert one([promised("地区生产总值", "5000", "亿元", **over)], outcome).verdict == "missed"


def test_what_is_striven_for_is_said_separately() -> None:
    base = promised("货物进出口总额", "10", aspirational=Decimal(12))
    assert one([base], [row("货物进出口总额", "11")]).reason == (
        "完成 11 %，目标 10 %；另有力争 12 %，不作底线：没有达到"
    )


def test_a_name_that_is_too_general_joins_nothing() -> None:
    found = one([promised("项目总投资", "80", "亿元")], [row("项目总投资", "7463", "亿元")])
    assert (found.strength, found.verdict) == ("related", None)
    assert "太笼统" in found.reason


def test_a_converted_outcome_beside_an_exact_one_has_no_verdict_of_its_own() -> None:
    old = [promised("一般公共预算收入", 5), row("一般公共预算收入", "200.0", "亿元", period="2021")]
    new = [row("一般公共预算收入", "209.9", "亿元"), row("一般公共预算收入增速", "5.1")]
    exact, converted = [pair for pair in pairs(old, new) if pair.relation == "checks"]
    assert (exact.strength, exact.verdict) == ("exact", "met")
    assert (converted.strength, converted.verdict) == ("convertible", None)
    assert "只供核对" in converted.reason


def test_what_rounding_leaves_open_is_not_judged() -> None:
    old = [promised("一般公共预算收入", "6.5", comparator="≥"), row("一般公共预算收入", "152.4", "亿元", period="2021")]
    found = one(old, [row("一般公共预算收入", "162.3", "亿元")])
    assert (found.strength, found.verdict) == ("convertible", "not_assessable")
    assert "16230000000 ÷ 15240000000 − 1 = 6.4961 %" in found.arithmetic
    assert "按印出的位数在 6.4283—6.5638 % 之间" in found.arithmetic


def test_an_aspiration_has_no_verdict() -> None:
    found = one([promised("货物进出口总额", 12, aspirational=Decimal(12))], [row("货物进出口总额", 13)])
    assert (found.strength, found.verdict) == ("exact", None)


NAMES = st.sampled_from(
    ["地区生产总值", "规上工业增加值", "市场主体", "自贸片区市场主体", "一般公共预算收入", "固定资产投资"]
)
ROWS = st.builds(
    lambda name, value, unit, **changes: row(name, value, unit, **changes),
    NAMES,
    st.integers(1, 9999),
    st.sampled_from(["%", "亿元", "万家"]),
    period=st.sampled_from(["2021", "2022", "2023"]),
    status=st.sampled_from(["target", "outcome"]),
    kind=st.sampled_from(["level", "growth_yoy", "increment", "cumulative", "share"]),
    comparator=st.sampled_from(["=", "≥", ">", "≈", "≤", "<"]),
)


@given(st.lists(ROWS, max_size=12), st.lists(ROWS, max_size=12))
def test_no_verdict_without_one_scope_one_series_and_one_year(old: list[Any], new: list[Any]) -> None:
    for pair in pairs(old, new):
        if pair.strength == "related" or pair.relation == "continues":
            assert pair.verdict is None
        elif pair.strength == "exact":
            assert pair.verdict is not None
        if pair.verdict is not None:
            assert (pair.target.series, pair.target.area) == (pair.outcome.series, pair.outcome.area)
            assert pair.target.period == pair.outcome.period
        if pair.strength == "convertible":
            assert pair.arithmetic
        if pair.strength == "related":
            assert pair.reason


@pytest.mark.parametrize("comparator", ["≥", ">", "=", "≈"])
@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 50))
def test_a_better_outcome_never_turns_met_into_missed(comparator: str, wanted: int, value: int, more: int) -> None:
    target = promised("规上工业增加值增速", wanted, comparator=comparator)
    verdicts = [one([target], [row("规上工业增加值增速", number)]).verdict for number in (value, value + more)]
    assert verdicts != ["met", "missed"]
