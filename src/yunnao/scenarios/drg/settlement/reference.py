"""What a group is worth: its mean cost, base points, coefficients, and whether it is stable; exact rationals.

Sources: base points, 金华市按病组点数法计费简明示意 (2017) and DRG结合点数法付费关键技术指标释义 (2021): B = m / M x 100;
coefficients, the same: mean cost of the group in the hospital (or in its level) / mean cost of the group; the mix of both,
浙江省各地市DRG医保支付的差异系数比较研究.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import fen_from_yuan
from yunnao.scenarios.drg.settlement.exact import CV, exact_text, half_up, in_points, root, rounded
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.published import NOTHING, Published, PublishedGroup
from yunnao.scenarios.drg.settlement.terms import CoefficientPart, PublishedPoints, fraction
from yunnao.scenarios.drg.settlement.trimming import Trimmed, trim

Mean = tuple[int, Fraction]
"""How many stays were kept, and their total cost in fen."""

STAYS, TABLE, POINTS, NONE = "stays", "table", "points", "none"
"""Where base points or a mean come from: stays, the published table, the mean from the points (by definition), nowhere."""

GROUPS = {
    "reference": pl.String,
    "drg": pl.String,
    "stays": pl.Int64,
    "kept": pl.Int64,
    "mean_cost": pl.Int64,
    "base_points": pl.Int64,
    "cv": pl.Int64,
    "stable": pl.Boolean,
    "why": pl.String,
    "low_bound": pl.Int64,
    "high_bound": pl.Int64,
    "mean_exact": pl.String,
    "base_exact": pl.String,
    "points_from": pl.String,
    "mean_from": pl.String,
}
"""Columns of the frame of groups; docs are in the scenario's README."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group of the basis.

    Attributes:
        reference: whose base points: a pool, or ``all``.
        stays, kept: before and after trimming.
        mean: of the costs that count, in fen; None if trimming left none.
        base: base points; 0 without a mean.
        cv_squared: squared coefficient of variation of what was kept; None where it is not defined.
        why: why it is not stable, in Chinese; "" if it is.
        low, high: bounds of trimming.
        points_from: `STAYS`, `TABLE`, or `NONE`: the published table leaves it out, and the policy gives it no points.
        mean_from: `STAYS`, `TABLE` or `POINTS`.
    """

    reference: str
    drg: str
    stays: int
    kept: int
    mean: Fraction | None
    base: Fraction
    cv_squared: Fraction | None
    stable: bool
    why: str
    low: Fraction | None = None
    high: Fraction | None = None
    points_from: str = STAYS
    mean_from: str = STAYS


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Everything that stays are priced by.

    Attributes:
        overall: reference -> mean cost of all groups (M), in fen.
        groups: by reference and DRG.
        by_hospital, by_level: (reference, hospital or level, DRG) -> its own mean.
        published: coefficients that are published.
    """

    overall: Mapping[str, Fraction]
    groups: Mapping[tuple[str, str], Group]
    by_hospital: Mapping[tuple[str, str, str], Mean]
    by_level: Mapping[tuple[str, str, str], Mean]
    published: Published = field(default=NOTHING)

    def coefficient(self, rules: Rules, reference: str, hospital: str, level: str | None, drg: str) -> Fraction:
        """k of a hospital and group; 1 where a part has too few stays of its own."""
        own = rules.coefficients
        group = self.groups[reference, drg]
        mixed = Fraction(1)
        if own.parts:
            parts = [(self._part(rules, part, group, hospital, level), fraction(part.weight)) for part in own.parts]
            mixed = parts[0][0] if len(parts) == 1 else sum((each * weight for each, weight in parts), Fraction(0))
        if own.least is not None:
            mixed = max(mixed, fraction(own.least))
        if own.most is not None:
            mixed = min(mixed, fraction(own.most))
        if hospital in own.incentives:
            mixed *= fraction(own.incentives[hospital])
        return rounded(mixed, own.decimals)

    def _part(self, rules: Rules, part: CoefficientPart, group: Group, hospital: str, level: str | None) -> Fraction:
        if part.by_level is not None:
            return next((fraction(value) for name, value in part.by_level.items() if name == level), Fraction(1))
        if part.of == "published":
            return self.published.coefficient(hospital, level, group.drg)
        means, whose = (self.by_hospital, hospital) if part.of == "hospital" else (self.by_level, level or "")
        count, total = means.get((group.reference, whose, group.drg), (0, Fraction(0)))
        if not group.mean or count < rules.coefficients.at_least_stays:
            return Fraction(1)
        mean = group.mean  # one fraction instead of two divisions: there are tens of thousands of pairs
        return Fraction(total.numerator * mean.denominator, total.denominator * count * mean.numerator)

    def frame(self) -> pl.DataFrame:
        """The groups as `GROUPS` says, sorted."""
        rows = [
            {
                "reference": group.reference,
                "drg": group.drg,
                "stays": group.stays,
                "kept": group.kept,
                "mean_cost": None if group.mean is None else half_up(group.mean),
                "base_points": None if group.points_from == NONE else in_points(group.base),
                "cv": None if group.cv_squared is None else root(group.cv_squared, CV),
                "stable": group.stable,
                "why": group.why,
                "low_bound": None if group.low is None else half_up(group.low),
                "high_bound": None if group.high is None else half_up(group.high),
                "mean_exact": None if group.mean is None else exact_text(group.mean),
                "base_exact": exact_text(group.base),
                "points_from": group.points_from,
                "mean_from": group.mean_from,
            }
            for _, group in sorted(self.groups.items())
        ]
        return pl.DataFrame(rows, schema=GROUPS)


