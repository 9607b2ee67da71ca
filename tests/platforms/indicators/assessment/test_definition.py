"""A definition is taken as declared or refused with the place and what to do."""

from pathlib import Path
from typing import Any

import pytest

from tests.platforms.indicators.assessment.made_up import CITED, assessment, board, document, indicator, label
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.indicators.assessment.definition import load_assessment, read_assessment
from yunnao.platforms.indicators.assessment.periods import parse_period

BY_STARS = {"of": "stars", "publishes": "ranks", **CITED}


def with_change(change: dict[str, Any]) -> dict[str, Any]:
    return {**document(board("one", indicator("i1"))), **change}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"weigth": 1}, "weigth：没有这个键"),
        ({"boards": []}, "boards：不能为空"),
        ({"boards": [board("one", {**indicator("i1"), "weights": 2})]}, "weights：没有这个键"),
        ({"boards": [board("one", {k: v for k, v in indicator("i1").items() if k != "cites"})]}, "cites：缺少这一项"),
        ({"boards": [board("one", indicator("i1", 0))]}, "weight"),
        ({"boards": [board("one", indicator("i1", score={"formula": "x*2"}))]}, "formula：没有这个键"),
        ({"boards": [board("one", indicator("i1", score={"weight": 1}))]}, "必须且只能写一种算分方法"),
        ({"boards": [board("one", indicator("i1", score={"linear": {"baseline": 9, "full": 1}}))]}, "越大越好的"),
        ({"boards": [board("one", indicator("i1", score={"completion": {"target": 0}}))]}, "目标要大于 0"),
        ({"boards": [board("one", indicator("i1", score={"completion": {"target": {"moon": 1}}}))]}, "moon 不在 units 中"),
        ({"boards": [board("one", indicator("i1"), indicator("i1"))]}, "两个指标都叫 i1"),
        ({"boards": [board("one", indicator("i1")), board("one", indicator("i2"))]}, "两个板块都叫 one"),
        ({"boards": [board("one", indicator("i1", **{"from": "2023-01"}))]}, "不是同一种时期"),
        ({"boards": [board("one", indicator("i1", excluded=[{"unit": "moon", "reason": "x", **CITED}]))]}, "moon 不在 units 中"),
        ({"bands": [{"from": 60, "title": label("a"), "tone": "good"}]}, "最后一档从 0 起"),
        ({"total": {"of": "scores", **CITED}}, "要写 total 的 publishes: ranks"),
        ({"boards": [board("one", indicator("i1"), publishes="bands")], "total": BY_STARS}, "每个板块都要写"),
        ({"flags": [{"id": "flag", "title": label("f"), "first": 1, "rise": 1, **CITED}]}, "旗必须且只能写一种"),
    ],
)  # fmt: skip
def test_what_is_not_as_declared_is_refused_by_name(change: dict[str, Any], told: str) -> None:
    with pytest.raises(DefinitionError, match=r"made_up\.yaml") as refused:
        read_assessment(with_change(change), "made_up.yaml")
    assert told in str(refused.value)


def test_boards_publish_bands_unless_they_say_ranks() -> None:
    plain = {k: v for k, v in board("one", indicator("i1")).items() if k != "publishes"}
    assert read_assessment(document(plain), "made_up.yaml").boards[0].publishes == "bands"


def test_a_weight_changes_by_a_new_dated_entry_of_the_same_id() -> None:
    since = {"from": "2023Q3"}
    one = board("one", indicator("i1", 10, to="2023Q2"), indicator("i1", 30, **since))
    made = assessment(one, board("late", indicator("i2"), **since))
    weights = [
        [(each.id, [int(i.weight) for i in each.indicators]) for each in made.boards_in(parse_period(text))]
        for text in ("2023Q2", "2023Q3")
    ]
    assert weights == [[("one", [10])], [("one", [30]), ("late", [1])]]


def test_numbers_in_a_file_are_exact(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    made = load_assessment(path)
    assert str(made.boards[0].indicators[0].weight) == "0.1"
