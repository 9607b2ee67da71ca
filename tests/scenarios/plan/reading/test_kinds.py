"""Kind and direction of a quantity."""

import pytest

from tests.scenarios.plan.reading.said import rows


@pytest.mark.parametrize(
    ("passage", "kind", "direction"),
    [
        ("固定资产投资增长5%。", "growth_yoy", "up"),
        ("规上工业增加值增长8%。", "growth_yoy", "up"),
        ("事故起数下降6%。", "growth_yoy", "down"),
        ("PM10浓度改善13%。", "growth_yoy", "down"),
        ("居民消费价格涨幅3%左右。", "growth_yoy", "up"),
        ("覆盖率提升28%。", "rate_change", "up"),
        ("补贴标准提高10%。", "rate_change", "up"),
        ("提高抚恤补助标准10%。", "rate_change", "none"),
        ("缴费费率降低0.5个百分点。", "rate_change", "down"),
        ("审批时限缩短60天。", "rate_change", "down"),
        ("继续提高财政补助标准，每人每年再增加30元。", "rate_change", "up"),
        ("民生支出占财政支出80%。", "share", "none"),
        ("对全市增长贡献率达50%。", "share", "none"),
        ("安全利用率保持100%。", "share", "none"),
        ("城镇登记失业率控制在3%以内。", "share", "none"),
        ("新增学位1.5万个。", "increment", "none"),
        ("建成8个停车场。", "increment", "none"),
        ("新（改、扩）建幼儿园9所。", "increment", "none"),
        ("打造城市更新建设板块3个。", "level", "none"),
        ("引进亿元以上项目320个。", "level", "none"),
        ("累计培育企业140家。", "cumulative", "none"),
        ("连续三年获评先进。", "cumulative", "none"),
        ("目前已覆盖26个省份。", "cumulative", "none"),
        ("地区生产总值4500亿元。", "level", "none"),
        ("自然增长率为-0.80‰。", "share", "down"),
        ("地区生产总值同比-6.2%。", "growth_yoy", "down"),
        ("经济增长目标确定为9.5%左右。", "growth_yoy", "up"),
        ("新引育大学生1131人。", "increment", "none"),
        ("规上高新增加值6亿元。", "level", "none"),
        ("增速加快0.5个百分点。", "rate_change", "up"),
        ("抽检原材料2600个点。", "level", "none"),
        ("地均产值提高0.5亿元/平方公里。", "rate_change", "up"),
    ],
)
def test_kind_and_direction(passage: str, kind: str, direction: str) -> None:
    (row,) = rows(passage)
    assert row.kind == kind
    if kind != "rate_change" or direction != "none":
        assert row.direction == direction


def test_a_sign_in_a_list_is_of_its_own_member() -> None:
    assert [row.direction for row in rows("客运量、货运量同比增长-9.7%、11.4%。")] == ["down", "up"]


def test_members_of_a_list_are_of_the_kind_of_the_first() -> None:
    kinds = [row.kind for row in rows("新增航线24条、深水泊位4个，总数达80条。")]
    assert kinds == ["increment", "increment", "level"]


@pytest.mark.parametrize(
    ("text", "comparator", "direction"),
    [
        ("地区生产总值增长不低于6%。", "≥", "up"),
        ("固定资产投资增速不低于7%。", "≥", "up"),
        ("社会消费品零售总额增幅不少于6%。", "≥", "up"),
        ("物价涨幅低于3%。", "<", "up"),
        ("投资增速不高于9%。", "≤", "up"),
        ("投资增速保持在5%以上。", "≥", "up"),
        ("单位能耗下降不低于3%。", "≥", "down"),
    ],
)
def test_a_bound_is_no_direction(text: str, comparator: str, direction: str) -> None:
    (row,) = rows(text)
    assert (row.comparator, row.direction, row.kind) == (comparator, direction, "growth_yoy")


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("地区生产总值增长6%以上,力争达到7%。", ["地区生产总值增速 growth_yoy up", "地区生产总值增速 growth_yoy up"]),
        ("工业投资增速连续3年超10%。", ["", "工业投资增速 growth_yoy up"]),
        ("新建两家企业；八成以上小区完成改造。", ["", "小区 share none"]),
        ("产值增长8%，八成以上小区完成改造。", ["产值增速 growth_yoy up", "小区 share none"]),
        ("为企业减负3300亿元。", ["企业减负 level none"]),
        ("人均负债3300元。", ["人均负债 level none"]),
        ("投资增长-4%。", ["投资增速 growth_yoy down"]),
        ("投资同比增长负4.2%。", ["投资增速 growth_yoy down"]),
        ("出口、进口分别增长21.3%和-4.2%。", ["出口增速 growth_yoy up", "进口增速 growth_yoy down"]),
    ],
)
def test_signs_and_what_is_said_again(passage: str, said: list[str]) -> None:
    found = [f"{row.indicator} {row.kind} {row.direction}" for row in rows(passage)]
    assert [one for one, wanted in zip(found, said, strict=True) if wanted] == [one for one in said if one]
