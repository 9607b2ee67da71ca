"""Cells of codes are understood alike one by one and by column."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.capabilities.drg.codes import compared, split_codes, tidy_cells


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("K22.301|I10.x05", ("K22.301", "I10.x05")),
        (" K22.301 | I10.x05 ", ("K22.301", "I10.x05")),
        ("K22.301,I10.x05", ("K22.301", "I10.x05")),
        ("K22.301，I10.x05；E11.900、E87.600", ("K22.301", "I10.x05", "E11.900", "E87.600")),
        ('"K22.301|I10.x05"', ("K22.301", "I10.x05")),
        ("A17.000+G01*|E11.900", ("A17.000+G01*", "E11.900")),
        ("A17.000 + G01* E11.900", ("A17.000+G01*", "E11.900")),
        ("Ｋ２２．３０１｜I10.x05", ("K22.301", "I10.x05")),
        ("K22.301||I10.x05", ("K22.301", "", "I10.x05")),
        ("|I10.x05", ("", "I10.x05")),
        ("", ("",)),
        (None, ("",)),
        ("K22.301|K22.301", ("K22.301", "K22.301")),
    ],
)
def test_cells(cell: str | None, codes: tuple[str, ...]) -> None:
    assert split_codes(cell) == codes


def test_case_does_not_matter() -> None:
    assert compared("i10.X05") == compared("I10.x05")


@given(st.lists(st.text(alphabet="AaXx019.+*|,;、，｜＋ \t\n\"'未/", max_size=14) | st.none(), min_size=1))
def test_columns_as_cells(cells: list[str | None]) -> None:
    column = tidy_cells(pl.Series("c", cells, dtype=pl.String)).str.split("|")
    assert [tuple(each) for each in column] == [split_codes(cell) for cell in cells]
