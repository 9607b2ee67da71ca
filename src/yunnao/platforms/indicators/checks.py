"""Whether everything that indicators name exists (policies, conditions, flows, states, facts) and units suit."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import NUMBERS, FactDefinition, FactType
from yunnao.platforms.indicators.definitions import (
    ByFact,
    Duration,
    FactTest,
    Indicator,
    OfCases,
    OfDecisions,
    Quantity,
    Source,
)

_UNIT_OF = {FactType.MONEY: "CNY", FactType.SHARE: "share"}
_KIND_OF: Mapping[FactType, tuple[type, ...]] = {
    FactType.BOOLEAN: (bool,),
    FactType.DATE: (dt.date,),
    FactType.INTEGER: (int,),
    FactType.MONEY: (int,),
    FactType.SHARE: (int,),
}


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What a scenario declares beside its indicators.

    Attributes:
        conditions: policy -> ids of its conditions; every policy is a key.
        states: flow -> its states.
        facts: kind of subject -> its facts, observed and derived.
    """

    conditions: Mapping[str, frozenset[str]]
    states: Mapping[str, frozenset[str]]
    facts: Mapping[str, Mapping[str, FactDefinition]] = field(default_factory=dict)


def check_indicators(indicators: Sequence[Indicator], vocabulary: Vocabulary) -> None:
    """Check every name in ``indicators`` against ``vocabulary``.

    Raises:
        DefinitionError: something named does not exist, or a value or unit does not suit its fact.
    """
    for indicator in indicators:
        for problem in _problems(indicator, vocabulary):
            raise DefinitionError(f"指标 {indicator.id}：{problem}；请检查 indicators.yaml")


def _problems(indicator: Indicator, vocabulary: Vocabulary) -> Iterator[str]:
    sources: list[Source] = [indicator.rows_of]
    if indicator.share is not None:
        sources.append(indicator.share.counting)
    for source in sources:
        if source.decisions is not None:
            yield from _decisions(source.decisions, vocabulary)
        if source.cases is not None:
            yield from _cases(source.cases, vocabulary)
        if source.subjects is not None:
            facts = vocabulary.facts.get(source.subjects.kind)
            if facts is None:
                yield f"没有 {source.subjects.kind} 这种主体"
                continue
            for test in source.subjects.where:
                yield from _test(test, facts)
    if indicator.quantity is not None:
        yield from _quantity(indicator, indicator.quantity, vocabulary)
    if isinstance(indicator.by, ByFact):
        fact = vocabulary.facts.get(indicator.by.of, {}).get(indicator.by.fact)
        if fact is None or fact.type not in (FactType.CODE, FactType.BOOLEAN):
            yield f"不能按 {indicator.by.fact} 分组：它要是 {indicator.by.of} 的编码或是否类事实"


def _unknown(names: Sequence[str] | None, known: Mapping[str, object], what: str) -> Iterator[str]:
    for name in names or ():
        if name not in known:
            yield f"没有叫 {name} 的{what}"


def _decisions(filters: OfDecisions, vocabulary: Vocabulary) -> Iterator[str]:
    yield from _unknown(filters.policy, vocabulary.conditions, "政策")
    policy = (filters.policy or [""])[0]
    for condition in filters.conditions:
        if condition not in vocabulary.conditions.get(policy, frozenset()):
            yield f"政策 {policy} 没有叫 {condition} 的条件"


def _cases(filters: OfCases, vocabulary: Vocabulary) -> Iterator[str]:
    yield from _unknown(filters.policy, vocabulary.conditions, "政策")
    yield from _unknown(filters.flow, vocabulary.states, "办件流程")
    states = _states(filters, vocabulary)
    for state in (*(filters.state or ()), *(filters.reached or ())):
        if state not in states:
            yield f"办件流程没有叫 {state} 的状态"


def _states(filters: OfCases, vocabulary: Vocabulary) -> frozenset[str]:
    flows = filters.flow or list(vocabulary.states)
    return frozenset().union(*(vocabulary.states.get(flow, frozenset()) for flow in flows))


def _test(test: FactTest, facts: Mapping[str, FactDefinition]) -> Iterator[str]:
    fact = facts.get(test.fact)
    if fact is None:
        yield f"没有叫 {test.fact} 的事实"
        return
    if test.unit != _UNIT_OF.get(fact.type):
        yield (
            f"事实 {test.fact} 的比较要写 unit: {_UNIT_OF[fact.type]}"
            if fact.type in _UNIT_OF
            else (f"事实 {test.fact} 的比较不要写 unit")
        )
    ordered = test.comparison in ("at_least", "at_most", "more_than", "less_than")
    if ordered and fact.type not in NUMBERS | {FactType.DATE}:
        yield f"事实 {test.fact} 不是数也不是日期，只能用 is、is_not、in 比较"
    for value in test.values:
        suits = isinstance(value, _KIND_OF.get(fact.type, (str,)))
        if not suits or (isinstance(value, bool) and fact.type is not FactType.BOOLEAN):
            yield f"{value!r} 不是事实 {test.fact}（{fact.type}）可用的值"
        elif fact.values is not None and value not in fact.values:
            yield f"事实 {test.fact} 没有 {value!r} 这个值；可用：{'、'.join(fact.values)}"


def _quantity(indicator: Indicator, quantity: Quantity, vocabulary: Vocabulary) -> Iterator[str]:
    if isinstance(quantity.of, Duration):
        assert quantity.cases is not None  # durations are of cases only
        states = _states(quantity.cases, vocabulary) | {"opened"}
        for state in (quantity.of.from_, quantity.of.to):
            if state not in states:
                yield f"办件流程没有叫 {state} 的状态"
    elif quantity.subjects is not None:
        fact = vocabulary.facts.get(quantity.subjects.kind, {}).get(quantity.of)
        if fact is None or fact.type not in NUMBERS:
            yield f"{quantity.of} 不是 {quantity.subjects.kind} 的数值事实"
        elif _UNIT_OF.get(fact.type, indicator.unit) != indicator.unit or (
            indicator.unit in _UNIT_OF.values() and fact.type not in _UNIT_OF
        ):
            yield f"单位 {indicator.unit} 与事实 {quantity.of}（{fact.type}）不相称"
