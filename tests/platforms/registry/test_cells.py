"""Every spelling people use for a value reads as that value, alone and in columns."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.registry.registers import ENTERPRISES, code, fact
from yunnao.kernel.fact import CodeForm, FactDefinition, FactType
from yunnao.kernel.numbers import MONEY_BOUND, SHARE_BASE
from yunnao.platforms.registry import cells
from yunnao.platforms.registry.columns import read_column
from yunnao.platforms.registry.header import Column

MONEY = fact("m", FactType.MONEY, "金额", "元", minimum=-MONEY_BOUND)
SHARE = fact("s", FactType.SHARE, "比例")
COUNT = fact("n", FactType.INTEGER, "人数", "person")
DATE = fact("d", FactType.DATE, "日期")
FLAG = fact("b", FactType.BOOLEAN, "是否")
FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


def read(text: str, definition: FactDefinition, exponent: int = 0, *, unit: str = "", numeric: bool = False) -> object:
    """The value, or the reason as text; both ways of reading must agree."""
    one = cells.read_cell(text, definition, exponent, unit=unit, numeric=numeric)
    column = Column(0, "列", definition, exponent, unit)
    many = read_column(pl.Series("x", [text, "-"]), column, numeric=pl.Series([numeric, False]))
    assert (many.values[0], many.reasons[0], bool(many.rounded)) == (one.value, one.reason, one.rounded)
    assert many.values[1] is None
    assert many.reasons[1] is None
    return one.value if one.reason is None else f"!{one.reason}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "－",
        "—",
        "–",
        "--",
        "/",
        "无",
        "不详",
        "未知",
        "暂无",
        "N/A",
        "NA",
        "NULL",
        "null",
        "None",
        "#N/A",
        "　",
    ],
)
@pytest.mark.parametrize("definition", ENTERPRISES.facts, ids=lambda each: each.id)
def test_unknown_is_unknown_in_every_column(text: str, definition: FactDefinition) -> None:
    assert read(text, definition) is None


@pytest.mark.parametrize(
    ("text", "exponent", "fen"),
    [
        ("1,234,567.89", 2, 123456789),
        ("1,234.5", 6, 1234500000),
        ("５０．５", 2, 5050),
        ("5E+3", 6, 5_000_000_000),
        ("5e-3", 2, 1),
        ("+7", 2, 700),
        ("-7.005", 2, -701),
        ("0.005", 2, 1),
        ("0.0049999999999999999999", 2, 0),
        ("00012.30", 2, 1230),
        (".5", 2, 50),
        ("5.", 2, 500),
        ("-0", 2, 0),
        ("−3", 2, -300),
        ("1e-400", 2, 0),
        ("1000000000000", 2, MONEY_BOUND),
        (" 12\u200b ", 2, 1200),
    ],
)
def test_money(text: str, exponent: int, fen: int) -> None:
    assert read(text, MONEY, exponent) == fen


@pytest.mark.parametrize(
    "text",
    [
        "1,2",
        "12,34,567",
        "1,2345",
        ",123",
        "1.2.3",
        "约五十",
        "=1+1",
        "5块",
        "0x10",
        "1_000",
        "inf",
        "nan",
        "٣",
        "½",
        "1e",
        "--5",
        "5%",
        "一千",
        "1" * 200,
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert str(read(text, MONEY, 2)).startswith("!")


@pytest.mark.parametrize(
    "text", ["1e400", "1e999999999", "-1e400", "1000000000000.01", "9" * 60, "1e18", "92233720368547758.08"]
)
def test_an_amount_beyond_bounds(text: str) -> None:
    limit = "低于下限" if text.startswith("-") else "高于上限"
    assert limit in str(read(text, MONEY, 2))


def test_counts_are_whole_and_not_negative() -> None:
    assert read("300.0", COUNT) == 300
    assert read("3E+2", COUNT) == 300
    assert "整数" in str(read("300.5", COUNT))
    assert "负数" in str(read("-5", COUNT))
    assert "高于上限 1000000000" in str(read("1000000001", COUNT))


@pytest.mark.parametrize(
    ("text", "exponent", "share"),
    [
        ("5.5%", 12, 55 * 10**9),
        ("5.5％", 12, 55 * 10**9),
        ("0.055", 12, 55 * 10**9),
        ("5.5", 10, 55 * 10**9),
        ("5.5%", 10, 55 * 10**9),
        ("3‰", 12, 3 * 10**9),
        ("100%", 12, SHARE_BASE),
        ("1", 12, SHARE_BASE),
    ],
)
def test_shares_are_converted_once(text: str, exponent: int, share: int) -> None:
    assert read(text, SHARE, exponent) == share


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("￥1,000", 100_000),
        ("¥1,000.5", 100_050),
        ("-¥5", -500),
        ("¥ -5", -500),
        ("100元", 10_000),
        ("100 元", 10_000),
        ("￥100元", 10_000),
        ("1.5万元", 1_500_000),
        ("1．5万元", 1_500_000),
        ("2亿元", 20_000_000_000),
        ("(1,000.00)", -100_000),
        ("（1,000.00）", -100_000),
        ("(¥5)", -500),
        ("(5元)", -500),
        ("0.005元", 1),
    ],
)
def test_an_amount_with_its_own_unit(text: str, fen: int) -> None:
    assert read(text, MONEY, 2) == fen
    if "万" not in text and "亿" not in text:
        assert read(text, MONEY, 2, unit="元") == fen


@pytest.mark.parametrize(
    ("text", "definition", "value"),
    [
        ("30人", COUNT, 30),
        ("30 名", COUNT, 30),
        ("1,200人", COUNT, 1200),
        ("3万人", COUNT, 30_000),
        ("12个月", fact("t", FactType.INTEGER, "月数", "month"), 12),
        ("5 %", SHARE, 5 * 10**10),
    ],
)
def test_a_count_with_its_own_unit(text: str, definition: FactDefinition, value: int) -> None:
    assert read(text, definition, 12 if definition is SHARE else 0) == value


@pytest.mark.parametrize(
    ("text", "exponent", "unit"),
    [("1.5万元", 2, "元"), ("100元", 6, "万元"), ("¥100", 6, "万元"), ("1亿元", 6, "万元"), ("3千元", 2, "元")],
)
def test_a_cell_that_contradicts_its_header_is_refused(text: str, exponent: int, unit: str) -> None:
    assert f"与表头的单位「{unit}」不一致；请只填数字" in str(read(text, MONEY, exponent, unit=unit))
    assert not str(read("1.5万元", MONEY, 6, unit="万元")).startswith("!")


@pytest.mark.parametrize(
    ("text", "definition"),
    [
        ("12月", fact("t", FactType.INTEGER, "月数", "month")),
        ("30日", fact("t", FactType.INTEGER, "天数", "day")),
        ("30", fact("t", FactType.DATE, "日期")),
        ("30元", COUNT),
        ("¥30", COUNT),
        ("30家", COUNT),
        ("30人", MONEY),
        ("5元", SHARE),
        ("30人", fact("t", FactType.INTEGER, "数")),
        ("-¥-5", MONEY),
        ("(-5)", MONEY),
        ("(5", MONEY),
        ("5元元", MONEY),
        ("元", MONEY),
        ("¥", MONEY),
    ],
)
def test_what_is_not_certain_is_not_guessed(text: str, definition: FactDefinition) -> None:
    assert str(read(text, definition, 2 if definition is MONEY else 0)).startswith("!")


def test_brackets_make_a_head_count_negative() -> None:
    assert "不能为负数" in str(read("(5)", COUNT))


@pytest.mark.parametrize(
    ("text", "definition"),
    [
        ("约五十", MONEY),
        ("1e30", MONEY),
        ("-1e30", MONEY),
        ("-5", COUNT),
        ("2.5", COUNT),
        ("5%", COUNT),
        ("昨天", DATE),
        ("2023-02-30", DATE),
        ("2222-01-01", DATE),
        ("大概是", FLAG),
        ("公司", ENTERPRISES.fact("kind")),
        ("长" * 101, ENTERPRISES.fact("street")),
        ("9137", ENTERPRISES.fact("credit_code")),
    ],
)
def test_every_reason_says_what_to_do(text: str, definition: FactDefinition) -> None:
    assert "请" in str(read(text, definition)) or "只能写" in str(read(text, definition))


def test_a_share_beyond_one_is_refused() -> None:
    assert "高于上限 1（即 100%）" in str(read("5.5", SHARE, 12))


@pytest.mark.parametrize(
    "text",
    [
        "20071225",
        "2007/12/25",
        "2007年12月25日",
        "2007.12.25",
        "2007-12-25",
        "2007-12-25T08:30:00",
        "2007-12-25 08:30:00.000",
        "2007/12/25 8:30",
        "２００７－１２－２５",
        "2007 年 12 月 25 日",
        "2007年12月25号",
        "2007-12-25T08:30:00+08:00",
        "20071225 00:00:00",
    ],
)
def test_dates(text: str) -> None:
    assert read(text, DATE) == dt.date(2007, 12, 25)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-30", "没有 2023 年 2 月 30 日"),
        ("20230230", "没有 2023 年 2 月 30 日"),
        ("2023-13-01", "没有 2023 年 13 月"),
        ("1899-12-31", "年份"),
        ("2101-01-01", "年份"),
        ("2023-02", "不是日期"),
        ("07-12-25", "不是日期"),
        ("2007/12-25", "不一致"),
        ("39441", "不是日期"),
        ("2007125", "不是日期"),
        ("昨天", "不是日期"),
    ],
)
def test_what_is_no_date(text: str, reason: str) -> None:
    assert reason in str(read(text, DATE))


def test_serial_numbers_count_only_where_the_cell_is_a_number() -> None:
    assert read("39441", DATE, numeric=True) == dt.date(2007, 12, 25)
    assert read("39441.75", DATE, numeric=True) == dt.date(2007, 12, 25)
    assert read("59", DATE, numeric=True) == dt.date(1900, 2, 28)
    assert read("61", DATE, numeric=True) == dt.date(1900, 3, 1)
    assert str(read("60", DATE, numeric=True)).startswith("!")
    assert read("20071225", DATE, numeric=True) == dt.date(2007, 12, 25)


@pytest.mark.parametrize(
    ("texts", "value"),
    [(("是", "true", "TRUE", "Y", "yes", "1", "１"), True), (("否", "false", "N", "No", "0"), False)],
)
def test_booleans(texts: tuple[str, ...], value: bool) -> None:
    assert {read(text, FLAG) for text in texts} == {value}


@pytest.mark.parametrize("text", ["有", "对", "错", "√", "2", "是的"])
def test_what_is_no_boolean(text: str) -> None:
    assert "「是」或「否」" in str(read(text, FLAG))


def test_closed_codes_by_code_label_and_alias() -> None:
    kind = ENTERPRISES.fact("kind")
    for text in ("company", "企业", "Company", "COMPANY", " 企业 "):
        assert read(text, kind) == "company"
    assert read("个体", kind) == "individual"
    assert "企业、个体工商户" in str(read("公司", kind))
    declared = fact("grade", FactType.CODE, "等级", values={"none": _text("无"), "a": _text("甲")})
    assert read("无", declared) == "none"
    assert read("-", declared) is None


def _text(zh: str):  # type: ignore[no-untyped-def]
    from yunnao.kernel.text import Text

    return Text(zh, zh)


def test_a_listed_code_of_a_standard_is_named_with_its_code() -> None:
    section = fact(
        "s", FactType.CODE, "门类", "GB/T 4754", values={"C": _text("制造业")}, value_aliases={"C 制造业": "C"}
    )
    assert {read(text, section) for text in ("C", "c", "Ｃ", "制造业", "c 制造业")} == {"C"}
    assert "请改为其中之一：C 制造业" in str(read("造", section))


def test_an_open_code_with_other_spellings_or_a_form() -> None:
    kind = fact("k", FactType.CODE, "类型", value_aliases={"个体户": "个体工商户"})
    assert [read(text, kind) for text in ("个体户", "个体工商户", "律师事务所", "-")] == [
        *("个体工商户", "个体工商户", "律师事务所"),
        None,
    ]
    form = CodeForm(lambda text: text.upper() if text.isascii() else None, "拉丁字母")
    lettered = fact("k", FactType.CODE, "代码", form=form, value_aliases={"甲": "A"})
    assert [read(text, lettered) for text in ("a", "甲", "无")] == ["A", "A", None]
    assert read("乙", lettered) == "!不是「代码」；请写拉丁字母"


def test_open_codes_and_texts() -> None:
    assert read(" Ｆ５２８ ", ENTERPRISES.fact("street")) == "F528"
    assert "最多 100 个字" in str(read("长" * 101, ENTERPRISES.fact("street")))
    assert read(" 甲（区）公司 ", ENTERPRISES.fact("name")) == "甲（区）公司"
    assert "10000" in str(read("长" * 10_001, ENTERPRISES.fact("name")))


def test_credit_codes() -> None:
    key, right = ENTERPRISES.fact("credit_code"), code(1)
    for text in (
        right,
        right.lower(),
        f" {right[:4]} {right[4:]} ",
        f"{right[:8]}-{right[8:]}",
        right.translate(FULL_WIDTH),
    ):
        assert read(text, key) == right
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert f"应为 {right[-1]}" in str(read(wrong, key))
    assert "17 位" in str(read(right[:-1], key))
    assert "字符「I」" in str(read("I" + right[1:], key))
    assert "科学计数法" in str(read("9.13702E+17", key))
    plain = fact("person", FactType.KEY, "编号")
    assert read("甲-01", plain) == "甲-01"
    assert "64" in str(read("x" * 65, plain))
    assert "科学计数法" in str(read("3.70211E+17", plain))


def _spellings(figure: Decimal) -> st.SearchStrategy[str]:
    plain = format(figure, "f")
    forms = [
        plain,
        f"{figure:,f}",
        format(figure, "E"),
        plain.translate(FULL_WIDTH),
        f" {plain} ",
        f"{figure:,f}".translate(FULL_WIDTH),
    ]
    return st.sampled_from([*forms, f"+{plain}"] if figure >= 0 and not figure.is_signed() else forms)


money = st.integers(-MONEY_BOUND, MONEY_BOUND)


@given(st.data(), money, st.sampled_from([2, 5, 6, 8, 10]))
@settings(max_examples=300)
def test_an_amount_written_in_any_way_reads_back(data: st.DataObject, fen: int, exponent: int) -> None:
    text = data.draw(_spellings(Decimal(fen).scaleb(-exponent)))
    assert read(text, MONEY, exponent) == fen


@given(st.data(), st.integers(0, 10**9))
def test_a_count_written_in_any_way_reads_back(data: st.DataObject, count: int) -> None:
    assert read(data.draw(_spellings(Decimal(count))), COUNT) == count


@given(st.data(), st.integers(0, SHARE_BASE), st.sampled_from([(0, ""), (2, "%"), (2, "％"), (3, "‰")]))
def test_a_share_written_in_any_way_reads_back(data: st.DataObject, share: int, sign: tuple[int, str]) -> None:
    text = data.draw(_spellings(Decimal(share).scaleb(-12 + sign[0]))).strip() + sign[1]
    assert read(text, SHARE, 12) == share
    if sign[0] == 2:
        assert read(text[:-1], SHARE, 10) == share


@given(st.data(), money, st.sampled_from([("元", 2), ("万元", 6), ("亿元", 10)]), st.booleans())
def test_an_amount_with_its_own_unit_reads_back(
    data: st.DataObject, fen: int, unit: tuple[str, int], bracketed: bool
) -> None:
    word, exponent = unit
    figure = Decimal(fen).scaleb(-exponent)
    spelled = data.draw(_spellings(figure)).strip() + word
    text = f"({-figure:,f}{word})" if bracketed and fen < 0 else spelled
    assert read(text, MONEY, 2) == fen
    assert read(text, MONEY, exponent, unit=word) == fen


DATE_FORMS = (
    "{0:%Y%m%d}",
    "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}",
    "{0:%Y.%m.%d}",
    "{0:%Y年%m月%d日}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y-%m-%d}T00:00:00",
    "{0:%Y-%m-%d} 23:59:59",
)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(DATE_FORMS), st.booleans())
@settings(max_examples=300)
def test_a_day_written_in_any_way_reads_back(day: dt.date, form: str, wide: bool) -> None:
    text = form.format(day)
    assert read(text.translate(FULL_WIDTH) if wide else text, DATE) == day


anything = st.text(max_size=12) | st.text("0123456789.,-+eE%‰ 年月日/:T¥()万元人个", max_size=14)


@given(
    st.lists(anything, max_size=6),
    st.sampled_from([*ENTERPRISES.facts, MONEY, SHARE, COUNT]),
    st.sampled_from([0, 2, 6, 12]),
    st.sampled_from(["", "元", "万元"]),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
@settings(max_examples=300)
def test_columns_agree_with_cells_on_anything(
    texts: list[str], definition: FactDefinition, exponent: int, unit: str, flags: list[bool]
) -> None:
    numeric = flags[: len(texts)]
    column = read_column(
        pl.Series("x", texts, dtype=pl.String),
        Column(0, "列", definition, exponent, unit if definition.type is FactType.MONEY else ""),
        numeric=pl.Series(numeric, dtype=pl.Boolean),
    )
    alone = [
        cells.read_cell(
            text,
            definition,
            exponent,
            unit=unit if definition.type is FactType.MONEY else "",
            numeric=flag and definition.type is FactType.DATE,
        )
        for text, flag in zip(texts, numeric, strict=True)
    ]
    assert column.values.to_list() == [each.value for each in alone]
    assert column.reasons.to_list() == [each.reason for each in alone]
    assert column.rounded == sum(each.rounded for each in alone)
