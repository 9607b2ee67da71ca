"""From the words of a policy file to the expression tree: every test becomes one condition, negations pushed to the tests.

So the state of a condition always speaks for or against granting: "met" helps, "not met" is a reason for refusing.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import NUMBERS, FactDefinition, FactType
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import Condition, Exact, ParameterValue, Policy, Validity


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of a policy.

    Attributes:
        id: unique within the policy; the fact's id unless the policy names it.
        written: the test as its owner wrote it.
        negated: whether it stands under a `not`.
        expression: its tree; true means that it is met.
        valid: the days on which it counts, if limited.
    """

    id: str
    written: Condition
    negated: bool
    expression: m.Expression
    valid: Validity | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A policy's conditions in written order, and the tree over them: `Fact("0")` stands for the first condition."""

    tests: tuple[Test, ...]
    tree: m.Expression


def read_conditions(policy: Policy, facts: Mapping[str, FactDefinition]) -> Reading:
    """The conditions of a granting policy; ``facts`` are those of its subject, observed and derived.

    Raises:
        DefinitionError: a fact or parameter is unknown, a value does not suit its fact, or two conditions share an id.
    """
    if policy.grant_when is None:
        raise DefinitionError(f"政策 {policy.id}：是禁止性政策，不作决定")
    tests: list[Test] = []
    tree = _read(policy.grant_when, False, policy, facts, tests)
    ids = [test.id for test in tests]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise DefinitionError(f"政策 {policy.id}：有两个条件都叫 {id_}；请给其中一个写上不同的 id")
    return Reading(tuple(tests), tree)


def _read(
    c: Condition,
    negated: bool,
    policy: Policy,
    facts: Mapping[str, FactDefinition],
    tests: list[Test],
    within: str = "all",
) -> m.Expression:
    if c.fact is not None:
        if c.valid is not None and (within != "any" or negated):
            raise DefinitionError(f"政策 {policy.id}：条件 {c.fact} 的 valid 只能写在 any 里")
        expression = _test(c, policy, facts)
        tests.append(Test(c.id or c.fact, c, negated, m.Not(expression) if negated else expression, c.valid))
        return m.Fact(str(len(tests) - 1))
    if c.not_ is not None:
        return _read(c.not_, not negated, policy, facts, tests)
    if c.of is not None:
        parts = tuple(_read(item, negated, policy, facts, tests) for item in c.of)
        needed = int(c.at_least) if isinstance(c.at_least, int) else 1
        return m.AtLeast(len(parts) - needed + 1 if negated else needed, parts)
    items, here = (c.all, "all") if c.all is not None else (c.any or [], "any")
    parts = tuple(_read(item, negated, policy, facts, tests, here) for item in items)
    return m.And(parts) if (here == "all") != negated else m.Or(parts)


def _test(c: Condition, policy: Policy, facts: Mapping[str, FactDefinition]) -> m.Expression:
    where = f"政策 {policy.id}：条件 {c.id or c.fact}"
    if c.fact is None or c.fact not in facts:
        raise DefinitionError(f"{where}：没有叫 {c.fact} 的事实；请检查名字，或请工程师在 facts.py 中声明")
    definition = facts[c.fact]
    fact = m.Fact(c.fact)

    def value(written: Exact) -> m.Expression:
        return _value(written, definition, policy, where)

    if c.is_ is not None:
        return fact.is_(value(c.is_))
    if c.is_not is not None:
        return fact.is_not(value(c.is_not))
    if isinstance(c.in_, str):
        raise DefinitionError(f"{where}：in 后面要写一个列表 [..]")
    if c.in_ is not None:
        return (
            m.any_of(*(fact.is_(value(v)) for v in c.in_))
            if _has_parameter(c.in_)
            else fact.is_in(*_scalars(c.in_, value))
        )
    if definition.type not in NUMBERS | {FactType.DATE}:
        raise DefinitionError(f"{where}：{definition.title.zh} 不是数也不是日期，只能用 is、is_not、in 比较")
    if c.at_least is not None:
        return fact >= value(c.at_least)
    if c.at_most is not None:
        return fact <= value(c.at_most)
    if c.more_than is not None:
        return fact > value(c.more_than)
    if c.less_than is not None:
        return fact < value(c.less_than)
    if c.before is not None:
        if definition.type is not FactType.DATE:
            raise DefinitionError(f"{where}：before 只用于日期")
        return fact < value(c.before)
    assert c.within is not None  # exactly one comparison is present
    low, high = c.within
    return m.And((fact >= value(low), fact <= value(high)))


def _has_parameter(values: list[Exact]) -> bool:
    return any(isinstance(v, str) and v.startswith("$") for v in values)


def _scalars(values: list[Exact], value: Callable[[Exact], m.Expression]) -> list[m.Scalar]:
    constants = [value(v) for v in values]
    return [c.value for c in constants if isinstance(c, m.Constant) and c.value is not None]


def _value(written: Exact, definition: FactDefinition, policy: Policy, where: str) -> m.Expression:
    if isinstance(written, str) and written.startswith("$"):
        name = written[1:]
        if name not in policy.parameters:
            raise DefinitionError(f"{where}：没有叫 {name} 的参数；请在 parameters 中写上它")
        return m.Parameter(name)
    return constant_for(written, definition, where)


def constant_for(written: Exact, definition: FactDefinition, where: str) -> m.Constant:
    """A written value as a constant of the fact's type (money in yuan).

    Raises:
        DefinitionError: the value does not suit the fact.
    """
    kind = definition.type
    if kind in NUMBERS and not isinstance(written, bool | dt.date):
        try:
            return m.Constant(Decimal(written), money=kind is FactType.MONEY)
        except InvalidOperation:
            pass
    elif kind is FactType.BOOLEAN and isinstance(written, bool):
        return m.Constant(written)
    elif kind is FactType.DATE and (day := _date(written)) is not None:
        return m.Constant(day)
    elif (
        kind in (FactType.CODE, FactType.KEY, FactType.TEXT)
        and isinstance(written, str | int)
        and not isinstance(written, bool)
    ):
        if definition.values and str(written) not in definition.values:
            allowed = "、".join(definition.values)
            raise DefinitionError(f"{where}：{definition.title.zh} 没有 {written!r} 这个值；可用：{allowed}")
        return m.Constant(str(written))
    raise DefinitionError(f"{where}：{written!r} 不是{definition.title.zh}（{kind}）可用的值")


def parameter_constant(value: ParameterValue, where: str) -> m.Constant:
    """A parameter's value in force as a constant; CNY is money in yuan.

    Raises:
        DefinitionError: the value does not suit its unit.
    """
    written = value.value
    if value.unit in ("code", "date"):
        if value.unit == "date" and (day := _date(written)) is not None:
            return m.Constant(day)
        if value.unit == "code" and isinstance(written, str):
            return m.Constant(written)
    elif not isinstance(written, bool | dt.date):
        try:
            return m.Constant(Decimal(written), money=value.unit == "CNY")
        except InvalidOperation:
            pass
    raise DefinitionError(f"{where}：{written!r} 不是以 {value.unit} 为单位的值")


def _date(written: Exact) -> dt.date | None:
    if isinstance(written, dt.date):
        return written
    try:
        return dt.date.fromisoformat(written) if isinstance(written, str) else None  # as JSON keeps a date
    except ValueError:
        return None
