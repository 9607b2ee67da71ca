"""The set-wise engine: everybody at once, on Polars or on Spark, from one rendering of the trees (`rendering`).

Frames in and out are the caller's own (a Polars `LazyFrame`, a Spark `DataFrame`); nothing is collected here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import Any

from yunnao.kernel.fact import FactType
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import CompiledPolicy, RuleSet
from yunnao.platforms.decisions.rendering import Expr, Frame, Lib, Render, native, opened
from yunnao.platforms.decisions.traversal import is_definite, walk, walk_all

_TYPES: Mapping[FactType, str] = {
    FactType.KEY: "String",
    FactType.CODE: "String",
    FactType.TEXT: "String",
    FactType.BOOLEAN: "Boolean",
    FactType.INTEGER: "Int64",
    FactType.MONEY: "Int64",
    FactType.SHARE: "Int64",
    FactType.DATE: "Date",
}
_ROW = "_row"


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
    `CompiledPolicy.missable` is missing; asks for the amounts too). ``facts`` are facts to carry along, observed or derived.
    """
    frame, render = _with_facts(rules, inputs, missing=missing)
    lib = render.lib
    conditions = dict.fromkeys(condition for policy in rules.policies for condition in policy.conditions)
    columns = {condition: f"_c{i}" for i, condition in enumerate(conditions)}
    frame = render.shared(frame, conditions)
    frame = frame.with_columns(*[render(condition).alias(column) for condition, column in columns.items()])
    render.keep(columns.items())
    frame = frame.with_columns(
        *[lib.col(column).cast(lib.Int8).fill_null(2).alias(f"{column}s") for column in columns.values()]
    )
    outcomes = [e for p in rules.policies for e in _outcome(render, p, [columns[c] for c in p.conditions])]
    frame = frame.with_columns(*outcomes)
    outputs = [inputs.key, *facts]
    for policy in rules.policies:
        outputs += [policy.id, f"{policy.id}__states"]
    if amounts or missing:
        frame = render.shared(frame, [policy.amount for policy in rules.policies if policy.amount is not None])
        frame = frame.with_columns(*[_amount(render, policy) for policy in rules.policies])
        outputs += [f"{policy.id}__amount" for policy in rules.policies if amounts]
    if missing:
        frame = render.shared(frame, rules.blames())
        frame = frame.with_columns(*[_missing(render, policy) for policy in rules.policies])
        outputs += [f"{policy.id}__missing" for policy in rules.policies]
    return native(lib, frame.select(*outputs))


def subject_facts(rules: RuleSet, inputs: Inputs) -> Any:
    """Every observed and derived fact of the rules, one row a subject, for measures and exports."""
    frame, render = _with_facts(rules, inputs, missing=False)
    return native(render.lib, frame.select(inputs.key, *rules.observed, *rules.derived))


def with_claims(rules: RuleSet, register: str, rows: Any, calendar: Any = None) -> Any:
    """The rows of a related register with one boolean column for every claim on it ("once per person")."""
    lib, frame = opened(rows)
    return native(lib, _claimed(lib, rules, register, frame, calendar))


def _with_facts(rules: RuleSet, inputs: Inputs, *, missing: bool) -> tuple[Frame, Render]:
    """Subjects with observed facts, summaries of related rows and derived facts; and a renderer that knows their columns."""
    lib, frame = opened(inputs.subjects)
    present = set(frame.collect_schema().names())
    absent = [
        lib.lit(None).cast(getattr(lib, _TYPES[definition.type])).alias(id_)
        for id_, definition in rules.observed.items()
        if id_ not in present
    ]
    frame = frame.select(inputs.key, *[id_ for id_ in rules.observed if id_ in present], *absent)
    parts = list(walk_all(rules.roots() + (rules.blames() if missing else [])))
    frame = _with_working_days(frame, parts, inputs.calendar)
    related: dict[m.Expression, str] = {}
    distinct = list(dict.fromkeys(e for e in parts if isinstance(e, m.Related)))
    for register, rows in inputs.rows.items():
        summaries = [e for e in distinct if e.register == register]
        if summaries:
            claimed = _claimed(lib, rules, register, opened(rows)[1], inputs.calendar)
            frame = _with_summaries(lib, frame, rules.calendar, inputs, claimed, summaries, related)
    render = Render(lib, rules.calendar, related)
    for level in _levels(rules.derived):
        frame = render.shared(frame, [rules.derived[id_] for id_ in level])
        frame = frame.with_columns(
            *[
                render(rules.derived[id_]).cast(getattr(lib, _TYPES[rules.derived_types[id_]])).alias(id_)
                for id_ in level
            ]
        )
    for level in _levels(rules.lacks) if missing else []:
        frame = render.shared(frame, [rules.lacks[name] for name in level])
        frame = frame.with_columns(*[render(rules.lacks[name]).alias(name) for name in level])
    return frame, render


