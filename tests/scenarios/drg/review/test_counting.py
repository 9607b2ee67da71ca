"""Counts behind the questions: planted oddities are found where they were planted, innocent years ask (nearly) nothing."""

import datetime as dt
import math
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.drg.review.made import HOSPITALS, biggest, changed, innocent_year
from yunnao.scenarios.drg.review import counting
from yunnao.scenarios.drg.review.definitions import load_questions
from yunnao.scenarios.drg.review.questions import counted

ASKS = load_questions()
MIDDLE = dt.date(2023, 7, 4)


def asked(stays: pl.DataFrame, kind: str) -> set[str]:
    found = counted(stays, ASKS).measures
    return set(found.filter((pl.col("kind") == kind) & pl.col("asked"))["hospital_id"])


def share(part: float, seed: int = 1) -> pl.Expr:
    """True for about a part of the rows, always the same ones."""
    return (pl.col("case_id").hash(seed) % 1000) < 1000 * part


def test_innocent_years_ask_next_to_nothing() -> None:
    """20 years x 57 hospitals x 8 counts: 9,120 chances to ask wrongly; each test allows one in a thousand by itself.

    In 60 such years 21 questions were asked (8 about codes, 7 about ungrouped stays, 5 about high multiples of small hospitals, 1 about the
    line): one in three years for a whole district.
    """
    found: Counter[str] = Counter()
    for seed in range(20):
        measures = counted(innocent_year(seed, 20_000), ASKS).measures
        found.update(measures.filter("asked")["kind"].to_list())
    assert found.total() <= 12
    assert found["review_share"] == found["split_stays"] == found["readmission"] == 0


def test_a_rise_in_complication_codes_is_asked_about_at_that_hospital_alone() -> None:
    stays = innocent_year(1)
    own = biggest(stays)
    later = (pl.col("hospital_id") == own) & (pl.col("discharged_on") >= MIDDLE) & pl.col("drg").str.ends_with("5")
    planted = changed(stays, later & share(0.3), drg=pl.col("adrg") + "3")
    assert asked(planted, "coding_mix") - asked(stays, "coding_mix") == {own}


def test_a_rise_that_every_hospital_of_the_level_sees_asks_nothing() -> None:
    stays = innocent_year(2)
    later = (pl.col("discharged_on") >= MIDDLE) & pl.col("drg").str.ends_with("5")
    assert asked(changed(stays, later & share(0.3), drg=pl.col("adrg") + "1"), "coding_mix") == set()


def test_a_hospital_that_always_had_sicker_patients_is_not_asked() -> None:
    stays = innocent_year(3)
    sicker = (pl.col("hospital_id") == biggest(stays)) & pl.col("drg").str.ends_with("5")
    assert asked(changed(stays, sicker & share(0.4), drg=pl.col("adrg") + "1"), "coding_mix") == set()


def test_treating_other_illnesses_than_before_is_no_change_of_codes() -> None:
    """Simpson's trap: a hospital takes up an ADRG in which everywhere nearly all stays have complications."""
    stays = innocent_year(4)
    own, heavy = biggest(stays), pl.col("adrg") == "AA0"
    stays = changed(stays, share(0.1, 3), adrg=pl.lit("AA0"), drg=pl.lit("AA01"), outcome=pl.lit("grouped"))
    few = (pl.col("hospital_id") == own) & (pl.col("discharged_on") < MIDDLE) & heavy & share(0.9, 4)
    assert asked(stays.filter(~few), "coding_mix") == set()


