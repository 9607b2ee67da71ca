"""What a flow of filed cases may not say."""

from typing import Any

import pytest

from tests.platforms.cases.filed.desk import CASE_YAML
from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.cases.filed.reading import read_filed_flows


def document() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = strict_yaml.read(CASE_YAML)
    return read


def step(flow: dict[str, Any], id_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in flow["steps"] if each["id"] == id_)
    return found


def clock(flow: dict[str, Any], id_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in flow["clocks"] if each["id"] == id_)
    return found


def without(flow: dict[str, Any], id_: str) -> None:
    """Take a step out, and out of the signals of every clock."""
    flow["steps"].remove(step(flow, id_))
    for clock in flow["clocks"]:
        for side in ("starts", "stops"):
            if isinstance(clock[side], list):
                clock[side] = [signal for signal in clock[side] if signal.partition(">")[0] != id_]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f["clocks"][0].update(stops="answred"), "时钟 overall 写了不存在的环节或状态 answred"),
        (lambda f: f["clocks"][6].update(starts=["call_back>nowhere"]), "call_back>nowhere"),
        (lambda f: step(f, "dispatch").update(assigns="kind"), "用了没有给出的 kind"),
        (lambda f: step(f, "answer").update(to="nowhere"), "状态 nowhere 没有在 states 中声明"),
        (lambda f: step(f, "answer").update(pauses="lunch"), "写了不存在的时钟 lunch"),
        (lambda f: f["steps"].append(dict(step(f, "answer"))), "answer 用了两次"),
        (
            lambda f: f["states"].update(limbo={"title": {"zh": "x", "en": "x"}, "citizen": {"zh": "x", "en": "x"}}),
            "走不到",
        ),
        (lambda f: step(f, "close_unreached").update(to="closed"), "状态 closed_unverified 从起点走不到"),
        (lambda f: step(f, "classify").update(sets=["category", "mood"]), "用了没有给出的 mood"),
        (lambda f: f["steps"].remove(step(f, "settle")), "时钟 supervision 写了不存在的环节或状态 settle"),
        (lambda f: f["clocks"][0].pop("cites"), "cites：缺少这一项"),
        (lambda f: f["clocks"][0].update(within="soon"), "时限 'soon' 写法不对"),
        (lambda f: without(f, "unmerge"), "要有且只有一个拆单的环节"),
        (lambda f: step(f, "answer").update(carries=False), "至少一个由主单带办的环节"),
        (
            lambda f: step(f, "merge").update(gives={"into": step(f, "answer")["gives"]["answer"]}),
            "kind: case 的必填项",
        ),
        (lambda f: step(f, "merge").update(to="handling"), "单独的、未办结的状态"),
        (lambda f: step(f, "merge").update(to="closed"), "单独的、未办结的状态"),
        (lambda f: step(f, "unmerge").update(to="received"), "leaves 要与 to: before 一起写"),
        (lambda f: step(f, "sign_in").update(to="merged"), "环节 sign_in 不是并单，不能到 merged"),
        (lambda f: step(f, "pause").update({"from": ["handling", "merged"]}), "不能让并单的办件离开 merged"),
        (lambda f: step(f, "answer").update(after_shares=False), "会丢下没有答复的协办；请写 after_shares: true"),
        (lambda f: step(f, "settle").update(after_shares=False), "环节 settle 从 supervised 到 closed"),
        (lambda f: step(f, "ask_co_handler").update(opens_share="working_days"), "kind: department 的必填项"),
        (lambda f: step(f, "co_answer").update(of_share=False), "closes_share: true 要与 of_share 一起写"),
        (lambda f: step(f, "co_answer").update({"from": ["handling"]}), "会丢下没有答复的协办"),
        (lambda f: clock(f, "co_handling").update(stops="co_answer"), "要停在每个结束协办的环节"),
        (lambda f: clock(f, "co_handling").update(starts="answer"), "要由开始协办"),
        (lambda f: clock(f, "co_handling").update(inside="lunch"), r"写了不存在的时钟 lunch（inside）"),
        (lambda f: clock(f, "co_handling").update(within="3 working days"), "per_share 要与 within"),
        (lambda f: step(f, "include_again").update(undoes="exlude"), "写了不存在的环节 exlude"),
        (
            lambda f: f["attributes"].update(lead={"title": {"zh": "x", "en": "x"}, "kind": "case"}),
            "属性 lead 不能是 kind: case",
        ),
        (lambda f: step(f, "call_back")["turns"][0]["when"].update(mood="good"), "用了没有给出的 mood"),
    ],
)
def test_a_mistake_is_a_sentence(change: Any, sentence: str) -> None:
    flows = document()
    change(flows[0])
    with pytest.raises(DefinitionError, match=sentence):
        read_filed_flows(flows, "case.yaml")