def _with_summaries(
    lib: Lib,
    frame: Frame,
    working_days: WorkingCalendar,
    inputs: Inputs,
    rows: Frame,
    summaries: Sequence[m.Related],
    related: dict[m.Expression, str],
) -> Frame:
    """The frame with a column for every summary of its related ``rows``; ``related`` learns their names."""
    rows = _with_working_days(rows, walk_all(summaries), inputs.calendar)
    render = Render(lib, working_days, {})
    # every test and value is read more than once below
    rows = render.shared(rows, [part for s in summaries for part in (s.where, s.value) if part is not None] * 2)
    columns: list[Expr] = []
    totals: list[Expr] = []
    results: list[Expr] = []
    start = len(related)
    for offset, summary in enumerate(summaries):
        name = f"_r{start + offset}"
        related[summary] = name
        where = render(summary.where)
        unknown = [] if is_definite(summary.where) else [where.is_null()]
        met = where if is_definite(summary.where) else where.fill_null(False)
        if summary.value is not None:
            value = render(summary.value)
            everything = summary.where == m.Constant(True)
            unknown.append(value.is_null() if everything else met & value.is_null())
            columns.append((value if everything else render.where(met, value)).alias(f"{name}v"))
            totals.append(getattr(lib.col(f"{name}v"), summary.how)().alias(f"{name}v"))  # sum, min or max
        else:
            columns.append(met.cast(lib.Int64).alias(f"{name}n"))
            totals.append(lib.col(f"{name}n").sum().alias(f"{name}n"))
        if unknown:
            columns.append(reduce(or_, unknown).alias(f"{name}u"))
            totals.append(lib.col(f"{name}u").any().alias(f"{name}u"))
        results.append(_result(render, summary.how, name, may_be_unknown=bool(unknown)).alias(name))
    grouped = rows.select(inputs.key, *columns).group_by(inputs.key).agg(*totals)
    return frame.join(grouped, on=inputs.key, how="left").with_columns(*results)


def _result(render: Render, how: m.Summary, name: str, *, may_be_unknown: bool) -> Expr:
    lib = render.lib
    value = lib.col(f"{name}v") if how in ("sum", "min", "max") else lib.col(f"{name}n")
    total = value if how in ("min", "max") else value.fill_null(0)
    if not may_be_unknown:
        return total > 0 if how == "any" else total
    known = ~lib.col(f"{name}u").fill_null(False)
    if how == "any":
        return lib.when(total > 0).then(lib.lit(True)).otherwise(render.where(known, lib.lit(False)))
    return render.where(known, total)


def _claimed(lib: Lib, rules: RuleSet, register: str, rows: Frame, calendar: Any) -> Frame:
    claims = list(rules.claims.get(register, {}).values())
    if not claims:
        return rows
    rows = _with_working_days(rows, walk_all([claim.where for claim in claims]), calendar)
    key = [lib.col(name).cast(lib.String) for name in rules.keys[register]]
    rows = rows.with_columns(lib.concat_str(key, separator="\x1f").alias(_ROW))
    render = Render(lib, rules.calendar, {})
    for claim in claims:
        where, person, order = render(claim.where), lib.col(claim.person), lib.col(claim.order)
        eligible = where.fill_null(False) & ~person.is_null()
        first, winner = f"_{claim.id}_first", f"_{claim.id}_winner"
        rows = rows.with_columns(render.where(eligible, order).min().over(claim.person).alias(first))
        candidate = eligible & (order == lib.col(first))
        rows = rows.with_columns(render.where(candidate, lib.col(_ROW)).min().over(claim.person).alias(winner))
        known = ~(where.is_null() | person.is_null() | order.is_null())
        won = (candidate & (lib.col(_ROW) == lib.col(winner))).fill_null(False)
        rows = rows.with_columns(render.where(known, won).alias(claim.id))
    return rows


def _with_working_days(frame: Frame, parts: Iterable[m.Expression], calendar: Any) -> Frame:
    names = {e.item.id for e in parts if isinstance(e, m.WorkingDayNumber) and isinstance(e.item, m.Fact)}
    present = set(frame.collect_schema().names()) if names else set()
    for name in sorted(names & present):
        if f"_w_{name}" not in present:
            lib, days = opened(calendar)
            numbered = days.select(lib.col("day").alias(name), lib.col("number").alias(f"_w_{name}"))
            frame = frame.join(numbered, on=name, how="left")
    return frame


def _levels(trees: Mapping[str, m.Expression]) -> list[list[str]]:
    """Names in steps, each resting only on earlier ones; ``trees`` has them in such an order."""
    depth: dict[str, int] = {}
    for id_, tree in trees.items():
        beneath = (depth[e.id] for e in walk(tree) if isinstance(e, m.Fact) and e.id in depth)
        depth[id_] = 1 + max(beneath, default=0)
    return [[id_ for id_, d in depth.items() if d == level] for level in sorted(set(depth.values()))]


def _outcome(render: Render, policy: CompiledPolicy, columns: Sequence[str]) -> list[Expr]:
    lib = render.lib
    wide = lib.Int16 if len(columns) <= 7 else lib.Int32 if len(columns) <= 15 else lib.Int64
    states = reduce(add, [lib.col(f"{c}s").cast(wide) * (1 << (2 * k)) for k, c in enumerate(columns)])
    truth = Render(lib, render.calendar, {m.Fact(str(k)): c for k, c in enumerate(columns)})(policy.tree)
    return [truth.cast(lib.Int8).fill_null(2).alias(policy.id), states.cast(wide).alias(f"{policy.id}__states")]


def _amount(render: Render, policy: CompiledPolicy) -> Expr:
    lib = render.lib
    amount = lib.lit(None) if policy.amount is None else render.where(lib.col(policy.id) == 1, render(policy.amount))
    return amount.cast(lib.Int64).alias(f"{policy.id}__amount")


def _missing(render: Render, policy: CompiledPolicy) -> Expr:
    lib = render.lib
    undetermined = lib.col(policy.id) == 2
    unpriced = (lib.col(policy.id) == 1) & lib.col(f"{policy.id}__amount").is_null()
    bits = [lib.lit(0).cast(lib.Int64)]
    for k, fact in enumerate(policy.missable):
        tests = []
        if fact in policy.outcome_blames:
            tests.append(undetermined & render(policy.outcome_blames[fact]))
        if fact in policy.amount_blames:
            tests.append(unpriced & render(policy.amount_blames[fact]))
        bits.append(reduce(or_, tests).fill_null(False).cast(lib.Int64) * (1 << k))
    return reduce(add, bits).alias(f"{policy.id}__missing")