@pytest.mark.parametrize("days", [0, 2, 3])
def test_stays_close_together_are_pairs_of_one_patient(days: int) -> None:
    stays = innocent_year(5)
    own = biggest(stays)
    alone = pl.len().over("person_id") == 1
    first = stays.filter(alone & (pl.col("hospital_id") == own)).head(60)
    second = first.with_columns(
        case_id=pl.col("case_id") + "b",
        admitted_on=pl.col("discharged_on") + dt.timedelta(days=days),
        discharged_on=pl.col("discharged_on") + dt.timedelta(days=days + 4),
        adrg=pl.lit("ZZ9"),
        drg=pl.lit("ZZ99"),
    )
    planted = pl.concat([stays, second])
    assert asked(planted, "split_stays") == ({own} if days <= 2 else set())
    found = counting.split_stays(planted, ASKS["split_stays"]).filter(hospital_id=own)
    before = counting.split_stays(stays, ASKS["split_stays"]).filter(hospital_id=own)["observed"][0]
    assert found["observed"][0] - before == (60 if days <= 2 else 0)
    if days <= 2:
        assert all("→" in pair for pair in found["cases"][0])
        assert not any("P" in pair for pair in found["cases"][0])


def test_planned_courses_do_not_count_as_readmissions() -> None:
    stays = innocent_year(6)
    own = biggest(stays)
    first = stays.filter((pl.col("hospital_id") == own) & (pl.col("outcome") == "grouped")).head(80)
    first = first.with_columns(adrg=pl.lit("RE1"), drg=pl.lit("RE15"), person_id="X" + pl.col("case_id"))
    second = first.with_columns(
        case_id=pl.col("case_id") + "b",
        admitted_on=pl.col("discharged_on") + dt.timedelta(days=10),
        discharged_on=pl.col("discharged_on") + dt.timedelta(days=12),
    )
    elsewhere = first.with_columns(
        case_id=pl.col("case_id") + "c", hospital_id=pl.lit("H00"), person_id="Y" + pl.col("case_id")
    )
    planted = pl.concat([stays, first.with_columns(case_id=pl.col("case_id") + "a"), second, elsewhere])
    assert asked(planted, "readmission") == {own}
    kept = counted(planted, ASKS, exempt=("RE1",)).measures.filter(pl.col("kind") == "readmission")
    assert not kept["asked"].any()


def test_a_crowd_above_the_line_is_asked_about_and_a_slope_is_not() -> None:
    stays = innocent_year(7)
    own = biggest(stays)
    below = (pl.col("hospital_id") == own) & pl.col("multiple").is_between(3_500, 3_999)
    assert asked(changed(stays, below & share(0.7), multiple=pl.col("multiple") + 500), "low_cliff") == {own}
    assert asked(stays, "low_cliff") == set()


def test_a_crowd_that_all_hospitals_share_is_held_against_a_smooth_density() -> None:
    stays = innocent_year(8)
    below = pl.col("multiple").is_between(3_500, 3_999)
    found = counting.low_cliff(changed(stays, below & share(0.9), multiple=pl.col("multiple") + 500), ASKS["low_cliff"])
    alone = found.filter(pl.col("out_of") >= 100)
    assert (alone["expected"] / alone["out_of"] > 0.8).all()  # the others' share: nobody is singled out for what all do


def test_more_than_five_per_cent_of_high_multiples_is_asked_about_exactly() -> None:
    stays = pl.concat([innocent_year(9, 4_000).filter(pl.col("class") != "high").head(2_000)])
    own = stays.with_columns(hospital_id=pl.lit("H00"), level=pl.lit("tertiary")).head(1_000)
    high = pl.int_range(pl.len())
    assert (
        asked(
            own.with_columns(pl.when(high < 50).then(pl.lit("high")).otherwise("class").alias("class")),
            "high_multiples",
        )
        == set()
    )
    assert asked(
        own.with_columns(pl.when(high < 51).then(pl.lit("high")).otherwise("class").alias("class")), "high_multiples"
    ) == {"H00"}


def test_ungrouped_stays_are_held_against_the_level() -> None:
    stays = innocent_year(10)
    own = biggest(stays)
    level = stays.filter(hospital_id=own)["level"][0]
    everywhere = changed(stays, (pl.col("level") == level) & share(0.06), outcome=pl.lit("ambiguous"))
    assert asked(everywhere, "ungrouped") == set()
    assert asked(
        changed(stays, (pl.col("hospital_id") == own) & share(0.06), outcome=pl.lit("ambiguous")), "ungrouped"
    ) == {own}


