"""Sense checks are questions, and only where something does not fit."""

from tests.scenarios.plan.linking.rows import promised, row, stated
from yunnao.scenarios.plan.linking.sense import questions
from yunnao.scenarios.plan.quantities import Quantity


def kinds(*rows: Quantity) -> list[str]:
    return [question.kind for question in questions(stated(*rows))]


def revenue(level: str, growth: str, base: str) -> tuple[Quantity, ...]:
    name = "一般公共预算收入"
    return (row(name, level, "亿元"), row(f"{name}增速", growth), row(name, base, "亿元", period="2021"))


def test_level_growth_and_last_years_level_have_to_fit() -> None:
    assert kinds(*revenue("210", "5", "200")) == []
    assert kinds(*revenue("210.2", "5.1", "200")) == []
    (asked,) = questions(stated(*revenue("230", "5", "200")))
    assert asked.kind == "implied_base"
    assert "推出上年 21904761904.76 元" in asked.words
    assert asked.words.endswith("？")


def test_prices_may_explain_some_points_of_growth_at_constant_prices() -> None:
    name = "地区生产总值"
    real = (row(name, "4691.85", "亿元"), row(f"{name}增速", "4.8"), row(name, "4368.53", "亿元", period="2021"))
    assert kinds(*real) == []
    assert kinds(real[0], row(f"{name}增速", "3"), real[2]) == ["implied_base"]


def test_shares_of_one_whole_sum_to_a_hundred() -> None:
    def parts(*values: str) -> list[Quantity]:
        names = ("第一产业", "第二产业", "第三产业")
        quote = "三次产业比例"
        return [row(f"{n}占比", v, kind="share", quote=quote) for n, v in zip(names, values, strict=True)]

    assert kinds(*parts("1.97", "35.89", "62.14")) == []
    assert kinds(*parts("2.0", "35.9", "62.0")) == []  # rounding
    assert kinds(*parts("1.97", "35.89", "63.14")) == ["shares"]
    assert kinds(*parts("20", "30", "10")) == []  # no whole was meant


def test_units_that_are_off_by_powers_of_ten_are_asked_about() -> None:
    name = "实际使用外资"
    assert kinds(row(name, "16.5", "亿元"), row(name, "15.1", "亿元", period="2021")) == []
    assert kinds(row(name, "16.5", "亿元"), row(name, "15.9", "万元", period="2021")) == ["unit"]


def test_a_promised_level_and_growth_have_to_fit_this_years_outcome() -> None:
    name = "社会消费品零售总额"
    base = row(name, "1000", "亿元")
    target = promised(name, "1080", "亿元", period="2023")
    assert kinds(base, target, promised(f"{name}增速", "8", period="2023")) == []
    assert kinds(base, target, promised(f"{name}增速", "5", period="2023")) == ["target_level_and_growth"]


def test_no_share_is_over_a_hundred() -> None:
    assert kinds(row("税收占比", "175", kind="share")) == ["share_over_100"]
