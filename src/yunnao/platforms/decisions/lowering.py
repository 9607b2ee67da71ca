"""From an author's tree to the plain one that engines run: parameters put in, every number a whole number, all of it proved.

A number is `integer / scale` with a scale fixed here; sums and comparisons are brought to a common scale by multiplying, so
nothing is divided before the one rounding at the end. Interval arithmetic over the facts' declared bounds proves that every
intermediate value fits int64, because engines differ on overflow (some raise, some wrap).
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import NUMBERS, FactDefinition, FactType
from yunnao.kernel.numbers import FEN_PER_YUAN, MONEY_BOUND, SHARE_BASE
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.elapsed import compared, expanded
from yunnao.platforms.decisions.traversal import row_facts

_INT64 = 2**63 - 1
_ROWS_PER_SUBJECT = 10_000
_WORKING_DAYS = 100_000
ROUNDED_BOUND = MONEY_BOUND * 10
"""A rounded quotient stays below 2**51, where a correctly rounded binary division of whole numbers cannot lose a unit."""


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric kind: value = integer / scale, integer within [low, high]; `money` is the power of money in it."""

    money: int
    scale: int
    low: int
    high: int


Kind = Literal["boolean", "date", "text", "number", "unknown"] | Number
Typed = tuple[m.Expression, Kind]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a tree refers to.

    Attributes:
        kinds: kind of every fact of the subject, observed and derived.
        row_kinds: for each related register, the kinds of its rows' facts.
        parameter: (policy, id) -> the constant in force on `as_of`.
        as_of: the day of the decision.
        delivered: registers that have been delivered.
        where: names the definition in errors.
    """

    kinds: Mapping[str, Kind]
    row_kinds: Mapping[str, Mapping[str, Kind]]
    parameter: Callable[[str, str], m.Constant]
    as_of: dt.date
    delivered: frozenset[str]
    where: str


def kind_of(definition: FactDefinition) -> Kind:
    """The kind of an observed fact as stored."""
    if definition.type in NUMBERS:
        low, high = definition.bounds
        scale = SHARE_BASE if definition.type is FactType.SHARE else 1
        return Number(int(definition.type is FactType.MONEY), scale, low, high)
    if definition.type is FactType.BOOLEAN:
        return "boolean"
    return "date" if definition.type is FactType.DATE else "text"


def lower(expression: m.Expression, around: Surroundings) -> Typed:
    """The plain tree and its kind.

    Raises:
        DefinitionError: unknown fact or parameter, kinds that do not go together, or a number that may not fit.
    """
    return _Lowering(around).lower(expression)


def lower_as(expression: m.Expression, type_: FactType, around: Surroundings) -> Typed:
    """`lower`, as a value of ``type_``: money is rounded half up to the fen here, once.

    Raises:
        DefinitionError: as `lower`, or the expression is of another kind.
    """
    plain, kind = lower(expression, around)
    if kind == "unknown":
        return _as_kind(plain, _UNKNOWN_KINDS[type_]), kind
    if type_ in (FactType.MONEY, FactType.INTEGER):
        if not isinstance(kind, Number) or kind.money != int(type_ is FactType.MONEY):
            raise _wrong(around, f"应得出{'金额' if type_ is FactType.MONEY else '整数'}，实际不是")
        return _rounded(plain, kind, around) if kind.scale != 1 else (plain, kind)
    expected = {FactType.BOOLEAN: "boolean", FactType.DATE: "date"}.get(type_, "text")
    if kind != expected:
        raise _wrong(around, f"应得出 {type_} 类型的值，实际是 {kind}")
    return plain, kind


def _rounded(plain: m.Expression, kind: Number, around: Surroundings) -> Typed:
    if kind.low < 0:
        raise _wrong(around, "舍入前的值可能为负；请用 or_larger(0) 说明下限")
    high = kind.high // kind.scale + 1
    if 2 * kind.high + kind.scale > _INT64 or high > ROUNDED_BOUND:
        raise _wrong(around, "舍入前的值可能超出 64 位整数；请收紧事实的上下限")
    return m.Quotient(plain, m.Constant(kind.scale)), Number(kind.money, 1, 0, high)


def _wrong(around: Surroundings, sentence: str) -> DefinitionError:
    return DefinitionError(f"{around.where}：{sentence}")


class _Lowering:
    def __init__(self, around: Surroundings) -> None:
        self.around = around

    def lower(self, e: m.Expression) -> Typed:
        return getattr(self, f"_{type(e).__name__.lower()}")(e)  # type: ignore[no-any-return]

    def wrong(self, sentence: str) -> DefinitionError:
        return _wrong(self.around, sentence)

    def number(self, e: m.Expression) -> tuple[m.Expression, Number]:
        plain, kind = self.lower(e)
        if kind == "unknown":
            return _as_kind(plain, "number"), Number(0, 1, 0, 0)
        if not isinstance(kind, Number):
            raise self.wrong(f"这里需要数，不是 {kind}：{e}")
        return plain, kind

    def truth(self, e: m.Expression) -> m.Expression:
        plain, kind = self.lower(e)
        if kind not in ("boolean", "unknown"):
            raise self.wrong(f"这里需要是或否：{e}")
        return _as_kind(plain, "boolean")

    def fits(self, low: int, high: int) -> None:
        if low < -_INT64 or high > _INT64:
            raise self.wrong("中间结果可能超出 64 位整数；请收紧事实的上下限，或减少相乘的项")

    def times(self, plain: m.Expression, kind: Number, factor: int) -> tuple[m.Expression, Number]:
        """The same value over a scale `factor` times as large."""
        if factor == 1:
            return plain, kind
        low, high = kind.low * factor, kind.high * factor
        self.fits(low, high)
        scaled = Number(kind.money, kind.scale * factor, low, high)
        if isinstance(plain, m.Constant) and isinstance(plain.value, int):
            return m.Constant(plain.value * factor), scaled
        return m.Arithmetic("multiply", plain, m.Constant(factor)), scaled

    def common(self, left: m.Expression, right: m.Expression) -> tuple[m.Expression, m.Expression, Number, Number]:
        """Both numbers over their least common scale."""
        (a, ka), (b, kb) = self.number(left), self.number(right)
        if ka.money != kb.money and not (_is_unknown(a) or _is_unknown(b)):
            raise self.wrong(f"金额只能和金额相加减或比较（金额常数请写 yuan(...)）：{left} 与 {right}")
        scale = math.lcm(ka.scale, kb.scale)
        a, ka = self.times(a, ka, scale // ka.scale)
        b, kb = self.times(b, kb, scale // kb.scale)
        return a, b, ka, kb

    # leaves -----------------------------------------------------------------------------------------------------------

    def _constant(self, e: m.Constant) -> Typed:
        value = e.value
        if value is None:
            return e, "unknown"
        if isinstance(value, bool):
            return e, "boolean"
        if isinstance(value, int | Decimal):
            exact = Decimal(value) * (FEN_PER_YUAN if e.money else 1)
            numerator, scale = exact.as_integer_ratio()
            self.fits(numerator, numerator)
            return m.Constant(numerator), Number(int(e.money), scale, numerator, numerator)
        return e, "date" if isinstance(value, dt.date) else "text"

    def _fact(self, e: m.Fact) -> Typed:
        if e.id not in self.around.kinds:
            raise self.wrong(f"没有叫 {e.id} 的事实；请检查名字，或先在 facts.py 中声明")
        return e, self.around.kinds[e.id]

    def _parameter(self, e: m.Parameter) -> Typed:
        return self.lower(self.around.parameter(e.policy, e.id))

    def _asof(self, _: m.AsOf) -> Typed:
        return m.Constant(self.around.as_of), "date"

    def _unknown(self, e: m.Unknown | m.Undelivered) -> Typed:
        return e, "unknown"

    _undelivered = _unknown

    def _toovague(self, e: m.TooVague) -> Typed:
        return m.Undelivered("", (e.fact,), "text"), "unknown"

    # logic ------------------------------------------------------------------------------------------------------------

    def _compare(self, e: m.Compare) -> Typed:
        left, left_kind = self.lower(e.left)
        right, right_kind = self.lower(e.right)
        if isinstance(e.left, m.Elapsed) and isinstance(right, m.Constant) and isinstance(right_kind, Number):
            start, end = self.lower(e.left.start)[0], self.lower(e.left.end)[0]
            if isinstance(end, m.Constant) and isinstance(end.value, dt.date) and isinstance(right.value, int):
                bound = Fraction(right.value, right_kind.scale)
                test = compared(e.how, start, e.left.unit, end.value, bound)
                if test is not None:
                    return test, "boolean"
        if isinstance(left_kind, Number) and isinstance(right_kind, Number):
            left, right, *_ = self.common(e.left, e.right)
        elif "unknown" in (left_kind, right_kind):
            shown: Kind = right_kind if left_kind == "unknown" else left_kind
            left, right = _as_kind(left, shown), _as_kind(right, shown)
        else:
            if left_kind != right_kind:
                raise self.wrong(f"不能比较不同种类的值：{e.left} 与 {e.right}")
            if left_kind != "date" and e.how not in ("eq", "ne"):
                raise self.wrong(f"这类值只能比较是否相等：{e.left}")
        if isinstance(right, m.Constant) and isinstance(right.value, bool):
            return (left if right.value is (e.how == "eq") else m.Not(left)), "boolean"
        return m.Compare(e.how, left, right), "boolean"

    def _in(self, e: m.In) -> Typed:
        plain, kind = self.lower(e.item)
        if isinstance(kind, Number):
            wanted = [self.number(m.Constant(value, money=bool(kind.money))) for value in e.values]
            scale = math.lcm(kind.scale, *(k.scale for _, k in wanted))
            plain, _ = self.times(plain, kind, scale // kind.scale)
            values = tuple(
                c.value for v, k in wanted if isinstance(c := self.times(v, k, scale // k.scale)[0], m.Constant)
            )
            return m.In(plain, values), "boolean"  # type: ignore[arg-type]
        if kind not in ("text", "date", "unknown"):
            raise self.wrong(f"这类值不能用 in：{e.item}")
        return m.In(_as_kind(plain, "date" if isinstance(e.values[0], dt.date) else "text"), e.values), "boolean"

    def _startswith(self, e: m.StartsWith) -> Typed:
        plain, kind = self.lower(e.item)
        if kind not in ("text", "unknown"):
            raise self.wrong(f"只有代码能按开头归类：{e.item}")
        return m.StartsWith(_as_kind(plain, "text"), e.prefixes), "boolean"

    def _and(self, e: m.And) -> Typed:
        return m.And(tuple(self.truth(item) for item in e.items)), "boolean"

    def _or(self, e: m.Or) -> Typed:
        return m.Or(tuple(self.truth(item) for item in e.items)), "boolean"

    def _atleast(self, e: m.AtLeast) -> Typed:
        return m.AtLeast(e.needed, tuple(self.truth(item) for item in e.items)), "boolean"

    def _not(self, e: m.Not) -> Typed:
        return m.Not(self.truth(e.item)), "boolean"

    def _isknown(self, e: m.IsKnown) -> Typed:
        return m.IsKnown(self.lower(e.item)[0]), "boolean"

    # numbers ----------------------------------------------------------------------------------------------------------

    def _arithmetic(self, e: m.Arithmetic) -> Typed:
        if e.how == "multiply":
            (a, ka), (b, kb) = self.number(e.left), self.number(e.right)
            corners = [x * y for x in (ka.low, ka.high) for y in (kb.low, kb.high)]
            kind = Number(ka.money + kb.money, ka.scale * kb.scale, min(corners), max(corners))
        else:
            a, b, ka, kb = self.common(e.left, e.right)
            low, high = (ka.low + kb.low, ka.high + kb.high) if e.how == "add" else (ka.low - kb.high, ka.high - kb.low)
            kind = Number(max(ka.money, kb.money), ka.scale, low, high)
        self.fits(kind.low, kind.high)
        if e.how == "multiply" and m.Constant(1) in (a, b):
            return (b if a == m.Constant(1) else a), kind
        if kind.low == kind.high and isinstance(a, m.Constant) and isinstance(b, m.Constant):
            return m.Constant(kind.low), kind
        return m.Arithmetic(e.how, a, b), kind

    def _extreme(self, e: m.Extreme) -> Typed:
        right = e.right
        if right == m.Constant(0):  # zero is zero in any unit
            right = m.Constant(0, money=self.number(e.left)[1].money == 1)
        a, b, ka, kb = self.common(e.left, right)
        pick = min if e.how == "min" else max
        return m.Extreme(e.how, a, b), Number(ka.money, ka.scale, pick(ka.low, kb.low), pick(ka.high, kb.high))

    def _quotient(self, e: m.Quotient) -> Typed:
        (n, kn), (d, kd) = self.number(e.numerator), self.number(e.denominator)
        if kn.low < 0:
            raise self.wrong("被除数可能为负；请用 or_larger(0) 说明下限")
        n, kn = self.times(n, kn, kd.scale)
        d, kd = self.times(d, kd, kn.scale // kd.scale)
        self.fits(0, 2 * kn.high + max(kd.high, 0))
        return m.Quotient(n, d), Number(kn.money - kd.money, 1, 0, min(kn.high + 1, ROUNDED_BOUND))

    def _case(self, e: m.Case) -> Typed:
        tests = [self.truth(test) for test, _ in e.branches]
        values = [self.lower(value) for value in (*(v for _, v in e.branches), e.otherwise)]
        kinds = [kind for _, kind in values if kind != "unknown"]
        if not kinds:
            return m.Constant(None), "unknown"
        result: Kind = kinds[0]
        if isinstance(result, Number):
            numbers = [kind for kind in kinds if isinstance(kind, Number)]
            amounts = [k.money for k in numbers if (k.low, k.high) != (0, 0)] or [result.money]
            if len(numbers) != len(kinds) or len(set(amounts)) != 1:
                raise self.wrong("各分支的值种类不同（金额、数、文字不能混用）")
            scale = math.lcm(*(kind.scale for kind in numbers))
            scaled = [self.times(v, k, scale // k.scale) if isinstance(k, Number) else (v, k) for v, k in values]
            bounds = [k for _, k in scaled if isinstance(k, Number)]
            result = Number(amounts[0], scale, min(k.low for k in bounds), max(k.high for k in bounds))
            values = list(scaled)
        elif any(kind != result for kind in kinds):
            raise self.wrong("各分支的值种类不同（金额、数、文字不能混用）")
        plain = [_as_kind(value, result) for value, _ in values]
        return m.Case(tuple(zip(tests, plain, strict=False)), plain[-1]), result

    def _elapsed(self, e: m.Elapsed) -> Typed:
        return self.lower(expanded(e))

    def _datepart(self, e: m.DatePart) -> Typed:
        plain, kind = self.lower(e.item)
        if kind not in ("date", "unknown"):
            raise self.wrong(f"这里需要日期：{e.item}")
        if isinstance(plain, m.Constant) and isinstance(plain.value, dt.date):
            value = getattr(plain.value, e.part)
            return m.Constant(value), Number(0, 1, value, value)
        low, high = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}[e.part]
        return m.DatePart(e.part, plain), Number(0, 1, low, high)

    def _workingdaynumber(self, e: m.WorkingDayNumber) -> Typed:
        plain, kind = self.lower(e.item)
        if kind not in ("date", "unknown"):
            raise self.wrong(f"工作日只能从日期数起：{e.item}")
        return m.WorkingDayNumber(plain), Number(0, 1, 0, _WORKING_DAYS)

    # rows of related registers ----------------------------------------------------------------------------------------

    def _related(self, e: m.Related) -> Typed:
        if e.register not in self.around.row_kinds:
            raise self.wrong(f"没有叫 {e.register} 的关联名册；请先在 facts.py 中声明")
        rows = _Lowering(
            Surroundings(
                kinds=self.around.row_kinds[e.register],
                row_kinds={},
                parameter=self.around.parameter,
                as_of=self.around.as_of,
                delivered=self.around.delivered,
                where=f"{self.around.where}（{e.register} 的行）",
            )
        )
        where = rows.truth(e.where)
        value, kind = rows.number(e.value) if e.value is not None else (None, Number(0, 1, 0, 1))
        delivered = e.register in self.around.delivered
        absent = m.Undelivered(e.register, tuple(sorted(row_facts(e))), "boolean" if e.how == "any" else "number")
        plain = m.Related(e.register, e.how, where, value) if delivered else absent
        if e.how == "any":
            return plain, "boolean"
        if e.how in ("count", "sum"):
            low, high = min(kind.low, 0) * _ROWS_PER_SUBJECT, kind.high * _ROWS_PER_SUBJECT
            self.fits(low, high)
            return plain, Number(kind.money, kind.scale, 0 if e.how == "count" else low, high)
        return plain, kind

    def _firstclaim(self, e: m.FirstClaim) -> Typed:
        return m.FirstClaim(e.id, e.register, e.person, e.order, self.truth(e.where)), "boolean"


_UNKNOWN_KINDS: Mapping[FactType, m.UnknownKind] = {
    FactType.BOOLEAN: "boolean",
    FactType.DATE: "date",
    FactType.INTEGER: "number",
    FactType.MONEY: "number",
    FactType.SHARE: "number",
    FactType.CODE: "text",
    FactType.KEY: "text",
    FactType.TEXT: "text",
}


def _as_kind(plain: m.Expression, kind: Kind) -> m.Expression:
    """An unknown gets the kind of its place: engines type every null."""
    name: m.UnknownKind = "number" if isinstance(kind, Number) or kind == "number" or kind == "unknown" else kind
    if isinstance(plain, m.Undelivered):
        return m.Undelivered(plain.register, plain.facts, name)
    return m.Unknown(name) if isinstance(plain, m.Constant) and plain.value is None else plain


def _is_unknown(plain: m.Expression) -> bool:
    return isinstance(plain, m.Undelivered | m.Unknown)
