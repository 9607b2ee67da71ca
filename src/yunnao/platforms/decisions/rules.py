"""A policy version: everything that decides, in one document whose hash names it.

The document holds the policy as written and the trees of every derived fact it reads, so any past decision can be repeated from
it even after the code that declared those facts has changed.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.text import Text
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import ParameterTable, ParameterValue, Policy
from yunnao.platforms.decisions.facts import Derived, Facts
from yunnao.platforms.decisions.language import Reading, read_conditions
from yunnao.platforms.decisions.supposed import supposed_value
from yunnao.platforms.decisions.traversal import children, parameters_in
from yunnao.platforms.decisions.tree_json import from_json, to_json

DISTRICT = "district"
"""The pseudo policy whose parameters are the district's own settings."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A policy with the facts it reads.

    Attributes:
        policy: as written.
        others: parameters that the facts read from other policies (and from the district), by policy.
        observed: observed facts it reads -> definition.
        registers: observed fact (and row fact, as "register.fact") -> register that brings it.
        rows: related register -> its facts.
        keys: related register -> the facts that name one of its rows, the subject's key first.
        derived: derived facts it reads, each after those it reads itself.
        amount: what it grants, if that is money.
    """

    policy: Policy
    others: Mapping[str, ParameterTable]
    observed: Mapping[str, FactDefinition]
    registers: Mapping[str, str]
    rows: Mapping[str, Mapping[str, FactDefinition]]
    keys: Mapping[str, tuple[str, ...]]
    derived: Mapping[str, Derived]
    amount: Derived | None

    @cached_property
    def definitions(self) -> Mapping[str, FactDefinition]:
        """Every fact of the subject that it reads, observed and derived."""
        return {**self.observed, **{id_: derived.definition for id_, derived in self.derived.items()}}

    @cached_property
    def reading(self) -> Reading:
        """Its conditions and their tree."""
        return read_conditions(self.policy, self.definitions)

    @property
    def parameters_read(self) -> frozenset[str]:
        """Its own parameters that a condition, a derived fact or the amount reads."""
        read = _parameters(self.reading, self.derived, self.amount)
        return frozenset(parameter.id for parameter in read if parameter.policy in ("", self.policy.id))

    @cached_property
    def document(self) -> dict[str, Any]:
        """The policy version as JSON-ready data."""
        return {
            "policy": self.policy.model_dump(mode="json", by_alias=True, exclude_none=True),
            "others": {
                id_: {name: [_parameter_json(v) for v in values] for name, values in table.items()}
                for id_, table in self.others.items()
            },
            "observed": {id_: _definition_json(d) for id_, d in self.observed.items()},
            "registers": dict(self.registers),
            "rows": {r: {id_: _definition_json(d) for id_, d in facts.items()} for r, facts in self.rows.items()},
            "keys": {r: list(key) for r, key in self.keys.items()},
            "derived": [_derived_json(d) for d in self.derived.values()],  # a list: their order is meaning
            "amount": _derived_json(self.amount) if self.amount else None,
        }

    @cached_property
    def text(self) -> str:
        """The document in its canonical form."""
        return json.dumps(self.document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def version(self) -> str:
        """The hash that names this version: 16 hexadecimal digits of SHA-256."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def rule_for(policy: Policy, facts: Facts, parameters: Mapping[str, ParameterTable]) -> Rule:
    """The rule of ``policy`` over the facts of its subject; ``parameters`` are those of every policy and of the district.

    Raises:
        DefinitionError: it names a fact, parameter or amount that does not exist.
    """
    if policy.subject != facts.subject:
        raise DefinitionError(f"政策 {policy.id}：主体 {policy.subject} 没有声明事实；请检查 subject")
    definitions = {**facts.observed, **{id_: d.definition for id_, d in facts.derived_facts.items()}}
    reading = read_conditions(policy, definitions)
    amount = None
    if policy.grants.amount is not None:
        if policy.grants.amount not in facts.amounts:
            raise DefinitionError(
                f"政策 {policy.id}：没有叫 {policy.grants.amount} 的金额；请在 facts.py 中用 amount 声明"
            )
        amount = facts.amounts[policy.grants.amount]
    roots = [test.expression for test in reading.tests] + ([amount.expression] if amount else [])
    derived: dict[str, Derived] = {}
    observed: set[str] = set()
    related: set[str] = set()
    for root in roots:
        _collect(root, facts, derived, observed, related)
    used = {(parameter.policy, parameter.id) for parameter in _parameters(reading, derived, amount) if parameter.policy}
    others: dict[str, dict[str, Sequence[ParameterValue]]] = {}
    for name, parameter in sorted(used):
        if parameter not in parameters.get(name, {}):
            raise DefinitionError(f"政策 {policy.id}：它读的事实用到 {name} 的参数 {parameter}，但没有这个参数")
        others.setdefault(name, {})[parameter] = parameters[name][parameter]
    register_of = {f.id: r.id for r in facts.registers.values() if r.one_row_a_subject for f in r.facts}
    registers = {id_: register_of[id_] for id_ in sorted(observed)}
    rows = {name: {f.id: f for f in facts.registers[name].facts} for name in sorted(related)}
    registers |= {fact: name for name, row in rows.items() for fact in row if fact not in definitions}
    return Rule(
        policy=policy,
        others=others,
        observed={id_: facts.observed[id_] for id_ in sorted(observed)},
        registers=registers,
        rows=rows,
        keys={name: facts.registers[name].key for name in rows},
        derived=derived,
        amount=amount,
    )


