"""Names: synonyms are one, scopes are not."""

from decimal import Decimal

import pytest

from yunnao.scenarios.plan.linking.names import (
    Name,
    better_of,
    likeness,
    name_of,
    nature_of,
    own_scope,
    scaled,
    tells_a_fall,
)


@pytest.mark.parametrize(
    "names",
    [
        ("规上工业增加值增速", "规模以上工业增加值", "全区规上工业增加值增长", "规模以上工业增加值同比增速"),
        ("GDP", "gdp增速", "地区生产总值", "全区生产总值", "国内生产总值"),
        ("市场主体", "市场主体总数", "新增市场主体数量", "累计市场主体"),
        ("外贸进出口总额", "货物进出口总额", "外贸进出口增速"),
        ("城镇新增就业", "城镇新增就业人数", "新增城镇就业"),
        ("单位GDP能耗", "单位地区生产总值能耗降低率"),
        ("R&D经费投入增速", "研发经费投入"),
        ("“四新”经济增加值占比", "四新经济增加值占比"),
    ],
)
def test_one_thing_under_several_names(names: tuple[str, ...]) -> None:
    assert len({name_of(name) for name in names}) == 1, [name_of(name) for name in names]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("地区生产总值", "工业增加值"),
        ("市场主体", "自贸片区市场主体"),
        ("地区生产总值", "全市地区生产总值"),
        ("一般公共预算收入", "一般公共预算支出"),
        ("规上工业增加值", "工业增加值"),
        ("城镇登记失业率", "城镇调查失业率"),
        ("货物进出口总额", "货物出口总额"),
    ],
)
def test_different_things_stay_apart(one: str, other: str) -> None:
    assert name_of(one) != name_of(other)


def test_scope_words_are_kept_apart_from_the_name() -> None:
    assert name_of("自贸片区新增市场主体") == Name("自贸片区", "市场主体")
    assert name_of("市场主体", "自贸片区") == Name("自贸片区", "市场主体")
    assert name_of("全区市场主体") == name_of("市场主体", "全区") == Name("", "市场主体")


def test_a_city_speaks_of_itself_as_the_city() -> None:
    own = own_scope(["全市地区生产总值增长6%。", "全市进出口增长。", "各区全区增长。"])
    assert name_of("全市地区生产总值", own=own) == Name("", "地区生产总值")
    assert own_scope([]) == frozenset()


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("42.5", "万家", (Decimal(425000), "家")),
        ("3", "亿元", (Decimal(300_000_000), "元")),
        ("1.2", "万亿元", (Decimal(1_200_000_000_000), "元")),
        ("2400", "万标准箱", (Decimal(24_000_000), "标箱")),
        ("5", "千瓦时", (Decimal(5), "千瓦时")),
        ("0.3", "百分点", (Decimal("0.3"), "个百分点")),
        ("5", "％", (Decimal(5), "%")),
    ],
)
def test_units_are_scaled_exactly(value: str, unit: str, expected: tuple[Decimal, str]) -> None:
    assert scaled(Decimal(value), unit) == expected


def test_nature_and_direction_are_only_what_the_table_knows() -> None:
    assert nature_of("一般公共预算收入", "level") == "flow"
    assert nature_of("市场主体", "level") == "stock"
    assert nature_of("海洋牧场", "level") == "unknown"
    assert nature_of("海洋牧场", "share") == "rate"
    assert better_of("城镇登记失业率", "share", "none") == "down"
    assert better_of("单位地区生产总值能耗", "rate_change", "down") == "up"
    assert better_of("综合实力百强区", "rank", "none") == "down"
    assert tells_a_fall("单位GDP能耗降低率")
    assert not tells_a_fall("单位GDP能耗")


def test_likeness_is_one_only_of_the_same() -> None:
    assert likeness("固定资产投资", "固定资产投资") == 1
    assert 0.6 < likeness("固定资产投资", "工业固定资产投资") < 1
    assert likeness("地区生产总值", "货物吞吐量") < 0.3
