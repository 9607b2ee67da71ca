"""What the questions rest on: counts of every hospital, what would be expected of it, and how likely chance alone brings as many.

Pure and columnar: no loop over stays. A hospital is compared with others or with its own past, never put in an order; persons serve to
tell that two stays are of one patient, and appear nowhere. The tests are textbook ones, so that a reviewer can repeat them:

* a difference of shares over strata with Mantel and Haenszel's weights and variance (J. Natl Cancer Inst. 22 (1959) 719-748), which
  holds for strata of a few stays, too;
* indirect standardisation by ADRG with a Poisson tail (Breslow and Day, Statistical Methods in Cancer Research II, 1987, ch. 2);
* binomial tails.
"""

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.special import bdtrc, ndtr, pdtrc

from yunnao.scenarios.drg.review.definitions import QuestionDefinition

NEEDED = (
    "case_id",
    "hospital_id",
    "level",
    "person_id",
    "admitted_on",
    "discharged_on",
    "adrg",
    "drg",
    "outcome",
    "class",
    "multiple",
)
"""Columns of priced stays that are counted; ``multiple`` in 1/10000."""
COUNTED: Mapping[str, type[pl.DataType] | pl.DataType] = {
    "hospital_id": pl.String,
    "subject": pl.String,
    "observed": pl.Int64,
    "out_of": pl.Int64,
    "expected": pl.Float64,
    "chance": pl.Float64,
    "asked": pl.Boolean,
    "cases": pl.List(pl.String()),
}
"""What every count has: hospital, what it is about, how many of how many, how many would be expected, how likely chance brings as many,
whether a question is asked, and the stays it is about."""

_MULTIPLE = 10_000
_SEVERE, _MAJOR = ("1", "3"), ("1",)
_MIXES = (("1、3", _SEVERE), ("1", _MAJOR))
_SHOWN = 20
"""As many stays are named with a question."""


def coding_mix(earlier: pl.DataFrame, now: pl.DataFrame, asks: QuestionDefinition) -> pl.DataFrame:
    """Shares of the DRG's last digit 1 or 3, and 1 alone, of each hospital now against its own earlier period.

    ADRGs are strata; only those count of which several of the digits 1, 3, 5 were seen. From the difference the hospital's own change is
    taken off by that of the other hospitals of its level in the same ADRGs, so that a change of the rules or of the season, which all
    of them see, asks nothing.

    Returns:
        `COUNTED` and ``rise``, ``level_rise`` (differences of shares); ``expected`` is the number now at the own earlier shares.
    """
    both = pl.concat([_digits(earlier, "earlier"), _digits(now, "now")])
    split = both.group_by("adrg").agg(pl.col("digit").unique()).filter(pl.col("digit").list.len() > 1)
    both = both.join(
        split.filter(pl.col("digit").list.contains("1") | pl.col("digit").list.contains("3")).select("adrg"),
        on="adrg",
        how="semi",
    )
    return pl.concat([_mix(both, subject, digits, asks) for subject, digits in _MIXES]).sort("hospital_id", "subject")


def split_stays(stays: pl.DataFrame, asks: QuestionDefinition, exempt: tuple[str, ...] = ()) -> pl.DataFrame:
    """Stays after which the same patient was admitted again within days: to the same hospital, or elsewhere in the same ADRG.

    Args:
        exempt: ADRGs or DRGs (their beginnings) of planned stays, which do not count.
    """
    ordered = _of_persons(stays, exempt).sort("person_id", "admitted_on", "discharged_on", "case_id")
    after = {
        name: pl.col(name).shift(-1).over("person_id") for name in ("admitted_on", "hospital_id", "adrg", "case_id")
    }
    found = ordered.with_columns(
        gap=(after["admitted_on"] - pl.col("discharged_on")).dt.total_days(),
        alike=(after["hospital_id"] == pl.col("hospital_id")) | (after["adrg"] == pl.col("adrg")),
        pair=pl.concat_str("case_id", after["case_id"], separator="→"),
    ).with_columns(found=pl.col("gap").is_between(0, asks.whole("days")) & pl.col("alike"))
    return _standardised(found, asks)


