"""Worked examples put to the test: what a policy's owner wrote against what the engine says."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from yunnao.catalogue.inputs import calendar_frame
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.numbers import SHARE_BASE, fen_from_yuan, scaled_integer, yuan_text
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import RuleSet, compile_rules
from yunnao.platforms.decisions.definitions import Exact, Example
from yunnao.platforms.decisions.language import constant_for
from yunnao.platforms.decisions.one import Decider, Decision
from yunnao.storage.tables import schema


def decide_example(scenario: Scenario, example: Example) -> tuple[Decision, RuleSet]:
    """The decision that the example's facts lead to.

    Raises:
        DefinitionError: a fact or register that it gives does not exist, or a value does not suit its fact.
    """
    where = f"示例“{example.example}”"
    rule = scenario.rule(example.policy)
    facts = scenario.facts[rule.policy.subject]
    delivered = {id_ for id_, register in facts.registers.items() if register.one_row_a_subject} | set(example.rows)
    rules = compile_rules([rule], example.as_of, frozenset(delivered), shipped_calendar())
    definitions = {**facts.observed, **{id_: derived.definition for id_, derived in facts.derived_facts.items()}}
    values = _stored_row(example.given, definitions, where)
    rows: dict[str, list[dict[str, Any]]] = {}
    for id_, given in example.rows.items():
        if id_ not in facts.registers:
            raise DefinitionError(f"{where}：没有叫 {id_} 的关联名册")
        rows[id_] = _related_rows(rules, facts.registers[id_].facts, id_, given, where)
    return Decider(rules).decide(values, rows)[0], rules


def differences(scenario: Scenario, example: Example) -> list[str]:
    """Sentences that say where the decision is not as the example expects; none if it is."""
    decision, _ = decide_example(scenario, example)
    expected = example.expect
    found = []
    if decision.outcome != expected.outcome:
        found.append(f"结果应为 {expected.outcome}，实为 {decision.outcome}")
    amount = "" if decision.amount is None else yuan_text(decision.amount)
    if expected.amount is not None and expected.amount != amount:
        found.append(f"金额应为 {expected.amount or '空'}，实为 {amount or '空'}")
    if expected.missing is not None and tuple(sorted(expected.missing)) != decision.missing:
        found.append(f"缺少的应为 {sorted(expected.missing)}，实为 {list(decision.missing)}")
    for id_, state in (expected.conditions or {}).items():
        decided = decision.conditions.get(id_, "（没有这个条件）")
        if decided != state:
            found.append(f"条件 {id_} 应为 {state}，实为 {decided}")
    return found


def stored_value(written: Exact | None, definition: FactDefinition, where: str) -> Any:
    """A value in the unit people use (yuan, 0.055, true, date) as it is stored.

    Raises:
        DefinitionError: it does not suit the fact.
    """
    if written is None:
        return None
    value = constant_for(written, definition, where).value
    if definition.type is FactType.MONEY:
        return fen_from_yuan(Decimal(str(value)))
    if definition.type is FactType.SHARE:
        return scaled_integer(Decimal(str(value)), SHARE_BASE)
    if definition.type is FactType.INTEGER:
        return int(Decimal(str(value)))
    return value


def _stored_row(
    given: Mapping[str, Exact | None], definitions: Mapping[str, FactDefinition], where: str
) -> dict[str, Any]:
    unknown = sorted(set(given) - set(definitions))
    if unknown:
        raise DefinitionError(f"{where}：没有叫 {unknown[0]} 的事实")
    return {id_: stored_value(value, definitions[id_], where) for id_, value in given.items()}


def _related_rows(
    rules: RuleSet, facts: tuple[FactDefinition, ...], id_: str, given: list[dict[str, Exact | None]], where: str
) -> list[dict[str, Any]]:
    definitions = {fact.id: fact for fact in facts}
    rows = []
    for number, row in enumerate(given):
        keys = {fact.id: f"{where}{number}" for fact in facts if fact.type is FactType.KEY and fact.id not in row}
        rows.append({**keys, **_stored_row(row, definitions, where)})
    if not rules.claims.get(id_) or not rows:
        return rows
    frame = pl.DataFrame(rows, schema=schema(facts))
    claimed: pl.DataFrame = many.with_claims(rules, id_, frame.lazy(), calendar_frame(rules.calendar).lazy()).collect()
    return claimed.to_dicts()
