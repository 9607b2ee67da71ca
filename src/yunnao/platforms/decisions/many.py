"""The set-wise engine: everybody at once, as Narwhals expressions, so the same code runs on Polars and on Spark.

Frames in and out are the caller's own (a Polars `LazyFrame`, a Spark `DataFrame`); nothing is collected here.
"""

import datetime as dt
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import Any

import narwhals as nw

from yunnao.kernel.fact import FactType
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import CompiledPolicy, RuleSet
from yunnao.platforms.decisions.sharing import Trees

DTYPES: Mapping[FactType, Any] = {
    FactType.KEY: nw.String,
    FactType.CODE: nw.String,
    FactType.TEXT: nw.String,
    FactType.BOOLEAN: nw.Boolean,
    FactType.INTEGER: nw.Int64,
    FactType.MONEY: nw.Int64,
    FactType.SHARE: nw.Int64,
    FactType.DATE: nw.Date,
}
_NULLS: Mapping[m.UnknownKind, Any] = {
    "boolean": nw.Boolean,
    "number": nw.Int64,
    "date": nw.Date,
    "text": nw.String,
}
_ROW = "_row"
Frame = nw.LazyFrame[Any]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the set-wise engine reads.

    Attributes:
        subjects: one row a subject: `key` and observed facts; a fact whose column is absent is unknown for everybody.
        key: the column that names a subject.
        rows: delivered related registers, with the subject's key and the rows' facts.
        calendar: columns `day` (date) and `number` (int64), if working days are counted.
    """

    subjects: Any
    key: str
    rows: Mapping[str, Any]
    calendar: Any = None


def decide(
    rules: RuleSet, inputs: Inputs, *, amounts: bool = True, missing: bool = True, facts: Sequence[str] = ()
) -> Any:
    """Decisions about every subject, one row each, unsorted, in the frame's own library.

    Columns: the key; for every policy `ID` (int8: 0 refused, 1 granted, 2 undetermined), `ID__states` (two bits a condition: 0 not
    met, 1 met, 2 unknown), and if asked `ID__amount` (int64 fen, only where granted) and `ID__missing` (bit k: fact k of
    `CompiledPolicy.missable` is missing). ``facts`` are facts to carry along, observed or derived.
    """
    frame, render = _with_facts(rules, inputs, missing=missing)
    distinct: dict[m.Expression, int] = {}
    for policy in rules.policies:
        for condition in policy.conditions:
            distinct.setdefault(condition, len(distinct))
    frame = render.shared(frame, distinct)
    frame = frame.with_columns(*[render(tree).alias(f"_c{i}") for tree, i in distinct.items()])
    render.keep((tree, f"_c{i}") for tree, i in distinct.items())
    frame = frame.with_columns(*[_state(f"_c{i}").alias(f"_s{i}") for i in distinct.values()])
    outcome_columns = [
        column for policy in rules.policies for column in _outcome(policy, [distinct[c] for c in policy.conditions])
    ]
    frame = frame.with_columns(*outcome_columns)
    outputs = [inputs.key, *facts]
    extra: list[nw.Expr] = []
    if amounts:
        frame = render.shared(frame, [policy.amount for policy in rules.policies if policy.amount is not None])
    for policy in rules.policies:
        outputs += [policy.id, f"{policy.id}__states"]
        if amounts:
            amount = (
                nw.lit(None).cast(nw.Int64)
                if policy.amount is None
                else _where(nw.col(policy.id) == 1, render(policy.amount))
            )
            extra.append(amount.cast(nw.Int64).alias(f"{policy.id}__amount"))
            outputs.append(f"{policy.id}__amount")
    if extra:
        frame = frame.with_columns(*extra)
    if missing:
        frame = render.shared(frame, rules.blames())
        frame = frame.with_columns(
            *[_missing(policy, render).alias(f"{policy.id}__missing") for policy in rules.policies]
        )
        outputs += [f"{policy.id}__missing" for policy in rules.policies]
    return frame.select(*outputs).to_native()


def subject_facts(rules: RuleSet, inputs: Inputs) -> Any:
    """Every observed and derived fact of the rules, one row a subject, for measures and exports."""
    frame, _ = _with_facts(rules, inputs, missing=False)
    return frame.select(inputs.key, *rules.observed, *rules.derived).to_native()


def with_claims(rules: RuleSet, register: str, rows: Any, calendar: Any = None) -> Any:
    """The rows of a related register with one boolean column for every claim on it ("once per person")."""
    return _claimed(rules, register, nw.from_native(rows).lazy(), calendar).to_native()


def _with_facts(rules: RuleSet, inputs: Inputs, *, missing: bool) -> tuple[Frame, "_Render"]:
    """Subjects with observed facts, summaries of related rows (tree -> column), and derived facts."""
    frame = nw.from_native(inputs.subjects).lazy()
    present = set(frame.collect_schema().names())
    absent = [
        nw.lit(None).cast(DTYPES[definition.type]).alias(id_)
        for id_, definition in rules.observed.items()
        if id_ not in present
    ]
    frame = frame.select(inputs.key, *[id_ for id_ in rules.observed if id_ in present], *absent)
    trees = rules.roots() + (rules.blames() if missing else [])
    frame = _with_working_days(frame, trees, inputs.calendar)
    related: dict[m.Expression, str] = {}
    for register, rows in inputs.rows.items():
        summaries = _distinct(
            e for tree in trees for e in m.walk(tree) if isinstance(e, m.Related) and e.register == register
        )
        if summaries:
            frame = _with_summaries(frame, rules, inputs, register, nw.from_native(rows).lazy(), summaries, related)
    render = _Render(rules, related)
    for level in _levels(rules.derived):
        frame = render.shared(frame, [rules.derived[id_] for id_ in level])
        frame = frame.with_columns(
            *[render(rules.derived[id_]).cast(DTYPES[rules.derived_types[id_]]).alias(id_) for id_ in level]
        )
    for level in _levels(rules.lacks) if missing else []:
        frame = render.shared(frame, [rules.lacks[name] for name in level])
        frame = frame.with_columns(*[render(rules.lacks[name]).alias(name) for name in level])
    return frame, render


def _with_summaries(
    frame: Frame,
    rules: RuleSet,
    inputs: Inputs,
    register: str,
    rows: Frame,
    summaries: list[m.Related],
    related: dict[m.Expression, str],
) -> Frame:
    rows = _claimed(rules, register, rows, inputs.calendar)
    rows = _with_working_days(rows, summaries, inputs.calendar)
    render = _Render(rules, {})
    columns: list[nw.Expr] = []
    totals: list[nw.Expr] = []
    results: list[nw.Expr] = []
    start = len(related)
    # every test and value is read more than once below
    rows = render.shared(rows, [part for s in summaries for part in (s.where, s.value) if part is not None] * 2)
    for offset, summary in enumerate(summaries):
        name = f"_r{start + offset}"
        related[summary] = name
        where = render(summary.where)
        unknown = where.is_null()
        if summary.value is not None:
            value = render(summary.value)
            unknown = unknown | (where.fill_null(False) & value.is_null())
            columns.append(_where(where.fill_null(False), value).alias(f"{name}v"))
            totals.append(_summary(summary.how, nw.col(f"{name}v")).alias(f"{name}v"))
        else:
            columns.append(where.fill_null(False).cast(nw.Int64).alias(f"{name}n"))
            totals.append(nw.col(f"{name}n").sum().alias(f"{name}n"))
        columns.append(unknown.cast(nw.Int64).alias(f"{name}u"))
        totals.append(nw.col(f"{name}u").sum().alias(f"{name}u"))
        results.append(_result(summary.how, name).alias(name))
    grouped = rows.select(inputs.key, *columns).group_by(inputs.key).agg(*totals)
    return frame.join(grouped, on=inputs.key, how="left").with_columns(*results)


def _summary(how: m.Summary, column: nw.Expr) -> nw.Expr:
    return {"sum": column.sum, "min": column.min, "max": column.max}[how]()


def _result(how: m.Summary, name: str) -> nw.Expr:
    unknown = nw.col(f"{name}u").fill_null(0)
    if how in ("any", "count"):
        met = nw.col(f"{name}n").fill_null(0)
        if how == "count":
            return _where(unknown == 0, met)
        return nw.when(met > 0).then(nw.lit(True)).otherwise(_where(unknown == 0, nw.lit(False)))
    value = nw.col(f"{name}v")
    return _where(unknown == 0, value.fill_null(0) if how == "sum" else value)


def _claimed(rules: RuleSet, register: str, rows: Frame, calendar: Any) -> Frame:
    claims = list(rules.claims.get(register, {}).values())
    if not claims:
        return rows
    key = [nw.col(name).cast(nw.String) for name in rules.keys[register]]
    rows = _with_working_days(rows, [claim.where for claim in claims], calendar)
    rows = rows.with_columns(nw.concat_str(key, separator="\x1f").alias(_ROW))
    render = _Render(rules, {})
    for claim in claims:
        eligible = render(claim.where).fill_null(False) & ~nw.col(claim.person).is_null()
        first, winner = f"_{claim.id}_first", f"_{claim.id}_winner"
        rows = rows.with_columns(_where(eligible, nw.col(claim.order)).min().over(claim.person).alias(first))
        candidate = eligible & (nw.col(claim.order) == nw.col(first))
        rows = rows.with_columns(_where(candidate, nw.col(_ROW)).min().over(claim.person).alias(winner))
        known = ~(render(claim.where).is_null() | nw.col(claim.person).is_null() | nw.col(claim.order).is_null())
        won = (candidate & (nw.col(_ROW) == nw.col(winner))).fill_null(False)
        rows = rows.with_columns(_where(known, won).alias(claim.id))
    return rows


def _with_working_days(frame: Frame, trees: Iterable[m.Expression], calendar: Any) -> Frame:
    names = sorted(
        {
            e.item.id
            for tree in trees
            for part in m.walk(tree)
            if isinstance(e := part, m.WorkingDayNumber) and isinstance(e.item, m.Fact)
        }
    )
    present = frame.collect_schema().names() if names else []
    for name in names:
        if name in present and f"_w_{name}" not in present:
            days = (
                nw.from_native(calendar).lazy().select(nw.col("day").alias(name), nw.col("number").alias(f"_w_{name}"))
            )
            frame = frame.join(days, on=name, how="left")
    return frame


def _levels(trees: Mapping[str, m.Expression]) -> list[list[str]]:
    depth: dict[str, int] = {}
    for id_, tree in trees.items():
        depth[id_] = 1 + max((depth[e.id] for e in m.walk(tree) if isinstance(e, m.Fact) and e.id in depth), default=0)
    return [[id_ for id_, d in depth.items() if d == level] for level in sorted(set(depth.values()))]


def _distinct(items: Iterable[m.Related]) -> list[m.Related]:
    return list(dict.fromkeys(items))


def _state(column: str) -> nw.Expr:
    return nw.col(column).cast(nw.Int8).fill_null(2)


def _outcome(policy: CompiledPolicy, indices: Sequence[int]) -> list[nw.Expr]:
    wide = nw.Int16 if len(indices) <= 7 else nw.Int32 if len(indices) <= 15 else nw.Int64
    states = reduce(add, [nw.col(f"_s{i}").cast(wide) * (1 << (2 * k)) for k, i in enumerate(indices)])
    truth = _Render(None, {m.Fact(str(k)): f"_c{i}" for k, i in enumerate(indices)})(policy.tree)
    return [truth.cast(nw.Int8).fill_null(2).alias(policy.id), states.cast(wide).alias(f"{policy.id}__states")]


def _missing(policy: CompiledPolicy, render: "_Render") -> nw.Expr:
    undetermined = nw.col(policy.id) == 2
    unpriced = (nw.col(policy.id) == 1) & nw.col(f"{policy.id}__amount").is_null() if policy.amount is not None else None
    bits = [nw.lit(0).cast(nw.Int64)]
    for k, fact in enumerate(policy.missable):
        tests = []
        if fact in policy.outcome_blames:
            tests.append(undetermined & render(policy.outcome_blames[fact]))
        if unpriced is not None and fact in policy.amount_blames:
            tests.append(unpriced & render(policy.amount_blames[fact]))
        bits.append(reduce(or_, tests).fill_null(False).cast(nw.Int64) * (1 << k))
    return reduce(add, bits)


def _where(test: nw.Expr, value: nw.Expr) -> nw.Expr:
    """The value where the test holds, else unknown."""
    return nw.when(test).then(value)


class _Render:
    """A plain tree as a Narwhals expression; trees in ``columns`` are columns already."""

    def __init__(self, rules: RuleSet | None, columns: Mapping[m.Expression, str]) -> None:
        self.rules = rules
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

    def __call__(self, e: m.Expression) -> nw.Expr:
        column = self.columns.get(self.trees.number(e))
        if column is not None:
            return nw.col(column)
        match e:
            case m.Fact(id=name):
                return nw.col(name)
            case m.Constant(value=value):
                # a bare whole number would be a 32-bit literal, and wrap
                whole = isinstance(value, int) and not isinstance(value, bool)
                return nw.lit(value, dtype=nw.Int64) if whole else nw.lit(value)
            case m.Undelivered(kind=kind) | m.Unknown(kind=kind):
                return nw.lit(None).cast(_NULLS[kind])
            case m.Compare(how=how, left=left, right=right):
                a, b = self(left), self(right)
                compared: nw.Expr = getattr(operator, how)(a, b)
                return compared
            case m.In(item=item, values=values):
                return self(item).is_in(list(values))
            case m.StartsWith(item=item, prefixes=prefixes):
                return reduce(or_, [self(item).str.starts_with(prefix) for prefix in prefixes])
            case m.And(items=items):
                return reduce(and_, [self(i) for i in items])
            case m.Or(items=items):
                return reduce(or_, [self(i) for i in items])
            case m.AtLeast(needed=needed, items=items):
                met = reduce(add, [self(i).fill_null(False).cast(nw.Int64) for i in items])
                open_ = reduce(add, [self(i).is_null().cast(nw.Int64) for i in items])
                return nw.when(met >= needed).then(nw.lit(True)).otherwise(_where(met + open_ < needed, nw.lit(False)))
            case m.Not(item=item):
                return ~self(item)
            case m.IsKnown(item=item):
                return ~self(item).is_null()
            case m.Arithmetic(how=how, left=left, right=right):
                a, b = self(left), self(right)
                return a + b if how == "add" else a - b if how == "subtract" else a * b
            case m.Extreme(how=how, left=left, right=right):
                a, b = self(left), self(right)
                first, second = (a <= b, a > b) if how == "min" else (a >= b, a < b)
                return nw.when(first).then(a).otherwise(_where(second, b))
            case m.Quotient(numerator=numerator, denominator=denominator):
                return self._quotient(numerator, denominator)
            case m.Case(branches=branches, otherwise=otherwise):
                result = self(otherwise)
                for test, given in reversed(branches):
                    held = self(test)
                    result = nw.when(held).then(self(given)).otherwise(_where(~held, result))
                return result
            case m.DatePart(part=part, item=item):
                date = self(item).dt
                return {"year": date.year, "month": date.month, "day": date.day}[part]().cast(nw.Int64)
            case m.WorkingDayNumber(item=item):
                return self._working_day(item)
            case m.FirstClaim(id=id_):
                return nw.col(id_)
        raise TypeError(f"not a plain expression: {e}")

    def _quotient(self, numerator: m.Expression, denominator: m.Expression) -> nw.Expr:
        # Engines differ on whole division; a whole multiple divided in binary and rounded is exact below 2**51 everywhere.
        if isinstance(denominator, m.Constant):
            assert isinstance(denominator.value, int)
            divisor: Any = denominator.value * 2
            doubled = self(numerator) * 2 + denominator.value
        else:
            divisor = _where(self(denominator) > 0, self(denominator)) * 2
            doubled = self(numerator) * 2 + self(denominator)
        return ((doubled - doubled % divisor) / divisor).round(0).cast(nw.Int64)

    def _working_day(self, item: m.Expression) -> nw.Expr:
        if isinstance(item, m.Fact):
            return nw.col(f"_w_{item.id}")
        assert isinstance(item, m.Constant)
        assert isinstance(item.value, dt.date)
        assert self.rules is not None
        covered = self.rules.calendar.covers(item.value)
        return nw.lit(self.rules.calendar.number(item.value), dtype=nw.Int64) if covered else nw.lit(None).cast(nw.Int64)
