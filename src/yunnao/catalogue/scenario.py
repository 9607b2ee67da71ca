"""A scenario as the catalogue knows it: everything its folder declares, loaded and cross-checked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import validated
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.cases.definitions import Flow
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import Example, ParameterTable, Policy
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.rules import DISTRICT, Rule, rule_for
from yunnao.platforms.decisions.traversal import walk
from yunnao.platforms.indicators.definitions import Indicator

if TYPE_CHECKING:
    from yunnao.platforms.cases.filed.definitions import FiledFlow


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One application scenario (应用场景).

    Attributes:
        id, title, summary: the identity card.
        owner: id of the department that owns it.
        departments: every department it names, with titles.
        folder: where its files are.
        facts: kind of subject -> its facts, observed and derived.
        policies: by id, in the order of their files' names.
        flows: flows of the cases that decisions open, by id.
        filed_flows: flows of the cases that somebody files, by id.
        page: the panels of its page.
        district: the district's own settings, as parameters that facts may read.
        published: ids of the policies that the district published itself.
    """

    id: str
    title: Text
    summary: Text
    owner: str
    departments: Mapping[str, Text]
    folder: Path
    facts: Mapping[str, Facts]
    policies: Mapping[str, Policy]
    flows: Mapping[str, Flow]
    indicators: tuple[Indicator, ...]
    page: Mapping[str, Any]
    district: ParameterTable = field(default_factory=dict)
    filed_flows: "Mapping[str, FiledFlow]" = field(default_factory=dict)
    published: frozenset[str] = frozenset()

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples, read from `examples.yaml` and the folder `examples` when they are first asked for.

        Raises:
            DefinitionError: one is not well written, or is about a policy that does not exist.
        """
        single = self.folder / "examples.yaml"
        adapter = TypeAdapter(list[Example])
        found: list[Example] = []
        for path in ([single] if single.exists() else []) + sorted((self.folder / "examples").glob("*.yaml")):
            found += validated(adapter, strict_yaml.read(path), path.name)
        for example in found:
            if example.policy not in self.policies:
                raise DefinitionError(f"{self.id}：示例“{example.example}”说的政策 {example.policy} 不存在")
        return tuple(found)

    @property
    def registers(self) -> Mapping[str, Register]:
        """Every register it reads."""
        return {id_: register for facts in self.facts.values() for id_, register in facts.registers.items()}

    @cached_property
    def parameters(self) -> Mapping[str, ParameterTable]:
        """Parameters of every policy, and of the district."""
        return {**{id_: policy.parameters for id_, policy in self.policies.items()}, DISTRICT: self.district}

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {}

    def rule(self, policy: str) -> Rule:
        """The rule of one policy.

        Raises:
            KeyError: there is no such policy.
            DefinitionError: it names something that does not exist.
        """
        if policy not in self._rules:
            found = self.policies[policy]
            self._rules[policy] = rule_for(found, self.facts[found.subject], self.parameters)
        return self._rules[policy]

    def with_policy(self, policy: Policy) -> "Scenario":
        """The same with a policy that the district published itself, which adds to the shipped ones or takes one's place.

        Raises:
            DefinitionError: it would take the place of a shipped prohibition.
        """
        replaced = self.policies.get(policy.id)
        if replaced is not None and replaced.prohibits is not None and policy.id not in self.published:
            raise DefinitionError(
                f"政策 {policy.id}：“{replaced.title.zh}”是随系统发布的禁止性规定，本区不能替换；"
                f"可另起 id 增加本区自己的禁止性规定"
            )
        return replace(
            self, policies={**self.policies, policy.id: policy}, published=self.published | frozenset({policy.id})
        )

    def deciding(self, day: dt.date, regions: frozenset[str]) -> list[Policy]:
        """Policies that decide on ``day`` in a district with these regions, in order."""
        return [policy for policy in self.policies.values() if policy.decides(day, regions)]

    def reads_parameters_of(self, policy: str) -> bool:
        """Whether some derived fact or amount reads the parameters of ``policy`` by its name."""
        return any(
            isinstance(e, m.Parameter) and e.policy == policy
            for facts in self.facts.values()
            for derived in (*facts.derived_facts.values(), *facts.amounts.values())
            for e in walk(derived.expression)
        )
