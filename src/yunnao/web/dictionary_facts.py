"""The facts that policies read, grouped by the register that brings them, then derived facts and amounts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.fact import FactDefinition
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions.definitions import UNCERTAIN
from yunnao.platforms.decisions.facts import Derived, Facts
from yunnao.web import dictionary_words as words
from yunnao.web.dictionary_entries import page_name, reads
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
    facts: tuple[FactView, ...]


def fact_groups(scenarios: Sequence[Scenario], language: Language) -> Iterator[FactGroup]:
    """Every register of every scenario once, then the derived facts and the amounts of every kind of subject."""
    seen: set[str] = set()  # scenarios may share registers and facts
    for scenario in scenarios:
        for facts in scenario.facts.values():
            yield from _registers(scenario, facts, language, seen)
    t = labels(language)
    for scenario in scenarios:
        for facts in scenario.facts.values():
            computed = ((t.derived_facts, "derived", facts.derived_facts), (t.amounts, "amounts", facts.amounts))
            for title, kind, some in computed:
                if some:
                    yield _computed(
                        scenario, facts, language, seen, f"{kind}-{scenario.id}-{facts.subject}", title, some
                    )


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
            facts=tuple(
                _view(fact, language, _anchor(f"fact-{fact.id}", seen) if own else "", used.get(fact.id, ()))
                for fact in register.facts
            ),
        )


def _computed(
    scenario: Scenario,
    facts: Facts,
    language: Language,
    seen: set[str],
    anchor: str,
    title: str,
    some: Mapping[str, Derived],
) -> FactGroup:
    used = _used_by(scenario, facts, language)
    views = (
        _view(derived.definition, language, _anchor(f"fact-{id_}", seen), used.get(id_, ()), derived, facts)
        for id_, derived in some.items()
    )
    return FactGroup(anchor=anchor, title=title, register="", department="", many_rows=False, facts=tuple(views))


def _anchor(anchor: str, seen: set[str]) -> str:
    if anchor in seen:
        return ""
    seen.add(anchor)
    return anchor


def _view(
    fact: FactDefinition,
    language: Language,
    anchor: str,
    used_by: Sequence[tuple[str, str]],
    derived: Derived | None = None,
    facts: Facts | None = None,
) -> FactView:
    return FactView(
        id=fact.id,
        anchor=anchor,
        title=fact.title.in_(language),
        type=words.FACT_TYPE[fact.type].in_(language),
        unit=words.unit_words(fact.unit, language),
        meaning=fact.meaning,
        values=tuple(text.in_(language) for text in fact.values.values()) if fact.values else (),
        cites=derived.cites if derived else "",
        uncertain=words.EVIDENCE[derived.evidence].in_(language) if derived and derived.evidence in UNCERTAIN else "",
        reads=tuple(reads(derived, facts, language)) if derived and facts else (),
        used_by=tuple(used_by),
    )


def _used_by(scenario: Scenario, facts: Facts, language: Language) -> dict[str, list[tuple[str, str]]]:
    """Fact -> (title, page) of the policies that test it or pay it."""
    used: dict[str, list[tuple[str, str]]] = {}
    for policy in scenario.policies.values():
        if policy.subject != facts.subject:
            continue
        named = dict.fromkeys(test.fact for test in (policy.grant_when.tests() if policy.grant_when else ()))
        for fact in (*named, policy.grants.amount):
            if fact is not None:
                title = policy.title.zh if language == "zh" else policy.title.en
                used.setdefault(fact, []).append((title, page_name(scenario, policy.id)))
    return used
