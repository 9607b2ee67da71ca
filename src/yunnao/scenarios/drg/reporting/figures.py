"""Sums of a run's stays by hospital, class, group and month: what statements, workbooks and pages show. Columnar and exact.

Money is fen, points are 1/10000. A stay that earns no points because it is excluded (class ``excluded``) counts as a stay and adds
neither cost nor own share, as in the hospitals' accounts.
"""

from collections.abc import Sequence

import polars as pl

from yunnao.kernel.errors import YunnaoError

SUMS = ("stays", "points", "payment", "cost")
"""What is summed."""


def by(stays: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """``keys`` and `SUMS` of every combination of them, sorted by them."""
    return stays.group_by(keys).agg(*_sums()).sort(keys)


def by_group(stays: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """`by` DRG within ``keys``, with base points and coefficient where all its stays that have them have the same."""
    same = [
        pl.when(pl.col(name).drop_nulls().n_unique() == 1).then(pl.col(name).drop_nulls().first()).alias(name)
        for name in ("base_points", "coefficient")
    ]
    return stays.group_by(*keys, "drg").agg(*_sums(), *same).sort(*keys, "drg")


def monthly(stays: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """`by` ``month`` of discharge (``2023-05``) within ``keys``."""
    return by(stays.with_columns(month=pl.col("discharged_on").dt.to_string("%Y-%m")), *keys, "month")


def differences(sums: pl.DataFrame, accounts: pl.DataFrame, allowed: Sequence[str] = ()) -> list[str]:
    """Where sums of stays are not what the accounts of the hospitals say; empty if they agree to the last fen and point.

    Args:
        sums: `by` hospital and pool.
        accounts: the run's hospitals.
        allowed: columns of `SUMS` that are not held against the accounts.

    Returns:
        Chinese sentences.
    """
    wanted = {"stays": "stays", "points": "points", "payment": "payable", "cost": "cost"}
    both = accounts.join(sums, on=["hospital_id", "pool"], how="left", suffix="_summed")
    found = []
    for name, account in wanted.items():
        if name in allowed:
            continue
        summed = pl.col(f"{name}_summed" if f"{name}_summed" in both.columns else name).fill_null(0)
        for row in both.filter(summed != pl.col(account)).iter_rows(named=True):
            found.append(
                f"{row['hospital_id']}（{row['pool']}）的 {name} 合计与结算结果的 {account}（{row[account]}）不符"
            )
    return found


def check_sums(stays: pl.DataFrame, accounts: pl.DataFrame) -> None:
    """Make sure that a run's stays sum to its accounts.

    Raises:
        YunnaoError: they do not; nothing may be printed from them.
    """
    found = differences(by(stays, "hospital_id", "pool"), accounts)
    if found:
        more = f"等 {len(found)} 处" if len(found) > 1 else ""
        raise YunnaoError(f"{found[0]}{more}；结算文件可能被改动过，请重新结算后再出结算单")


def _sums() -> list[pl.Expr]:
    cost = pl.when(pl.col("class") == "excluded").then(0).otherwise(pl.col("total_cost").fill_null(0))
    return [
        pl.len().cast(pl.Int64).alias("stays"),
        pl.col("points").sum(),
        pl.col("payment").sum(),
        cost.sum().cast(pl.Int64).alias("cost"),
    ]
