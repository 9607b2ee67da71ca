"""A decision explained: outcome, every condition with the fact's value and its citation, what is missing and who owes it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yunnao.kernel.fact import FactDefinition
from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions.compiled import CompiledPolicy
from yunnao.platforms.decisions.definitions import UNCERTAIN
from yunnao.platforms.decisions.one import Decision
from yunnao.platforms.decisions.words import OUTCOME_WORDS, STATE_WORDS, stored_text, test_text


@dataclass(frozen=True, slots=True)
class ExplainedCondition:
    """One condition: its state, in words, with the value it was tested on, its citation, and whether that is 待核."""

    id: str
    state: str
    text: str
    value: str
    cites: str
    uncertain: bool


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is wanting, and the register and department that owe it; none do, where no register can tell."""

    fact: str
    title: str
    register: str
    department: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything a person may ask about one decision."""

    policy: str
    title: str
    subject: str
    as_of: dt.date
    outcome: str
    amount: str
    conditions: tuple[ExplainedCondition, ...]
    missing: tuple[MissingFact, ...]
    policy_version: str
    cites: tuple[str, ...]
    cites_uncertain: bool
    uncertain: bool
    note: str

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready data; `conditions` by id, words beside."""
        return {
            "policy": self.policy,
            "title": self.title,
            "subject": self.subject,
            "as_of": self.as_of.isoformat(),
            "outcome": self.outcome,
            "amount": self.amount,
            "conditions": {c.id: c.state for c in self.conditions},
            "explained": [
                {
                    "id": c.id,
                    "state": c.state,
                    "text": c.text,
                    "value": c.value,
                    "cites": c.cites,
                    "uncertain": c.uncertain,
                }
                for c in self.conditions
            ],
            "missing": [m.fact for m in self.missing],
            "owed": [
                {"fact": m.fact, "title": m.title, "register": m.register, "department": m.department}
                for m in self.missing
            ],
            "policy_version": self.policy_version,
            "cites": list(self.cites),
            "cites_uncertain": self.cites_uncertain,
            "uncertain": self.uncertain,
            "note": self.note,
        }


def explain(
    policy: CompiledPolicy,
    decision: Decision,
    values: Mapping[str, Any],
    *,
    subject: str,
    as_of: dt.date,
    departments: Mapping[str, str],
    language: Language = "zh",
) -> Explanation:
    """The explanation of ``decision``.

    ``values``: fact -> stored value, derived facts included; ``departments``: register -> title of the department that owes it.
    """
    rule = policy.rule
    written = rule.policy
    conditions = []
    for test in policy.tests:
        fact = str(test.written.fact)
        definition = rule.definitions[fact]
        text = test_text(test.written, definition, written, as_of, language, negated=test.negated)
        value = stored_text(values.get(fact), definition, language)
        uncertain = written.doubts(test.written, as_of)
        state = decision.conditions[test.id]
        conditions.append(ExplainedCondition(test.id, state, text, value, test.written.cites or "", uncertain))
    titles = fact_titles(policy)
    missing = []
    for fact in decision.missing:
        register = rule.registers.get(fact, "")
        definition = titles[fact]
        missing.append(MissingFact(fact, definition.title.in_(language), register, departments.get(register, "")))
    return Explanation(
        policy=policy.id,
        title=written.title.zh if language == "zh" else written.title.en,
        subject=subject,
        as_of=as_of,
        outcome=decision.outcome,
        amount="" if decision.amount is None else yuan_text(decision.amount),
        conditions=tuple(conditions),
        missing=tuple(missing),
        policy_version=rule.version,
        cites=tuple(written.cites),
        cites_uncertain=written.cites_evidence in UNCERTAIN,
        uncertain=written.uncertain,
        note=written.note or "",
    )


def fact_titles(policy: CompiledPolicy) -> dict[str, FactDefinition]:
    """Definitions of every fact that may be missing, facts of rows included."""
    rows = {id_: definition for facts in policy.rule.rows.values() for id_, definition in facts.items()}
    return {**rows, **policy.rule.definitions}


_HEADINGS = {
    "amount": Text("金额", "Amount"),
    "missing": Text("缺少", "Missing"),
    "cites": Text("依据", "Cites"),
    "owed_by": Text("由{}提供", "owed by {}"),
    "nobody": Text("没有名册能提供，须由主管部门认定", "no register can tell; the department has to decide"),
    "uncertain": Text("待核", "to be verified"),
    "value": Text("实际", "actual"),
}


def as_lines(explanation: Explanation, language: Language = "zh") -> list[str]:
    """The explanation as lines of text for a terminal or a letter."""

    def heading(name: str) -> str:
        return _HEADINGS[name].in_(language)

    mark = f"［{heading('uncertain')}］"
    amount = f"  {heading('amount')} {explanation.amount}" if explanation.amount else ""
    lines = [
        f"{explanation.title}（{explanation.policy}）{mark if explanation.uncertain else ''}",
        f"{explanation.subject}  {explanation.as_of}  {OUTCOME_WORDS[explanation.outcome].in_(language)}{amount}",
    ]
    for c in explanation.conditions:
        sign = {"met": "✓", "not_met": "✗", "unknown": "?"}[c.state]
        state = STATE_WORDS[c.state].in_(language)
        lines.append(
            f"  {sign} {state}  {c.text}；{heading('value')} {c.value}（{c.cites}）{mark if c.uncertain else ''}"
        )
    for m in explanation.missing:
        owed = heading("owed_by").format(m.department) if m.department else heading("nobody")
        lines.append(f"  {heading('missing')}  {m.title}［{m.fact}］（{owed}）")
    lines.append(f"  {heading('cites')}  {'；'.join(explanation.cites)}{mark if explanation.cites_uncertain else ''}")
    return lines
