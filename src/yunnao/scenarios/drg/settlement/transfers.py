"""Prepayments as they were really transferred (实际拨付): lines of an officer, summed by hospital and pool; nothing is overwritten.

A correction is a further line, negative where money came back. As soon as a year has a line, its clearing deducts what was
transferred and not what the months computed; what was not transferred is then paid at the year's end.
"""

from collections.abc import Mapping

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.accounts import Prepaid, PrepaidBy
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.sharing import shared_out
from yunnao.scenarios.drg.settlement.terms import ALL

LINES = pl.Schema(
    {
        "hospital_id": pl.String(),
        "month": pl.String(),
        "reference": pl.String(),
        "pool": pl.String(),
        "amount": pl.Int64(),
        "paid_on": pl.Date(),
        "note": pl.String(),
    }
)
"""The register `fund_transfers` as stored; amounts in fen."""

Transferred = Mapping[tuple[str, str], int]
"""By hospital and pool, fen."""

_SHOWN = 5


def no_transfers() -> pl.DataFrame:
    """No line at all."""
    return pl.DataFrame(schema=LINES)


def transferred(lines: pl.DataFrame, hospitals: pl.DataFrame, prepaid: PrepaidBy, rules: Rules) -> Transferred | None:
    """What was transferred for the months of ``rules.year``; None without any line, when what was computed counts.

    A line without a pool is spread over the hospital's pools by what was computed for them (equally where nothing was).

    Raises:
        YunnaoError: a line has no amount, or its hospital or pool is not known.
    """
    own = lines.filter(pl.col("month").str.starts_with(f"{rules.year}-"))
    if own.is_empty():
        return None
    _refuse(own.filter(pl.col("amount").is_null()), "没有金额")
    _refuse(own.join(hospitals, on="hospital_id", how="anti"), "的医疗机构不在名册 hospitals 里")
    pool = pl.lit(ALL) if rules.together else pl.col("pool")
    own = own.with_columns(pool.alias("pool"))
    _refuse(own.filter(pl.col("pool").is_not_null() & ~pl.col("pool").is_in(rules.pools)), "的险种在政策里没有预算")
    found: dict[tuple[str, str], int] = {}
    for hospital, name, amount in (
        own.group_by("hospital_id", "pool").agg(pl.col("amount").sum()).sort("hospital_id", "pool").iter_rows()
    ):
        pools = rules.pools if name is None else [name]
        weights = [max(_net(prepaid.get((hospital, each), Prepaid())), 0) for each in pools]
        shares = shared_out(amount, weights if any(weights) else [1] * len(pools))
        for each, share in zip(pools, shares, strict=True):
            found[hospital, each] = found.get((hospital, each), 0) + share
    assert sum(found.values()) == own["amount"].sum()  # to the fen
    return found


def _net(before: Prepaid) -> int:
    return before.amount - before.bond


def _refuse(lines: pl.DataFrame, why: str) -> None:
    if len(lines):
        shown = "、".join(
            f"{hospital} {month}（{reference}）"
            for hospital, month, reference in lines.head(_SHOWN).select("hospital_id", "month", "reference").iter_rows()
        )
        raise YunnaoError(
            f"{len(lines):,} 行实际拨付{why}：{shown}{'等' if len(lines) > _SHOWN else ''}；请更正 fund_transfers 后再导入"
        )
