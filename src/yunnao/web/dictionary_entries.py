"""A policy as the dictionary shows it: plain words in one language, ready for a page or a worksheet."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.fact import FactDefinition
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import (
    COMPARISONS,
    UNCERTAIN,
    Condition,
    Exact,
    Example,
    ParameterValue,
    Policy,
    Validity,
)
from yunnao.platforms.decisions.facts import Derived, Facts
from yunnao.platforms.decisions.traversal import children
from yunnao.web import dictionary_words as words
from yunnao.web.dictionary_formula import Formula
from yunnao.web.dictionary_views import AmountView, ConditionView, ExampleRow, ParameterRow, PolicyView, Source

_LONGEST_FORMULA = 500
"""Characters; a longer one is no help beside a condition."""


def page_name(scenario: Scenario, policy: str) -> str:
    """The file name of a policy's page."""
    return f"{scenario.id}-{policy}.html"


def status(policy: Policy, day: dt.date) -> str:
    """Key of `words.STATUS`: whether the policy holds on ``day``."""
    if not policy.switched_on:
        return "off"
    if policy.valid.includes(day):
        return "in_force"
    return "coming" if day < policy.valid.from_ else "expired"


def policy_view(scenario: Scenario, policy: Policy, language: Language, as_of: dt.date) -> PolicyView:
    """``policy`` in words; ``as_of`` decides its status and which dated values are marked as current."""
    reader = _Reader(scenario, policy, language, as_of)
    department = scenario.departments.get(policy.department, Text(policy.department, policy.department))
    title, other = policy.title, "en" if language == "zh" else "zh"
    conditions = reader.condition(policy.grant_when) if policy.grant_when else None
    terms = policy.grants.terms
    state = status(policy, as_of)
    searched = [
        *(title.zh, title.en, policy.id, *policy.issuer, *policy.cites, policy.region),
        *(department.zh, department.en, words.KIND[policy.grants.kind].in_(language)),
        *((terms.zh, terms.en) if terms else ()),
        *((test.sentence for test in conditions.tests()) if conditions else ()),
        *policy.registers,
    ]
    return PolicyView(
        policy=policy,
        page=page_name(scenario, policy.id),
        title=title.zh if language == "zh" else title.en,
        other_title=title.en if other == "en" else title.zh,
        scenario=scenario.title.in_(language),
        department=department.in_(language),
        delivery=words.DELIVERY[policy.delivery].in_(language),
        delivery_means=words.DELIVERY_MEANS[policy.delivery].in_(language),
        kind=words.KIND[policy.grants.kind].in_(language),
        period=words.PERIOD[policy.period].in_(language),
        days=_days(policy.valid, language),
        status=words.STATUS[state].in_(language),
        status_id=state,
        evidence=words.EVIDENCE[policy.evidence].in_(language),
        uncertain=policy.uncertain,
        period_uncertain=_uncertain(policy.period_evidence, language),
        cites_uncertain=_uncertain(policy.cites_evidence, language),
        terms=(terms.zh if language == "zh" else terms.en) if terms else "",
        grants_uncertain=_uncertain(policy.grants.evidence, language),
        amount=reader.amount(),
        conditions=conditions,
        prohibited=tuple(" / ".join(group) for group in policy.prohibits.words) if policy.prohibits else (),
        apart=tuple(policy.prohibits.apart) if policy.prohibits else (),
        parameters=tuple(reader.parameters()),
        examples=tuple(reader.example(e) for e in scenario.examples if e.policy == policy.id),
        exclusions=tuple(reader.exclusions()),
        sources=tuple(_source(text) for text in policy.source),
        registers=tuple(policy.registers),
        search="\n".join(searched),
    )


def _days(valid: Validity, language: Language) -> str:
    end = valid.to.isoformat() if valid.to else words.NO_END.in_(language)
    return f"{valid.from_.isoformat()} 至 {end}" if language == "zh" else f"{valid.from_.isoformat()} to {end}"


def _uncertain(evidence: str | None, language: Language) -> str:
    return words.EVIDENCE[evidence].in_(language) if evidence in UNCERTAIN else ""


def _source(text: str) -> Source:
    found = re.match(r"https?://[^\s\"'<>（(]+", text)
    return Source(address=found.group() if found else "", words=text[found.end() :].strip() if found else text)


