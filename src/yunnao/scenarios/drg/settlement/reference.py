"""What a group is worth: its mean cost, base points, coefficients, and whether it is stable; exact rationals.

Sources: base points, 金华市按病组点数法计费简明示意 (2017) and DRG结合点数法付费关键技术指标释义 (2021): B = m / M x 100;
coefficients, the same: mean cost of the group in the hospital (or in its level) / mean cost of the group; the mix of both,
浙江省各地市DRG医保支付的差异系数比较研究.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.exact import CV, exact_text, half_up, in_points, root, rounded
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.terms import CoefficientPart, fraction
from yunnao.scenarios.drg.settlement.trimming import Trimmed, trim

Mean = tuple[int, Fraction]
"""How many stays were kept, and their total cost in fen."""

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


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Everything that stays are priced by.

    Attributes:
        overall: reference -> mean cost of all groups (M), in fen.
        groups: by reference and DRG.
        by_hospital, by_level: (reference, hospital or level, DRG) -> its own mean.
    """

    overall: Mapping[str, Fraction]
    groups: Mapping[tuple[str, str], Group]
    by_hospital: Mapping[tuple[str, str, str], Mean]
    by_level: Mapping[tuple[str, str, str], Mean]

    def coefficient(self, rules: Rules, reference: str, hospital: str, level: str | None, drg: str) -> Fraction:
        """k of a hospital and group; 1 where a part has too few stays of its own."""
        own = rules.coefficients
        group = self.groups[reference, drg]
        mixed = Fraction(1)
        if own.parts:
            parts = [self._part(rules, part, group, hospital, level) * fraction(part.weight) for part in own.parts]
            mixed = sum(parts, Fraction(0))
        if own.least is not None:
            mixed = max(mixed, fraction(own.least))
        if own.most is not None:
            mixed = min(mixed, fraction(own.most))
        if hospital in own.incentives:
            mixed *= fraction(own.incentives[hospital])
        return rounded(mixed, own.decimals)

    def _part(self, rules: Rules, part: CoefficientPart, group: Group, hospital: str, level: str | None) -> Fraction:
        if part.by_level is not None:
            given = {str(name): value for name, value in part.by_level.items()}
            return fraction(given[level]) if level in given else Fraction(1)
        means, whose = (self.by_hospital, hospital) if part.of == "hospital" else (self.by_level, level or "")
        count, total = means.get((group.reference, whose, group.drg), (0, Fraction(0)))
        if not group.mean or count < rules.coefficients.at_least_stays:
            return Fraction(1)
        return total / count / group.mean

    def frame(self) -> pl.DataFrame:
        """The groups as `GROUPS` says, sorted."""
        rows = [
            {
                "reference": group.reference,
                "drg": group.drg,
                "stays": group.stays,
                "kept": group.kept,
                "mean_cost": None if group.mean is None else half_up(group.mean),
                "base_points": in_points(group.base),
                "cv": None if group.cv_squared is None else root(group.cv_squared, CV),
                "stable": group.stable,
                "why": group.why,
                "low_bound": None if group.low is None else half_up(group.low),
                "high_bound": None if group.high is None else half_up(group.high),
                "mean_exact": None if group.mean is None else exact_text(group.mean),
                "base_exact": exact_text(group.base),
            }
            for _, group in sorted(self.groups.items())
        ]
        return pl.DataFrame(rows, schema=GROUPS)


def reference_of(basis: pl.DataFrame, rules: Rules) -> Reference:
    """Means, base points and coefficients of a basis.

    Args:
        basis: reference, drg, hospital_id, level, cost (fen, > 0) of grouped stays; the order does not matter.
        rules: of the year.

    Raises:
        YunnaoError: there are no stays to begin with.
    """
    if basis.is_empty():
        raise YunnaoError("没有可用来计算基准点数的病案；请先导入病案，或检查政策里 base_points 的 basis 和 years")
    names = basis.select("reference", "drg").unique().sort("reference", "drg").with_row_index("group")
    rows = basis.join(names, on=["reference", "drg"], how="left").with_columns(pl.col("group").cast(pl.Int64))
    trimmed = trim(rows, rules.trimming)
    sums = trimmed.sums("group").to_dicts()
    keys = dict(zip(names["group"].to_list(), names.select("reference", "drg").iter_rows(), strict=True))
    overall = _overall(basis, rules, trimmed, sums, keys)
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
