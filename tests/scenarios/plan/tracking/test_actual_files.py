"""Officers' sheets: read in the forms that offices use, refused with the reason where they could be misread."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.plan.linking.rows import promised, stated
from yunnao.kernel.errors import FileRefused
from yunnao.platforms.indicators.targets.target import Actual
from yunnao.scenarios.plan.tracking.actual_files import Skipped, read_actuals
from yunnao.scenarios.plan.tracking.periods import read_period
from yunnao.scenarios.plan.tracking.promises import series_of_statements

WANTED = series_of_statements(
    stated(
        promised("规上工业增加值增速", 8),
        promised("一般公共预算收入", "240", "亿元"),
        promised("市场主体", "42", "万家"),
        promised("市场主体", "8", "万家", kind="increment"),
        promised("单位GDP能耗", "3", direction="down", kind="rate_change"),
        promised("海洋牧场", "20", "个"),
        promised("高新技术企业", "100", "家", kind="increment"),
        promised("科技型中小企业", "550", "家"),
        promised("城镇新增就业", "3", "万人", kind="increment"),
        promised("5G基站", "5000", "个", kind="cumulative"),
        promised("实际使用外资", "10", "亿美元"),
    )
)
TODAY = dt.date(2023, 7, 10)
HEAD = "指标,时期,数值,计量单位,口径,区域,性质\n"


def read(tmp_path: Path, *lines: str, head: str = HEAD) -> tuple[list[Actual], list[Skipped]]:
    path = tmp_path / "月报.csv"
    path.write_text(head + "\n".join(lines), encoding="gb18030")
    return read_actuals(path, WANTED, TODAY)


def test_what_offices_write_is_understood(tmp_path: Path) -> None:
    actuals, skipped = read(
        tmp_path,
        "规模以上工业增加值,2023年1-4月,7.4,%,,,",
        '一般公共预算收入,2023-05,"1,052,300",万元,累计,全区,',
        "市场主体总数,202306,41.2,万家,,,总量",
        "新增市场主体,2023年上半年,3.9,万家,累计,,当年新增",
        "单位GDP能耗降低率,2023年一季度,1.2,%,,,变动幅度",
        "海洋牧场,2023-06,18,个,时点,,",
        "新增高新技术企业,2023年上半年,60,家,,,",
        "新增科技型中小企业,2023年上半年,120,家,,,",
        "城镇新增就业,2023年上半年,1.5,万人,,,",
        "累计5G基站,2023-06,4800,个,,,",
        "规上工业增加值增速,2022年,7%,,,,",
        "规上工业增加值增速,2021年1-12月,6%,%,,,",
        "规上工业增加值增速,2020-12,5,%,累计,,",
    )
    assert skipped == []
    assert [
        (each.series, each.kind, each.period, each.covers, each.base_value, each.base_unit) for each in actuals
    ] == [
        ("规模以上工业增加值", "growth_yoy", "2023-04", "to_date", Decimal("7.4"), "%"),
        ("一般公共预算收入", "level", "2023-05", "to_date", Decimal(10_523_000_000), "元"),
        ("市场主体", "level", "2023-06", "point", Decimal(412_000), "家"),
        ("市场主体", "increment", "2023-06", "to_date", Decimal(39_000), "家"),
        ("单位地区生产总值能耗", "rate_change", "2023-03", "to_date", Decimal("1.2"), "%"),
        ("海洋牧场", "level", "2023-06", "point", Decimal(18), "个"),
        ("高新技术企业", "increment", "2023-06", "to_date", Decimal(60), "家"),
        ("科技型中小企业", "increment", "2023-06", "to_date", Decimal(120), "家"),
        ("城镇新增就业", "increment", "2023-06", "to_date", Decimal(15_000), "人"),
        ("5g基站", "cumulative", "2023-06", "point", Decimal(4800), "个"),
        ("规模以上工业增加值", "growth_yoy", "2022-12", "to_date", Decimal(7), "%"),
        ("规模以上工业增加值", "growth_yoy", "2021-12", "to_date", Decimal(6), "%"),
        ("规模以上工业增加值", "growth_yoy", "2020-12", "to_date", Decimal(5), "%"),
    ]
    assert actuals[0].source == "月报.csv 第 2 行"


@pytest.mark.parametrize(
    ("line", "column", "why"),
    [
        (",2023-04,7,%,,,", "indicator", "没有写指标"),
        ("规上工业增加值率,2023-04,7,%,,,", "indicator", "相近的有：规上工业增加值增速"),
        ("自贸片区一般公共预算收入,2023-04,7,亿元,累计,,", "indicator", "范围不同不能混用"),
        ("一般公共预算收入,四月,7,亿元,累计,,", "period", "看不懂"),
        ("一般公共预算收入,2023-07,7,亿元,累计,,", "period", "还没有过完"),
        ("一般公共预算收入,2023-04,约7,亿元,累计,,", "value", "不是数"),
        ("一般公共预算收入,2023-04,,亿元,累计,,", "value", "不要写 0"),
        ("一般公共预算收入,2023-04,7,,累计,,", "unit", "没有写计量单位"),
        ("一般公共预算收入,2023-04,7,亿元,,,", "covers", "看不出是当月数还是累计数"),
        ("一般公共预算收入,2023-04,7,亿元,大概,,", "covers", "只能是"),
        ("一般公共预算收入,2023-04,7,亿元,时点,,", "covers", "不能写时点"),
        ("市场主体,2023-04,41,万家,,,", "kind", "有几个同名、同单位的目标"),
        ("市场主体,2023-04,41,万家,累计,,总量", "covers", "这个指标是时点数"),
        ("市场主体,2023-04,41,万家,,,不知道", "kind", "不认识"),
        ("高新技术企业,2022年,560,家,,,", "kind", "请在“性质”列写 当年新增 或 总量"),
        ("规上工业增加值增速,2022-12,7,%,,,", "covers", "看不出是12月当月的增速还是全年的"),
        ("一般公共预算收入,2022年,106%,亿元,,,", "unit", "数值是百分数，计量单位却写了 亿元"),
        ("实际使用外资,2022年,12,亿元,,,", "unit", "目标用的是 美元"),
    ],
)
def test_what_could_be_misread_is_refused(tmp_path: Path, line: str, column: str, why: str) -> None:
    actuals, (skipped,) = read(tmp_path, line)
    assert actuals == []
    assert (skipped.row, skipped.column) == (2, column)
    assert why in skipped.reason


def test_one_thing_said_twice_is_one_or_refused(tmp_path: Path) -> None:
    actuals, skipped = read(tmp_path, *(f"规上工业增加值增速,2023-04,{value},%,,," for value in ("7.4", "7.40", "7.5")))
    assert [each.base_value for each in actuals] == [Decimal("7.4")]
    assert [each.row for each in skipped] == [4]
    assert "7.4 与 7.5" in skipped[0].reason


def test_a_fall_is_kept_as_the_target_tells_it(tmp_path: Path) -> None:
    actuals, _ = read(tmp_path, "单位GDP能耗,2023-04,-2.1,%,,,变动幅度", "规上工业增加值下降,2023-04,1.5,%,,,增速")
    assert [each.base_value for each in actuals] == [Decimal("2.1"), Decimal("-1.5")]


def test_a_sheet_without_the_columns_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="没有计量单位列"):
        read(tmp_path, "规上工业增加值增速,2023-04,7", head="指标,时期,数值\n")


def test_a_cell_in_per_cent_is_what_the_officer_sees(tmp_path: Path) -> None:
    path = tmp_path / "月报.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["指标", "时期", "数值", "单位"])
        sheet.write_row(1, 0, ["规上工业增加值增速", "2023-04"])
        sheet.write_number(1, 2, 0.074, percent)
        sheet.write_string(1, 3, "%")
        sheet.write_row(2, 0, ["规上工业增加值增速", "2023-05", 7.9, "%"])
    actuals, skipped = read_actuals(path, WANTED, TODAY)
    assert skipped == []
    assert [(each.base_value, each.unit) for each in actuals] == [(Decimal("7.4"), "%"), (Decimal("7.9"), "%")]


@given(st.integers(1990, 2060), st.integers(1, 12))
def test_a_month_is_read_in_every_form(year: int, month: int) -> None:
    forms = (f"{year}-{month:02d}", f"{year}年{month}月", f"{year}/{month}", f"{year}{month:02d}", f"{year}.{month}")
    for text in (*forms, f"{year}-{month:02d}-01 00:00:00"):
        found = read_period(text)
        assert found is not None, text
        assert (found.year, found.month, found.covers) == (year, month, None), text
    if month > 1:
        for text in (
            f"{year}年1-{month}月",
            f"{year}年1—{month}月",
            f"{year}年前{month}个月",
            f"{year}年1至{month}月份",
        ):
            found = read_period(text)
            assert found is not None, text
            assert (found.month, found.covers) == (month, "to_date"), text


@given(st.text(max_size=12))
def test_no_text_is_read_as_a_month_that_is_none(text: str) -> None:
    found = read_period(text)
    assert found is None or 1 <= found.month <= 12