def reference_of(
    basis: pl.DataFrame, rules: Rules, published: Published = NOTHING, names: Collection[str] = ()
) -> Reference:
    """Means, base points and coefficients of a basis; those of the published table go before.

    Args:
        basis: reference, drg, hospital_id, level, cost (fen, > 0) of grouped stays; the order does not matter. It may be empty where a
            table is published together with the mean of all groups.
        rules: of the year.
        published: the tables that the rules name.
        names: the references of the stays that are priced.

    Raises:
        YunnaoError: there are no stays to begin with.
    """
    table = rules.base_points.table
    fixed = None if table is None or table.overall_mean is None else Fraction(fen_from_yuan(table.overall_mean))
    if basis.is_empty() and fixed is None:
        raise YunnaoError("没有可用来计算基准点数的病案；请先导入病案，或检查政策里 base_points 的 basis 和 years")
    derived = _derived(basis, rules, fixed) if len(basis) else _EMPTY
    overall = {**derived.overall, **({} if fixed is None else dict.fromkeys(names, fixed))}
    groups = derived.groups if table is None else _with_table(derived, overall, table, published, rules)
    return replace(derived, overall=overall, groups=groups, published=published)


_EMPTY = Reference(overall={}, groups={}, by_hospital={}, by_level={})


def _derived(basis: pl.DataFrame, rules: Rules, fixed: Fraction | None) -> Reference:
    """From stays alone; ``fixed`` is the published mean of all groups."""
    keyed = basis.select("reference", "drg").unique().sort("reference", "drg").with_row_index("group")
    rows = basis.join(keyed, on=["reference", "drg"], how="left").with_columns(pl.col("group").cast(pl.Int64))
    trimmed = trim(rows, rules.trimming)
    sums = trimmed.sums("group").to_dicts()
    keys = dict(zip(keyed["group"].to_list(), keyed.select("reference", "drg").iter_rows(), strict=True))
    overall = _overall(basis, rules, trimmed, sums, keys)
    if fixed is not None:
        overall = dict.fromkeys(overall, fixed)
    groups = {}
    for row in sums:
        name, drg = keys[row["group"]]
        groups[name, drg] = _group(name, drg, row, trimmed, overall[name], rules)
    return Reference(
        overall=overall,
        groups=groups,
        by_hospital=_means(trimmed, keys, "hospital_id"),
        by_level=_means(trimmed, keys, "level"),
    )


