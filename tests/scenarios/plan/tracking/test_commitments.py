"""Commitments: an action, a deadline, no number; proposed from the part that promises, and reviewed as a file."""

import datetime as dt
from pathlib import Path

import pytest

from tests.scenarios.plan.linking.rows import promised, row
from yunnao.kernel.errors import FileRefused
from yunnao.kernel.text import Text
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.sheets import table_file
from yunnao.scenarios.plan.tracking.commitment_files import commitment_table, read_commitments
from yunnao.scenarios.plan.tracking.commitments import Commitment, commitments, plan_year

TEXT = """一、上年执行情况
规上工业增加值增长8%。海湾大桥年底前建成通车。
二、今年安排
规上工业增加值增长10%以上。
加快交通建设，6月底前海湾大桥西段建成通车。人民医院新院区年内投入使用。
2024年上半年完成滨海步道验收。持续优化营商环境。年底前新建学校5所。
"""
DEPARTMENTS = {"transport": Text("交通运输局", "Transport bureau"), "health": Text("卫生健康局", "Health bureau")}


def rows() -> list[Quantity]:
    places = [TEXT.index(numeral) for numeral in ("8%", "10%", "5所")]
    return [
        row("规上工业增加值增速", 8, start=places[0], end=places[0] + 1, line=2),
        promised("规上工业增加值增速", 10, start=places[1], end=places[1] + 2, line=4, period="2023"),
        promised("新建学校数", 5, "所", start=places[2], end=places[2] + 1, line=6, period="2023"),
    ]


def found() -> list[Commitment]:
    return commitments(TEXT, rows(), 2023)


def test_actions_with_a_deadline_are_proposed() -> None:
    assert all(each.said for each in found())
    assert [(each.action, each.due_on, each.line) for each in found()] == [
        ("6月底前海湾大桥西段建成通车", dt.date(2023, 6, 30), 5),
        ("人民医院新院区年内投入使用", dt.date(2023, 12, 31), 5),
        ("2024年上半年完成滨海步道验收", dt.date(2024, 6, 30), 6),
    ]


@pytest.mark.parametrize(
    "promise",
    [
        "城乡居民收入与经济增长同步",
        "固定资产投资增速高于全市平均水平",
        "节能减排完成市下达任务",
        "零就业家庭动态清零",
        "农民收入增速快于城镇居民",
    ],
)
def test_promises_by_comparison_are_proposed_for_the_end_of_the_year(promise: str) -> None:
    proposed = {each.action: each for each in commitments(f"{TEXT}持续优化营商环境，{promise}。\n", rows(), 2023)}
    assert (proposed[promise].due_on, proposed[promise].said) == (dt.date(2023, 12, 31), False)


def test_offsets_lead_to_the_words() -> None:
    for each in found():
        assert TEXT[each.start : each.end] == each.action


def test_the_year_of_a_plan_is_that_of_most_targets() -> None:
    assert plan_year(rows()) == 2023
    assert plan_year([]) is None


@pytest.mark.parametrize("ending", [".xlsx", ".jsonl"])
def test_a_reviewed_file_is_read_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"承诺{ending}"
    path.write_bytes(table_file(commitment_table(found()), path.name))
    assert read_commitments(path, DEPARTMENTS) == found()


def test_departments_are_named_by_title_or_id_and_have_to_exist(tmp_path: Path) -> None:
    path = tmp_path / "承诺.jsonl"
    line = '{"start":1,"end":2,"line":1,"action":"建成","sentence":"建成","due_on":"2023-06-30","period":"2023","department":"%s"}\n'
    path.write_text(line % "交通运输局" + line % "health", encoding="utf-8")
    assert [each.department for each in read_commitments(path, DEPARTMENTS)] == ["transport", "health"]
    path.write_text(line % "没有的局", encoding="utf-8")
    with pytest.raises(FileRefused, match="第 1 行：没有责任单位“没有的局”"):
        read_commitments(path, DEPARTMENTS)
    path.write_text(line.replace("2023-06-30", "六月底") % "", encoding="utf-8")
    with pytest.raises(FileRefused, match="期限"):
        read_commitments(path, DEPARTMENTS)


def test_without_a_day_it_is_the_end_of_the_year_and_says_so() -> None:
    text = TEXT + "推进片区建设,滨海书城竣工,持续优化环境。"
    *_, last = commitments(text, rows(), 2023)
    assert (last.action, last.due_on, last.said) == ("滨海书城竣工", dt.date(2023, 12, 31), False)