def _parameters(reading: Reading, derived: Mapping[str, Derived], amount: Derived | None) -> frozenset[m.Parameter]:
    """Those that the conditions read, the derived facts and the amount."""
    tested = (parameters_in(test.expression) for test in reading.tests)
    computed = (found.parameters for found in (*derived.values(), *([amount] if amount else [])))
    return frozenset[m.Parameter]().union(*tested, *computed)


def _collect(
    tree: m.Expression, facts: Facts, derived: dict[str, Derived], observed: set[str], related: set[str]
) -> None:
    if isinstance(tree, m.Related):
        related.add(tree.register)
        return  # what is beneath are facts of rows
    if isinstance(tree, m.Fact):
        if tree.id in facts.derived_facts and tree.id not in derived:
            found = facts.derived_facts[tree.id]
            _collect(found.expression, facts, derived, observed, related)
            derived[tree.id] = found
        elif tree.id in facts.observed:
            observed.add(tree.id)
    for child in children(tree):
        _collect(child, facts, derived, observed, related)


def _parameter_json(value: ParameterValue) -> dict[str, Any]:
    return value.model_dump(mode="json", by_alias=True, exclude_none=True)


def _definition_json(d: FactDefinition) -> dict[str, Any]:
    document: dict[str, Any] = {"id": d.id, "type": d.type.value, "zh": d.title.zh, "en": d.title.en, "unit": d.unit}
    if d.minimum is not None or d.maximum is not None:
        document["bounds"] = [d.minimum, d.maximum]
    if d.values:
        document["values"] = {code: [label.zh, label.en] for code, label in d.values.items()}
    return document


def _derived_json(d: Derived) -> dict[str, Any]:
    return {
        "definition": _definition_json(d.definition),
        "tree": to_json(d.expression),
        "cites": d.cites,
        "evidence": d.evidence,
    }


def _definition(document: dict[str, Any]) -> FactDefinition:
    low, high = document.get("bounds", [None, None])
    values = {code: Text(*label) for code, label in document["values"].items()} if "values" in document else None
    return FactDefinition(
        id=document["id"],
        type=FactType(document["type"]),
        title=Text(document["zh"], document["en"]),
        unit=document["unit"],
        minimum=low,
        maximum=high,
        values=values,
    )


def _derived(document: dict[str, Any]) -> Derived:
    return Derived(
        definition=_definition(document["definition"]),
        expression=from_json(document["tree"]),
        cites=document["cites"],
        evidence=document["evidence"],
    )


def rule_from(text: str) -> Rule:
    """The rule of a stored policy version.

    Raises:
        DefinitionError: the document is damaged.
    """
    try:
        document = json.loads(text)
        policy = Policy.model_validate(document["policy"])
        others = {
            id_: {name: [ParameterValue.model_validate(v) for v in values] for name, values in table.items()}
            for id_, table in document["others"].items()
        }
        return Rule(
            policy=policy,
            others=others,
            observed={id_: _definition(d) for id_, d in document["observed"].items()},
            registers=document["registers"],
            rows={r: {id_: _definition(d) for id_, d in facts.items()} for r, facts in document["rows"].items()},
            keys={r: tuple(key) for r, key in document["keys"].items()},
            derived={derived.definition.id: derived for derived in map(_derived, document["derived"])},
            amount=_derived(document["amount"]) if document["amount"] else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DefinitionError(f"政策版本读不懂：{error}；该文件可能被改动过，请从备份恢复") from None


def with_parameters(rule: Rule, changes: Mapping[str, str], as_of: dt.date) -> Rule:
    """A copy of ``rule`` in which some parameters have another value on ``as_of``: a what-if, never a publication.

    Raises:
        DefinitionError: the policy has no such parameter, or the value does not suit it.
    """
    parameters = dict(rule.policy.parameters)
    for name, value in changes.items():
        current = rule.policy.parameter(name, as_of)
        if current is None:
            known = "、".join(rule.policy.parameters) or "（没有参数）"
            raise DefinitionError(f"政策 {rule.policy.id} 在 {as_of} 没有参数 {name}；可改的有：{known}")
        where = f"政策 {rule.policy.id}：参数 {name}"
        parameters[name] = [current.model_copy(update={"value": supposed_value(value, current.unit, where)})]
    return replace(rule, policy=rule.policy.model_copy(update={"parameters": parameters}))