def _with_table(
    derived: Reference, overall: Mapping[str, Fraction], table: PublishedPoints, published: Published, rules: Rules
) -> dict[tuple[str, str], Group]:
    """The groups of every reference: those of the table as published, the others as the policy says."""
    found: dict[tuple[str, str], Group] = {}
    for key, group in derived.groups.items():
        if key[1] not in published.groups and table.others == "none":
            found[key] = replace(group, base=Fraction(0), stable=False, why="公布的基准点数表里没有", points_from=NONE)
        else:
            found[key] = group
    for name, mean in overall.items():
        for drg, row in published.groups.items():
            found[name, drg] = _published_group(name, row, derived.groups.get((name, drg)), mean / rules.scale)
    return found


def _published_group(name: str, row: PublishedGroup, derived: Group | None, cost_of_point: Fraction) -> Group:
    """A group of the table; counts, variation and bounds stay those of the stays, where there are any."""
    known = derived or Group(
        reference=name, drg=row.drg, stays=0, kept=0, mean=None, base=row.base, cv_squared=None, stable=True, why=""
    )
    return replace(
        known,
        base=row.base,
        mean=row.base * cost_of_point if row.mean is None else row.mean,
        stable=row.stable,
        why="" if row.stable else "公布的表里写明不稳定",
        points_from=TABLE,
        mean_from=POINTS if row.mean is None else TABLE,
    )


def _overall(
    basis: pl.DataFrame,
    rules: Rules,
    trimmed: Trimmed,
    sums: Sequence[Mapping[str, int]],
    keys: Mapping[int, tuple[str, str]],
) -> dict[str, Fraction]:
    if rules.base_points.overall_mean == "all":
        found = basis.group_by("reference").agg(pl.len(), pl.col("cost").cast(pl.Int128).sum())
        return {name: Fraction(int(total), size) for name, size, total in found.iter_rows()}
    totals: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    for row in sums:
        name = keys[row["group"]][0]
        totals[name] = totals.get(name, Fraction(0)) + trimmed.total(row)[0]
        counts[name] = counts.get(name, 0) + row["kept"]
    if not all(counts.values()):
        raise YunnaoError("裁剪之后没有留下任何病案，算不出例均费用；请放宽政策里的 trimming")
    return {name: totals[name] / counts[name] for name in totals}


def _means(trimmed: Trimmed, keys: Mapping[int, tuple[str, str]], whose: str) -> dict[tuple[str, str, str], Mean]:
    found = {}
    for row in trimmed.sums("group", whose).to_dicts():
        if row["kept"] and row[whose] is not None:
            name, drg = keys[row["group"]]
            found[name, row[whose], drg] = (row["kept"], trimmed.total(row)[0])
    return found


def _group(name: str, drg: str, row: Mapping[str, int], trimmed: Trimmed, overall: Fraction, rules: Rules) -> Group:
    total, squares = trimmed.total(row)
    kept, rule = row["kept"], rules.stability
    low, high = trimmed.bounds.get(row["group"], (None, None))
    mean = total / kept if kept else None
    variation = _variation(kept, total, squares, sample=rule.deviation == "sample")
    counted = row["stays"] if rule.counts == "all" else kept
    reasons = []
    if mean is None:
        reasons.append("裁剪后没有留下病案")
    if counted < rule.at_least:
        reasons.append(f"{counted} 例，少于 {rule.at_least} 例")
    if variation is None:
        reasons.append("算不出变异系数")
    elif variation > fraction(rule.cv_at_most) ** 2:
        reasons.append(f"变异系数大于 {rule.cv_at_most}")
    base = Fraction(0) if mean is None else rounded(mean / overall * rules.scale, rules.base_points.decimals)
    return Group(
        reference=name,
        drg=drg,
        stays=row["stays"],
        kept=kept,
        mean=mean,
        base=base,
        cv_squared=variation,
        stable=not reasons,
        why="，".join(reasons),
        low=low,
        high=high,
    )


def _variation(kept: int, total: Fraction, squares: Fraction, *, sample: bool) -> Fraction | None:
    """Squared coefficient of variation: variance / mean^2; of a sample of one it is not defined."""
    if not total or kept < (2 if sample else 1):
        return None
    population = kept * squares / total**2 - 1
    return population * kept / (kept - 1) if sample else population
