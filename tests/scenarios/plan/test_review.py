"""What a person is asked to look at, and what not."""

from decimal import Decimal
from typing import Any

from tests.scenarios.plan.made import TEXT, made, rows
from yunnao.scenarios.plan.review import REMARK_KINDS, remarks


def test_promises_below_what_was_reached_and_differences_of_scope() -> None:
    found = [
        (remark.kind, [TEXT[start : start + 2].rstrip("%") for start in remark.starts]) for remark in remarks(rows())
    ]
    assert found == [
        ("below_outcome", ["8", "7"]),
        ("below_outcome", ["11", "10"]),
        ("scope", ["10", "5"]),
    ]
    sentences = [remark.sentence for remark in remarks(rows())]
    assert sentences[0] == "地区生产总值增速：2022 年 8%，2023 年目标 ≈ 7%；请确认是有意放低"
    assert "全区和港区" in sentences[2]


def test_two_numbers_of_one_name_in_one_section_contradict_each_other() -> None:
    text = "一、情况\n全区增长8%。预计增长9%。\n"
    found = remarks([made(text, "8", "地区生产总值增速"), made(text, "9", "地区生产总值同比增速")])
    assert [remark.kind for remark in found] == ["two_outcomes"]
    assert set(REMARK_KINDS) >= {remark.kind for remark in found}


def test_what_agrees_is_not_remarked() -> None:
    text = "一、情况\n增长8%,力争9%。超4500亿元,达4536.7亿元。\n"
    target: dict[str, Any] = {"status": "target", "period": "2023"}
    money: dict[str, Any] = {"unit": "亿元", "base_unit": "元", "kind": "level", "direction": "none"}
    striven = [
        made(text, "8", "地区生产总值增速", aspirational=Decimal(9), **target),
        made(text, "9", "地区生产总值增速", aspirational=Decimal(9), **target),
    ]
    levels = [
        made(text, "4500", "地区生产总值", comparator=">", base_value=450_000_000_000, **money),
        made(text, "4536.7", "地区生产总值", base_value=453_670_000_000, **money),
    ]
    assert remarks([*striven, *levels]) == ()


def test_a_value_striven_for_below_the_target_is_remarked() -> None:
    text = "一、情况\n增长8%。\n"
    (found,) = remarks([made(text, "8", "甲", status="target", period="2023", aspirational=Decimal(7))])
    assert found.kind == "striven_below"
