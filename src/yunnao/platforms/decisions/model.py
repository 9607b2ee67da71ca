"""The expression tree: what conditions, derived facts and amounts mean. Both engines are made from it.

Every value may be unknown. Logic is three-valued (Kleene): `and` with something false is false, `or` with something true is
true, whatever else is unknown; everything else that touches an unknown is unknown. Numbers are exact: whole numbers over a
denominator that is known when the tree is compiled (`lowering`), never binary floats.

Authors write trees with Python operators (`e.revenue_year >= p.floor`); `and`, `or`, `not` and chained comparisons raise,
because Python would evaluate them at once: use ``&``, ``|``, ``~``.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NoReturn

from yunnao.kernel.errors import DefinitionError

Scalar = bool | int | Decimal | str | dt.date
Comparison = Literal["eq", "ne", "lt", "le", "gt", "ge"]
UnknownKind = Literal["boolean", "number", "date", "text"]
ElapsedUnit = Literal["years", "months"]
Summary = Literal["any", "count", "sum", "min", "max"]


class Expression:
    """A value about a subject that may be unknown. Immutable; equal trees are interchangeable."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise DefinitionError("表达式里请用 & | ~，不能用 and / or / not，也不能写连续比较 a < b < c")

    def __ge__(self, other: Any) -> "Expression":
        return Compare("ge", self, as_expression(other))

    def __gt__(self, other: Any) -> "Expression":
        return Compare("gt", self, as_expression(other))

    def __le__(self, other: Any) -> "Expression":
        return Compare("le", self, as_expression(other))

    def __lt__(self, other: Any) -> "Expression":
        return Compare("lt", self, as_expression(other))

    def is_(self, other: Any) -> "Expression":
        """Equal to ``other``."""
        return Compare("eq", self, as_expression(other))

    def is_not(self, other: Any) -> "Expression":
        """Known to differ from ``other``."""
        return Compare("ne", self, as_expression(other))

    def is_in(self, *values: Scalar) -> "Expression":
        """Equal to one of ``values``."""
        return In(self, values)

    def starts_with(self, *prefixes: str) -> "Expression":
        """Text that begins with one of ``prefixes``."""
        return StartsWith(self, prefixes)

    def is_known(self) -> "Expression":
        """True or false, never unknown."""
        return IsKnown(self)

    def __add__(self, other: Any) -> "Expression":
        return Arithmetic("add", self, as_expression(other))

    def __sub__(self, other: Any) -> "Expression":
        return Arithmetic("subtract", self, as_expression(other))

    def __mul__(self, other: Any) -> "Expression":
        return Arithmetic("multiply", self, as_expression(other))

    __rmul__ = __mul__

    def __and__(self, other: Any) -> "Expression":
        return And((self, as_expression(other)))

    def __or__(self, other: Any) -> "Expression":
        return Or((self, as_expression(other)))

    def __invert__(self) -> "Expression":
        return Not(self)

    def or_smaller(self, other: Any) -> "Expression":
        """The smaller of both (a cap); unknown if either is."""
        return Extreme("min", self, as_expression(other))

    def or_larger(self, other: Any) -> "Expression":
        """The larger of both (a floor); unknown if either is."""
        return Extreme("max", self, as_expression(other))

    def divided_by(self, other: Any) -> "Expression":
        """Rounded half up to a whole unit (fen, count); unknown where the divisor is not above zero."""
        return Quotient(self, as_expression(other))

    @property
    def year(self) -> "Expression":
        """Of a date."""
        return DatePart("year", self)

    @property
    def month(self) -> "Expression":
        """Of a date, 1 to 12."""
        return DatePart("month", self)

    @property
    def day(self) -> "Expression":
        """Of a date, 1 to 31."""
        return DatePart("day", self)


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Expression):
    """A value written in a rule; `None` is unknown. A `Decimal` is an exact number; money constants come from `yuan`."""

    value: Scalar | None
    money: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constant) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[type, Scalar | None, bool]:
        return type(self.value), self.value, self.money  # True is not 1 here


@dataclass(frozen=True, slots=True)
class Fact(Expression):
    """A fact of the subject (or, inside a `Related`, of one of its rows), observed or derived."""

    id: str


