"""Largest remainder: the sum is the total, nobody is more than one away, and many at once are as one at a time."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.scenarios.drg.settlement.sharing import shared_column, shared_out

weights = st.lists(st.integers(0, 10**9), max_size=12)


@given(total=st.integers(-(10**12), 10**12), of=weights)
def test_shares_sum_to_the_total(total: int, of: list[int]) -> None:
    shares = shared_out(total, of)
    if not any(of):
        assert shares == [0] * len(of)
        return
    assert sum(shares) == total
    for share, weight in zip(shares, of, strict=True):
        assert abs(share * sum(of) - total * weight) < sum(of)


@pytest.mark.parametrize(
    ("total", "of", "expected"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (-10, [1, 1, 1], [-4, -3, -3]),
        (1, [1, 3], [0, 1]),
        (0, [], []),
    ],
)
def test_remainders_by_size_then_order(total: int, of: list[int], expected: list[int]) -> None:
    assert shared_out(total, of) == expected


@given(groups=st.lists(st.tuples(st.integers(0, 10**13), weights), max_size=5), turned=st.booleans())
def test_many_groups_at_once(groups: list[tuple[int, list[int]]], turned: bool) -> None:
    rows = [
        (f"G{number}", total, weight, f"{place:03}")
        for number, (total, of) in enumerate(groups)
        for place, weight in enumerate(of)
    ]
    schema = {"group": pl.String, "total": pl.Int64, "weight": pl.Int64, "order": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame = frame.reverse() if turned else frame
    found = frame.with_columns(shared_column(frame, "total", "weight", ["group"], "order").alias("share"))
    for number, (total, of) in enumerate(groups):
        mine = found.filter(group=f"G{number}").sort("order")["share"].to_list()
        assert mine == shared_out(total, of)
