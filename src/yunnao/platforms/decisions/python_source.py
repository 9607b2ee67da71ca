"""The trees of a rule set as the source of two Python functions about one subject: `decide` and `derive`.

`None` is unknown. What is read once stands where it is read, bound by ``:=`` if it is asked about twice, so that Python evaluates
it only if it matters; what is read more than once becomes a local variable. Only our own plain trees are turned into code: fact
names are checked identifiers, values are literals.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import CompiledPolicy, RuleSet
from yunnao.platforms.decisions.sharing import Trees
from yunnao.platforms.decisions.traversal import children, is_definite, walk_all

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*"}
_LONGEST = 1000
"""Characters of an expression written in place; a longer one becomes a variable, as Python's own nesting is limited."""


def deciding_source(rules: RuleSet) -> str:
    """Source of ``decide(values, rows)``: a list of decisions, in the order of the policies.

    It refers to `_decision` (makes a decision of policy, outcome, amount, conditions and missing), `_outcome` and `_state` (words
    for a truth value), `_number` (working days up to a date) and `_date`.

    Raises:
        DefinitionError: a fact has a name that is no identifier.
    """
    return _Writer(rules).decide()


def deriving_source(rules: RuleSet) -> str:
    """Source of ``derive(values, rows)``: derived fact -> value; it refers to `_number` and `_date`.

    Raises:
        DefinitionError: as `deciding_source`.
    """
    return _Writer(rules).derive()


