"""The one-subject engine: plain Python generated from the same trees; decides and explains in microseconds.

`None` is unknown. Only our own plain trees are turned into code: fact names are checked identifiers, values are literals.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import GRANTED, OUTCOMES, STATES, CompiledPolicy, RuleSet

Values = Mapping[str, Any]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Decision:
    """One policy about one subject.

    Attributes:
        outcome: granted, refused or undetermined.
        amount: fen, where granted and known.
        states: 0 not met, 1 met, 2 unknown, in the order of the policy's conditions.
        missing: facts that are wanting, sorted.
    """

    policy: str
    outcome: str
    amount: int | None
    states: tuple[int, ...]
    missing: tuple[str, ...]

    def conditions(self, policy: CompiledPolicy) -> dict[str, str]:
        """Condition id -> met, not_met or unknown."""
        return {test.id: STATES[state] for test, state in zip(policy.tests, self.states, strict=True)}


class Decider:
    """Decides about one subject at a time by all policies of a rule set."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        writer = _Writer(rules)
        namespace: dict[str, Any] = {"_number": _numbering(rules), "_date": dt.date}
        exec(
            compile(writer.source(), "<rules>", "exec"), namespace
        )  # our own generated code, see the module's docstring
        self._decide: Callable[[Values, Rows], list[tuple[Any, ...]]] = namespace["decide"]

    def decide(self, values: Values, rows: Rows) -> list[Decision]:
        """Decisions in the order of the policies.

        ``values``: fact -> stored value or None (an absent fact is unknown; a derived fact given here replaces its derivation);
        ``rows``: related register -> its rows, with claim columns (`many.with_claims`) where there are claims.
        """
        return [
            Decision(policy.id, OUTCOMES[outcome], amount, states, missing)
            for policy, (outcome, amount, states, missing) in zip(
                self.rules.policies, self._decide(values, rows), strict=True
            )
        ]

    def derived(self, values: Values, rows: Rows) -> dict[str, Any]:
        """The derived facts that the policies read."""
        source = _Writer(self.rules).derived_source()
        namespace: dict[str, Any] = {"_number": _numbering(self.rules), "_date": dt.date}
        exec(compile(source, "<facts>", "exec"), namespace)
        result: dict[str, Any] = namespace["derive"](values, rows)
        return result


def _numbering(rules: RuleSet) -> Callable[[dt.date], int | None]:
    calendar = rules.calendar
    return lambda day: calendar.number(day) if calendar.covers(day) else None


