"""One verdict a target, with its reason."""

from dataclasses import replace
from decimal import Decimal

from tests.scenarios.plan.linking.rows import promised, row, stated
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.scenarios.plan.linking.assessing import Assessed, assess
from yunnao.scenarios.plan.quantities import Quantity

CONVENTIONS = load_conventions()


def judged(target: Quantity, *outcomes: Quantity) -> Assessed:
    (found,) = assess(stated(target), stated(*outcomes), CONVENTIONS)
    return found


def test_met_missed_and_not_assessable() -> None:
    target = promised("规上工业增加值增速", 8, comparator="≥")
    assert judged(target, row("规上工业增加值增速", 8)).verdict == "met"
    assert judged(target, row("规上工业增加值增速", "7.9")).verdict == "missed"
    nothing = judged(target)
    assert (nothing.verdict, nothing.reason) == ("not_assessable", "没有找到 2022 年这个指标的完成数")


def test_what_is_related_is_named_and_not_judged() -> None:
    found = judged(promised("市场主体", "42", "万家"), row("自贸片区市场主体", "99", "万家"))
    assert found.verdict == "not_assessable"
    assert "只有相关的数：自贸片区市场主体 99 万家：范围不同" in found.reason


def test_outcomes_that_contradict_one_another_give_no_verdict() -> None:
    target = promised("规上工业增加值增速", 8, comparator="≥")
    found = judged(target, row("规上工业增加值增速", 9), row("规上工业增加值增速", 7, line=9))
    assert found.verdict == "not_assessable"
    assert "不一致" in found.reason
    assert judged(target, row("规上工业增加值增速", 9), row("规上工业增加值增速", 10, line=9)).verdict == "met"


def test_an_aspiration_has_no_verdict() -> None:
    found = judged(promised("货物进出口总额", 12, aspirational=Decimal(12)), row("货物进出口总额", 11))
    assert found.verdict is None
    assert found.reason.startswith("力争值，不作底线")


def test_an_estimate_is_said_to_be_one() -> None:
    found = judged(promised("货物进出口总额", 10), row("货物进出口总额", 11, estimate=True))
    assert (found.verdict, found.reason) == ("met", "完成 11 %，目标 10 %（完成数是预计数）")


def test_last_years_figure_may_come_from_the_report_with_the_targets() -> None:
    old = stated(promised("一般公共预算收入", 5), row("一般公共预算收入", 200, "亿元", period="2021"))
    (found,) = assess(old, stated(row("一般公共预算收入", 212, "亿元")), CONVENTIONS, old)
    assert (found.verdict, found.pair.strength if found.pair else "") == ("met", "convertible")


def test_targets_of_one_name_that_differ_are_not_judged() -> None:
    loose, strict = (promised("进出口总额", value, comparator="≥", line=value) for value in (5, 10))
    outcome = stated(row("进出口总额", 7))
    found = assess(stated(loose, strict), outcome, CONVENTIONS)
    why = "同名目标有两个，请核对范围：不低于 5 %（报告.txt 第 5 行）；不低于 10 %（报告.txt 第 10 行）"
    assert [(each.verdict, each.reason) for each in found] == [("not_assessable", why)] * 2
    again = replace(loose, line=30, comparator="=")
    assert [each.verdict for each in assess(stated(loose, again), outcome, CONVENTIONS)] == ["met", "met"]
    hoped = replace(strict, aspirational=Decimal(10))
    assert [each.verdict for each in assess(stated(loose, hoped), outcome, CONVENTIONS)] == ["met", None]
    other = replace(strict, area="自贸片区")
    assert [each.verdict for each in assess(stated(loose, other), outcome, CONVENTIONS)] == ["met", "not_assessable"]
