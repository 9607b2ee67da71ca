"""The synthetic year: the same for the same seed, of the size that was wanted, and with something for every rule."""

import polars as pl
import pytest

from yunnao.capabilities.drg.many import group
from yunnao.scenarios.drg.registers import hospitals, inpatient_stays
from yunnao.scenarios.drg.sample_year import sample_year
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme

SCHEME = load_scheme(SAMPLE_SCHEME)
YEAR = sample_year(SCHEME, stays=8_000, hospitals=19, seed=4)


def test_the_same_seed_makes_the_same_year() -> None:
    again = sample_year(SCHEME, stays=8_000, hospitals=19, seed=4)
    assert again.stays.equals(YEAR.stays)
    assert again.hospitals.equals(YEAR.hospitals)
    assert not sample_year(SCHEME, stays=8_000, hospitals=19, seed=5).stays.equals(YEAR.stays)


def test_it_is_what_the_registers_take() -> None:
    assert set(YEAR.stays.columns) == {fact.id for fact in inpatient_stays.facts}
    assert set(YEAR.hospitals.columns) == {fact.id for fact in hospitals.facts}
    assert (YEAR.stays.height, YEAR.stays["case_id"].n_unique()) == (8_000, 8_000)
    assert set(YEAR.stays["hospital_id"]) <= set(YEAR.hospitals["hospital_id"])
    assert set(YEAR.hospitals["level"]) == {"tertiary", "secondary", "primary"}
    assert YEAR.hospitals["name"].str.contains("合成").all()


def test_money_adds_up_to_the_fen() -> None:
    fen = [
        YEAR.stays[column].str.replace(".", "", literal=True).cast(pl.Int64)
        for column in ("total_cost", "fund_claimed", "own_share")
    ]
    assert (fen[0] == fen[1] + fen[2]).all()
    assert (fen[0] > 0).all()


def test_days_fit() -> None:
    stays = YEAR.stays
    assert ((stays["discharged_on"] - stays["admitted_on"]).dt.total_days() == stays["length_of_stay_days"]).all()
    assert stays["discharged_on"].dt.year().unique().to_list() == [2023]


def test_there_is_something_for_every_rule() -> None:
    found = group(YEAR.stays, SCHEME)
    shares = dict(found["outcome"].value_counts(normalize=True).iter_rows())
    assert shares["grouped"] > 0.9
    assert shares["ambiguous"] > 0.001
    assert shares["ungroupable"] > 0.01
    cost = found.with_columns(pl.col("total_cost").cast(pl.Float64)).with_columns(
        multiple=pl.col("total_cost") / pl.col("total_cost").mean().over("drg")
    )
    assert cost.filter(pl.col("multiple") > 3).height > 16
    assert cost.filter(pl.col("multiple") < 0.4).height > 80
    assert (found["payment_kind"] == "bed_day").sum() > 20
    assert set(found["pool"]) == {"employee", "resident"}
    soon = found.sort("person_id", "admitted_on").with_columns(
        gap=(pl.col("admitted_on") - pl.col("discharged_on").shift(1).over("person_id")).dt.total_days(),
        same=pl.col("drg") == pl.col("drg").shift(1).over("person_id"),
    )
    assert soon.filter(pl.col("gap").is_between(0, 15) & pl.col("same")).height > 50


@pytest.mark.parametrize(("stays", "hospitals_wanted"), [(1, 3), (50, 3)])
def test_small_ones(stays: int, hospitals_wanted: int) -> None:
    year = sample_year(SCHEME, stays=stays, hospitals=hospitals_wanted, seed=1)
    assert (year.stays.height, year.hospitals.height) == (stays, hospitals_wanted)
