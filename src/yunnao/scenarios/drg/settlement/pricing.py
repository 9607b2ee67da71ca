"""Points of every stay, set-wise and exact: which class it is in, the linear form of its class, one rounding.

Sources of the formulas (all but what the policy marks as 待核): 金华市按病组点数法计费简明示意 (2017) and the questions and answers on
浙江省基本医疗保险住院费用DRGs点数付费暂行办法 (2019): normal P = B x k; incomplete P = B (x k) x c / m, at most B; bed-days by tariff;
readmission within so many days. High multiples P = B x k + B x a and stays by cost P = (c - u) / M x scale: customary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import polars as pl

from yunnao.kernel.text import Text
from yunnao.scenarios.drg.settlement.exact import POINT, Linear, evaluated, half_up
from yunnao.scenarios.drg.settlement.pairs import CAPPED, IN_GROUP, KEY, Pairs, pairs_of
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import NO_DRG
from yunnao.scenarios.drg.settlement.reference import NONE, Reference
from yunnao.scenarios.drg.settlement.terms import ByCost, fraction

CLASS_TITLES: Mapping[str, Text] = {
    "normal": Text("正常", "normal"),
    "high": Text("高倍率", "high multiple"),
    "low": Text("低倍率", "low multiple"),
    "very_low": Text("极低费用", "very low cost"),
    "bed_day": Text("床日", "bed-days"),
    "unstable": Text("不稳定病组", "unstable group"),
    "ungrouped": Text("未入组", "no group"),
    "ambiguous": Text("歧义病案", "ambiguous"),
    "outside": Text("不按病组付费", "outside of DRG"),
    "reviewed": Text("特病单议", "special-case review"),
    "excluded": Text("不计点", "excluded"),
}
"""Class of a stay -> what people call it."""

CLASSES: Mapping[str, str] = {name: title.zh for name, title in CLASS_TITLES.items()}
"""In Chinese."""

BY_COST = ("unstable", "ungrouped", "ambiguous", "outside", "reviewed")
"""Classes that are priced by their cost over the mean of all."""

_SHOWN_TERMS = ("base_points", "coefficient", "coefficient_exact")
_NOTHING = 0  # index of the form that is always zero


@dataclass
class _Forms:
    """The forms that stays point to, by index; the first is nothing."""

    all: list[Linear] = field(default_factory=lambda: [Linear()])

    def add(self, form: Linear) -> int:
        """Its index."""
        self.all.append(form)
        return len(self.all) - 1


def priced(stays: pl.DataFrame, reference: Reference, rules: Rules) -> pl.DataFrame:
    """Stays of `preparing.prepared` with class, why, base_points, coefficient, multiple, points (1/10000), and coefficient_exact.

    Args:
        stays: of the period, in any order; the order is kept.
        reference: what they are priced by.
        rules: of the year.
    """
    forms = _Forms()
    pairs = pairs_of(stays, reference, rules)
    joined = (
        stays.join(_group_columns(reference), on=["reference", "drg"], how="left", maintain_order="left")
        .join(pairs.frame, on=KEY, how="left", maintain_order="left")
        .pipe(_with_class, rules)
        .pipe(_with_form, reference, rules, pairs, forms)
    )
    factor = Fraction(1) if rules.readmission is None else fraction(rules.readmission.factor)
    reduces = pl.col("readmission") & pl.col("class").is_in([*IN_GROUP, "reviewed"])
    joined = joined.with_columns(
        reduces.alias("readmission"), pl.when(reduces).then("readmitted_as").alias("readmitted_as")
    )
    points = evaluated(
        forms.all,
        joined["_form"].cast(pl.Int64).to_numpy(),
        joined["_x"].cast(pl.Int64).to_numpy(),
        factor,
        joined["readmission"].to_numpy(),
    )
    return joined.with_columns(pl.Series("points", points, dtype=pl.Int64), _multiples(joined, reference)).drop(
        pl.selectors.starts_with("_")
    )


def _group_columns(reference: Reference) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                group.reference,
                group.drg,
                group.stable,
                group.why,
                None if group.points_from == NONE else half_up(group.base * POINT),
                group.mean is not None,
            )
            for group in reference.groups.values()
        ],
        schema={
            "reference": pl.String,
            "drg": pl.String,
            "_stable": pl.Boolean,
            "_why": pl.String,
            "base_points": pl.Int64,
            "_mean": pl.Boolean,
        },
        orient="row",
    )


def _with_class(stays: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """class and why, by the first that applies."""
    cost, days = pl.col("total_cost"), pl.col("days")
    bed_day = pl.col("payment_kind") == "bed_day"
    outside = pl.lit(value=False)
    if rules.outside is not None:
        if rules.outside.days_at_most is not None:
            outside = outside | (days <= rules.outside.days_at_most)
        if rules.outside.days_at_least is not None:
            outside = outside | (days >= rules.outside.days_at_least)
    excluded = (
        pl.when(pl.col("outcome") == "invalid")
        .then(pl.format("病案无效：{}", pl.col("reason").fill_null("")))
        .when(bed_day & pl.lit(rules.bed_days.rule == "none"))
        .then(pl.lit("本区不按床日计点"))
        .when(bed_day & pl.col("bed_day_tariff").is_null())
        .then(pl.lit("医疗机构没有床日标准"))
        .when(bed_day & days.is_null())
        .then(pl.lit("住院天数未知"))
        .when(~bed_day & cost.is_null())
        .then(pl.lit("总费用未知"))
        .when(~bed_day & (cost <= 0))
        .then(pl.lit("总费用为零"))
    )
    ungrouped = (pl.col("outcome") == "ungroupable") | ((pl.col("outcome") == "grouped") & (pl.col("drg") == NO_DRG))
    in_group = (
        pl.when(cost > pl.col("_high_over"))
        .then(pl.lit("high"))
        .when(pl.col("special"))
        .then(pl.lit("reviewed"))
        .when(cost < pl.col("_very_low_under"))
        .then(pl.lit("very_low"))
        .when(cost < pl.col("_low_under"))
        .then(pl.lit("low"))
        .otherwise(pl.lit("normal"))
    )
    found = (
        pl.when(excluded.is_not_null())
        .then(pl.lit("excluded"))
        .when(bed_day)
        .then(pl.lit("bed_day"))
        .when(outside.fill_null(value=False))
        .then(pl.lit("outside"))
        .when(ungrouped)
        .then(pl.lit("ungrouped"))
        .when(pl.col("outcome") == "ambiguous")
        .then(pl.lit("ambiguous"))
        .when(pl.col("_pair").is_null())
        .then(pl.lit("unstable"))
        .otherwise(in_group)
    )
    classed = stays.with_columns(found.alias("class"), excluded.alias("_excluded"))
    why = (
        pl.when(pl.col("class") == "excluded")
        .then("_excluded")
        .when(pl.col("class") == "unstable")
        .then(pl.coalesce("_why", pl.lit("基期没有这个病组的病案")))
        .when(pl.col("class").is_in(["ungrouped", "ambiguous"]))
        .then(pl.col("reason").fill_null(""))
        .otherwise(pl.lit(""))
    )
    unpriced = ~pl.col("class").is_in([*IN_GROUP, "unstable", "reviewed"])
    return classed.with_columns(why.alias("why"), *(pl.when(~unpriced).then(name).alias(name) for name in _SHOWN_TERMS))


def _with_form(stays: pl.DataFrame, reference: Reference, rules: Rules, pairs: Pairs, forms: _Forms) -> pl.DataFrame:
    """_form and _x of every row."""
    reasonable = (pl.col("total_cost") - pl.col("removed_cost")).clip(lower_bound=0)
    add_on = reasonable > pl.col("_high_over")
    if rules.high is not None and rules.high.needs_review:
        add_on &= pl.col("special")
    is_ = pl.col("class")
    priced_as = (
        pl.when((is_ == "high") & ~add_on)
        .then(pl.lit("normal"))
        .when((is_ == "low") & (pl.col("total_cost") > pl.col("_cap_over")))
        .then(pl.lit(CAPPED))
        .when(is_.is_in(IN_GROUP))
        .then(is_)
    )
    stays = stays.with_columns(priced_as.alias("_priced_as"))
    wanted = stays.select("_pair", "_priced_as").drop_nulls().unique().sort("_pair", "_priced_as")
    places = [forms.add(form) for form in pairs.forms(wanted, rules)]
    by_group = wanted.with_columns(pl.Series("_group_form", places, dtype=pl.Int64))
    joined = (
        stays.join(by_group, on=["_pair", "_priced_as"], how="left", maintain_order="left")
        .join(
            _by_cost(reference, rules, forms), on=["reference", "class", "special"], how="left", maintain_order="left"
        )
        .join(
            _by_tariff(stays, reference, rules, forms),
            on=["reference", "hospital_id", "class"],
            how="left",
            maintain_order="left",
        )
    )
    form = pl.coalesce("_group_form", "_cost_form", "_tariff_form", pl.lit(_NOTHING))
    x = (
        pl.when(is_ == "bed_day")
        .then("days")
        .when(is_ == "low")
        .then("total_cost")
        .when(is_ == "excluded")
        .then(0)
        .otherwise(reasonable)
    )
    return joined.with_columns(form.alias("_form"), x.fill_null(0).alias("_x"))


def cost_form(reference: Reference, rules: Rules, name: str, rule: ByCost, *, special: bool) -> Linear:
    """Of the reasonable cost: P = share x cost / mean of all x scale, or nothing."""
    if rule.rule == "none" or (rule.needs_review and not special):
        return Linear()
    return Linear(slope=fraction(rule.share) * rules.scale / reference.overall[name])


def rule_of(rules: Rules, class_: str) -> ByCost | None:
    """The rule of a class that is priced by cost."""
    found: ByCost | None = getattr(rules, class_)
    return found


def _by_cost(reference: Reference, rules: Rules, forms: _Forms) -> pl.DataFrame:
    rows = [
        (name, class_, special, forms.add(cost_form(reference, rules, name, rule, special=special)))
        for name in sorted(reference.overall)
        for class_ in BY_COST
        for special in (False, True)
        if (rule := rule_of(rules, class_)) is not None
    ]
    schema = {"reference": pl.String, "class": pl.String, "special": pl.Boolean, "_cost_form": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def tariff_form(reference: Reference, rules: Rules, name: str, tariff: int) -> Linear:
    """Of the days: P = days x tariff / mean of all x scale."""
    return Linear(slope=tariff * rules.scale / reference.overall[name])


def _by_tariff(stays: pl.DataFrame, reference: Reference, rules: Rules, forms: _Forms) -> pl.DataFrame:
    wanted = (
        stays.filter(pl.col("class") == "bed_day")
        .select("reference", "hospital_id", "class", "bed_day_tariff")
        .unique()
        .sort("reference", "hospital_id")
    )
    rows = [
        (name, hospital, class_, forms.add(tariff_form(reference, rules, name, tariff)))
        for name, hospital, class_, tariff in wanted.iter_rows()
    ]
    schema = {"reference": pl.String, "hospital_id": pl.String, "class": pl.String, "_tariff_form": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _multiples(stays: pl.DataFrame, reference: Reference) -> pl.Series:
    """Cost over the group's mean in 1/10000, where a priced stay has such a mean."""
    places = {key: place for place, key in enumerate(reference.groups)}
    forms = [Linear(slope=1 / group.mean) if group.mean else Linear() for group in reference.groups.values()]
    index = pl.DataFrame(
        [(*key, place) for key, place in places.items()],
        schema={"reference": pl.String, "drg": pl.String, "_place": pl.Int64},
        orient="row",
    )
    rows = stays.join(index, on=["reference", "drg"], how="left", maintain_order="left")
    has = (rows["_mean"].fill_null(value=False) & rows["base_points"].is_not_null()).to_numpy()
    values = evaluated(forms, rows["_place"].fill_null(0).to_numpy(), rows["total_cost"].fill_null(0).to_numpy())
    return pl.Series("multiple", np.where(has, values, 0), dtype=pl.Int64).set(pl.Series(~has), None)
