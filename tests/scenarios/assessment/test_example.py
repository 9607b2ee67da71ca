"""The shipped example: what is published is as published, what is not is marked, and its synthetic values can be scored."""

from dataclasses import replace
from pathlib import Path

import pytest

from yunnao.catalogue.loader import load_scenario
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.platforms.indicators.assessment.definition import Assessment, load_assessment
from yunnao.platforms.indicators.assessment.periods import parse_period
from yunnao.platforms.indicators.assessment.service import assess
from yunnao.platforms.indicators.assessment.values import gathered
from yunnao.scenarios.assessment.definitions import EXAMPLE, FOLDER, assessment_of
from yunnao.scenarios.assessment.sample import MISSING, PERIODS, sample_values


@pytest.fixture(scope="module")
def shipped() -> Assessment:
    return load_assessment(EXAMPLE)


def test_boards_stars_and_flags_are_as_published(shipped: Assessment) -> None:
    """2023年度经济运行及重点工作季度“摘星夺旗”考核办法: three boards in the first quarter, a fourth seen in the third; ten districts."""
    boards = {text: [b.title.zh for b in shipped.boards_in(parse_period(text))] for text in ("2023Q1", "2023Q3")}
    assert boards["2023Q1"] == ["经济运行", "项目签约落地", "城市更新建设"]
    assert boards["2023Q3"] == ["经济运行", "项目签约落地", "城市更新建设", "优化营商环境"]
    assert len(shipped.units) == shipped.stars_of_first == 10
    assert {flag.title.zh: (flag.first, flag.rise) for flag in shipped.flags} == {
        "真抓实干、勇当排头": (2, None),
        "加压奋进、进位赶超": (None, 2),
    }
    assert all("http" in board.cites for board in shipped.boards)


def test_what_is_not_published_is_marked(shipped: Assessment) -> None:
    first_quarter = [i for board in shipped.boards_in(parse_period("2023Q1")) for i in board.indicators]
    assert len(first_quarter) == 17
    assert {each.evidence for each in shipped.asked} == {"example"}
    assert shipped.ties.evidence == shipped.missing.evidence == "not_published"
    assert shipped.example is not None
    assert "示例权重" in shipped.example.zh


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_synthetic_values_are_scored(shipped: Assessment, seed: int) -> None:
    values = gathered(shipped, sample_values(shipped, seed))
    assert values.unused == ()
    result = assess(shipped, values)
    assert result.period == PERIODS[-1]
    assert result.before is not None
    assert len(result.places) == 10
    unit, indicator, _ = MISSING
    (own,) = [i for i in result.boards[0].scores[unit].indicators if i.indicator.id == indicator]
    assert own.score is None
    assert sample_values(shipped, seed) == sample_values(shipped, seed)


def test_the_scenario_loads_with_its_registers() -> None:
    scenario = load_scenario("yunnao.scenarios.assessment")
    assert set(scenario.registers) == {"assessed_units", "assessment_values"}


def test_a_district_has_its_own_or_the_example(tmp_path: Path, shipped: Assessment) -> None:
    assert assessment_of(tmp_path) == shipped
    with pytest.raises(YunnaoError, match="没有叫 other 的考核"):
        assessment_of(tmp_path, "other")
    folder = tmp_path / FOLDER
    folder.mkdir()
    text = EXAMPLE.read_text(encoding="utf-8")
    (folder / "departments.yaml").write_text(text.replace("id: zhaixing_duoqi", "id: departments", 1), encoding="utf-8")
    assert assessment_of(tmp_path).id == "departments"
    (folder / "other.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(YunnaoError, match="有几个考核"):
        assessment_of(tmp_path)
    with pytest.raises(YunnaoError, match="文件名应与考核的 id 相同"):
        assessment_of(tmp_path, "other")
    (folder / "other.yaml").write_text(text.replace("publishes: ranks", "publish: ranks", 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match="publish：没有这个键"):
        assessment_of(tmp_path, "other")


def test_a_value_in_another_unit_is_not_used_and_told(shipped: Assessment) -> None:
    value = next(each for each in sample_values(shipped, 7) if each.value is not None)
    asked = next(each.unit for each in shipped.asked if each.id == value.indicator)
    assert gathered(shipped, [replace(value, measured_in=asked)]).unused == ()
    other = gathered(shipped, [replace(value, measured_in="万美元")])
    assert dict(other.by_place) == {}
    assert f"单位是“万美元”，考核定义里是“{asked}”" in other.unused[0]