class _Reader:
    """Puts the parts of one policy into words of one language."""

    def __init__(self, scenario: Scenario, policy: Policy, language: Language, as_of: dt.date) -> None:
        self._scenario = scenario
        self._policy = policy
        self._language = language
        self._as_of = as_of
        self._facts = scenario.facts.get(policy.subject)
        latest = policy.valid.to or as_of
        self._day = max(policy.valid.from_, min(as_of, latest))

    def condition(self, written: Condition) -> ConditionView:
        """A condition, whole."""
        groups = (("all", written.all), ("any", written.any), ("of", written.of))
        for name, items in groups:
            if items is not None:
                return self._group(name, items, written.at_least)
        if written.not_ is not None:
            return self._group("not", [written.not_], None)
        return self._test(written)

    def _group(self, name: str, items: Sequence[Condition], needed: Exact | None) -> ConditionView:
        headings = {
            "all": Text("以下各项须全部满足", "All of these hold"),
            "any": Text("以下各项满足任意一项即可", "Any one of these holds"),
            "of": Text(f"以下 {len(items)} 项中至少满足 {needed} 项", f"At least {needed} of these {len(items)} hold"),
            "not": Text("不得有以下情形", "This must not hold"),
        }
        return ConditionView(
            heading=headings[name].in_(self._language), items=tuple(self.condition(item) for item in items)
        )

    def _test(self, c: Condition) -> ConditionView:
        name = next(name for name in COMPARISONS if getattr(c, name) is not None)
        written = getattr(c, name)
        definition = self._definition(c.fact or "")
        listed = written if isinstance(written, list) else [written]
        shown = [self._threshold(item, definition) for item in listed]
        parameters = [item[1:] for item in listed if isinstance(item, str) and item.startswith("$")]
        if name == "within":
            shown = [(" 至 " if self._language == "zh" else " to ").join(shown)]
        derived = self._facts.derived_facts.get(c.fact or "") if self._facts else None
        title = definition.title if definition else Text(c.fact or "", c.fact or "")
        if c.title is not None:
            title = Text(c.title.zh, c.title.en)
        return ConditionView(
            fact=c.fact or "",
            title=title.in_(self._language),
            comparison=self._comparison(name, written),
            threshold=shown[0] if len(shown) == 1 else "",
            choices=tuple(shown) if len(shown) > 1 else (),
            parameter=parameters[0] if parameters else "",
            cites=c.cites or "",
            days=_days(c.valid, self._language) if c.valid else "",
            note=c.note or "",
            derived=derived is not None,
            formula=self._derivation(derived) if derived else "",
            uncertain=_uncertain(c.evidence, self._language),
        )

    def _comparison(self, name: str, written: object) -> str:
        if name == "is_" and isinstance(written, bool):
            return "：" if self._language == "zh" else ":"
        return words.COMPARISON[name].in_(self._language)

    def _threshold(self, written: Exact, definition: FactDefinition | None) -> str:
        if isinstance(written, str) and written.startswith("$"):
            value = self._policy.parameter(written[1:], self._day)
            if value is None:
                return written
            if definition is not None and definition.values:
                return words.fact_value(value.value, definition, self._language)
            return words.parameter_value(value, self._language)
        return words.fact_value(written, definition, self._language)

    def _derivation(self, derived: Derived) -> str:
        """The formula of a derived fact; of a very long one, what it means (the page of facts has it whole)."""
        formula = self._formula(derived)
        meaning = readable(derived.definition.meaning, self._language)
        return meaning if len(formula) > _LONGEST_FORMULA and meaning else formula

    def _formula(self, derived: Derived) -> str:
        if self._facts is None:
            return ""
        formula = Formula(definitions(self._facts), self._facts.registers, self._parameter, self._language)
        return formula.text(derived.expression, derived.definition)

    def _parameter(self, policy: str, name: str) -> ParameterValue | None:
        table = self._scenario.parameters.get(policy, {}) if policy else self._policy.parameters
        return in_force(table.get(name, ()), self._day)

    def _definition(self, fact: str) -> FactDefinition | None:
        return definitions(self._facts).get(fact) if self._facts else None

    def amount(self) -> AmountView | None:
        """What is paid, if it is money."""
        found = self._facts.amounts.get(self._policy.grants.amount or "") if self._facts else None
        if found is None or self._facts is None:
            return None
        return AmountView(
            title=found.definition.title.in_(self._language),
            meaning=readable(found.definition.meaning, self._language),
            formula=self._formula(found),
            cites=found.cites,
            uncertain=_uncertain(found.evidence, self._language),
            reads=tuple(reads(found, self._facts, self._language)),
        )

    def parameters(self) -> Iterator[ParameterRow]:
        """Every dated value, in the order of the file and then of time; current is what holds in a policy that is in force."""
        titles = self._uses()
        titles |= {id_: Text(t.zh, t.en).in_(self._language) for id_, t in self._policy.parameter_titles.items()}
        live = status(self._policy, self._as_of) == "in_force"
        for id_, values in self._policy.parameters.items():
            now = self._policy.parameter(id_, self._as_of) if live else None
            for place, value in enumerate(sorted(values, key=lambda v: v.from_)):
                yield ParameterRow(
                    id=id_,
                    title=titles.get(id_, ""),
                    days=self._value_days(value),
                    value=words.parameter_value(value, self._language),
                    cites=value.cites,
                    note=value.note or "",
                    uncertain=_uncertain(value.evidence, self._language),
                    now=value is now,
                    span=len(values) if place == 0 else 0,
                )

    def _value_days(self, value: ParameterValue) -> str:
        if value.to is not None:
            return _days(Validity.model_validate({"from": value.from_, "to": value.to}), self._language)
        return f"{value.from_} 起" if self._language == "zh" else f"from {value.from_}"

    def _uses(self) -> dict[str, str]:
        used: dict[str, str] = {}
        for test in self._policy.grant_when.tests() if self._policy.grant_when else ():
            definition = self._definition(test.fact or "")
            for name in COMPARISONS:
                written = getattr(test, name)
                for item in written if isinstance(written, list) else [written]:
                    if isinstance(item, str) and item.startswith("$") and definition is not None:
                        used[item[1:]] = definition.title.in_(self._language)
        return used

    def example(self, example: Example) -> ExampleRow:
        """A worked example in words."""
        given = [
            (self._title(id_), words.fact_value(v, self._definition(id_), self._language))
            for id_, v in example.given.items()
        ]
        for register, rows in example.rows.items():
            given.extend(self._rows(register, rows))
        expected = example.expect
        amount = words.quantity(expected.amount, "CNY", self._language) if expected.amount else ""
        return ExampleRow(
            sentence=example.example,
            as_of=example.as_of.isoformat(),
            given=tuple(given),
            outcome=words.OUTCOME[expected.outcome].in_(self._language),
            outcome_id=expected.outcome,
            amount=amount,
            missing=tuple(self._title(id_) for id_ in expected.missing or ()),
        )

    def _rows(self, register: str, rows: Sequence[dict[str, Exact | None]]) -> Iterator[tuple[str, str]]:
        declared = self._facts.registers.get(register) if self._facts else None
        title = declared.title.in_(self._language) if declared else register
        columns = {fact.id: fact for fact in declared.facts} if declared else {}
        if not rows:
            yield title, "没有记录" if self._language == "zh" else "no rows"
        for number, row in enumerate(rows, start=1):
            cells = (
                f"{columns[id_].title.in_(self._language) if id_ in columns else id_} "
                f"{words.fact_value(value, columns.get(id_), self._language)}"
                for id_, value in row.items()
            )
            yield f"{title} {number}", ("，" if self._language == "zh" else ", ").join(cells)

    def _title(self, fact: str) -> str:
        definition = self._definition(fact)
        return definition.title.in_(self._language) if definition else fact

    def exclusions(self) -> Iterator[tuple[str, str]]:
        """(title, page) of every policy that may not be used together with this one, whichever of the two says so."""
        named = dict.fromkeys(self._policy.exclusive_with)
        named |= dict.fromkeys(p.id for p in self._scenario.policies.values() if self._policy.id in p.exclusive_with)
        for id_ in named:
            other = self._scenario.policies.get(id_)
            title = (other.title.zh if self._language == "zh" else other.title.en) if other else id_
            yield title, page_name(self._scenario, id_) if other else ""


