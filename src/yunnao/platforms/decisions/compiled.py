"""Rules made ready for one day: plain trees, shared between policies, for both engines."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import in_force
from yunnao.platforms.decisions.facts import Derived
from yunnao.platforms.decisions.language import Test, parameter_constant
from yunnao.platforms.decisions.lowering import Kind, Number, Surroundings, kind_of, lower_as
from yunnao.platforms.decisions.missing import Blames
from yunnao.platforms.decisions.rules import Rule
from yunnao.platforms.decisions.traversal import replace_children, walk_all

NOT_MET, MET, UNKNOWN = 0, 1, 2
REFUSED, GRANTED, UNDETERMINED = 0, 1, 2
MOST_CONDITIONS, MOST_MISSABLE = 31, 62
"""Two bits a condition and one bit a fact must fit int64."""
OUTCOMES = ("refused", "granted", "undetermined")
STATES = ("not_met", "met", "unknown")


@dataclass(frozen=True, kw_only=True)
class CompiledPolicy:
    """One policy for one day.

    Attributes:
        id, rule: which policy.
        conditions: plain trees, in the policy's written order; bit pair k of the states is condition k.
        tree: over `Fact("k")`, the k-th condition.
        outcome: the same with the conditions put in.
        amount: plain tree of the fen granted, if it grants money.
        blames: fact -> plain test that it is missing for the outcome; and for the amount.
    """

    id: str
    rule: Rule
    conditions: tuple[m.Expression, ...]
    tree: m.Expression
    outcome: m.Expression
    amount: m.Expression | None
    outcome_blames: Mapping[str, m.Expression]
    amount_blames: Mapping[str, m.Expression]

    @property
    def tests(self) -> tuple[Test, ...]:
        """The conditions as written."""
        return self.rule.reading.tests

    @cached_property
    def condition_ids(self) -> tuple[str, ...]:
        """Names of the conditions, in the same order."""
        return tuple(test.id for test in self.tests)

    @property
    def missable(self) -> tuple[str, ...]:
        """Facts that may be missing, sorted."""
        return tuple(sorted({*self.outcome_blames, *self.amount_blames}))


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """Policies about one kind of subject, for one day.

    Attributes:
        policies: in the order given.
        observed: every observed fact read -> definition.
        derived: every derived fact read -> plain tree, each after those it reads.
        derived_types: their types.
        lacks: what derived facts lack: name of the test -> plain tree, each after those it refers to.
        rows: related register -> facts of its rows.
        keys: related register -> the facts that name a row, the subject's key first.
        calendar: for durations in working days.
    """

    as_of: dt.date
    policies: tuple[CompiledPolicy, ...]
    observed: Mapping[str, FactDefinition]
    derived: Mapping[str, m.Expression]
    derived_types: Mapping[str, FactType]
    lacks: Mapping[str, m.Expression]
    rows: Mapping[str, Mapping[str, FactDefinition]]
    keys: Mapping[str, tuple[str, ...]]
    calendar: WorkingCalendar

    def roots(self) -> list[m.Expression]:
        """Every plain tree that is computed for outcomes, states and amounts."""
        trees = [*self.derived.values()]
        for policy in self.policies:
            trees += [*policy.conditions, *([policy.amount] if policy.amount is not None else [])]
        return trees

    def blames(self) -> list[m.Expression]:
        """Every plain tree that is computed for what is missing."""
        trees = [*self.lacks.values()]
        for policy in self.policies:
            trees += [*policy.outcome_blames.values(), *policy.amount_blames.values()]
        return trees

    @cached_property
    def claims(self) -> Mapping[str, Mapping[str, m.FirstClaim]]:
        """Related register -> claim id -> claim."""
        found: dict[str, dict[str, m.FirstClaim]] = {}
        for e in walk_all([*self.roots(), *self.blames()]):
            if isinstance(e, m.FirstClaim):
                other = found.setdefault(e.register, {}).setdefault(e.id, e)
                if other != e:
                    raise DefinitionError(f"名册 {e.register}：两处 first_claim 都叫 {e.id} 但内容不同；请改名")
        return found


def compile_rules(
    rules: Sequence[Rule], as_of: dt.date, delivered: frozenset[str], calendar: WorkingCalendar
) -> RuleSet:
    """The rules for ``as_of``; summaries over registers not in ``delivered`` are unknown.

    Raises:
        DefinitionError: a tree does not go together, may not fit int64, or two rules mean different things by one fact.
    """
    observed: dict[str, FactDefinition] = {}
    row_facts: dict[str, Mapping[str, FactDefinition]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    sources: dict[str, Derived] = {}
    plain: dict[str, m.Expression] = {}
    kinds: dict[str, Kind] = {}
    policies: list[CompiledPolicy] = []
    blames = Blames(plain)
    for rule in rules:
        observed.update(rule.observed)
        row_facts.update(rule.rows)
        keys.update(rule.keys)
        kinds.update({id_: kind_of(definition) for id_, definition in rule.observed.items()})
        around = _surroundings(rule, as_of, kinds, delivered)
        for id_, derived in rule.derived.items():
            if id_ in sources:
                if sources[id_] != derived:
                    raise DefinitionError(f"导出事实 {id_} 有两种含义；同一批决定只能用一种")
                continue
            sources[id_] = derived
            plain[id_], kind = lower_as(derived.expression, derived.definition.type, around)
            kinds[id_] = _unknown_kind(derived.definition) if kind == "unknown" else kind
        policies.append(_compile(rule, around, blames))
    return RuleSet(
        as_of=as_of,
        policies=tuple(policies),
        observed=observed,
        derived=plain,
        derived_types={id_: derived.definition.type for id_, derived in sources.items()},
        lacks=blames.tests,
        rows=row_facts,
        keys=keys,
        calendar=calendar,
    )


def _unknown_kind(definition: FactDefinition) -> Kind:
    kind = kind_of(definition)
    return Number(kind.money, kind.scale, 0, 0) if isinstance(kind, Number) else kind


def _surroundings(rule: Rule, as_of: dt.date, kinds: Mapping[str, Kind], delivered: frozenset[str]) -> Surroundings:
    def parameter(policy: str, name: str) -> m.Constant:
        table = rule.policy.parameters if policy in ("", rule.policy.id) else rule.others.get(policy, {})
        where = f"政策 {policy or rule.policy.id}：参数 {name}"
        value = in_force(table.get(name, []), as_of)
        if value is None:
            raise DefinitionError(f"{where} 在 {as_of} 没有值；请在 parameters 中补上")
        return parameter_constant(value, where)

    return Surroundings(
        kinds=kinds,
        row_kinds={r: {id_: kind_of(d) for id_, d in facts.items()} for r, facts in rule.rows.items()},
        parameter=parameter,
        as_of=as_of,
        delivered=delivered,
        where=f"政策 {rule.policy.id}",
    )


def _compile(rule: Rule, around: Surroundings, blames: Blames) -> CompiledPolicy:
    conditions: list[m.Expression] = []
    for test in rule.reading.tests:
        if test.valid is not None and not test.valid.includes(around.as_of):
            conditions.append(m.Constant(False))  # not part of the rule on this day
        else:
            conditions.append(lower_as(test.expression, FactType.BOOLEAN, around)[0])
    amount = None
    if rule.amount is not None:
        amount = lower_as(rule.amount.expression, FactType.MONEY, around)[0]
    outcome = _substitute(rule.reading.tree, conditions)
    compiled = CompiledPolicy(
        id=rule.policy.id,
        rule=rule,
        conditions=tuple(conditions),
        tree=rule.reading.tree,
        outcome=outcome,
        amount=amount,
        outcome_blames=blames.of(outcome),
        amount_blames={} if amount is None else blames.of(amount),
    )
    if len(conditions) > MOST_CONDITIONS or len(compiled.missable) > MOST_MISSABLE:
        raise DefinitionError(
            f"政策 {rule.policy.id}：有 {len(conditions)} 个条件、可能缺 {len(compiled.missable)} 个事实，"
            f"超过上限（{MOST_CONDITIONS}、{MOST_MISSABLE}）；请拆成两项政策，或把一部分条件并成导出事实"
        )
    return compiled


def _substitute(tree: m.Expression, conditions: Sequence[m.Expression]) -> m.Expression:
    if isinstance(tree, m.Fact):
        return conditions[int(tree.id)]
    return replace_children(tree, lambda child: _substitute(child, conditions))
