"""Every name in an indicator must exist, and every value suit its fact."""

from dataclasses import replace
from typing import Any

import pytest

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.checks import Vocabulary, check_indicators
from yunnao.platforms.indicators.definitions import read_indicators

CARD = {"id": "it", "title": {"zh": "指标", "en": "it"}, "direction": "none"}


def _fact(id_: str, type_: FactType) -> FactDefinition:
    return FactDefinition(id=id_, type=type_, title=Text(id_, id_))


FACTS = {
    fact.id: fact
    for fact in (
        replace(_fact("street", FactType.CODE), values={"east": Text("东", "east")}),
        _fact("staff", FactType.INTEGER),
        _fact("revenue", FactType.MONEY),
        _fact("rate", FactType.SHARE),
        _fact("listed", FactType.BOOLEAN),
        _fact("founded", FactType.DATE),
    )
}
VOCABULARY = Vocabulary(
    conditions={"alpha": frozenset({"small"})},
    states={"pay": frozenset({"proposed", "paid"}), "ask": frozenset({"asked"})},
    facts={"enterprise": FACTS},
)


def _where(**test: Any) -> dict[str, Any]:
    return {"unit": "count", "count": {"subjects": {"kind": "enterprise", "where": [test]}}}


def _count(kind: str, /, **filters: Any) -> dict[str, Any]:
    return {"unit": "count", "count": {kind: filters}}


@pytest.mark.parametrize(
    "words",
    [
        _count("decisions", policy="alpha", conditions={"small": "met"}),
        _count("cases", flow="pay", state="paid"),
        _count("cases", reached=["paid", "asked"]),
        _where(fact="street", **{"in": ["east"]}),
        _where(fact="revenue", at_most=3, unit="CNY"),
        _where(fact="listed", is_not=True),
        {**_where(fact="staff", at_least=3), "by": {"fact": "street", "of": "enterprise"}},
        {"unit": "person", "median": {"subjects": {"kind": "enterprise"}, "of": "staff"}},
        {"unit": "share", "mean": {"subjects": {"kind": "enterprise"}, "of": "rate"}},
        {"unit": "day", "mean": {"cases": {"flow": "pay"}, "of": {"from": "opened", "to": "paid"}}},
    ],
)
def test_accepted(words: dict[str, Any]) -> None:
    check_indicators(read_indicators([{**CARD, **words}], "x"), VOCABULARY)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (_count("decisions", policy="omega"), "没有叫 omega 的政策"),
        (_count("decisions", policy="alpha", conditions={"large": "met"}), "没有叫 large 的条件"),
        (_count("cases", flow="fly"), "没有叫 fly 的办件流程"),
        (_count("cases", flow="ask", state="paid"), "没有叫 paid 的状态"),
        (_count("subjects", kind="resident"), "没有 resident 这种主体"),
        (_where(fact="colour", is_not="red"), "没有叫 colour 的事实"),
        (_where(fact="street", is_not="west"), "没有 'west' 这个值"),
        (_where(fact="street", at_least="east"), "只能用 is、is_not、in"),
        (_where(fact="revenue", at_most=3), "要写 unit: CNY"),
        (_where(fact="staff", at_most=3, unit="CNY"), "不要写 unit"),
        (_where(fact="staff", is_not="three"), "可用的值"),
        (_where(fact="staff", is_not=True), "可用的值"),
        (_where(fact="founded", at_least="soon"), "可用的值"),
        ({**_where(fact="staff", at_least=3), "by": {"fact": "revenue", "of": "enterprise"}}, "不能按 revenue 分组"),
        (
            {"unit": "person", "median": {"subjects": {"kind": "enterprise"}, "of": "street"}},
            "不是 enterprise 的数值事实",
        ),
        ({"unit": "person", "median": {"subjects": {"kind": "enterprise"}, "of": "revenue"}}, "不相称"),
        ({"unit": "CNY", "median": {"subjects": {"kind": "enterprise"}, "of": "staff"}}, "不相称"),
        ({"unit": "day", "mean": {"cases": {"flow": "ask"}, "of": {"from": "opened", "to": "paid"}}}, "没有叫 paid"),
    ],
)
def test_refused(words: dict[str, Any], says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        check_indicators(read_indicators([{**CARD, **words}], "x"), VOCABULARY)
