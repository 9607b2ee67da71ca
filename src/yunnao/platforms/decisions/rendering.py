"""Plain trees as column expressions, for Polars or, through Narwhals, for Spark.

Narwhals speaks a part of Polars' own language, and only that part is used here: for Polars frames `lib` is Polars itself, which
builds the same expressions many times faster (docs/adr/0002-set-wise-back-end.md), for any other it is Narwhals.
"""

import datetime as dt
import operator
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add, and_, or_
from typing import Any

import polars as pl

from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.sharing import Trees

_NULLS: Mapping[m.UnknownKind, str] = {"boolean": "Boolean", "number": "Int64", "date": "Date", "text": "String"}
Frame = Any
Lib = Any
Expr = Any


def opened(frame: Any) -> tuple[Lib, Frame]:
    """The expression library for a native frame, and the frame as that library wants it."""
    if isinstance(frame, pl.LazyFrame | pl.DataFrame):
        return pl, frame.lazy()
    import narwhals as nw  # only where it is needed: it takes as long to import as a small decision to make

    return nw, nw.from_native(frame).lazy()


def native(lib: Lib, frame: Frame) -> Any:
    """The frame in the caller's own library."""
    return frame if lib is pl else frame.to_native()


class Render:
    """A plain tree as a Narwhals expression; trees in ``columns`` are columns already."""

    def __init__(self, lib: Lib, calendar: WorkingCalendar, columns: Mapping[m.Expression, str]) -> None:
        self.lib = lib
        self.calendar = calendar
        self.trees = Trees()
        self.columns = {self.trees.number(tree): name for tree, name in columns.items()}

    def shared(self, frame: Frame, trees: Iterable[m.Expression]) -> Frame:
        """With a column for every part that the trees read more than once: engines would compute it again at each place."""
        for level in self.trees.repeated(trees, self.columns):
            names = [f"_e{len(self.columns) + k}" for k in range(len(level))]
            frame = frame.with_columns(*[self(tree).alias(name) for tree, name in zip(level, names, strict=True)])
            self.keep(zip(level, names, strict=True))
        return frame

    def keep(self, columns: Iterable[tuple[m.Expression, str]]) -> None:
        """From now on these trees are columns."""
        self.columns.update({self.trees.number(tree): name for tree, name in columns})

    def where(self, test: Expr, value: Expr) -> Expr:
        """The value where the test holds, else unknown."""
        return self.lib.when(test).then(value)

    def __call__(self, e: m.Expression) -> Expr:
        column = self.columns.get(self.trees.number(e))
        if column is not None:
            return self.lib.col(column)
        match e:
            case m.Fact(id=name):
                return self.lib.col(name)
            case m.Constant(value=value):
                # a bare whole number would be a 32-bit literal, and wrap
                whole = isinstance(value, int) and not isinstance(value, bool)
                return self.lib.lit(value, dtype=self.lib.Int64) if whole else self.lib.lit(value)
            case m.Undelivered(kind=kind) | m.Unknown(kind=kind):
                return self.lib.lit(None).cast(getattr(self.lib, _NULLS[kind]))
            case m.Compare(how=how, left=left, right=right):
                a, b = self(left), self(right)
                return getattr(operator, how)(a, b)
            case m.In(item=item, values=values):
                return self(item).is_in(list(values))
            case m.StartsWith(item=item, prefixes=prefixes):
                return reduce(or_, [self(item).str.starts_with(prefix) for prefix in prefixes])
            case m.And(items=items):
                return reduce(and_, [self(i) for i in items])
            case m.Or(items=items):
                return reduce(or_, [self(i) for i in items])
            case m.AtLeast(needed=needed, items=items):
                met = reduce(add, [self(i).fill_null(False).cast(self.lib.Int64) for i in items])
                open_ = reduce(add, [self(i).is_null().cast(self.lib.Int64) for i in items])
                return (
                    self.lib.when(met >= needed)
                    .then(self.lib.lit(True))
                    .otherwise(self.where(met + open_ < needed, self.lib.lit(False)))
                )
            case m.Not(item=item):
                return ~self(item)
            case m.IsKnown(item=item):
                return ~self(item).is_null()
            case m.Arithmetic(how=how, left=left, right=right):
                a, b = self(left), self(right)
                return a + b if how == "add" else a - b if how == "subtract" else a * b
            case m.Extreme(how=how, left=left, right=right):
                a, b = self(left), self(right)
                if isinstance(right, m.Constant):
                    return self.lib.when(a > b if how == "min" else a < b).then(b).otherwise(a)  # unknown where a is
                first, second = (a <= b, a > b) if how == "min" else (a >= b, a < b)
                return self.lib.when(first).then(a).otherwise(self.where(second, b))
            case m.Quotient(numerator=numerator, denominator=denominator):
                return self._quotient(numerator, denominator)
            case m.Case(
                branches=((test, m.Constant(value=int() as one)),), otherwise=m.Constant(value=int() as other)
            ) if not isinstance(one, bool) and not isinstance(other, bool) and abs(one - other) < 2**62:
                return self(test).cast(self.lib.Int64) * (one - other) + other
            case m.Case(branches=branches, otherwise=otherwise):
                result = self(otherwise)
                for test, given in reversed(branches):
                    held = self(test)
                    result = self.lib.when(held).then(self(given)).otherwise(self.where(~held, result))
                return result
            case m.DatePart(part=part, item=item):
                date = self(item).dt
                return {"year": date.year, "month": date.month, "day": date.day}[part]().cast(self.lib.Int64)
            case m.WorkingDayNumber(item=item):
                return self._working_day(item)
            case m.FirstClaim(id=id_):
                return self.lib.col(id_)
        raise TypeError(f"not a plain expression: {e}")

    def _quotient(self, numerator: m.Expression, denominator: m.Expression) -> Expr:
        # Engines differ on whole division; a whole multiple divided in binary and rounded is exact below 2**51 everywhere.
        # Polars divides whole numbers exactly, rounding down, which is right as nothing here is negative.
        if isinstance(denominator, m.Constant):
            assert isinstance(denominator.value, int)
            divisor: Any = denominator.value * 2
            doubled = self(numerator) * 2 + denominator.value
        else:
            divisor = self.where(self(denominator) > 0, self(denominator)) * 2
            doubled = self(numerator) * 2 + self(denominator)
        if self.lib is pl:
            return doubled // divisor
        return ((doubled - doubled % divisor) / divisor).round(0).cast(self.lib.Int64)

    def _working_day(self, item: m.Expression) -> Expr:
        if isinstance(item, m.Fact):
            return self.lib.col(f"_w_{item.id}")
        assert isinstance(item, m.Constant)
        assert isinstance(item.value, dt.date)
        covered = self.calendar.covers(item.value)
        return (
            self.lib.lit(self.calendar.number(item.value), dtype=self.lib.Int64)
            if covered
            else self.lib.lit(None).cast(self.lib.Int64)
        )
