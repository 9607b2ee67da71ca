"""Largest remainder: whole fen that sum to the budget, for a few hospitals and for a hundred thousand stays."""

from collections.abc import Sequence

import polars as pl


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` over ``weights`` (>= 0) in proportion, whole, summing to it: the floors, then one more for the largest remainders.

    Equal remainders go by order, so callers sort. Without any weight nobody gets anything. A negative total is shared as its amount.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    amount = abs(total)
    shares = [divmod(amount * weight, whole) for weight in weights]
    left = amount - sum(share for share, _ in shares)
    first = sorted(range(len(weights)), key=lambda place: -shares[place][1])[:left]
    result = [share for share, _ in shares]
    for place in first:
        result[place] += 1
    return result if total >= 0 else [-share for share in result]


def shared_column(frame: pl.DataFrame, total: str, weight: str, by: Sequence[str], order: str) -> pl.Series:
    """`shared_out` for every group of rows at once.

    Args:
        frame: rows.
        total: column with the amount of the row's group, the same on all of its rows, >= 0 and at most 10^16.
        weight: column of weights, 0 .. 10^18; so products stay far inside of 128 bits.
        by: columns that name the group.
        order: column that decides between equal remainders.

    Returns:
        the shares (Int64), in the order of the rows.
    """
    amount, own = pl.col(total).cast(pl.Int128), pl.col(weight).cast(pl.Int128)
    whole = own.sum().over(by)
    divisor = pl.when(whole > 0).then(whole).otherwise(1)
    rows = frame.select(
        *by,
        order,
        (amount * own // divisor).alias("_share"),
        (amount * own % divisor).alias("_rest"),
        amount.alias("_all"),
        whole.alias("_whole"),
    ).with_row_index("_row")
    rows = rows.sort([*by, "_rest", order], descending=[*(False for _ in by), True, False])
    left = pl.when(pl.col("_whole") > 0).then(pl.col("_all") - pl.col("_share").sum().over(by)).otherwise(0)
    rank = pl.int_range(pl.len()).over(by)
    rows = rows.with_columns((pl.col("_share") + (rank < left).cast(pl.Int128)).cast(pl.Int64).alias("_share"))
    return rows.sort("_row")["_share"]