@dataclass(frozen=True, slots=True)
class Parameter(Expression):
    """A dated parameter; of the policy being decided, or of the one named."""

    id: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class AsOf(Expression):
    """The day the decision is about."""


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """Two values of one kind."""

    how: Comparison
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class In(Expression):
    """Membership in a written list."""

    item: Expression
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class StartsWith(Expression):
    """A code under one of several headings of its classification."""

    item: Expression
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And(Expression):
    """All hold."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or(Expression):
    """At least one holds."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AtLeast(Expression):
    """At least `needed` of the items hold."""

    needed: int
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """The contrary; the contrary of unknown is unknown."""

    item: Expression


@dataclass(frozen=True, slots=True)
class IsKnown(Expression):
    """Whether a value is known."""

    item: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    """Exact addition, subtraction, multiplication."""

    how: Literal["add", "subtract", "multiply"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Extreme(Expression):
    """The smaller or larger of two numbers."""

    how: Literal["min", "max"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Quotient(Expression):
    """A division of non-negative numbers, rounded half up to a whole unit."""

    numerator: Expression
    denominator: Expression


@dataclass(frozen=True, slots=True)
class Case(Expression):
    """The value of the first branch whose test holds, else `otherwise`; unknown as soon as a deciding test is unknown."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class DatePart(Expression):
    """Year, month or day of a date."""

    part: Literal["year", "month", "day"]
    item: Expression


@dataclass(frozen=True, slots=True)
class Elapsed(Expression):
    """Full years or months between two dates."""

    unit: ElapsedUnit
    start: Expression
    end: Expression


@dataclass(frozen=True, slots=True)
class WorkingDayNumber(Expression):
    """How many working days the calendar counts up to a day; differences are durations. Unknown outside the calendar."""

    item: Expression


@dataclass(frozen=True, slots=True)
class Related(Expression):
    """A summary over the subject's rows in a related register, of the rows where `where` holds.

    `any` is three-valued over the rows; the others are unknown as soon as one row's part in them is unknown. A subject
    without rows has none (False, 0, 0), if the register has been delivered; otherwise the summary is unknown. `min` and
    `max` of no rows are unknown.
    """

    register: str
    how: Summary
    where: Expression
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class FirstClaim(Expression):
    """Inside a `Related`: whether this row is the one that may use its `person` ("once per person").

    Of all subjects' rows of the register where `where` holds, the earliest by `order` wins; ties go to the smaller key.
    """

    id: str
    register: str
    person: str
    order: str
    where: Expression


@dataclass(frozen=True, slots=True)
class Undelivered(Expression):
    """Unknown for want of these facts: in a plain tree, above all a summary over a register that nobody has delivered."""

    register: str
    facts: tuple[str, ...]
    kind: UnknownKind = "number"


@dataclass(frozen=True, slots=True)
class TooVague(Expression):
    """Unknown, because an observed fact that is there says too little: what is missing is a better value of that fact."""

    fact: str


@dataclass(frozen=True, slots=True)
class Unknown(Expression):
    """An unknown value of a kind, in a plain tree (authors write `Constant(None)`)."""

    kind: UnknownKind


def as_expression(value: Any) -> Expression:
    """An expression as it is, a plain value as a constant.

    Raises:
        DefinitionError: the value is a float or of another kind that has no exact meaning here.
    """
    if isinstance(value, Expression):
        return value
    if isinstance(value, bool | int | Decimal | str | dt.date) and not isinstance(value, dt.datetime):
        return Constant(value)
    raise DefinitionError(f"表达式里不能用 {type(value).__name__}（{value!r}）；小数请写成 Decimal('0.05') 这样的文字")


def yuan(amount: int | str) -> Constant:
    """An amount of money as a constant."""
    return Constant(Decimal(amount), money=True)


def all_of(*items: Expression) -> Expression:
    """Every item holds."""
    return items[0] if len(items) == 1 else And(items)


def any_of(*items: Expression) -> Expression:
    """Some item holds."""
    return items[0] if len(items) == 1 else Or(items)


def case(*branches: tuple[Expression, Any], otherwise: Any) -> Expression:
    """The first branch that holds."""
    return Case(tuple((test, as_expression(value)) for test, value in branches), as_expression(otherwise))


def full_months(start: Expression, end: Expression) -> Expression:
    """Whole months from ``start`` to ``end``; a month is full on the same day of the month, as in GB/T 7408 durations."""
    return Elapsed("months", start, end)


def full_years(start: Expression, end: Expression) -> Expression:
    """Whole years from ``start`` to ``end`` (an age, 周岁); a year is full on the same day of the year."""
    return Elapsed("years", start, end)
