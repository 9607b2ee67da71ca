"""Finds scenarios and reads their folders: declarations only, cross-checked, so that a mistake is a sentence and not a crash."""

import datetime as dt
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from yunnao.catalogue.cards import filed_flows_in, folder_of, read_card, read_cases, titles
from yunnao.catalogue.prohibitions import hold_prohibitions
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Label, Strict, validated
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Text
from yunnao.platforms.cases.definitions import is_filed, read_flows
from yunnao.platforms.decisions.definitions import ParameterTable, ParameterValue, Policy
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.rules import Rule
from yunnao.platforms.indicators.checks import Vocabulary, check_indicators
from yunnao.platforms.indicators.definitions import load_indicators


def load_scenario(module: str, *, published: Path | None = None, district: ParameterTable | None = None) -> Scenario:
    """The scenario in the package ``module``; policies in the folder ``published`` add to its own or take their place.

    Args:
        module: importable name, such as ``yunnao.scenarios.benefits``.
        published: folder of policy files of the district itself.
        district: the district's own settings as parameters (`city` ...), for facts that read them.

    Raises:
        DefinitionError: a file is missing or wrong; the message names the file and the place in it.
    """
    folder = folder_of(module)
    card = read_card(folder)
    facts = _facts(module, folder)
    cases = read_cases(folder)
    scenario = Scenario(
        id=card.id,
        title=_text(card.title),
        summary=_text(card.summary),
        owner=card.owner,
        departments=titles(card.departments),
        folder=folder,
        facts=facts,
        policies=_policies(folder / "policies"),
        # a room that a scenario does not need is absent
        flows=read_flows([item for item in cases if not is_filed(item)], "case.yaml"),
        filed_flows=filed_flows_in(cases) if any(map(is_filed, cases)) else {},
        indicators=load_indicators(folder / "indicators.yaml") if (folder / "indicators.yaml").exists() else (),
        page=_mapping(folder / "page.yaml") if (folder / "page.yaml").exists() else {},
        district=dict(district or {}),
    )
    for policy in _policies(published).values() if published else ():
        scenario = scenario.with_policy(policy)
    check(scenario)
    return scenario


def read_policy(path: Path) -> Policy:
    """One policy file.

    Raises:
        DefinitionError: it is not a policy as its owner may write it.
    """
    policy: Policy = _validated(Policy, path)
    return policy


def check(scenario: Scenario) -> None:
    """Check every name that the scenario's files use, and that no policy grants what another one prohibits.

    Raises:
        DefinitionError: something named does not exist or does not suit, or is prohibited.
    """
    hold_prohibitions(scenario)
    vocabulary: dict[str, frozenset[str]] = {}
    for policy in scenario.policies.values():
        check_policy(policy, scenario, scenario.rule(policy.id) if policy.grant_when else None)
        vocabulary[policy.id] = (
            frozenset(test.id for test in scenario.rule(policy.id).reading.tests) if policy.grant_when else frozenset()
        )
    for register in scenario.registers.values():
        if register.department not in scenario.departments:
            raise DefinitionError(
                f"{scenario.id}：名册 {register.id} 的部门 {register.department} 不在 scenario.yaml 的 departments 中"
            )
    check_indicators(
        scenario.indicators,
        Vocabulary(
            conditions=vocabulary,
            states={id_: frozenset(flow.states) for id_, flow in scenario.flows.items()},
            facts={
                kind: {**facts.observed, **{id_: d.definition for id_, d in facts.derived_facts.items()}}
                for kind, facts in scenario.facts.items()
            },
        ),
    )


def check_policy(policy: Policy, scenario: Scenario, rule: Rule | None) -> None:
    """Check one policy, and its ``rule`` if it grants something, against the scenario it belongs to.

    Raises:
        DefinitionError: a subject, fact, parameter, amount, flow, department or exclusion it names does not exist.
    """
    where = f"政策 {policy.id}"
    if policy.subject not in scenario.facts:
        raise DefinitionError(
            f"{where}：场景 {scenario.id} 没有主体 {policy.subject}；可用：{'、'.join(scenario.facts)}"
        )
    if policy.department not in scenario.departments:
        raise DefinitionError(f"{where}：部门 {policy.department} 不在 scenario.yaml 的 departments 中")
    for flow in policy.opens.values():
        if flow not in scenario.flows:
            raise DefinitionError(f"{where}：没有叫 {flow} 的办件流程；可用：{'、'.join(scenario.flows)}")
    for other in policy.exclusive_with:
        if other not in scenario.policies:
            raise DefinitionError(f"{where}：exclusive_with 里的 {other} 不是已有的政策")
    if rule is not None:
        unused = set(policy.parameters) - rule.parameters_read
        if unused and rule.amount is not None and not scenario.reads_parameters_of(policy.id):
            raise DefinitionError(f"{where}：参数 {'、'.join(sorted(unused))} 没有被任何条件或金额用到；请删去或用上")


def _facts(module: str, folder: Path) -> dict[str, Facts]:
    if not (folder / "facts.py").exists():
        return {}
    declared = getattr(import_module(f"{module}.facts"), "FACTS", None)
    if not isinstance(declared, tuple) or not all(isinstance(item, Facts) for item in declared):
        raise DefinitionError(f"{folder / 'facts.py'}：要有 FACTS = (Facts(...), ...)")
    return {facts.subject: facts for facts in declared}


def _policies(folder: Path) -> dict[str, Policy]:
    policies: dict[str, Policy] = {}
    for path in sorted(folder.glob("*.yaml")):
        policy = read_policy(path)
        if policy.id != path.stem:
            raise DefinitionError(f"{path}：文件名应与政策的 id 相同（{policy.id}.yaml）")
        policies[policy.id] = policy
    return policies


def _mapping(path: Path) -> Mapping[str, Any]:
    document = strict_yaml.read(path)
    if not isinstance(document, dict):
        raise DefinitionError(f"{path}：应是“键: 值”的形式")
    return document


def _validated(model: type[Strict], path: Path) -> Any:
    return validated(TypeAdapter(model), strict_yaml.read(path), path.name)


def _text(label: Label) -> Text:
    return Text(label.zh, label.en)


def district_parameters(settings: Mapping[str, str]) -> dict[str, list[ParameterValue]]:
    """The district's own settings (text) as parameters, in force since ever."""
    return {
        name: [
            ParameterValue.model_validate(
                {"from": dt.date.min, "value": value, "unit": "code", "cites": "district.yaml"}
            )
        ]
        for name, value in settings.items()
    }
