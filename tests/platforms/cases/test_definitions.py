"""What a flow may say, and the sentence for each way to write it wrong."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.platforms.cases.world import CASE_YAML
from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.cases.definitions import MACHINE_STEPS, Flow, load_flows, read_flows
from yunnao.platforms.cases.workflow import PROPOSING, TAKING_BACK

GOOD = """
- id: small_flow
  title: {zh: 小流程, en: small}
  starts: opened
  ends: [done, gone]
  states:
    opened: {title: {zh: 待办, en: open}}
    checked: {title: {zh: 已核, en: checked}}
    done: {title: {zh: 办结, en: done}}
    gone: {title: {zh: 撤回, en: gone}}
  withdrawal: {from: opened, to: gone, reason: 不再需要}
  flagged_in: [checked]
  parameters:
    limit: [{from: 2020-01-01, value: "100.50", unit: CNY, cites: 示例}]
  steps:
    - {id: check, title: {zh: 核, en: check}, from: opened, to: checked, by: reviewer, within: 3 working days}
    - id: finish
      title: {zh: 办, en: finish}
      from: checked
      to: done
      by: [reviewer, centre]
      within: 30 days
      not_by: [check]
      when: {amount: {at_most: $limit}}
    - {id: drop, title: {zh: 停, en: drop}, from: [opened, checked], to: gone, by: centre, needs: reason}
  overdue: {title: {zh: 超时, en: overdue}, notifies: centre}
"""


def read(text: str) -> dict[str, Flow]:
    return read_flows(strict_yaml.parse(text, "case.yaml"), "case.yaml")


def test_a_good_flow_is_read() -> None:
    flow = read(GOOD.replace('"100.50"', "100.50"))["small_flow"]
    assert [step.id for step in flow.steps_from("checked")] == ["finish", "drop"]
    assert flow.payment is None
    finish = flow.step("finish")
    assert finish is not None
    assert finish.within is not None
    assert finish.within.words == "30天"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("- id: small_flow", "id: small_flow", "不是合法的 YAML|应是一个列表"),
        ("  starts: opened\n", "", "small_flow → starts：缺少这一项"),
        ("  starts: opened\n", "  starts: opened\n  speed: fast\n", "small_flow → speed：没有这个键"),
        ("  starts: opened\n", "  starts: nowhere\n", "状态 nowhere 没有在 states 中声明"),
        ("id: finish", "id: check", "两个环节都叫 check"),
        ("id: finish", "id: withdrawn", "留给系统"),
        ("by: reviewer,", "by: king,", "small_flow → steps → check → by → 第 1 项"),
        ("within: 3 working days", "within: 3 weeks", "时限 '3 weeks' 写法不对"),
        ("within: 3 working days", "within: 0 days", "写法不对"),
        ("within: 3 working days", "within: 5", "写法不对"),
        (", within: 3 working days", "", "状态 opened 的环节都没有写时限"),
        ("to: checked,", "to: done,", "状态 checked 从起点走不到"),
        ("ends: [done, gone]", "ends: [gone]", "状态 done 没有随时可走的下一步"),
        ("ends: [done, gone]", "ends: [done, gone, checked]", "终点 checked"),
        ("      to: done", "      to: checked", "状态 done 从起点走不到"),
        ("not_by: [check]", "not_by: [chekc]", "不存在的环节 chekc"),
        ("$limit", "$limmit", "没有声明的参数 limmit"),
        ("$limit", "limit", "格式不对"),
        ("{at_most: $limit}", "{at_most: $limit, more_than: $limit}", "只能写"),
        ("{at_most: $limit}", "{at_least: $limit}", "没有这个键"),
        ("to: gone, reason", "to: opened, reason", "必须是一个终点"),
        ("{from: opened, to: gone, reason: 不再需要}", "{from: opened, to: gone}", "withdrawal → reason：缺少"),
        ("{from: opened, to: gone,", "{from: checked, to: gone,", "必须包含起点"),
        ("flagged_in: [checked]", "flagged_in: [opened]", "同时写在"),
        ("flagged_in: [checked]", "flagged_in: [done]", "终点 done 不能写在"),
        (", cites: 示例}]", "}]", "cites：缺少这一项"),
        (", cites: 示例}]", ", cites: a}, {from: 2020-01-01, value: 1, unit: CNY, cites: b}]", "同一天起有两个值"),
        ("needs: reason", "needs: gift", "值不在允许的范围内"),
        ("needs: reason", "until: 3 days, needs: reason, kind: pay", "只能从一个状态开始"),
        ("en: small}", "en: ''}", "title → en"),
    ],
)
def test_a_wrong_flow_is_refused_with_a_sentence(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(DefinitionError, match=says):
        read(GOOD.replace(old, new))


def test_a_state_that_only_closes_for_good_must_have_another_way() -> None:
    text = GOOD.replace("within: 3 working days", "within: 3 working days, until: 3 days")
    with pytest.raises(DefinitionError, match="状态 opened 没有随时可走的下一步"):
        read(text.replace("from: [opened, checked]", "from: [checked]"))


def test_a_circle_without_a_way_out_is_refused() -> None:
    text = GOOD.replace("      to: done", "      to: opened").replace(
        "from: [opened, checked], to: gone", "from: checked, to: opened"
    )
    text = text.replace("ends: [done, gone]", "ends: gone").replace("    done: {title: {zh: 办结, en: done}}\n", "")
    with pytest.raises(DefinitionError, match="走不到任何终点"):
        read(text)


def test_two_flows_need_two_ids() -> None:
    with pytest.raises(DefinitionError, match="同一个 id"):
        read(GOOD + GOOD)


def test_the_benefits_flows() -> None:
    flows = load_flows(CASE_YAML)
    assert list(flows) == ["pay_benefit", "enjoy_relief", "request_fact"]
    assert {id_: flow.payment.id if flow.payment else None for id_, flow in flows.items()} == {
        "pay_benefit": "pay",
        "enjoy_relief": None,
        "request_fact": None,
    }
    for flow in flows.values():
        for state in set(flow.states) - set(flow.ends):
            assert any(step.within and step.within.working for step in flow.steps_from(state)), state


def test_an_editor_gets_a_schema() -> None:
    schema: dict[str, Any] = TypeAdapter(list[Flow]).json_schema(by_alias=True)
    assert "working day" in str(schema)


def test_machine_steps_are_told_apart() -> None:
    assert set(MACHINE_STEPS) >= PROPOSING | TAKING_BACK
    assert not PROPOSING & TAKING_BACK