class _Writer:
    """Writes one function; equal subtrees become one local variable."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.lines: list[str] = []
        self.locals: list[dict[m.Expression, str]] = [{}]
        self.indent = "  "
        self.count = 0
        self.rows_of = ""  # variable of the row being read, inside a summary

    def source(self) -> str:
        self.lines = ["def decide(values, rows):", "  get = values.get", "  result = []"]
        for policy in self.rules.policies:
            self._policy(policy)
        return "\n".join([*self.lines, "  return result"])

    def derived_source(self) -> str:
        self.lines = ["def derive(values, rows):", "  get = values.get"]
        pairs = [f"{id_!r}: {self.value(m.Fact(id_))}" for id_ in self.rules.derived]
        return "\n".join([*self.lines, f"  return {{{', '.join(pairs)}}}"])

    def _policy(self, policy: CompiledPolicy) -> None:
        names = [self.value(condition) for condition in policy.conditions]
        for k, name in enumerate(names):
            self.locals[-1][m.Fact(str(k))] = name
        outcome = self.value(policy.tree)
        for k in range(len(names)):
            del self.locals[-1][m.Fact(str(k))]
        self._forget_condition_trees(policy.tree)
        self.line(f"outcome = 2 if {outcome} is None else 1 if {outcome} else 0")
        states = "".join(f"(2 if {n} is None else 1 if {n} else 0), " for n in names)
        self.line("amount = None")
        self.line("missing = ()")
        if policy.amount is not None:
            self.line(f"if outcome == {GRANTED}:")
            self._block(lambda: self._amount(policy))
        if policy.outcome_blames:
            self.line("if outcome == 2:")
            self._block(lambda: self._blame(policy.outcome_blames))
        self.line(f"result.append((outcome, amount, ({states}), missing))")

    def _forget_condition_trees(self, tree: m.Expression) -> None:
        """The tree speaks of conditions by position, which means something else in the next policy."""
        for e in m.walk(tree):
            self.locals[-1].pop(e, None)

    def _amount(self, policy: CompiledPolicy) -> None:
        assert policy.amount is not None
        self.line(f"amount = {self.value(policy.amount)}")
        if policy.amount_blames:
            self.line("if amount is None:")
            self._block(lambda: self._blame(policy.amount_blames))

    def _blame(self, blames: Mapping[str, m.Expression]) -> None:
        tests = [(fact, self.value(test)) for fact, test in sorted(blames.items())]
        parts = ", ".join(f"*(({fact!r},) if {name} else ())" for fact, name in tests)
        self.line(f"missing = ({parts},)")

    def _block(self, write: Callable[[], None]) -> None:
        self.indent += "  "
        self.locals.append({})
        write()
        self.locals.pop()
        self.indent = self.indent[:-2]

    def line(self, text: str) -> None:
        self.lines.append(self.indent + text)

    def value(self, e: m.Expression) -> str:
        """The name of a local variable that holds ``e``, or a literal."""
        if isinstance(e, m.Constant):
            return _literal(e.value)
        if isinstance(e, m.Undelivered | m.Unknown):
            return "None"
        for scope in reversed(self.locals):
            if e in scope:
                return scope[e]
        text = self.text(e)
        self.count += 1
        name = f"v{self.count}"
        self.line(f"{name} = {text}")
        self.locals[-1][e] = name
        return name

    def text(self, e: m.Expression) -> str:
        match e:
            case m.Fact(id=name):
                return self._fact(name)
            case m.Compare(how=how, left=left, right=right):
                sign = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}[how]
                return self._strict(left, right, lambda a, b: f"{a} {sign} {b}")
            case m.In(item=item, values=values):
                a = self.value(item)
                return f"None if {a} is None else {a} in ({''.join(_literal(v) + ', ' for v in values)})"
            case m.StartsWith(item=item, prefixes=prefixes):
                a = self.value(item)
                return f"None if {a} is None else {a}.startswith({prefixes!r})"
            case m.And(items=items):
                return self._logic(items, "False", "True")
            case m.Or(items=items):
                return self._logic(items, "True", "False")
            case m.AtLeast(needed=needed, items=items):
                names = [self.value(i) for i in items]
                met = " + ".join(f"({n} is True)" for n in names)
                open_ = " + ".join(f"({n} is None)" for n in names)
                return f"True if {met} >= {needed} else False if {met} + {open_} < {needed} else None"
            case m.Not(item=item):
                a = self.value(item)
                return f"None if {a} is None else not {a}"
            case m.IsKnown(item=item):
                return f"{self.value(item)} is not None"
            case m.Arithmetic(how=how, left=left, right=right):
                sign = {"add": "+", "subtract": "-", "multiply": "*"}[how]
                return self._strict(left, right, lambda a, b: f"{a} {sign} {b}")
            case m.Extreme(how=how, left=left, right=right):
                sign = "<=" if how == "min" else ">="
                return self._strict(left, right, lambda a, b: f"{a} if {a} {sign} {b} else {b}")
            case m.Quotient(numerator=numerator, denominator=denominator):
                return self._strict(
                    numerator, denominator, lambda a, b: f"(2 * {a} + {b}) // (2 * {b}) if {b} > 0 else None"
                )
            case m.Case(branches=branches, otherwise=otherwise):
                result = self.value(otherwise)
                for test, value in reversed(branches):
                    t, v = self.value(test), self.value(value)
                    result = f"(None if {t} is None else {v} if {t} else {result})"
                return result
            case m.DatePart(part=part, item=item):
                a = self.value(item)
                return f"None if {a} is None else {a}.{part}"
            case m.WorkingDayNumber(item=item):
                a = self.value(item)
                return f"None if {a} is None else _number({a})"
            case m.Related():
                return self._related(e)
            case m.FirstClaim(id=id_):
                return f"{self.rows_of}.get({id_!r})"
        raise TypeError(f"not a plain expression: {e}")

    def _fact(self, name: str) -> str:
        if not name.isidentifier():
            raise DefinitionError(f"事实名 {name!r} 不合规：只能用小写英文字母、数字和下划线")
        if self.rows_of:
            return f"{self.rows_of}.get({name!r})"
        if name in self.rules.derived:
            return f"values[{name!r}] if {name!r} in values else {self.value(self.rules.derived[name])}"
        if name in self.rules.lacks:
            return self.value(self.rules.lacks[name])
        return f"get({name!r})"

    def _strict(self, left: m.Expression, right: m.Expression, join: Callable[[str, str], str]) -> str:
        a, b = self.value(left), self.value(right)
        if "None" in (a, b):
            return "None"
        guards = [f"{n} is None" for n in (a, b) if n.startswith("v")]
        return f"None if {' or '.join(guards)} else {join(a, b)}" if guards else join(a, b)

    def _logic(self, items: Sequence[m.Expression], deciding: str, neutral: str) -> str:
        names = [self.value(i) for i in items]
        decided = " or ".join(f"{n} is {deciding}" for n in names)
        unknown = " or ".join(f"{n} is None" for n in names)
        return f"{deciding} if {decided} else None if {unknown} else {neutral}"

    def _related(self, e: m.Related) -> str:
        self.count += 1
        name = f"r{self.count}"
        self.line(f"def {name}():")
        self.line("  met = unknown = 0")
        self.line("  found = []")
        self.line(f"  for row in rows.get({e.register!r}, ()):")
        outer, self.rows_of = self.rows_of, "row"
        scopes, self.locals = self.locals, [{}]
        self.indent += "    "
        where = self.value(e.where)
        self.line(f"if {where} is None:")
        self.line("  unknown += 1")
        self.line(f"elif {where}:")
        self.indent += "  "
        self.locals.append({})
        if e.value is None:
            self.line("met += 1")
        else:
            value = self.value(e.value)
            self.line("met += 1")
            self.line(f"if {value} is None: unknown += 1")
            self.line(f"else: found.append({value})")
        self.indent = self.indent[:-6]
        self.locals, self.rows_of = scopes, outer
        last = {
            "any": "True if met else None if unknown else False",
            "count": "None if unknown else met",
            "sum": "None if unknown else sum(found)",
            "min": "None if unknown or not found else min(found)",
            "max": "None if unknown or not found else max(found)",
        }[e.how]
        self.line(f"  return {last}")
        return f"{name}()"


def _literal(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"_date({value.year}, {value.month}, {value.day})"
    return repr(value)