def readmissions(stays: pl.DataFrame, asks: QuestionDefinition, exempt: tuple[str, ...] = ()) -> pl.DataFrame:
    """Stays after which the same patient came back to the same hospital in the same DRG within days. ``exempt`` as above."""
    keys = ["person_id", "hospital_id", "drg"]
    grouped = _of_persons(stays, exempt).filter(pl.col("outcome") == "grouped")
    ordered = grouped.sort(*keys, "admitted_on", "discharged_on", "case_id")
    gap = (pl.col("admitted_on").shift(-1).over(keys) - pl.col("discharged_on")).dt.total_days()
    found = ordered.with_columns(
        found=gap.is_between(0, asks.whole("days")),
        pair=pl.concat_str("case_id", pl.col("case_id").shift(-1).over(keys), separator="→"),
    )
    return _standardised(found, asks)


def low_cliff(stays: pl.DataFrame, asks: QuestionDefinition) -> pl.DataFrame:
    """Stays just above the low-multiple line, among those just below and just above it.

    Expected is the greater of two shares: that of all other hospitals, and that of a density which runs straight across the line from
    the windows beyond (all hospitals together). Either alone would accuse too easily: of a crowd that all see, or of a slope.
    """
    at, width = asks.limit("line"), asks.limit("width")
    edges = [round((at + step * width) * _MULTIPLE) for step in (-2, -1, 0, 1, 2)]
    windows = [pl.col("multiple").is_between(low, high, closed="left") for low, high in pairwise(edges)]
    counts = (
        stays.filter(pl.col("multiple").is_between(edges[0], edges[-1], closed="left"))
        .group_by("hospital_id")
        .agg(
            *(window.sum().cast(pl.Int64).alias(f"window_{number}") for number, window in enumerate(windows)),
            cases=pl.col("case_id").filter(windows[2]).sort().head(_SHOWN),
        )
    )
    counts = counts.rename({"window_2": "observed"}).with_columns(out_of=pl.col("window_1") + pl.col("observed"))
    outer = [int(counts[name].sum()) for name in ("window_0", "window_3")]
    smooth = (outer[0] + 2 * outer[1]) / (3 * sum(outer)) if sum(outer) else 0.5
    others = _others("observed") / _others("out_of")
    counted = counts.with_columns(share=pl.max_horizontal(pl.when(_others("out_of") > 0).then(others), pl.lit(smooth)))
    return _binomial(counted, asks.limit("chance"), pl.col("out_of") >= asks.whole("least_stays"))


def high_multiples(stays: pl.DataFrame, asks: QuestionDefinition) -> pl.DataFrame:
    """High multiples among the stays of a hospital; asked where their share exceeds the limit, whatever chance says."""
    counted = _of_hospitals(stays, pl.col("class") == "high").with_columns(share=pl.lit(asks.limit("share")))
    enough = pl.col("out_of") >= asks.whole("least_stays")
    return _binomial(counted, 1.0, enough & (pl.col("observed") > asks.limit("share") * pl.col("out_of")))


def ungrouped(stays: pl.DataFrame, asks: QuestionDefinition) -> pl.DataFrame:
    """Stays without a group or with an ambiguous one, against the other hospitals of the level."""
    counted = _of_hospitals(stays, pl.col("outcome").is_in(["ungroupable", "ambiguous"]))
    counted = counted.with_columns(share=_share_of_others("level")).with_columns(times=_times())
    enough = (pl.col("out_of") >= asks.whole("least_stays")) & (pl.col("times") >= asks.limit("times"))
    return _binomial(counted, asks.limit("chance"), enough)


def review_share(stays: pl.DataFrame, reviews: pl.DataFrame, asks: QuestionDefinition) -> pl.DataFrame:
    """Special-case reviews that were asked for (column ``stay``), among the settled stays of a hospital."""
    counted = _of_hospitals(stays, pl.col("case_id").is_in(reviews["stay"].unique().to_list()))
    counted = counted.with_columns(share=pl.lit(asks.limit("share")))
    return _binomial(counted, 1.0, pl.col("observed") > asks.limit("share") * pl.col("out_of"))


def halves(stays: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, dt.date | None]:
    """Stays before and from the middle of their period on, by the day of discharge; and that day."""
    first, last = stays["discharged_on"].min(), stays["discharged_on"].max()
    if not isinstance(first, dt.date) or not isinstance(last, dt.date) or first == last:
        return stays.clear(), stays, None
    middle = first + (last - first) / 2 + dt.timedelta(days=1)
    return stays.filter(pl.col("discharged_on") < middle), stays.filter(pl.col("discharged_on") >= middle), middle


