"""The account of a hospital in a pool: what its stays come to, what it was prepaid, what it is paid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction

import polars as pl

from yunnao.scenarios.drg.settlement.exact import half_up
from yunnao.scenarios.drg.settlement.policy import Rules

FRAME = {
    "hospital_id": pl.String,
    "name": pl.String,
    "level": pl.String,
    "pool": pl.String,
    "stays": pl.Int64,
    "grouped": pl.Int64,
    "excluded": pl.Int64,
    "cmi": pl.Int64,
    "points": pl.Int64,
    "point_value": pl.String,
    "payable": pl.Int64,
    "own_share": pl.Int64,
    "prepaid": pl.Int64,
    "transferred": pl.Int64,
    "transfer_difference": pl.Int64,
    "bond_withheld": pl.Int64,
    "quality_score": pl.Int64,
    "bond_returned": pl.Int64,
    "deduction": pl.Int64,
    "final": pl.Int64,
    "cost": pl.Int64,
    "difference": pl.Int64,
}
"""Columns of the frame of hospitals, as `Account` says."""


@dataclass(frozen=True, slots=True)
class Prepaid:
    """What a hospital was prepaid in a year, before the bond, and what of it was withheld as bond; fen."""

    amount: int = 0
    bond: int = 0


PrepaidBy = Mapping[tuple[str, str], Prepaid]
"""By hospital and pool."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One hospital in one pool. Money in fen, points and CMI in 1/10000, the score over `SHARE_BASE`.

    Attributes:
        stays, grouped, excluded: all, those with a group, those that earn no points and are in no sum of money.
        cmi: mean weight (base points / scale) of the stays that have one.
        gross: what its points are worth, before own shares are taken off (all-in); not in the frame.
        point_value: yuan a point to six decimals, for people.
        payable: from the fund: of a year the clearing before prepayments, of a month the prepayment before the bond.
        own_share: what patients paid; None where it is not known of every stay.
        claimed: from the fund, as far as known; not in the frame.
        prepaid, bond_withheld: of a year, what its months came to; of a month, the bond withheld.
        transferred: of a year, what its months really paid out; None where no transfer is entered, when what was computed counts.
        bond_returned, deduction: at the year's end.
        final: what is paid now; negative: paid back.
        cost: of the stays that count.
    """

    hospital_id: str
    name: str | None
    level: str | None
    pool: str
    stays: int = 0
    grouped: int = 0
    excluded: int = 0
    cmi: int | None = None
    points: int = 0
    gross: int = 0
    point_value: str = ""
    payable: int = 0
    own_share: int | None = 0
    claimed: int = 0
    prepaid: int = 0
    transferred: int | None = None
    bond_withheld: int = 0
    quality_score: int | None = None
    bond_returned: int = 0
    deduction: int = 0
    final: int = 0
    cost: int = 0

    @property
    def difference(self) -> int | None:
        """Payable and own share over cost: what the hospital keeps (结余) or bears; None where the own share is not known."""
        return None if self.own_share is None else self.payable + self.own_share - self.cost

    @property
    def transfer_difference(self) -> int | None:
        """Transferred over what the months computed after the bond; None without transfers."""
        return None if self.transferred is None else self.transferred - (self.prepaid - self.bond_withheld)

    @property
    def had(self) -> int:
        """What the hospital had before the year's end, the bond counted in: as transferred, else as computed."""
        return self.prepaid if self.transferred is None else self.transferred + self.bond_withheld


def accounts_of(
    stays: pl.DataFrame,
    hospitals: pl.DataFrame,
    rules: Rules,
    prepaid: PrepaidBy,
    transferred: Mapping[tuple[str, str], int] | None = None,
) -> list[Account]:
    """An account for each hospital and pool with priced stays, prepayments or transfers, sorted; nothing paid yet."""
    counts = pl.col("class") != "excluded"
    base = pl.col("base_points")
    found = stays.group_by("hospital_id", "pool").agg(
        pl.len().alias("stays"),
        (pl.col("outcome") == "grouped").sum().alias("grouped"),
        (~counts).sum().alias("excluded"),
        pl.struct(base.sum().alias("total"), base.is_not_null().sum().alias("count")).alias("weights"),
        pl.col("points").sum(),
        pl.when(pl.col("own_share").filter(counts).null_count() == 0)
        .then(pl.col("own_share").filter(counts).sum())
        .alias("own_share"),
        claimed().sum().alias("claimed"),
        pl.col("total_cost").filter(counts).sum().alias("cost"),
    )
    sums = {(row.pop("hospital_id"), row.pop("pool")): row for row in found.to_dicts()}
    known = {row["hospital_id"]: row for row in hospitals.to_dicts()}
    accounts = []
    for hospital, pool in sorted(sums.keys() | prepaid.keys() | (transferred or {}).keys()):
        own = sums.get((hospital, pool), {})
        weights = own.pop("weights", {"total": 0, "count": 0})
        before = prepaid.get((hospital, pool), Prepaid())
        accounts.append(
            Account(
                hospital_id=hospital,
                name=known.get(hospital, {}).get("name"),
                level=known.get(hospital, {}).get("level"),
                pool=pool,
                cmi=_mean_weight(weights["total"], weights["count"], rules.scale),
                prepaid=before.amount,
                transferred=None if transferred is None else transferred.get((hospital, pool), 0),
                bond_withheld=before.bond,
                **own,
            )
        )
    return accounts


def _mean_weight(total: int, count: int, scale: int) -> int | None:
    return half_up(Fraction(total, count * scale)) if count else None


def claimed() -> pl.Expr:
    """What a stay claims from the fund; an unknown claim is prepaid nothing."""
    return pl.when(pl.col("class") == "excluded").then(0).otherwise(pl.col("fund_claimed").fill_null(0))


def own_share_of(accounts: Iterable[Account]) -> int | None:
    """What patients paid in sum; None where one account does not know."""
    shares = [account.own_share for account in accounts]
    return None if None in shares else sum(share or 0 for share in shares)


def prepaid_by(months: Iterable[pl.DataFrame]) -> dict[tuple[str, str], Prepaid]:
    """What the frames of hospitals of months prepaid in sum."""
    found: dict[tuple[str, str], Prepaid] = {}
    for frame in months:
        for hospital, pool, amount, bond in frame.select("hospital_id", "pool", "payable", "bond_withheld").iter_rows():
            before = found.get((hospital, pool), Prepaid())
            found[hospital, pool] = Prepaid(before.amount + amount, before.bond + bond)
    return found


def frame_of(accounts: Sequence[Account]) -> pl.DataFrame:
    """The accounts as `FRAME` says, in their order."""
    rows = [
        asdict(account) | {"difference": account.difference, "transfer_difference": account.transfer_difference}
        for account in accounts
    ]
    return pl.DataFrame([{name: row[name] for name in FRAME} for row in rows], schema=FRAME)