def test_reviews_asked_for_are_a_share_of_the_settled_stays() -> None:
    stays = innocent_year(11, 2_000)
    own = biggest(stays)
    cases = stays.filter(hospital_id=own)["case_id"]
    most = math.floor(0.05 * cases.len())
    for n in (most, most + 1):
        reviews = pl.DataFrame({"stay": [*cases.head(n), "unknown"], "review": ["DY"] * (n + 1)})
        found = counting.review_share(stays, reviews, ASKS["review_share"]).filter(hospital_id=own)
        assert (found["observed"][0], found["out_of"][0], found["asked"][0]) == (n, cases.len(), n > most)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.randoms(use_true_random=False))
def test_the_order_of_the_stays_changes_nothing(seed: int, stays: int, random: object) -> None:
    year = innocent_year(seed, stays)
    shuffled = year.sample(fraction=1, shuffle=True, seed=seed % 1000)
    one, other = (counted(each, ASKS).measures for each in (year, shuffled))
    exact = ["kind", "hospital_id", "subject", "observed", "out_of", "asked", "cases"]
    assert one.select(exact).equals(other.select(exact))
    for name in ("expected", "chance", "rise", "level_rise"):
        assert one[name].is_null().equals(other[name].is_null())
        assert ((one[name] - other[name]).abs().fill_null(0) < 1e-9).all()


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(0, 300))
def test_counts_are_counts_and_chances_are_chances(seed: int, stays: int) -> None:
    year = innocent_year(seed, max(stays, 1)).head(stays)
    measures = counted(year, ASKS).measures
    assert measures.filter((pl.col("observed") < 0) | (pl.col("observed") > pl.col("out_of"))).is_empty()
    assert measures.filter(~pl.col("chance").is_between(0, 1)).is_empty()
    assert measures.filter(pl.col("expected").is_nan() | (pl.col("expected") < 0)).is_empty()
    of_all = measures.filter(pl.col("kind") == "ungrouped")
    assert of_all["out_of"].sum() == year.height
    assert of_all.height == year["hospital_id"].n_unique() <= HOSPITALS


def test_the_difference_over_strata_is_that_of_the_textbook() -> None:
    """Two ADRGs by hand: weights n1*n0/n are 50 and 25; differences 0.2 and 0.1; (50*0.2 + 25*0.1) / 75 = 1/6."""

    def of(adrg: str, with_: int, without: int, period: str) -> pl.DataFrame:
        day = dt.date(2023, 1, 10) if period == "earlier" else dt.date(2023, 12, 10)
        digits = ["3"] * with_ + ["5"] * without
        return pl.DataFrame(
            {
                "case_id": [f"{adrg}{period}{n}" for n in range(len(digits))],
                "hospital_id": "H1",
                "level": "tertiary",
                "person_id": None,
                "admitted_on": day,
                "discharged_on": day,
                "adrg": adrg,
                "drg": [adrg + digit for digit in digits],
                "outcome": "grouped",
                "class": "normal",
                "multiple": 10_000,
            },
            schema_overrides={"person_id": pl.String},
        )

    earlier = pl.concat([of("AA1", 30, 70, "earlier"), of("AB1", 10, 40, "earlier")])
    now = pl.concat([of("AA1", 50, 50, "now"), of("AB1", 15, 35, "now")])
    row = counting.coding_mix(earlier, now, ASKS["coding_mix"]).filter(subject="1、3").row(0, named=True)
    assert (row["observed"], row["out_of"], row["expected"]) == (65, 150, 40.0)
    assert row["rise"] == pytest.approx(1 / 6)
    # variance without a difference: sum of n1 n0 m1 m0 / (n^2 (n - 1))
    variance = 100 * 100 * 80 * 120 / (200**2 * 199) + 50 * 50 * 25 * 75 / (100**2 * 99)
    z = (1 / 6) / math.sqrt(variance / 75**2)
    assert row["chance"] == pytest.approx(0.5 * math.erfc(z / math.sqrt(2)))
