"""How a scenario's engineer declares facts: what registers bring, and what is derived from it, with its citation.

```python
enterprise = Facts("enterprise", registers=(enterprises, tax_filings, hires))

@enterprise.derived(id="is_micro", type=FactType.BOOLEAN, title=Text("微型", "Micro"), cites="工信部联企业〔2011〕300号")
def is_micro() -> Expression:
    return enterprise.employees < 10

@enterprise.amount(id="hiring_reward", title=Text("补助", "Reward"), cites="示例规〔2024〕5号")
def hiring_reward() -> Expression:
    hires = enterprise.rows("hires")
    return hires.count(hires.contract_months >= 12) * own.per_person
```
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.model import Expression, Fact, FirstClaim, Parameter, Related
from yunnao.platforms.decisions.traversal import parameters_in

Rule = Callable[[], Expression]


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A fact computed from others, or an amount: definition, tree, and what says so."""

    definition: FactDefinition
    expression: Expression
    cites: str
    evidence: str | None = None

    @cached_property
    def parameters(self) -> frozenset[Parameter]:
        """The parameters that it reads, gathered once for all policies that read it."""
        return parameters_in(self.expression)


class ParametersOf:
    """`parameters.name` is the dated parameter `name` of a policy ("" for the one being decided)."""

    def __init__(self, policy: str) -> None:
        self._policy = policy

    def __getattr__(self, name: str) -> Expression:
        if name.startswith("__"):
            raise AttributeError(name)
        return Parameter(name, self._policy)


own = ParametersOf("")
"""Parameters of the policy that is being decided: for amounts shared by several policies."""


class Rows:
    """The rows a subject has in a related register: `rows.some_fact` is that fact of one row."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def __getattr__(self, name: str) -> Expression:
        if name.startswith("__"):
            raise AttributeError(name)
        _fact(self._register, name)
        return Fact(name)

    def any(self, where: Expression) -> Expression:
        """Whether some row satisfies ``where``."""
        return Related(self._register.id, "any", where)

    def count(self, where: Expression) -> Expression:
        """How many rows satisfy ``where``."""
        return Related(self._register.id, "count", where)

    def sum(self, value: Expression, where: Expression) -> Expression:
        """Total of ``value`` over the rows that satisfy ``where``."""
        return Related(self._register.id, "sum", where, value)

    def largest(self, value: Expression, where: Expression) -> Expression:
        """Largest ``value`` among the rows that satisfy ``where``; unknown if there is none."""
        return Related(self._register.id, "max", where, value)

    def smallest(self, value: Expression, where: Expression) -> Expression:
        """Smallest ``value`` among the rows that satisfy ``where``; unknown if there is none."""
        return Related(self._register.id, "min", where, value)

    def first_claim(self, id_: str, *, person: str, order: str, where: Expression) -> Expression:
        """Whether this row may use its ``person``: the earliest by ``order`` among all rows, of any subject, with ``where``."""
        for name in (person, order):
            _fact(self._register, name)
        return FirstClaim(id_, self._register.id, person, order, where)


def _fact(register: Register, name: str) -> None:
    if name not in {fact.id for fact in register.facts}:
        raise DefinitionError(f"名册 {register.id} 没有叫 {name} 的列；请检查名字")


class Facts:
    """The facts of one kind of subject. `facts.some_fact` is that fact, for use in trees."""

    def __init__(self, subject: str, *, registers: Sequence[Register]) -> None:
        self.subject = subject
        self.registers: Mapping[str, Register] = {register.id: register for register in registers}
        self.observed: dict[str, FactDefinition] = {}
        self.derived_facts: dict[str, Derived] = {}
        self.amounts: dict[str, Derived] = {}
        naming = [register for register in registers if register.names_subjects]
        if len(naming) != 1 or not naming[0].one_row_a_subject:
            raise DefinitionError(f"主体 {subject}：必须恰有一个名册用 names_subjects 说明有哪些主体，且一主体一行")
        self.naming = naming[0]
        for register in registers:
            if register.subject != subject:
                raise DefinitionError(f"名册 {register.id} 不属于主体 {subject}")
            for fact in register.facts if register.one_row_a_subject else ():
                if fact.id == register.subject_key:
                    continue
                if fact.id in self.observed:
                    raise DefinitionError(f"事实 {fact.id} 在两个名册里都有：一个事实只能由一个名册提供")
                self.observed[fact.id] = fact

    def __getattr__(self, name: str) -> Expression:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self.observed and name not in self.derived_facts:
            raise DefinitionError(f"主体 {self.subject} 没有叫 {name} 的事实；请检查名字，或把它声明在用到它的地方之前")
        return Fact(name)

    def rows(self, register: str) -> Rows:
        """The rows of a related register."""
        return Rows(self.registers[register])

    def derived(
        self,
        *,
        id: str,
        type: FactType,
        title: Text,
        cites: str,
        unit: str = "",
        values: Mapping[str, Text] | None = None,
        evidence: str | None = None,
        meaning: str = "",
    ) -> Callable[[Rule], Rule]:
        """Declare a derived fact; the decorated function builds its tree once, now.

        Raises:
            DefinitionError: the id is taken, or there is no citation.
        """
        definition = FactDefinition(id=id, type=type, title=title, unit=unit, values=values, meaning=meaning)

        def keep(rule: Rule) -> Rule:
            self._declare(self.derived_facts, definition, rule, cites, evidence)
            return rule

        return keep

    def amount(
        self, *, id: str, title: Text, cites: str, evidence: str | None = None, meaning: str = ""
    ) -> Callable[[Rule], Rule]:
        """Declare an amount of money that policies may grant; rounded once, half up, to the fen."""
        definition = FactDefinition(id=id, type=FactType.MONEY, title=title, unit="元", meaning=meaning)

        def keep(rule: Rule) -> Rule:
            self._declare(self.amounts, definition, rule, cites, evidence)
            return rule

        return keep

    def _declare(
        self, into: dict[str, Derived], definition: FactDefinition, rule: Rule, cites: str, evidence: str | None
    ) -> None:
        if definition.id in {**self.observed, **self.derived_facts, **self.amounts}:
            raise DefinitionError(f"事实 {definition.id} 声明了两次")
        if not cites:
            raise DefinitionError(f"导出事实 {definition.id} 没有写依据（cites）")
        described = replace(definition, meaning=definition.meaning or (rule.__doc__ or "").strip())
        into[definition.id] = Derived(definition=described, expression=rule(), cites=cites, evidence=evidence)
