"""What changed between two runs of a period, and why: stays that came, went or were corrected; the rest priced anew; the point value."""

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.exact import POINT, half_up
from yunnao.scenarios.drg.settlement.runs import Run

_FEN = 100
_KEY = ["hospital_id", "pool"]
WHAT = {"added": "新增", "removed": "移除", "changed": "更正", "repriced": "因基准变动重算", "same": "不变"}
"""What became of a stay -> what people call it."""

RECORD = (
    "hospital_id",
    "pool",
    "person_id",
    "sex",
    "age_years",
    "age_days",
    "birth_weight_g",
    "department",
    "admitted_on",
    "discharged_on",
    "length_of_stay_days",
    "discharge_type",
    "icu_hours",
    "diagnoses",
    "procedures",
    "total_cost",
    "fund_claimed",
    "own_share",
    "payment_kind",
    "drg",
    "outcome",
    "removed_cost",
    "special",
    "readmission",
)
"""A stay is *changed* if one of these differs, else *repriced* if its points do: the groups around it moved."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The later run against the earlier one; money in fen, points in 1/10000.

    Attributes:
        hospitals: hospital_id, name, pool, stays before and after, how many were added, removed, changed, repriced (_stays) and the points
            that this brought (_points), points, payable and final before and after, change (of payable), and its parts: by_points at the
            earlier point value, by_own_share (all-in), by_point_value (the rest).
        stays: those that differ: case_id, hospital_id, pool, what, fields (that differ, ``|`` between), and drg, class, points and payment
            before and after.
        pools: pool, budget, points and point value before and after.
    """

    earlier: Run
    later: Run
    hospitals: pl.DataFrame
    stays: pl.DataFrame
    pools: pl.DataFrame


def difference(earlier: Run, later: Run) -> Difference:
    """Compare two runs of one period.

    Raises:
        YunnaoError: they are of different periods, or a file of one is damaged.
    """
    one, other = earlier.manifest, later.manifest
    if (one.kind, one.period) != (other.kind, other.period):
        raise YunnaoError(f"{one.title}和{other.title}不是同一时期，不能比较；请选同一月或同一年的两次")
    stays = _stays(earlier, later)
    return Difference(
        earlier=earlier,
        later=later,
        hospitals=_hospitals(earlier, later, stays),
        stays=stays.filter(pl.col("what") != "same").sort("case_id"),
        pools=_pools(earlier, later),
    )


def _stays(earlier: Run, later: Run) -> pl.DataFrame:
    """Every stay of either run, a row each; a stay that moved to another hospital or pool is removed there and added here."""
    shown = ("drg", "class", "points", "payment")
    before, after = (
        run.stays.select("case_id", *RECORD, "class", "points", "payment").collect() for run in (earlier, later)
    )
    joined = before.join(after, on=["case_id", *_KEY], how="full", coalesce=True, suffix="_after", nulls_equal=True)
    compared = [name for name in RECORD if name not in _KEY]
    differs = {name: pl.col(name).ne_missing(pl.col(f"{name}_after")) for name in compared}
    fields = pl.concat_str(
        [pl.when(different).then(pl.lit(name)) for name, different in differs.items()], separator="|", ignore_nulls=True
    )
    what = (
        pl.when(pl.col("points").is_null())
        .then(pl.lit("added"))
        .when(pl.col("points_after").is_null())
        .then(pl.lit("removed"))
        .when(pl.any_horizontal(*differs.values()))
        .then(pl.lit("changed"))
        .when((pl.col("points") != pl.col("points_after")) | (pl.col("class") != pl.col("class_after")))
        .then(pl.lit("repriced"))
        .otherwise(pl.lit("same"))
    )
    return joined.select(
        "case_id",
        *_KEY,
        what.alias("what"),
        fields.alias("fields"),
        *(column for name in shown for column in (pl.col(name).alias(f"{name}_before"), pl.col(f"{name}_after"))),
    ).with_columns(pl.when(pl.col("what") == "changed").then("fields").otherwise(pl.lit("")).alias("fields"))


def _hospitals(earlier: Run, later: Run, stays: pl.DataFrame) -> pl.DataFrame:
    gain = pl.col("points_after").fill_null(0) - pl.col("points_before").fill_null(0)
    kinds = [name for name in WHAT if name != "same"]
    counts = stays.group_by(_KEY).agg(
        *((pl.col("what") == kind).sum().cast(pl.Int64).alias(f"{kind}_stays") for kind in kinds),
        *(gain.filter(pl.col("what") == kind).sum().alias(f"{kind}_points") for kind in kinds),
    )
    columns = ["name", "stays", "points", "payable", "own_share", "final"]
    before, after = (run.hospitals.select(*_KEY, *columns).collect() for run in (earlier, later))
    joined = (
        before.join(after, on=_KEY, how="full", coalesce=True, suffix="_after")
        .join(counts, on=_KEY, how="left")
        .with_columns(pl.coalesce("name_after", "name").alias("name"), pl.selectors.integer().fill_null(0))
        .sort(_KEY)
    )
    values = {
        pool: Fraction(each.exact) if each.exact else Fraction(0) for pool, each in earlier.manifest.pools.items()
    }
    by_points = [
        half_up(values.get(pool, Fraction(0)) * _FEN * (points_after - points) / POINT)
        for pool, points, points_after in joined.select("pool", "points", "points_after").iter_rows()
    ]
    if earlier.manifest.kind == "month" and earlier.rules.prepayment.mode == "claimed":
        by_points = [0] * len(by_points)  # what was claimed was prepaid, not points
    all_in = later.rules.point_value == "all_in" and later.manifest.kind == "year"
    own = (pl.col("own_share") - pl.col("own_share_after")) if all_in else pl.lit(0, pl.Int64)
    change = pl.col("payable_after") - pl.col("payable")
    return joined.with_columns(pl.Series("by_points", by_points, dtype=pl.Int64), own.alias("by_own_share")).select(
        "hospital_id",
        "name",
        "pool",
        pl.col("stays").alias("stays_before"),
        "stays_after",
        *(f"{kind}_{what}" for kind in kinds for what in ("stays", "points")),
        *(
            column
            for name in ("points", "payable", "final")
            for column in (pl.col(name).alias(f"{name}_before"), pl.col(f"{name}_after"))
        ),
        change.alias("change"),
        "by_points",
        "by_own_share",
        (change - pl.col("by_points") - pl.col("by_own_share")).alias("by_point_value"),
    )


def _pools(earlier: Run, later: Run) -> pl.DataFrame:
    one, other = earlier.manifest.pools, later.manifest.pools
    rows = []
    for pool in sorted(one.keys() | other.keys()):
        before, after = one.get(pool), other.get(pool)
        rows.append(
            {
                "pool": pool,
                **{
                    f"{name}_{when}": getattr(each, name) if each is not None else None
                    for name in ("budget", "points", "point_value", "payable")
                    for when, each in (("before", before), ("after", after))
                },
            }
        )
    whole, text = pl.Int64, pl.String
    kinds = {"budget": whole, "points": whole, "point_value": text, "payable": whole}
    schema = {"pool": text} | {f"{name}_{when}": kind for name, kind in kinds.items() for when in ("before", "after")}
    return pl.DataFrame(rows, schema=schema)
