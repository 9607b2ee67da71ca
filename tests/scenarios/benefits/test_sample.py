"""The synthetic district: every declared register, valid, seeded, with the shares and boundaries it promises."""

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from yunnao.capabilities.credit_code import valid_column
from yunnao.catalogue.sample_files import write_office_files
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import NUMBERS, FactType
from yunnao.platforms.registry.intake import take_in
from yunnao.scenarios.benefits.registers import REGISTERS
from yunnao.scenarios.benefits.sample import AS_OF, about, sample
from yunnao.scenarios.benefits.sample_district import ENTITIES
from yunnao.scenarios.benefits.sample_tax import _tax_on_business_income

DECLARED = {register.id: register for register in REGISTERS}
STORED = {
    **dict.fromkeys(NUMBERS, pl.Int64),
    FactType.BOOLEAN: pl.Boolean,
    FactType.DATE: pl.Date,
    **dict.fromkeys((FactType.KEY, FactType.CODE, FactType.TEXT), pl.String),
}


@pytest.fixture(scope="module")
def district() -> dict[str, pl.DataFrame]:
    return {table.register: table.frame for table in sample(0.02, 11)}


def test_every_declared_register_is_there_subjects_first(district: dict[str, pl.DataFrame]) -> None:
    assert set(district) == set(DECLARED)
    assert next(iter(district)) == "enterprises"


@pytest.mark.parametrize("id_", list(DECLARED))
def test_a_register_suits_its_declaration(district: dict[str, pl.DataFrame], id_: str) -> None:
    frame, register = district[id_], DECLARED[id_]
    assert frame.schema == {fact.id: STORED[fact.type] for fact in register.facts}
    assert frame.height > 0
    assert frame.select(pl.struct(register.key).n_unique()).item() == frame.height
    assert frame.select(pl.col(register.key).null_count()).row(0) == (0,) * len(register.key)
    for fact in register.facts:
        known = frame[fact.id].drop_nulls()
        if fact.type in NUMBERS:
            low, high = fact.bounds
            assert known.is_between(low, high).all(), fact.id
        if fact.values:
            assert set(known) <= set(fact.values), fact.id
        if fact.type is FactType.DATE:
            assert (known <= AS_OF).all()
    assert set(frame["credit_code"]) <= set(district["enterprises"]["credit_code"])


@pytest.mark.parametrize("id_", list(DECLARED))
def test_one_to_five_percent_of_the_values_are_unknown(district: dict[str, pl.DataFrame], id_: str) -> None:
    frame, register = district[id_], DECLARED[id_]
    for fact in register.facts:
        if fact.id not in register.key and frame.height > 3000 and fact.id not in ("name", "graduate_year"):
            assert 0.0005 < frame[fact.id].null_count() / frame.height < 0.05, fact.id


def test_credit_codes_are_valid_of_the_right_kind_and_nobodys(district: dict[str, pl.DataFrame]) -> None:
    entities = district["enterprises"]
    assert valid_column(entities["credit_code"]).all()
    kinds = (
        entities.drop_nulls("entity_type").group_by("entity_type").agg(pl.col("credit_code").str.slice(0, 10).unique())
    )
    prefixes = dict(kinds.iter_rows())
    assert prefixes["个体工商户"] == ["92370211YN"]
    assert prefixes["企业"] == ["91370211YN"]
    assert entities["name"].str.contains(r"^示例.+ \d{6}$").all()
    assert entities["street"].drop_nulls().unique().sort().to_list() == [f"示例街道{n:02d}" for n in range(1, 23)]


def test_organisation_codes_carry_their_own_check_sign(district: dict[str, pl.DataFrame]) -> None:
    """GB 11714: 11 - (sum of Ci x Wi mod 11), X for 10 and 0 for 11."""
    for code in district["enterprises"]["credit_code"].head(300):
        values = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(sign) for sign in code[8:16]]
        rest = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        assert code[16] == {10: "X", 11: "0"}.get(rest, str(rest))