class _Writer:
    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.trees = Trees()
        self.uses = self._uses([*rules.roots(), *(policy.outcome for policy in rules.policies)])
        self.uses_by_blames = self._uses(rules.blames())
        self.lines: list[str] = []
        self.locals: list[dict[int, str]] = [{}]
        self.indent = "  "
        self.count = 0
        self.rows_of = ""  # variable of the row being read, inside a summary

    def decide(self) -> str:
        self.lines = ["def decide(values, rows):", "  get = values.get", "  result = []"]
        for policy in self.rules.policies:
            self._policy(policy)
        return "\n".join([*self.lines, "  return result"])

    def derive(self) -> str:
        self.lines = ["def derive(values, rows):", "  get = values.get"]
        pairs = [f"{id_!r}: {self.variable(m.Fact(id_))}" for id_ in self.rules.derived]
        return "\n".join([*self.lines, f"  return {{{', '.join(pairs)}}}"])

    def _policy(self, policy: CompiledPolicy) -> None:
        names = [self.variable(condition) for condition in policy.conditions]
        outcome = self.variable(policy.outcome)
        self.line("amount = None")
        self.line("missing = ()")
        if policy.amount is not None:
            self.line(f"if {outcome}:")
            self._block(lambda: self._amount(policy))
        if policy.outcome_blames:
            self.line(f"if {outcome} is None:")
            self._block(lambda: self._blame(policy.outcome_blames))
        states = ", ".join(f"{id_!r}: _state[{name}]" for id_, name in zip(policy.condition_ids, names, strict=True))
        self.line(f"result.append(_decision({policy.id!r}, _outcome[{outcome}], amount, {{{states}}}, missing))")

    def _amount(self, policy: CompiledPolicy) -> None:
        assert policy.amount is not None
        self.line(f"amount = {self.variable(policy.amount)}")
        if policy.amount_blames:
            self.line("if amount is None:")
            self._block(lambda: self._blame(policy.amount_blames))

    def _blame(self, blames: Mapping[str, m.Expression]) -> None:
        # written for themselves: a test that only this block repeats would otherwise be computed where nothing is missing
        uses, self.uses = self.uses, self.uses_by_blames
        self.line("found = []")
        for fact, test in sorted(blames.items()):
            self.line(f"if {self.truth(test)}: found.append({fact!r})")
        self.line("missing = tuple(found)")
        self.uses = uses

    def _block(self, write: Callable[[], None]) -> None:
        count = self.count
        self.indent += "  "
        self.locals.append({})
        write()
        self.locals.pop()
        self.indent = self.indent[:-2]
        self.count = count  # nobody reads its variables any more: few names keep a call cheap

    def line(self, text: str) -> None:
        self.lines.append(self.indent + text)

    # how a value is written -------------------------------------------------------------------------------------------

    def _uses(self, roots: Sequence[m.Expression]) -> Counter[int]:
        """Number of a tree -> how many trees read it."""
        parts = {self.trees.number(e): e for e in walk_all(roots)}
        read = [child for e in parts.values() for child in children(e)]
        return Counter(map(self.trees.number, [*roots, *read]))

    def _known_name(self, e: m.Expression) -> str | None:
        """A literal, or the variable that holds ``e`` already."""
        if isinstance(e, m.Constant):
            return _literal(e.value)
        if isinstance(e, m.Undelivered | m.Unknown):
            return "None"
        number = self.trees.number(e)
        return next((scope[number] for scope in reversed(self.locals) if number in scope), None)

    def variable(self, e: m.Expression) -> str:
        """The name of a local variable that holds ``e``, or a literal."""
        name = self._known_name(e)
        if name is None:
            text = self.text(e)
            name = self._new("v")
            self.line(f"{name} = {text}")
            self.locals[-1][self.trees.number(e)] = name
        return name

    def _new(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def _in_place(self, e: m.Expression) -> str | None:
        """The source of ``e`` if it is read here alone and short enough."""
        if self._known_name(e) is not None or self.uses[self.trees.number(e)] > 1:
            return None
        text = self.text(e)
        if len(text) <= _LONGEST:
            return text
        name = self._new("v")
        self.line(f"{name} = {text}")
        self.locals[-1][self.trees.number(e)] = name
        return None

    def read(self, e: m.Expression) -> str:
        """``e``, to be written once."""
        text = self._in_place(e)
        return self.variable(e) if text is None else f"({text})"

    def bound(self, e: m.Expression) -> tuple[str, str]:
        """``e`` to be written first, and again afterwards."""
        text = self._in_place(e)
        if text is None:
            name = self.variable(e)
            return name, name
        name = self._new("w")
        return f"({name} := {text})", name

    # what stands for each node ----------------------------------------------------------------------------------------

    def text(self, e: m.Expression) -> str:
        if self._definite(e):
            return self._truth_text(e)
        match e:
            case m.Fact(id=name):
                return self._fact(name)
            case m.Compare(how=how, left=left, right=right):
                return self._strict((left, right), lambda a, b: f"{a} {_SIGNS[how]} {b}")
            case m.In(item=item, values=values):
                return self._strict((item,), lambda a: f"{a} in ({''.join(_literal(v) + ', ' for v in values)})")
            case m.StartsWith(item=item, prefixes=prefixes):
                return self._strict((item,), lambda a: f"{a}.startswith({prefixes!r})")
            case m.And(items=items):
                return self._logic(items, "False", "True")
            case m.Or(items=items):
                return self._logic(items, "True", "False")
            case m.AtLeast(needed=needed, items=items):
                names = [self.variable(i) for i in items]
                met = " + ".join(f"({n} is True)" for n in names)
                open_ = " + ".join(f"({n} is None)" for n in names)
                return f"True if {met} >= {needed} else False if {met} + {open_} < {needed} else None"
            case m.Not(item=item):
                return self._strict((item,), lambda a: f"not {a}")
            case m.Arithmetic(how=how, left=left, right=right):
                return self._strict((left, right), lambda a, b: f"{a} {_OPERATORS[how]} {b}")
            case m.Extreme(how=how, left=left, right=right):
                sign = "<=" if how == "min" else ">="
                return self._strict((left, right), lambda a, b: f"{a} if {a} {sign} {b} else {b}")
            case m.Quotient(numerator=numerator, denominator=denominator):
                return self._strict((numerator, denominator), _quotient)
            case m.Case(branches=branches, otherwise=otherwise):
                result = self.read(otherwise)
                for test, value in reversed(branches):
                    first, again = self.bound(test)
                    result = f"({self.read(value)} if {first} else None if {again} is None else {result})"
                return result
            case m.DatePart(part=part, item=item):
                return self._strict((item,), lambda a: f"{a}.{part}")
            case m.WorkingDayNumber(item=item):
                return self._strict((item,), lambda a: f"_number({a})")
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
            return f"values[{name!r}] if {name!r} in values else {self.read(self.rules.derived[name])}"
        return f"get({name!r})"

    def _strict(self, items: Sequence[m.Expression], join: Callable[..., str]) -> str:
        """What is unknown as soon as one item is."""
        pairs = [self.bound(item) for item in items]
        if any(first == "None" for first, _ in pairs):
            return "None"
        unknown = [f"{first} is None" for (first, _), item in zip(pairs, items, strict=True) if not _is_constant(item)]
        joined = join(*(again for _, again in pairs))
        return f"None if {' or '.join(unknown)} else {joined}" if unknown else joined

    def _logic(self, items: Sequence[m.Expression], deciding: str, neutral: str) -> str:
        pairs = [self.bound(i) for i in items]
        decided = " or ".join(f"{first} is {deciding}" for first, _ in pairs)
        unknown = " or ".join(f"{again} is None" for _, again in pairs)
        return f"{deciding} if {decided} else None if {unknown} else {neutral}"

    # truths that are never unknown ------------------------------------------------------------------------------------

    def _definite(self, e: m.Expression) -> bool:
        return is_definite(e, () if self.rows_of else self.rules.lacks)

    def truth(self, e: m.Expression) -> str:
        """A definite ``e``, written in place however often it is read: it costs next to nothing, and often nobody asks."""
        name = self._known_name(e)
        if name is not None:
            return name
        if isinstance(e, m.Related | m.Fact) or not self._definite(e):
            return self.read(e)
        text = self._truth_text(e)
        return f"({text})" if len(text) <= _LONGEST else self.variable(e)

    def _truth_text(self, e: m.Expression) -> str:
        match e:
            case m.IsKnown(item=item):
                return self._known_test(item, "is not")
            case m.Not(item=m.IsKnown(item=item)):
                return self._known_test(item, "is")
            case m.Not(item=item):
                return f"not {self.truth(item)}"
            case m.And(items=items):
                return " and ".join(self.truth(item) for item in items)
            case m.Or(items=items):
                return " or ".join(self.truth(item) for item in items)
            case m.Case(branches=branches, otherwise=otherwise):
                result = self.truth(otherwise)
                for test, value in reversed(branches):
                    result = f"({self.truth(value)} if {self.truth(test)} else {result})"
                return result
            case m.Related():
                return self._related(e)
            case m.Fact(id=name):
                return self.truth(self.rules.lacks[name])
        raise TypeError(f"not a definite expression: {e}")

    def _known_test(self, item: m.Expression, verb: str) -> str:
        if isinstance(item, m.Constant):
            return repr((item.value is None) == (verb == "is"))
        return f"{self.read(item)} {verb} None"

    # rows of related registers ----------------------------------------------------------------------------------------

    def _related(self, e: m.Related) -> str:
        name = self._new("r")
        self.line(f"def {name}():")
        self.line("  met = unknown = 0")
        self.line("  found = []")
        self.line(f"  for row in rows.get({e.register!r}, ()):")
        outer, self.rows_of = self.rows_of, "row"
        scopes, self.locals = self.locals, [{}]
        self.indent += "    "
        count = self.count
        where = self.variable(e.where)
        self.line(f"if {where} is None:")
        self.line("  unknown += 1")
        self.line(f"elif {where}:")
        self.line("  met += 1")
        if e.value is not None:
            self._block(lambda: self._row_value(e))
        self.indent = self.indent[:-4]
        self.locals, self.rows_of, self.count = scopes, outer, count
        last = {
            "any": "True if met else None if unknown else False",
            "count": "None if unknown else met",
            "sum": "None if unknown else sum(found)",
            "min": "None if unknown or not found else min(found)",
            "max": "None if unknown or not found else max(found)",
        }[e.how]
        self.line(f"  return {last}")
        return f"{name}()"

    def _row_value(self, e: m.Related) -> None:
        assert e.value is not None
        value = self.variable(e.value)
        self.line(f"if {value} is None: unknown += 1")
        self.line(f"else: found.append({value})")


def _is_constant(e: m.Expression) -> bool:
    return isinstance(e, m.Constant) and e.value is not None


def _quotient(a: str, b: str) -> str:
    return f"(2 * {a} + {b}) // (2 * {b}) if {b} > 0 else None"


def _literal(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"_date({value.year}, {value.month}, {value.day})"
    return repr(value)
