"""An expression tree in words, so that a reader sees what is computed, not what someone wrote about it.

Written for reading: facts by their titles, parameters by their value in force, codes by their labels.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import singledispatchmethod

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.numbers import plain
from yunnao.kernel.register import Register
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import ParameterValue
from yunnao.web import dictionary_words as words

Lookup = Callable[[str, str], ParameterValue | None]
"""(policy, or "" for the one shown; parameter) -> its value in force, if known."""

_SIGNS = {"eq": "＝", "ne": "≠", "lt": "＜", "le": "≤", "gt": "＞", "ge": "≥"}
_OPERATORS = {"add": " ＋ ", "subtract": " － ", "multiply": " × "}
_WORDS: Mapping[str, Text] = {
    "and": Text(" 且 ", " and "),
    "or": Text(" 或 ", " or "),
    "not": Text("并非（{}）", "not ({})"),
    "in": Text("{} 为 {} 之一", "{} is one of {}"),
    "starts": Text("{} 以 {} 开头", "{} begins with {}"),
    "known": Text("{} 已知", "{} is known"),
    "at_least": Text("以下至少满足 {} 项：{}", "at least {} of: {}"),
    "smaller": Text("较小者（{}，{}）", "the smaller of ({}, {})"),
    "larger": Text("较大者（{}，{}）", "the larger of ({}, {})"),
    "divided": Text("{} ÷ {}（四舍五入）", "{} ÷ {} (rounded half up)"),
    "branch": Text("若 {}，为 {}；", "if {}: {}; "),
    "otherwise": Text("否则为 {}", "else {}"),
    "as_of": Text("决定当日", "the day decided about"),
    "unknown": Text("未知", "unknown"),
    "vague": Text("未知（{}不够细）", "unknown ({} is not fine enough)"),
    "year": Text("{} 的年份", "the year of {}"),
    "month": Text("{} 的月份", "the month of {}"),
    "day": Text("{} 的日", "the day of the month of {}"),
    "working": Text("{} 的工作日序号", "the working-day number of {}"),
    "any": Text("“{0}”中有这样的记录：{1}", "“{0}” has a row with {1}"),
    "count": Text("“{0}”中符合条件的记录数（{1}）", "number of rows of “{0}” with {1}"),
    "sum": Text("“{0}”中符合条件的记录（{1}）的 {2} 合计", "total over rows of “{0}” with {1} of: {2}"),
    "max": Text("“{0}”中符合条件的记录（{1}）的 {2} 最大值", "largest over rows of “{0}” with {1} of: {2}"),
    "min": Text("“{0}”中符合条件的记录（{1}）的 {2} 最小值", "smallest over rows of “{0}” with {1} of: {2}"),
    "months": Text("从 {} 到 {} 的整月数", "whole months from {} to {}"),
    "years": Text("从 {} 到 {} 的整年数", "whole years from {} to {}"),
    "quarter": Text("{} 的季度", "the quarter of {}"),
    "parameter": Text("参数 {}", "parameter {}"),
    "first": Text("同一{0}只计最早的一次（按{1}）", "each {0} counts once, the earliest by {1}"),
}


class Formula:
    """Puts the expressions of one kind of subject into words of one language."""

    def __init__(
        self, facts: Mapping[str, FactDefinition], registers: Mapping[str, Register], find: Lookup, language: Language
    ) -> None:
        self._facts = dict(facts)
        self._registers = registers
        self._find = find
        self._language = language
        self._result: FactDefinition | None = None

    def text(self, expression: m.Expression, result: FactDefinition | None = None) -> str:
        """The expression as one sentence without a full stop; codes it comes to by the labels of ``result``."""
        self._result = result
        return self._say(expression)

    def _word(self, name: str, *parts: str) -> str:
        return _WORDS[name].in_(self._language).format(*parts)

    def _list(self, parts: list[str]) -> str:
        return ("、" if self._language == "zh" else ", ").join(parts)

    def _inner(self, expression: m.Expression) -> str:
        """In brackets, where it would not stand together without."""
        text = self._say(expression)
        loose = _binds(expression) < 3 and isinstance(
            expression, m.Arithmetic | m.And | m.Or | m.Case | m.Quotient | m.Related
        )
        return f"（{text}）" if loose else text

    @singledispatchmethod
    def _say(self, node: m.Expression) -> str:
        return type(node).__name__

    @_say.register
    def _(self, node: m.Constant) -> str:
        return self._value(node.value, node.money, None)

    def _value(self, value: m.Scalar | None, money: bool, fact: FactDefinition | None) -> str:
        if value is None:
            return self._word("unknown")
        if isinstance(value, bool) or (fact is not None and fact.values):
            return words.fact_value(value, fact, self._language)
        if isinstance(value, dt.date | str):
            return str(value)
        if money:
            return words.money(Decimal(value), self._language)
        return words.fact_value(value, fact, self._language) if fact else plain(Decimal(value))

    @_say.register
    def _(self, node: m.Fact) -> str:
        return self._facts[node.id].title.in_(self._language) if node.id in self._facts else node.id

    @_say.register
    def _(self, node: m.Parameter) -> str:
        value = self._find(node.policy, node.id)
        return words.parameter_value(value, self._language) if value else self._word("parameter", node.id)

    @_say.register
    def _(self, _node: m.AsOf) -> str:
        return self._word("as_of")

    @_say.register
    def _(self, node: m.TooVague) -> str:
        return self._word("vague", self._say(m.Fact(node.fact)))

    @_say.register
    def _(self, node: m.Compare) -> str:
        if isinstance(node.left, m.Constant) and not isinstance(node.right, m.Constant):
            return f"{self._beside(node.left, node.right)} {_SIGNS[node.how]} {self._inner(node.right)}"
        return f"{self._inner(node.left)} {_SIGNS[node.how]} {self._beside(node.right, node.left)}"

    def _beside(self, node: m.Expression, other: m.Expression) -> str:
        """``node`` where it is compared with ``other``: a constant is written in the unit and labels of that fact."""
        fact = self._facts.get(other.id) if isinstance(other, m.Fact) else None
        if isinstance(node, m.Constant):
            return self._value(node.value, node.money, fact)
        return self._inner(node)

    @_say.register
    def _(self, node: m.In) -> str:
        fact = self._facts.get(node.item.id) if isinstance(node.item, m.Fact) else None
        if len(node.values) == 1:
            return self._say(m.Compare("eq", node.item, m.Constant(node.values[0])))
        money = fact is not None and fact.type is FactType.MONEY
        return self._word("in", self._inner(node.item), self._list([self._value(v, money, fact) for v in node.values]))

    @_say.register
    def _(self, node: m.StartsWith) -> str:
        return self._word("starts", self._inner(node.item), self._list(list(node.prefixes)))

    @_say.register
    def _(self, node: m.And) -> str:
        flat = (item for part in node.items for item in (part.items if isinstance(part, m.And) else (part,)))
        return self._word("and").join(map(self._inner, flat))

    @_say.register
    def _(self, node: m.Or) -> str:
        flat = (item for part in node.items for item in (part.items if isinstance(part, m.Or) else (part,)))
        return self._word("or").join(map(self._inner, flat))

    @_say.register
    def _(self, node: m.AtLeast) -> str:
        return self._word("at_least", str(node.needed), self._list([self._inner(item) for item in node.items]))

    @_say.register
    def _(self, node: m.Not) -> str:
        return self._word("not", self._say(node.item))

    @_say.register
    def _(self, node: m.IsKnown) -> str:
        return self._word("known", self._inner(node.item))

    @_say.register
    def _(self, node: m.Arithmetic) -> str:
        left = self._say(node.left) if _binds(node.left) >= _binds(node) else self._inner(node.left)
        tight = _binds(node.right) > _binds(node)
        return f"{left}{_OPERATORS[node.how]}{self._say(node.right) if tight else self._inner(node.right)}"

    @_say.register
    def _(self, node: m.Extreme) -> str:
        return self._word("smaller" if node.how == "min" else "larger", self._say(node.left), self._say(node.right))

    @_say.register
    def _(self, node: m.Quotient) -> str:
        match node:
            case m.Quotient(m.Arithmetic("add", m.DatePart("month", item), m.Constant(1)), m.Constant(3)):
                return self._word("quarter", self._inner(item))
        return self._word("divided", self._inner(node.numerator), self._inner(node.denominator))

    @_say.register
    def _(self, node: m.Case) -> str:
        branches = (self._word("branch", self._say(test), self._apart(value)) for test, value in node.branches)
        return "".join(branches) + self._word("otherwise", self._apart(node.otherwise))

    def _apart(self, node: m.Expression) -> str:
        if isinstance(node, m.Constant) and isinstance(node.value, str):
            return self._value(node.value, False, self._result)
        return self._inner(node) if isinstance(node, m.Case) else self._say(node)

    @_say.register
    def _(self, node: m.DatePart) -> str:
        return self._word(node.part, self._inner(node.item))

    @_say.register
    def _(self, node: m.Elapsed) -> str:
        return self._word(node.unit, self._inner(node.start), self._inner(node.end))

    @_say.register
    def _(self, node: m.WorkingDayNumber) -> str:
        return self._word("working", self._inner(node.item))

    @_say.register
    def _(self, node: m.Related) -> str:
        register = self._registers[node.register]
        rows = Formula({f.id: f for f in register.facts}, self._registers, self._find, self._language)
        value = rows._inner(node.value) if node.value is not None else ""
        return self._word(node.how, register.title.in_(self._language), rows.text(node.where), value)

    @_say.register
    def _(self, node: m.FirstClaim) -> str:
        titles = {f.id: f.title.in_(self._language) for f in self._registers[node.register].facts}
        return self._word("first", titles[node.person], titles[node.order])


def _binds(node: m.Expression) -> int:
    """How tightly an expression holds together: sums 1, products 2, single things 3, everything else 0."""
    if isinstance(node, m.Arithmetic):
        return 2 if node.how == "multiply" else 1
    return 0 if isinstance(node, m.And | m.Or | m.Case | m.Quotient | m.Related | m.Compare) else 3
