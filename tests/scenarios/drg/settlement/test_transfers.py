"""Transfers: summed by hospital and pool to the fen, and deducted at the year's end instead of what was computed."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.drg.settlement.kept import keep
from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, rules_with
from tests.scenarios.drg.settlement.test_worked_examples import E4_PREPAID, E4_RULES, e4_inputs
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.accounts import Prepaid
from yunnao.scenarios.drg.settlement.settling import settle_year
from yunnao.scenarios.drg.settlement.transfers import LINES, transferred

HOSPITALS = hospitals_frame(("H1", "tertiary", None), ("H2", "secondary", None))
POOLS = rules_with(budgets={"employee": "100", "resident": "100"})


def lines(*rows: tuple[str, str, int | None, str | None]) -> pl.DataFrame:
    """hospital, month, fen, pool."""
    made = [
        {
            "hospital_id": hospital,
            "month": month,
            "reference": f"R{number}",
            "pool": pool,
            "amount": amount,
            "paid_on": dt.date(YEAR, 2, 1),
            "note": None,
        }
        for number, (hospital, month, amount, pool) in enumerate(rows)
    ]
    return pl.DataFrame(made, schema=LINES)


def test_without_a_line_of_the_year_what_was_computed_counts() -> None:
    assert transferred(lines(), HOSPITALS, {}, POOLS) is None
    assert transferred(lines(("H1", f"{YEAR - 1}-12", 5, None)), HOSPITALS, {}, POOLS) is None
    settled = settle_year(e4_inputs(), rules_with(**E4_RULES), E4_PREPAID)
    assert settled.hospitals["transferred"].to_list() == [None, None]


def test_a_year_is_cleared_against_what_was_transferred() -> None:
    """E4: payable 90,676.23 and 59,323.77; prepaid 75,000 and 52,000; a bond of 1,000 each is withheld and comes back."""
    prepaid = {(h, "all"): Prepaid(amount, 1_000_00) for h, amount in (("H1", 75_000_00), ("H2", 52_000_00))}
    paid = lines(
        ("H1", f"{YEAR}-01", 80_000_00, None),
        ("H1", f"{YEAR}-01", -10_000_00, None),
        ("H2", f"{YEAR}-02", 51_000_00, None),
    )
    rules = rules_with(**E4_RULES | {"bond": {"share": "0.03"}})
    settled = settle_year(replace(e4_inputs(), transfers=paid), rules, prepaid)
    rows = {row["hospital_id"]: row for row in settled.hospitals.to_dicts()}
    assert (rows["H1"]["prepaid"], rows["H1"]["transferred"], rows["H1"]["transfer_difference"]) == (
        75_000_00,
        70_000_00,
        -4_000_00,
    )
    assert rows["H2"]["transfer_difference"] == 0
    computed = settle_year(e4_inputs(), rules, prepaid).hospitals
    before = dict(computed.select("hospital_id", "final").iter_rows())
    assert rows["H1"]["final"] == before["H1"] + 4_000_00  # what was not paid during the year is paid now
    assert rows["H2"]["final"] == before["H2"]
    for row in rows.values():  # every fen that a hospital is due arrives: during the year, or at its end
        assert row["transferred"] + row["final"] == row["payable"] - row["bond_withheld"] + row["bond_returned"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["H1", "H2"]),
            st.sampled_from([f"{YEAR}-01", f"{YEAR}-12"]),
            st.integers(-(10**9), 10**9),
            st.sampled_from([None, "employee", "resident"]),
        ),
        min_size=1,
    ),
    st.lists(st.integers(0, 10**7), min_size=4, max_size=4),
)
def test_sums_are_kept_to_the_fen(rows: list[tuple[str, str, int, str | None]], computed: list[int]) -> None:
    keys = [(h, p) for h in ("H1", "H2") for p in ("employee", "resident")]
    prepaid = {key: Prepaid(amount, amount // 33) for key, amount in zip(keys, computed, strict=True)}
    found = transferred(lines(*rows), HOSPITALS, prepaid, POOLS)
    assert found is not None
    for hospital in ("H1", "H2"):
        wanted = sum(amount for each, _, amount, _ in rows if each == hospital)
        assert sum(amount for (each, _), amount in found.items() if each == hospital) == wanted
    turned = transferred(lines(*reversed(rows)), HOSPITALS, prepaid, POOLS)
    assert found == turned


def test_a_line_without_a_pool_is_spread_by_what_was_computed() -> None:
    prepaid = {("H1", "employee"): Prepaid(300, 0), ("H1", "resident"): Prepaid(100, 0)}
    found = transferred(
        lines(("H1", f"{YEAR}-01", 200, None), ("H2", f"{YEAR}-01", 3, None)), HOSPITALS, prepaid, POOLS
    )
    assert found == {("H1", "employee"): 150, ("H1", "resident"): 50, ("H2", "employee"): 2, ("H2", "resident"): 1}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("H9", f"{YEAR}-01", 5, None), "不在名册 hospitals 里：H9"),
        (("H1", f"{YEAR}-01", None, None), "没有金额"),
        (("H1", f"{YEAR}-01", 5, "resident"), "的险种在政策里没有预算"),
    ],
)
def test_lines_that_cannot_be_counted_stop_the_clearing(
    row: tuple[str, str, int | None, str | None], said: str
) -> None:
    with pytest.raises(YunnaoError, match=said):
        transferred(lines(row), HOSPITALS, {}, rules_with(budgets={"employee": "100"}))


def test_runs_of_before_had_no_transfers(tmp_path: Path) -> None:
    rules = rules_with(**E4_RULES)
    made = settle_year(e4_inputs(), rules, E4_PREPAID)
    old = replace(made, hospitals=made.hospitals.drop("transferred", "transfer_difference"))
    run = keep(tmp_path, old, rules)
    assert run.hospitals.collect()["transferred"].to_list() == [None, None]
