"""The facts that policies read, grouped by the register that brings them, then derived facts and amounts."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.fact import FactDefinition
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions.definitions import UNCERTAIN, ParameterValue
from yunnao.platforms.decisions.facts import Derived, Facts
from yunnao.web import dictionary_words as words
from yunnao.web.dictionary_entries import definitions, in_force, page_name, readable, reads
from yunnao.web.dictionary_formula import Formula
from yunnao.web.dictionary_labels import labels


@dataclass(frozen=True, kw_only=True)
class FactView:
    """One fact in words; `anchor` is empty where the page has it already."""

    id: str
    anchor: str
    title: str
    type: str
    unit: str
    meaning: str
    values: tuple[str, ...] = ()
    formula: str = ""
    cites: str = ""
    uncertain: str = ""
    reads: tuple[tuple[str, str], ...] = ()
    used_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class FactGroup:
    """The facts of one register, or those that are computed."""

    anchor: str
    title: str
    register: str
    department: str
    many_rows: bool
    used_by: tuple[tuple[str, str], ...]
    facts: tuple[FactView, ...]


def fact_groups(scenarios: Sequence[Scenario], language: Language, as_of: dt.date) -> Iterator[FactGroup]:
    """Every register of every scenario once, then the derived facts and the amounts of every kind of subject.

    Formulas show the parameters in force on ``as_of``.
    """
    seen: set[str] = set()  # scenarios may share registers and facts
    for scenario in scenarios:
        for facts in scenario.facts.values():
            yield from _registers(scenario, facts, language, seen)
    t = labels(language)
    for scenario in scenarios:
        for facts in scenario.facts.values():
            computed = ((t.derived_facts, "derived", facts.derived_facts), (t.amounts, "amounts", facts.amounts))
            for title, kind, some in computed:
                anchor = f"{kind}-{scenario.id}-{facts.subject}"
                if some:
                    yield _computed(scenario, facts, language, as_of, seen, anchor, title, some)


def _registers(scenario: Scenario, facts: Facts, language: Language, seen: set[str]) -> Iterator[FactGroup]:
    used = _used_by(scenario, facts, language)
    for register in facts.registers.values():
        anchor = f"register-{register.id}"
        if anchor in seen:
            continue
        seen.add(anchor)
        department = scenario.departments.get(register.department, Text(register.department, register.department))
        own = register.one_row_a_subject
        yield FactGroup(
            anchor=anchor,
            title=register.title.in_(language),
            register=register.id,
            department=department.in_(language),
            many_rows=not own,
            used_by=tuple(used.get(register.id, ())) if not own else (),
            facts=tuple(
                _view(fact, language, _anchor(f"fact-{fact.id}", seen) if own else "", used.get(fact.id, ()))
                for fact in register.facts
            ),
        )


def _computed(
    scenario: Scenario,
    facts: Facts,
    language: Language,
    as_of: dt.date,
    seen: set[str],
    anchor: str,
    title: str,
    some: Mapping[str, Derived],
) -> FactGroup:
    used = _used_by(scenario, facts, language)

    def find(policy: str, name: str) -> ParameterValue | None:
        return in_force(scenario.parameters.get(policy, {}).get(name, ()), as_of) if policy else None

    formula = Formula(definitions(facts), facts.registers, find, language)
    views = []
    for id_, derived in some.items():
        view = _view(derived.definition, language, _anchor(f"fact-{id_}", seen), used.get(id_, ()))
        doubtful = words.EVIDENCE[derived.evidence].in_(language) if derived.evidence in UNCERTAIN else ""
        views.append(
            replace(
                view,
                formula=formula.text(derived.expression, derived.definition),
                cites=derived.cites,
                uncertain=doubtful,
                reads=tuple(reads(derived, facts, language)),
            )
        )
    return FactGroup(
        anchor=anchor, title=title, register="", department="", many_rows=False, used_by=(), facts=tuple(views)
    )


def _anchor(anchor: str, seen: set[str]) -> str:
    if anchor in seen:
        return ""
    seen.add(anchor)
    return anchor


def _view(fact: FactDefinition, language: Language, anchor: str, used_by: Sequence[tuple[str, str]]) -> FactView:
    return FactView(
        id=fact.id,
        anchor=anchor,
        title=fact.title.in_(language),
        type=words.FACT_TYPE[fact.type].in_(language),
        unit=words.unit_words(fact.unit, language),
        meaning=readable(fact.meaning, language),
        values=tuple(text.in_(language) for text in fact.values.values()) if fact.values else (),
        used_by=tuple(used_by),
    )


def _used_by(scenario: Scenario, facts: Facts, language: Language) -> dict[str, list[tuple[str, str]]]:
    """Fact, or related register, -> (title, page) of the policies that read it, directly or through derived facts."""
    used: dict[str, list[tuple[str, str]]] = {}
    for policy in scenario.policies.values():
        if policy.subject != facts.subject or policy.grant_when is None:
            continue
        rule = scenario.rule(policy.id)
        title = policy.title.zh if language == "zh" else policy.title.en
        amounts = [policy.grants.amount] if policy.grants.amount else []
        for name in (*rule.observed, *rule.derived, *rule.rows, *amounts):
            used.setdefault(name, []).append((title, page_name(scenario, policy.id)))
    return used
