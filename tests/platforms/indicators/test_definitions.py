"""What an `indicators.yaml` may say, and the sentence for what it may not."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.indicators.definitions import load_indicators, read_indicators

CARD = {"id": "it", "title": {"zh": "指标", "en": "it"}, "direction": "none"}
GRANTED = {"decisions": {"outcome": "granted"}}
DAYS = {"from": "opened", "to": "paid"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"unit": "count"}, "只能写一种算法"),
        ({"unit": "count", "count": GRANTED, "sum": {**GRANTED, "of": "amount"}}, "只能写一种算法"),
        ({"unit": "count", "count": {}}, "来源必须且只能写一种"),
        ({"unit": "count", "count": {**GRANTED, "cases": {}}}, "来源必须且只能写一种"),
        ({"unit": "count", "count": GRANTED, "formula": "a / b"}, "没有这个键"),
        ({"unit": "count", "count": {"decisions": {"outcome": "maybe"}}}, "不在允许的范围内"),
        ({"unit": "count", "count": {"decisions": {"conditions": {"small": "met"}}}}, "只写一个 policy"),
        ({"unit": "count", "count": GRANTED, "by": "department"}, "不能按 department 分组"),
        ({"unit": "count", "count": {"policies": {}}, "by": {"fact": "street", "of": "enterprise"}}, "主体种类"),
        ({"unit": "count", "count": {"subjects": {"kind": "x_y"}, "distinct": "subject"}}, "distinct"),
        ({"unit": "share", "count": GRANTED}, "不相称"),
        ({"unit": "count", "share": {"of": GRANTED, "counting": GRANTED}}, "不相称"),
        ({"unit": "count", "sum": {**GRANTED, "of": "amount"}}, "不相称"),
        ({"unit": "CNY", "median": {"cases": {}, "of": DAYS}}, "不相称"),
        ({"unit": "day", "median": {**GRANTED, "of": DAYS}}, "of 写错了"),
        ({"unit": "share", "share": {"of": {"cases": {}}, "counting": GRANTED}}, "同一种来源"),
        ({"unit": "count", "count": {"subjects": {"kind": "firm", "where": [{"fact": "staff"}]}}}, "只能写一种比较"),
        ({"unit": "count", "count": GRANTED, "target": {"at_least": 1, "by": "2026-12-31"}}, "cites"),
        (
            {
                "unit": "count",
                "count": GRANTED,
                "target": {"at_least": 1, "at_most": 2, "by": "2026-12-31", "cites": "x"},
            },
            "只能写 at_least 或 at_most",
        ),
    ],
)
def test_refused_with_a_sentence(words: dict[str, Any], says: str) -> None:
    with pytest.raises(DefinitionError, match=says) as refusal:
        read_indicators([{**CARD, **words}], "indicators.yaml")
    assert str(refusal.value).startswith("indicators.yaml：it")


def test_a_value_needs_the_unit_of_its_fact() -> None:
    def stored(**test: Any) -> list[Any]:
        source = {"subjects": {"kind": "firm", "where": [{"fact": "some_fact", **test}]}}
        subjects = read_indicators([{**CARD, "unit": "count", "count": source}], "x")[0].rows_of.subjects
        assert subjects is not None
        return subjects.where[0].values

    assert stored(at_most=3_000_000, unit="CNY") == [300_000_000]
    assert stored(less_than=Decimal("0.05"), unit="share") == [5 * 10**10]
    assert stored(at_most=5) == [5]
    for wrong in (
        {"at_most": Decimal("2.5")},
        {"at_most": Decimal("0.001"), "unit": "CNY"},
        {"is": True, "unit": "CNY"},
    ):
        with pytest.raises(DefinitionError, match="some_fact"):
            stored(**wrong)


def test_two_of_one_name_and_a_document_of_another_shape(tmp_path: Path) -> None:
    one = {**CARD, "unit": "count", "count": GRANTED}
    with pytest.raises(DefinitionError, match="有两个指标都叫 it"):
        read_indicators([one, one], "x")
    with pytest.raises(DefinitionError, match="应是一个列表"):
        read_indicators({"it": one}, "x")
    file = tmp_path / "indicators.yaml"
    file.write_text("- &a {id: it}\n- *a\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="锚点"):
        load_indicators(file)