def test_the_size_and_the_mix_are_the_published_ones(district: dict[str, pl.DataFrame]) -> None:
    entities = district["enterprises"]
    assert ENTITIES == 425_000
    assert entities.height == 8_500
    shares = entities["entity_type"].value_counts(normalize=True)
    mix = dict(shares.iter_rows())
    assert 0.62 < mix["个体工商户"] < 0.69
    assert 0.30 < mix["企业"] < 0.36


def test_values_lie_on_boundaries_and_one_step_beside(district: dict[str, pl.DataFrame]) -> None:
    income = set(district["tax_filings"]["taxable_income_year"])
    assert {299_999_999, 300_000_000, 300_000_001} <= income
    assert 55_000_000_000 in set(district["insurance"]["layoff_rate"])
    assert {11, 12} <= set(district["hires"]["contract_months"])
    assert {500_000_000, 500_000_001} <= set(district["assets"]["unit_price"])


def test_some_people_are_hired_by_two_employers(district: dict[str, pl.DataFrame]) -> None:
    hires = district["hires"]
    employers = hires.group_by("person_id").agg(pl.col("credit_code").n_unique())
    assert 0.002 < (employers["credit_code"] > 1).sum() / employers.height < 0.05


def test_facts_hang_together(district: dict[str, pl.DataFrame]) -> None:
    returns = district["vat_returns"].drop_nulls()
    assert (returns["vat_sales_quarter"] >= returns["vat_sales_month"]).all()
    assert returns["period"].dt.day().unique().to_list() == [1]
    insurance = district["insurance"].drop_nulls()
    assert (insurance.filter(pl.col("insured_avg") == 0)["unemployment_premiums_last_year"] == 0).all()
    joined = district["enterprises"].join(district["tax_filings"], on="credit_code").drop_nulls()
    assert joined.select(pl.corr("revenue_year", "vat_sales_year", method="spearman")).item() > 0.9


def test_tax_on_business_income_follows_the_brackets() -> None:
    yuan = np.array([-5, 0, 30_000, 30_001, 90_000, 300_000, 500_000, 1_000_000], dtype=np.int64)
    tax = _tax_on_business_income(yuan * 100)
    assert tax.tolist() == [0, 0, 150_000, 150_010, 750_000, 4_950_000, 10_950_000, 28_450_000]


def test_the_same_seed_gives_the_same_district_and_another_does_not() -> None:
    first, again, other = (list(sample(0.002, seed)) for seed in (5, 5, 6))
    for one, two in zip(first, again, strict=True):
        assert_frame_equal(one.frame, two.frame)
    assert not first[0].frame.equals(other[0].frame)


@pytest.mark.parametrize(("scale", "seed"), [(0.0, 1), (-1.0, 1), (1000.0, 1), (float("nan"), 1), (0.01, -1)])
def test_a_scale_or_seed_out_of_range_is_refused(scale: float, seed: int) -> None:
    with pytest.raises(DefinitionError, match="样例的"):
        list(sample(scale, seed))


def test_the_smallest_district_is_whole_too() -> None:
    for seed in range(5):
        assert all(table.frame.height for table in sample(0.0002, seed))


def test_the_note_tells_size_day_and_origin() -> None:
    words = about(0.002, 5)
    assert "850 户" in words
    assert str(AS_OF) in words
    assert "42.5 万户" in words
    assert dt.date(2023, 6, 30) == AS_OF


def test_written_as_office_files_it_loads_back_exactly(tmp_path: Path) -> None:
    tables = list(sample(0.002, 5))
    files = write_office_files(tables, DECLARED, tmp_path, seed=5, about=about(0.002, 5))
    for table, file in zip(tables, files, strict=True):
        register = DECLARED[file.register]
        intake = take_in(file.path, file.path.name, register)
        assert (intake.refused, intake.repeats) == (len(file.faults), file.repeats), file.register
        key = pl.concat_str([pl.col(name).cast(pl.String) for name in register.key], separator="|")
        good = table.frame.filter(~key.is_in(["|".join(fault.key) for fault in file.faults])).sort(register.key)
        assert_frame_equal(intake.table.select(good.columns), good)
