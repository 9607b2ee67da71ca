"""From rows to values: set-wise, exact, one pass over the rows wherever groups add up to the total."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

import polars as pl

from yunnao.kernel.numbers import FEN_PER_YUAN, SHARE_BASE, plain
from yunnao.kernel.text import Text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.indicators.definitions import ByFact, Indicator
from yunnao.platforms.indicators.rows import rows_behind
from yunnao.platforms.indicators.sources import Sources

PLACES = 4
"""Decimals to which shares and means are rounded, half up, where they are shown; money to the fen."""

_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One value: an indicator's total, or one key of its breakdown.

    Attributes:
        by, key: the breakdown and its key ("" and "" for the total); a key of None is "unknown".
        value: decimal text in `unit` (money in yuan), None if there is nothing to measure.
        numerator, denominator: the exact value in stored units (fen for money); of a share, its two counts.
        rows: how many rows were counted (of a share, in its denominator).
        unknown: how many rows are left out because what is asked of them is unknown.
        run, snapshot, made_from, definition: the run, its facts, the policy versions, the indicator as written.
        on_target: whether the target is met; None without target or value.
    """

    scenario: str
    indicator: str
    title: Text
    unit: str
    direction: str
    by: str
    key: str | None
    value: str | None
    numerator: int | None
    denominator: int | None
    rows: int
    unknown: int
    as_of: dt.date
    run: int
    snapshot: str
    made_from: tuple[str, ...]
    definition: str
    target: str | None = None
    on_target: bool | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What values are made from: the scenario, the run, its snapshot, and the version of every policy that decided."""

    scenario: str
    run: int
    snapshot: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Group:
    rows: int = 0
    unknown: int = 0
    top: int | None = None
    bottom: int | None = None


def measure(
    indicator: Indicator, sources: Sources, made: Made, calendar: WorkingCalendar | None = None
) -> list[Measured]:
    """The total of ``indicator``, then its breakdown in the order of the keys, the unknown key last."""
    groups: dict[str | None, _Group] = {}
    if indicator.by is not None:
        groups = _aggregate(indicator, rows_behind(indicator, sources, broken_down=True, calendar=calendar))
    if indicator.by is not None and _adds_up(indicator):
        total = _sum(indicator, list(groups.values()))
    else:
        total = _aggregate(indicator, rows_behind(indicator, sources, calendar=calendar)).get("", _empty(indicator))
    if indicator.by == "policy" and indicator.how in ("count", "sum"):
        groups = {**{policy: _empty(indicator) for policy in _expected(indicator, sources)}, **groups}
    ordered = sorted(groups.items(), key=lambda item: (item[0] is None, item[0] or ""))
    by = indicator.by.fact if isinstance(indicator.by, ByFact) else indicator.by or ""
    result = [_measured(indicator, "", "", total, sources.as_of, made)]
    return result + [_measured(indicator, by, key, group, sources.as_of, made) for key, group in ordered]


def _adds_up(indicator: Indicator) -> bool:
    """Whether every row has one key and the total follows from the groups."""
    distinct = indicator.count is not None and indicator.count.distinct is not None
    return indicator.how != "median" and indicator.by != "register" and not distinct


def _empty(indicator: Indicator) -> _Group:
    return _Group(top=0, bottom=1) if indicator.how in ("count", "sum") else _Group()


def _sum(indicator: Indicator, groups: list[_Group]) -> _Group:
    rows, unknown = sum(group.rows for group in groups), sum(group.unknown for group in groups)
    tops = [group.top for group in groups if group.top is not None]
    return _group(indicator, rows, unknown, sum(tops))


def _group(indicator: Indicator, rows: int, unknown: int, top: int) -> _Group:
    if indicator.how in ("count", "sum"):
        nothing_known = indicator.how == "sum" and rows == 0 and unknown > 0
        return _Group(rows, unknown) if nothing_known else _Group(rows, unknown, top, 1)
    return _Group(rows, unknown, top, rows) if rows else _Group(rows, unknown)


def _aggregate(indicator: Indicator, rows: pl.LazyFrame) -> dict[str | None, _Group]:
    counted, value = pl.col("counted"), pl.col("value").filter(pl.col("counted"))
    known = pl.col("counted").is_not_null().sum().cast(pl.Int64).alias("rows")
    unknown = pl.col("counted").is_null().sum().cast(pl.Int64).alias("unknown")
    if indicator.how in ("count", "share"):
        top = [counted.sum().cast(pl.Int64).alias("top")]
    elif indicator.how == "median":
        ordered = value.sort()
        middle = (ordered.len().cast(pl.Int64) - 1) // 2
        top = [
            ordered.get(middle, null_on_oob=True).alias("low"),
            ordered.get(ordered.len().cast(pl.Int64) // 2, null_on_oob=True).alias("high"),
        ]
    else:
        top = [value.cast(pl.Int128).sum().alias("top")]  # a population's money may pass 2**63 fen
    frame = rows.group_by("key").agg(known, unknown, *top).collect(engine="streaming")
    result: dict[str | None, _Group] = {}
    for row in frame.iter_rows(named=True):
        if indicator.how == "median":
            result[row["key"]] = _median(row)
        else:
            result[row["key"]] = _group(indicator, row["rows"], row["unknown"], int(row["top"]))
    return result


def _median(row: Mapping[str, int]) -> _Group:
    if not row["rows"]:
        return _Group(0, row["unknown"])
    middle = Fraction(row["low"] + row["high"], 2)
    return _Group(row["rows"], row["unknown"], middle.numerator, middle.denominator)


def _expected(indicator: Indicator, sources: Sources) -> list[str]:
    """Policies in force that the breakdown must name even where they have nothing to count."""
    source = indicator.rows_of.decisions or indicator.rows_of.cases
    policies = sources.policies().filter(pl.col("in_force"))
    if indicator.how == "sum":
        policies = policies.filter(pl.col("has_amount"))
    wanted = source.policy if source is not None else None
    names: list[str] = policies.select("policy").collect()["policy"].to_list()
    return [name for name in names if wanted is None or name in wanted]


def value_text(indicator: Indicator, top: int, bottom: int) -> str:
    """The exact value ``top / bottom`` (stored units) as decimal text in the indicator's unit.

    Shares and means are rounded half up to `PLACES` (money to the fen); counts, sums and medians are exact.
    """
    value = _in_unit(indicator, top, bottom)
    rounded = indicator.how in ("share", "mean")
    if indicator.unit == "CNY":
        return format(_decimal(value, 2 if rounded or 100 % value.denominator == 0 else 3), "f")
    return plain(_decimal(value, PLACES if rounded else 13))


def _in_unit(indicator: Indicator, top: int, bottom: int) -> Fraction:
    scale = {"CNY": FEN_PER_YUAN, "share": SHARE_BASE}.get(indicator.unit, 1) if indicator.quantity else 1
    return Fraction(top, bottom * scale)


def _decimal(value: Fraction, places: int) -> Decimal:
    scaled, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    scaled += 2 * rest >= value.denominator
    return Decimal(-scaled if value < 0 else scaled).scaleb(-places, _EXACT)


def _measured(indicator: Indicator, by: str, key: str | None, group: _Group, as_of: dt.date, made: Made) -> Measured:
    known = group.top is not None and group.bottom is not None
    text = value_text(indicator, group.top, group.bottom) if known else None  # type: ignore[arg-type]
    target = indicator.target
    bound = None
    if target is not None:
        bound = f"≥ {target.at_least}" if target.at_least is not None else f"≤ {target.at_most}"
    met = None
    if target is not None and known and not by:
        met = target.is_met_by(_in_unit(indicator, group.top, group.bottom))  # type: ignore[arg-type]
    return Measured(
        scenario=made.scenario,
        indicator=indicator.id,
        title=Text(indicator.title.zh, indicator.title.en),
        unit=indicator.unit,
        direction=indicator.direction,
        by=by,
        key=key,
        value=text,
        numerator=group.top,
        denominator=group.bottom,
        rows=group.rows,
        unknown=group.unknown,
        as_of=as_of,
        run=made.run,
        snapshot=made.snapshot,
        made_from=_versions(indicator, by, key, made.versions),
        definition=indicator.definition,
        target=f"{bound}（{target.by} 前）" if target is not None else None,
        on_target=met,
    )


def _versions(indicator: Indicator, by: str, key: str | None, versions: Mapping[str, str]) -> tuple[str, ...]:
    """The policy versions a value rests on; a value over facts alone rests on none."""
    source = indicator.rows_of
    if source.subjects is not None:
        return ()
    if by == "policy" and key is not None:
        return (versions[key],) if key in versions else ()
    filters = source.decisions or source.cases
    wanted = filters.policy if filters is not None and filters.policy is not None else sorted(versions)
    return tuple(versions[policy] for policy in wanted if policy in versions)
