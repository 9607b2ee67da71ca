"""Questions about single decisions and about what might be: explain, simulate, replay. Nothing they do is kept."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from yunnao.catalogue.deciding import Deciding
from yunnao.catalogue.inputs import calendar_frame, inputs_for
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.kernel.text import Language
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import RuleSet, compile_rules
from yunnao.platforms.decisions.explanation import Explanation, explain
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.one import Decider
from yunnao.platforms.decisions.rules import with_parameters
from yunnao.platforms.decisions.runs import Manifest
from yunnao.platforms.decisions.simulation import Simulation, compare
from yunnao.storage.engines import Embedded


def policy_of(scenario: Scenario, policy: str, as_of: dt.date, regions: frozenset[str]) -> None:
    """Make sure that a policy decides on a day.

    Raises:
        YunnaoError: there is no such policy, or it does not decide then and here; the message says why.
    """
    found = scenario.policies.get(policy)
    if found is None:
        raise YunnaoError(f"没有叫 {policy} 的政策；可用 yunnao dictionary 查看全部政策")
    if found.grant_when is None:
        raise YunnaoError(f"{found.title.zh}（{policy}）是禁止性规定，不给予什么，因此没有决定")
    if not found.switched_on:
        raise YunnaoError(f"{found.title.zh}（{policy}）待核，尚未启用，因此没有决定")
    if found.region not in regions:
        raise YunnaoError(f"{found.title.zh}（{policy}）适用于{found.region}，不适用于本区")
    if not found.valid.includes(as_of):
        end = found.valid.to or "无期限"
        raise YunnaoError(
            f"{found.title.zh}（{policy}）有效期 {found.valid.from_} 至 {end}，{as_of} 不在其中；可用 --as-of 指定日期"
        )


def explain_one(
    deciding: Deciding, scenario: Scenario, policy: str, subject: str, as_of: dt.date, language: Language
) -> Explanation:
    """One decision, made anew for one subject from the facts in force on ``as_of``, and explained.

    Raises:
        YunnaoError: the policy does not decide then, or there is no such subject.
    """
    policy_of(scenario, policy, as_of, deciding.regions)
    rule = scenario.rule(policy)
    facts = scenario.facts[rule.policy.subject]
    reader = _SubjectReader(deciding, facts, subject, as_of)
    rules = compile_rules([rule], as_of, reader.delivered, deciding.calendar)
    values = reader.values(rules)
    rows = reader.rows(rules)
    decider = Decider(rules)
    decision = decider.decide(values, rows)[0]
    return explain(
        rules.policies[0],
        decision,
        {**decider.derived(values, rows), **values},
        subject=subject,
        as_of=as_of,
        departments={
            id_: scenario.departments[register.department].in_(language) for id_, register in scenario.registers.items()
        },
        language=language,
    )


def names_decided(deciding: Deciding, scenario: Scenario, policy: str) -> pl.DataFrame:
    """subject, name: what the naming register calls the subjects of ``policy``, in the facts that last decided it; none without them.

    Raises:
        YunnaoError: what the last run rests on is damaged.
    """
    naming = scenario.facts[scenario.policies[policy].subject].naming
    manifest = deciding.runs.latest(scenario.id)
    tables = deciding.registry.open_snapshot(manifest.snapshot).tables if manifest else {}
    if naming.id not in tables or all(fact.id != "name" for fact in naming.facts):
        return pl.DataFrame(schema={"subject": pl.String, "name": pl.String})
    return pl.read_parquet(tables[naming.id], columns=[naming.subject_key, "name"]).rename(
        {naming.subject_key: "subject"}
    )


class _SubjectReader:
    """Reads one subject's facts straight from the deliveries, without building a snapshot."""

    def __init__(self, deciding: Deciding, facts: Facts, subject: str, as_of: dt.date) -> None:
        self.registry = deciding.registry
        self.facts = facts
        self.subject = subject
        self.as_of = as_of
        since_ever = dt.date.min
        self.delivered = frozenset(
            d.register for d in self.registry.deliveries() if (d.valid_from or since_ever) <= as_of
        )
        if self._own(facts.naming.id).is_empty():
            raise YunnaoError(f"{facts.naming.title.zh}中到 {as_of} 没有 {subject}；请核对代码，或先导入名册")

    def _own(self, register: str) -> pl.DataFrame:
        if register not in self.delivered:
            return pl.DataFrame()
        return self.registry.rows_of(register, self.facts.naming.subject_key, [self.subject], self.as_of)

    def values(self, rules: RuleSet) -> dict[str, Any]:
        """Observed facts, stored units; unknown ones as None."""
        values: dict[str, Any] = dict.fromkeys(rules.observed)
        for id_, register in self.facts.registers.items():
            if register.one_row_a_subject and any(fact.id in rules.observed for fact in register.facts):
                for row in self._own(id_).to_dicts():
                    values.update({name: value for name, value in row.items() if name in rules.observed})
        return values

    def rows(self, rules: RuleSet) -> dict[str, list[dict[str, Any]]]:
        """Rows of the related registers, with claims settled against other subjects' rows."""
        found: dict[str, list[dict[str, Any]]] = {}
        for register in rules.rows:
            if register not in self.delivered:
                continue
            own = self._own(register)
            claims = rules.claims.get(register, {})
            if claims:
                shared = [own] + [self._sharing(register, own, claim.person) for claim in claims.values()]
                everybody = pl.concat(shared).unique(maintain_order=True)
                settled = many.with_claims(
                    rules, register, everybody.lazy(), calendar_frame(rules.calendar).lazy()
                ).collect()
                own = settled.filter(pl.col(self.facts.naming.subject_key) == self.subject)
            found[register] = own.to_dicts()
        return found

    def _sharing(self, register: str, own: pl.DataFrame, person: str) -> pl.DataFrame:
        people = own[person].drop_nulls().unique().sort().to_list()
        return self.registry.rows_of(register, person, people, self.as_of)


