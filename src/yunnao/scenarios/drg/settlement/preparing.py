"""Stays as they are settled: hospitals, reviews and days joined, what officers decided put before the grouper, readmissions found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.published import NOTHING, Published
from yunnao.scenarios.drg.settlement.terms import ALL, Readmission
from yunnao.scenarios.drg.settlement.transfers import no_transfers

NO_DRG = "0000"
"""What the grouper calls the group of a stay that has none."""

_SHOWN = 5
_KINDS = ("special", "objection", "readmission")


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What a settlement reads.

    Attributes:
        stays: the register `inpatient_stays` as stored, all periods, with mdc, adrg, drg, outcome, reason of the grouper.
        hospitals, scores, reviews: the registers `hospitals`, `hospital_scores`, `stay_reviews` as stored; the latter two may be empty.
        published: the tables that the rules name.
        transfers: the register `fund_transfers` as stored.
    """

    stays: pl.DataFrame
    hospitals: pl.DataFrame
    scores: pl.DataFrame
    reviews: pl.DataFrame
    published: Published = NOTHING
    transfers: pl.DataFrame = field(default_factory=no_transfers)


def prepared(inputs: Inputs, rules: Rules) -> pl.DataFrame:
    """Every stay with what its price depends on, sorted by case_id.

    Adds: level, bed_day_tariff, ``pool`` as it is settled, ``reference`` (whose base points), days, removed_cost (fen, never null), special
    (a special-case review supported it), reviewed_as, review, and readmission, readmitted_as. The DRG is the decided one where a review
    changed it.

    Raises:
        YunnaoError: a hospital or a pool of some stay is not known; the message says which and what to load.
    """
    stays = _with_hospitals(inputs.stays, inputs.hospitals)
    stays = _with_reviews(_with_pools(stays, rules), inputs.reviews)
    span = (pl.col("discharged_on") - pl.col("admitted_on")).dt.total_days()
    stays = stays.with_columns(
        pl.coalesce("length_of_stay_days", pl.max_horizontal(span, pl.lit(1))).alias("days"),
        pl.col("payment_kind").fill_null("drg"),
    )
    return _with_readmissions(stays, rules.readmission).sort("case_id")


def in_period(stays: pl.DataFrame, period: str) -> pl.DataFrame:
    """Stays discharged in a year (``2023``) or a month (``2023-05``)."""
    return stays.filter(pl.col("discharged_on").dt.to_string("%Y-%m").str.starts_with(period))


def basis_of(stays: pl.DataFrame, rules: Rules, until: str) -> pl.DataFrame:
    """The stays that base points rest on: reference, drg, hospital_id, level, cost.

    Grouped stays paid by group with a cost, discharged in the year that is settled (up to the month ``until``), or in the years before it.
    """
    if rules.base_points.basis == "year":
        month = pl.col("discharged_on").dt.to_string("%Y-%m")
        chosen = stays.filter(month.str.starts_with(str(rules.year)) & (month.str.slice(0, len(until)) <= until))
    else:
        year = pl.col("discharged_on").dt.year()
        chosen = stays.filter(year.is_between(rules.year - rules.base_points.years, rules.year - 1))
    counts = _grouped() & (pl.col("payment_kind") == "drg") & (pl.col("total_cost") > 0)
    return chosen.filter(counts & pl.col("reference").is_not_null()).select(
        "reference", "drg", "hospital_id", "level", pl.col("total_cost").alias("cost")
    )


def _grouped() -> pl.Expr:
    return (pl.col("outcome") == "grouped") & (pl.col("drg") != NO_DRG)


def _with_hospitals(stays: pl.DataFrame, hospitals: pl.DataFrame) -> pl.DataFrame:
    known = hospitals.select("hospital_id", "level", "bed_day_tariff")
    strange = stays.join(known, on="hospital_id", how="anti")
    if len(strange):
        names = strange["hospital_id"].fill_null("（空）").unique().sort().to_list()
        more = "等" if len(names) > _SHOWN else ""
        raise YunnaoError(
            f"{len(strange):,} 份病案的医疗机构不在名册 hospitals 里：{'、'.join(names[:_SHOWN])}{more}；"
            "请先导入这些机构，或更正病案的医疗机构编号"
        )
    return stays.join(known, on="hospital_id", how="left")