def definitions(facts: Facts) -> dict[str, FactDefinition]:
    """Every fact of a kind of subject: observed, derived, amounts."""
    computed = {**facts.derived_facts, **facts.amounts}
    return {**facts.observed, **{id_: derived.definition for id_, derived in computed.items()}}


def in_force(values: Sequence[ParameterValue], day: dt.date) -> ParameterValue | None:
    """The one of a parameter's dated values that holds on ``day``, if any."""
    live = [value for value in values if value.from_ <= day and (value.to is None or day <= value.to)]
    return max(live, key=lambda value: value.from_, default=None)


def readable(meaning: str, language: Language) -> str:
    """A remark, where a reader of ``language`` can read it: engineers' English is left out of Chinese pages."""
    return meaning if language == "en" or re.search(r"[\u4e00-\u9fff]", meaning) else ""


def reads(derived: Derived, facts: Facts, language: Language) -> Iterator[tuple[str, str]]:
    """(title, anchor) of every fact, and of every related register, that a derived fact is computed from."""
    known = definitions(facts)
    seen: set[str] = set()
    pending: list[m.Expression] = [derived.expression]
    while pending:
        node = pending.pop(0)
        if isinstance(node, m.Related):
            register = facts.registers[node.register]
            if register.id not in seen:
                seen.add(register.id)
                yield register.title.in_(language), f"register-{register.id}"
            continue
        if isinstance(node, m.Fact) and node.id in known and node.id not in seen:
            seen.add(node.id)
            yield known[node.id].title.in_(language), f"fact-{node.id}"
        pending.extend(children(node))