def simulate(
    deciding: Deciding, scenario: Scenario, policy: str, changes: Mapping[str, str], as_of: dt.date
) -> Simulation:
    """Decide one policy for everybody twice: as published, and with some parameters changed.

    Raises:
        YunnaoError: the policy does not decide on that day, or there are no subjects.
        DefinitionError: no such parameter, or a value that does not suit it.
    """
    policy_of(scenario, policy, as_of, deciding.regions)
    rule = scenario.rule(policy)
    facts = scenario.facts[rule.policy.subject]
    delivered = deciding.registry.in_force(as_of)
    if facts.naming.id not in delivered:
        raise YunnaoError(f"到 {as_of} 还没有导入{facts.naming.title.zh}；请先 yunnao load")
    both = [compile_rules([rule], as_of, delivered, deciding.calendar)]
    changed = with_parameters(rule, changes, as_of)
    try:
        both.append(compile_rules([changed], as_of, delivered, deciding.calendar))
    except DefinitionError as error:
        values = "，".join(f"{name}={value}" for name, value in changes.items())
        raise DefinitionError(
            f"{values} 对政策 {policy} 不合适：值太大或小数位太多，算不出来；请换一个（{error}）"
        ) from None
    snapshot = deciding.registry.snapshot(as_of)
    results: list[pl.DataFrame] = []
    for compiled in both:
        inputs = inputs_for(facts, compiled, snapshot.tables, deciding.engine)
        results.append(deciding.engine.collect(many.decide(compiled, inputs, missing=False)))
    money = rule.amount is not None
    return compare(policy, facts.naming.subject_key, results[0], results[1], grants_money=money)


def replay(deciding: Deciding, scenario: Scenario, manifest: Manifest) -> dict[str, int]:
    """Decide a past run again from its snapshot and its stored policy versions; kind of subject -> cells that differ.

    Raises:
        YunnaoError: the snapshot or a policy version is gone or damaged.
    """
    snapshot = deciding.registry.open_snapshot(manifest.snapshot)
    differing = {}
    for kind in manifest.parts:
        facts = scenario.facts[kind]
        rules = [deciding.runs.rule(part.version) for part in manifest.policies.values() if part.subject == kind]
        compiled = compile_rules(rules, manifest.day, frozenset(manifest.delivered), deciding.calendar)
        again: pl.DataFrame = many.decide(compiled, inputs_for(facts, compiled, snapshot.tables, Embedded())).collect()
        key = manifest.keys[kind]
        kept = deciding.runs.wide(manifest, kind).collect().sort(key)
        again = again.sort(key)
        if kept[key].to_list() != again[key].to_list() or set(kept.columns) != set(again.columns):
            differing[kind] = kept.height * kept.width
        else:
            differing[kind] = sum(int(kept[c].ne_missing(again[c]).sum()) for c in kept.columns)
    return differing
