"""Headers as offices write them."""

import pytest

from tests.platforms.registry.registers import ENTERPRISES, HIRES
from yunnao.platforms.registry.header import find_header
from yunnao.scenarios.benefits.facts import FACTS

REST = ["从业人数", "营业收入"]


def columns(*rows: list[str]) -> dict[str, tuple[int, int]]:
    header = find_header(rows, ENTERPRISES)
    assert header.complete, (header.missing, header.twice, header.strange_units)
    return {column.fact.id: (column.index, column.exponent) for column in header.columns}


@pytest.mark.parametrize(
    ("text", "exponent"),
    [
        ("营业收入", 2),
        ("revenue", 2),
        ("Revenue", 2),
        ("营业收入（元）", 2),
        ("营业收入（万元）", 6),
        ("营业收入(万元)", 6),
        ("营业收入【万元】", 6),
        ("营业收入〔万元〕", 6),
        ("营业收入/万元", 6),
        ("营业收入单位：万元", 6),
        ("营业收入（单位：万元）", 6),
        ("营业收入，万元", 6),
        ("营业收入_万元", 6),
        ("营业收入万元", 6),
        ("营 业 收 入\n（万 元）", 6),
        ("营业收入（千元）", 5),
        ("营业收入（百万元）", 8),
        ("营业收入（亿元）", 10),
        ("营业收入（必填）", 2),
        ("*营业收入（万元）", 6),
        ("ｒｅｖｅｎｕｅ（万元）", 6),
    ],
)
def test_money_units(text: str, exponent: int) -> None:
    assert columns(["统一社会信用代码", "从业人数", text])["revenue"] == (2, exponent)


@pytest.mark.parametrize(
    ("text", "exponent"), [("裁员率", 12), ("裁员率（%）", 10), ("裁员率（％）", 10), ("裁员率%", 10), ("裁员率(‰)", 9)]
)
def test_share_units(text: str, exponent: int) -> None:
    assert columns(["统一社会信用代码", *REST, text])["layoff_rate"] == (3, exponent)


@pytest.mark.parametrize(
    ("text", "exponent"), [("职工人数", 0), ("从业人数（人）", 0), ("从业人数（万人）", 4), ("从业人数（个）", 0)]
)
def test_aliases_and_counts(text: str, exponent: int) -> None:
    assert columns(["统一社会信用代码", text, "营业收入"])["employees"] == (1, exponent)


@pytest.mark.parametrize("text", ["营业收入（千美元）", "营业收入（人）", "营业收入（%）"])
def test_a_unit_that_does_not_fit_is_never_ignored(text: str) -> None:
    header = find_header([["统一社会信用代码", "从业人数", text]], ENTERPRISES)
    assert not header.complete
    assert "单位" in header.strange_units[0]


def test_months_are_not_years() -> None:
    row = ["统一社会信用代码", "人员编号", "入职日期"]
    assert find_header([[*row, "合同月数（个月）"]], HIRES).complete
    assert not find_header([[*row, "合同月数（年）"]], HIRES).complete


def test_title_rows_are_passed_over_and_their_unit_is_taken() -> None:
    rows = [
        ["市场主体登记信息（截至2022年12月31日）", "", "", ""],
        ["填报单位：示例区市场监管局", "", "", ""],
        ["", "", "", "单位：万元"],
        ["统一社会信用代码", "从业人数", "营业收入", "利润（元）"],
    ]
    header = find_header(rows, ENTERPRISES)
    assert header.first_row == header.last_row == 3
    assert {c.fact.id: c.exponent for c in header.columns if c.fact.type == "money"} == {"revenue": 6, "profit": 2}
    assert "万元" in header.notes[0]


def test_a_header_of_merged_cells() -> None:
    rows = [
        ["序号", "统一社会信用代码", "经营情况", "", "人员"],
        ["", "", "营业收入（万元）", "利润（万元）", "从业人数"],
        ["1", "x", "1", "2", "3"],
    ]
    header = find_header(rows, ENTERPRISES)
    assert (header.first_row, header.last_row) == (0, 1)
    assert {c.fact.id: c.index for c in header.columns} == {"credit_code": 1, "revenue": 2, "profit": 3, "employees": 4}
    assert header.ignored == ("序号",)


def test_what_is_missing_or_twice() -> None:
    header = find_header([["统一社会信用代码", "备注"]], ENTERPRISES)
    assert [fact.id for fact in header.missing] == ["employees", "revenue"]
    twice = find_header([["统一社会信用代码", "从业人数", "营业收入", "营业收入（万元）"]], ENTERPRISES)
    assert "营业收入、营业收入（万元）" in twice.twice[0]


def test_only_the_first_rows_are_searched() -> None:
    header = ["统一社会信用代码", *REST]
    assert find_header([["x"]] * 39 + [header], ENTERPRISES).complete
    assert find_header([["x"]] * 40 + [header], ENTERPRISES).first_row == -1


@pytest.mark.parametrize("seen", ["ͳһ\ufffd\ufffd\ufffd", "锟斤拷一社会", "Í³Ò»Éç»áÐÅÓÃ´úÂë"])
def test_mojibake_is_recognised(seen: str) -> None:
    assert find_header([[seen, "x"]], ENTERPRISES).looks_mojibake
    assert not find_header([["编号", "x"]], ENTERPRISES).looks_mojibake


def test_every_declared_fact_is_known_by_its_id_and_by_both_titles() -> None:
    registers = {id_: register for facts in FACTS for id_, register in facts.registers.items()}
    for register in registers.values():
        for spelling in (
            [fact.id for fact in register.facts],
            [fact.title.zh for fact in register.facts],
            [fact.title.en for fact in register.facts],
        ):
            header = find_header([spelling], register)
            assert header.complete, (register.id, header.missing, header.strange_units)
            assert [column.fact.id for column in header.columns] == [fact.id for fact in register.facts]
