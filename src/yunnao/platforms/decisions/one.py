"""The one-subject engine: plain Python generated from the same trees; decides and explains in microseconds."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from yunnao.platforms.decisions.compiled import OUTCOMES, STATES, RuleSet
from yunnao.platforms.decisions.python_source import deciding_source, deriving_source

Values = Mapping[str, Any]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class Decision(NamedTuple):
    """One policy about one subject; a tuple, because one is made for every policy and subject asked about.

    Attributes:
        outcome: granted, refused or undetermined.
        amount: fen, where granted and known.
        conditions: id -> met, not_met or unknown, in the policy's written order.
        missing: facts that are wanting, sorted.
    """

    policy: str
    outcome: str
    amount: int | None
    conditions: dict[str, str]
    missing: tuple[str, ...]


class Decider:
    """Decides about one subject at a time by all policies of a rule set."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._decide: Callable[[Values, Rows], list[Decision]] = _function("decide", deciding_source(rules), rules)

    def decide(self, values: Values, rows: Rows) -> list[Decision]:
        """Decisions in the order of the policies.

        ``values``: fact -> stored value or None (an absent fact is unknown; a derived fact given here replaces its derivation);
        ``rows``: related register -> its rows, with claim columns (`many.with_claims`) where there are claims.
        """
        return self._decide(values, rows)

    def derived(self, values: Values, rows: Rows) -> dict[str, Any]:
        """The derived facts that the policies read."""
        derive: Callable[[Values, Rows], dict[str, Any]] = _function("derive", deriving_source(self.rules), self.rules)
        return derive(values, rows)


def _function(name: str, source: str, rules: RuleSet) -> Any:
    """The function called ``name`` in our own generated ``source``, with what it refers to."""
    truths = (False, True, None)
    namespace = {
        "_number": _numbering(rules),
        "_date": dt.date,
        "_decision": Decision,
        "_state": dict(zip(truths, STATES, strict=True)),
        "_outcome": dict(zip(truths, OUTCOMES, strict=True)),
    }
    exec(compile(source, f"<{name}>", "exec"), namespace)
    return namespace[name]


def _numbering(rules: RuleSet) -> Callable[[dt.date], int | None]:
    calendar = rules.calendar
    return lambda day: calendar.number(day) if calendar.covers(day) else None