# ---------------------------------------------------------------------- coding mix


def _digits(stays: pl.DataFrame, period: str) -> pl.DataFrame:
    grouped = stays.filter(pl.col("outcome") == "grouped").with_columns(
        digit=pl.col("drg").str.slice(-1), period=pl.lit(period)
    )
    return grouped.filter(pl.col("digit").is_in(["1", "3", "5"])).select(
        "case_id", "hospital_id", "level", "adrg", "digit", "period"
    )


def _mix(both: pl.DataFrame, subject: str, digits: tuple[str, ...], asks: QuestionDefinition) -> pl.DataFrame:
    """One choice of digits. Cells of a stratum: a, b now with and without; c, d earlier with and without."""
    coded, now = pl.col("digit").is_in(digits), pl.col("period") == "now"
    cells = {"a": now & coded, "b": now & ~coded, "c": ~now & coded, "d": ~now & ~coded}
    strata = both.group_by("hospital_id", "level", "adrg").agg(
        **{name: cell.sum().cast(pl.Float64) for name, cell in cells.items()},
    )
    level = strata.group_by("level", "adrg").agg(**{f"{name}_all": pl.col(name).sum() for name in cells})
    strata = strata.join(level, on=["level", "adrg"]).with_columns(
        **{f"{name}_others": pl.col(f"{name}_all") - pl.col(name) for name in cells}
    )
    own, others = _difference("a", "b", "c", "d"), _difference("a_others", "b_others", "c_others", "d_others")
    counted = strata.group_by("hospital_id").agg(
        observed=pl.col("a").sum().cast(pl.Int64),
        out_of=(pl.col("a") + pl.col("b")).sum().cast(pl.Int64),
        before=(pl.col("c") + pl.col("d")).sum().cast(pl.Int64),
        expected=_sum_where(
            pl.col("c") + pl.col("d") > 0, (pl.col("a") + pl.col("b")) * pl.col("c") / (pl.col("c") + pl.col("d"))
        ),
        **{f"own_{name}": value for name, value in own.items()},
        **{f"level_{name}": value for name, value in others.items()},
    )
    counted = counted.with_columns(
        rise=_ratio("own_difference", "own_weight"),
        level_rise=_ratio("level_difference", "level_weight").fill_null(0.0),
        spread=(
            _ratio("own_variance", "own_weight", 2) + _ratio("level_variance", "level_weight", 2).fill_null(0.0)
        ).sqrt(),
    )
    excess = (counted["rise"] - counted["level_rise"]).to_numpy()
    spread = counted["spread"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(spread > 0, ndtr(-excess / spread), 1.0)
    least = asks.whole("least_stays")
    asked = (
        (pl.col("chance") < asks.limit("chance"))
        & (pl.col("rise") - pl.col("level_rise") >= asks.limit("least_rise"))
        & (pl.col("rise") >= asks.limit("least_rise"))
        & (pl.col("out_of") >= least)
        & (pl.col("before") >= least)
    )
    counted = counted.with_columns(chance=pl.Series(chance).fill_nan(1.0), subject=pl.lit(subject))
    named = both.filter(now & coded).group_by("hospital_id").agg(cases=pl.col("case_id").sort().head(_SHOWN))
    counted = counted.join(named, on="hospital_id", how="left", coalesce=True).with_columns(
        asked=asked.fill_null(value=False)
    )
    return counted.select(*_columns(), "rise", "level_rise")


def _difference(a: str, b: str, c: str, d: str) -> dict[str, pl.Expr]:
    """Sums over strata: Mantel and Haenszel's difference of shares, its weights, and its (hypergeometric) variance without a difference."""
    now, before = pl.col(a) + pl.col(b), pl.col(c) + pl.col(d)
    coded, uncoded = pl.col(a) + pl.col(c), pl.col(b) + pl.col(d)
    total, both = now + before, (now > 0) & (before > 0)
    return {
        "difference": _sum_where(both, (pl.col(a) * before - pl.col(c) * now) / total),
        "weight": _sum_where(both, now * before / total),
        "variance": _sum_where(both, now * before * coded * uncoded / (total.pow(2) * (total - 1))),
    }


def _sum_where(which: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(which).then(value).otherwise(0.0).sum()


def _ratio(above: str, below: str, power: int = 1) -> pl.Expr:
    return pl.when(pl.col(below) > 0).then(pl.col(above) / pl.col(below).pow(power))


# ---------------------------------------------------------------------- counts against others


def _of_persons(stays: pl.DataFrame, exempt: tuple[str, ...]) -> pl.DataFrame:
    """Stays of known persons, without those whose group begins as ``exempt`` says."""
    known = stays.filter(pl.col("person_id").is_not_null() & pl.col("admitted_on").is_not_null())
    planned = [pl.col("drg").str.starts_with(each) | pl.col("adrg").str.starts_with(each) for each in exempt]
    return known.filter(~pl.any_horizontal(planned).fill_null(value=False)) if planned else known


def _standardised(stays: pl.DataFrame, asks: QuestionDefinition) -> pl.DataFrame:
    """``found`` stays of each hospital against what the other hospitals' shares in the same ADRGs would give it."""
    strata = stays.group_by("hospital_id", pl.col("adrg").fill_null("")).agg(
        observed=pl.col("found").fill_null(value=False).sum().cast(pl.Int64),
        out_of=pl.len().cast(pl.Int64),
        cases=pl.col("pair").filter(pl.col("found")).sort(),
    )
    rest = {name: pl.col(name).sum().over("adrg") - pl.col(name) for name in ("observed", "out_of")}
    strata = strata.with_columns(
        expected=pl.when(rest["out_of"] > 0).then(pl.col("out_of") * rest["observed"] / rest["out_of"]).otherwise(0.0),
        known=pl.when(rest["out_of"] > 0).then(pl.col("observed")).otherwise(0),
    )
    counted = strata.group_by("hospital_id").agg(
        pl.col("observed", "out_of", "expected", "known").sum(),
        cases=pl.col("cases").list.explode(keep_nulls=False, empty_as_null=False).sort().head(_SHOWN),
    )
    chance = pdtrc(np.maximum(counted["known"].to_numpy() - 1, 0), counted["expected"].to_numpy())
    chance = np.where(counted["known"].to_numpy() == 0, 1.0, chance)
    counted = counted.with_columns(chance=pl.Series(chance), subject=pl.lit(""))
    asked = (
        (pl.col("chance") < asks.limit("chance"))
        & (pl.col("known") >= asks.whole("least_found"))
        & (pl.col("known") >= asks.limit("times") * pl.col("expected"))
    )
    return counted.with_columns(asked=asked).select(_columns()).sort("hospital_id")


def _of_hospitals(stays: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    return stays.group_by("hospital_id", "level").agg(
        observed=which.sum().cast(pl.Int64),
        out_of=pl.len().cast(pl.Int64),
        cases=pl.col("case_id").filter(which).sort().head(_SHOWN),
    )


def _others(name: str) -> pl.Expr:
    return pl.col(name).sum() - pl.col(name)


def _share_of_others(within: str) -> pl.Expr:
    """The share at the other hospitals of ``within``; of all others where there is none."""
    near = {name: pl.col(name).sum().over(within) - pl.col(name) for name in ("observed", "out_of")}
    return (
        pl.when(near["out_of"] > 0)
        .then(near["observed"] / near["out_of"])
        .when(_others("out_of") > 0)
        .then(_others("observed") / _others("out_of"))
        .otherwise(0.0)
    )


def _times() -> pl.Expr:
    return (
        pl.when(pl.col("share") > 0)
        .then(pl.col("observed") / (pl.col("out_of") * pl.col("share")))
        .otherwise(pl.when(pl.col("observed") > 0).then(float("inf")).otherwise(0.0))
    )


def _binomial(counted: pl.DataFrame, chance: float, enough: pl.Expr) -> pl.DataFrame:
    """``observed`` of ``out_of`` against ``share``: the chance of as many or more, and whether it is asked about."""
    observed, out_of = counted["observed"].to_numpy(), counted["out_of"].to_numpy()
    tail = np.where(observed > 0, bdtrc(np.maximum(observed - 1, 0), out_of, counted["share"].to_numpy()), 1.0)
    counted = counted.with_columns(
        expected=pl.col("out_of") * pl.col("share"), chance=pl.Series(tail, dtype=pl.Float64), subject=pl.lit("")
    )
    asked = enough & (pl.col("chance") < chance if chance < 1 else pl.lit(value=True))
    return counted.with_columns(asked=asked).select(_columns()).sort("hospital_id")


def _columns() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in COUNTED.items()]