def _with_pools(stays: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    if rules.together:
        return stays.with_columns(pl.lit(ALL).alias("pool"), pl.lit(ALL).alias("reference"))
    # only stays of the settled year have to have a pool: earlier ones are merely a basis
    unclear = in_period(stays, str(rules.year)).filter(~pl.col("pool").is_in(rules.pools).fill_null(value=False))
    if len(unclear):
        names = "、".join(unclear["case_id"].head(_SHOWN).to_list())
        raise YunnaoError(
            f"{len(unclear):,} 份病案没有写险种，或政策里没有它的预算（{names}{'等' if len(unclear) > _SHOWN else ''}）；"
            "请补全病案的险种，或在政策的 budgets 里写上，或写成 all 不分险种"
        )
    reference = pl.col("pool") if rules.base_points.by_pool else pl.lit(ALL)
    return stays.with_columns(reference.alias("reference"))


def _with_reviews(stays: pl.DataFrame, reviews: pl.DataFrame) -> pl.DataFrame:
    """Left join of what officers decided, a row for each stay; of several kinds the latest decided goes first."""
    supported = pl.col("supported").fill_null(value=False)
    ordered = reviews.sort("decided_on", "kind", descending=True, nulls_last=True)
    by_stay = ordered.group_by("case_id", maintain_order=True).agg(
        *((supported & (pl.col("kind") == kind)).any().alias(f"_{kind}") for kind in _KINDS),
        pl.col("kind").sort().str.join("|").alias("reviewed_as"),
        pl.col("review").drop_nulls().first().alias("review"),
        pl.col("unreasonable_cost").drop_nulls().first().alias("_unreasonable"),
        pl.col("decided_drg").filter(supported).drop_nulls().first().alias("_decided"),
    )
    joined = stays.join(by_stay, on="case_id", how="left")
    decided = pl.col("_decided").is_not_null()
    has_group = pl.col("_decided") != NO_DRG
    return joined.with_columns(
        pl.when(decided).then(pl.col("_decided")).otherwise("drg").alias("drg"),
        pl.when(decided & has_group).then(pl.col("_decided").str.slice(0, 3)).otherwise("adrg").alias("adrg"),
        pl.when(decided)
        .then(pl.when(has_group).then(pl.lit("grouped")).otherwise(pl.lit("ungroupable")))
        .otherwise("outcome")
        .alias("outcome"),
        pl.when(decided)
        .then(pl.format("经评议改为 {}，办件 {}", pl.col("_decided"), pl.col("review").fill_null("（无号）")))
        .otherwise("reason")
        .alias("reason"),
        pl.col("_special").fill_null(value=False).alias("special"),
        pl.col("_readmission").fill_null(value=False).alias("_justified"),
        pl.col("reviewed_as").fill_null(""),
        pl.coalesce("_unreasonable", "unreasonable_cost", pl.lit(0)).alias("removed_cost"),
    ).drop("_special", "_objection", "_readmission", "_unreasonable", "_decided")


def _with_readmissions(stays: pl.DataFrame, rule: Readmission | None) -> pl.DataFrame:
    """Mark the earlier of two stays of one person in one group that are too near, unless the later one was justified."""
    no_other = pl.lit(None, pl.String).alias("readmitted_as")
    if rule is None:
        return stays.with_columns(pl.lit(value=False).alias("readmission"), no_other).drop("_justified")
    counts = _grouped() & (pl.col("payment_kind") == "drg") & pl.col("person_id").is_not_null()
    counts &= pl.col("admitted_on").is_not_null() & ~pl.col("adrg").is_in(rule.exempt_adrgs)
    same = ["person_id", rule.same, *(["hospital_id"] if rule.same_hospital else [])]
    ordered = stays.filter(counts).sort(*same, "admitted_on", "discharged_on", "case_id")
    following = ordered.select(
        "case_id",
        (pl.col("admitted_on").shift(-1).over(same) - pl.col("discharged_on")).dt.total_days().alias("_gap"),
        pl.col("case_id").shift(-1).over(same).alias("readmitted_as"),
        pl.col("_justified").shift(-1).over(same).alias("_reason"),
    ).filter(pl.col("_gap").is_between(0, rule.days) & ~pl.col("_reason"))
    joined = stays.join(following.select("case_id", "readmitted_as"), on="case_id", how="left")
    return joined.with_columns(pl.col("readmitted_as").is_not_null().alias("readmission")).drop("_justified")


def levels_of(hospitals: pl.DataFrame) -> Mapping[str, str | None]:
    """Hospital -> level."""
    return dict(hospitals.select("hospital_id", "level").iter_rows())
