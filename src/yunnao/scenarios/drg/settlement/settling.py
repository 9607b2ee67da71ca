"""Settle a year or a month: points into money. Pure: frames and rules in, frames out.

Sources: point value v = budget / points, 关键技术指标释义 (2021); 5 % adjustment fund, DRG点数法与费率法; monthly prepayment of at least
85 %, questions and answers on 浙江省…DRGs点数付费暂行办法 (2019); quality bond, 重庆市 (2025). The form with own shares (``all_in``),
v = (F + own) / points and v P - own to the hospital, is customary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import get_args

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import SHARE_BASE, fen_from_yuan
from yunnao.scenarios.drg.settlement import accounts as accounting
from yunnao.scenarios.drg.settlement.accounts import Account, PrepaidBy, accounts_of, own_share_of
from yunnao.scenarios.drg.settlement.exact import POINT, decimal_text, exact_text, half_up
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs, basis_of, in_period, prepared
from yunnao.scenarios.drg.settlement.pricing import CLASSES, priced
from yunnao.scenarios.drg.settlement.reference import Reference, reference_of
from yunnao.scenarios.drg.settlement.sharing import shared_column, shared_out
from yunnao.scenarios.drg.settlement.terms import Level, fraction
from yunnao.scenarios.drg.settlement.transfers import transferred

_MONTHS = 12
_SHOWN = 5
_FEN = 100


@dataclass(frozen=True, kw_only=True)
class PoolResult:
    """One pool; money in fen, points in 1/10000.

    Attributes:
        budget: of the period, as the policy says (of a month: a twelfth).
        adjustment: kept as adjustment fund.
        shared: the rest, which the points share.
        own_share: what patients paid of the stays that count; None where unknown.
        point_value: yuan a point to six decimals, "" without points; ``exact`` as a fraction.
        payable: to all hospitals.
    """

    budget: int
    adjustment: int
    shared: int
    points: int
    own_share: int | None
    point_value: str
    exact: str
    payable: int


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What a year or a month comes to.

    Attributes:
        kind, period: ``year`` and 2023, or ``month`` and 2023-05.
        groups, stays, hospitals: `reference.GROUPS`, `pricing.priced` with ``payment`` (fen), `accounts.FRAME`; each sorted by its key.
        overall: reference -> mean cost of all groups, in fen, as a fraction.
        counts: class -> stays.
        undated: stays without a day of discharge, which belong to no period.
    """

    kind: str
    period: str
    groups: pl.DataFrame
    stays: pl.DataFrame
    hospitals: pl.DataFrame
    pools: Mapping[str, PoolResult]
    overall: Mapping[str, str]
    counts: Mapping[str, int]
    undated: int


@dataclass(frozen=True)
class _Priced:
    """Groups and priced stays of a period."""

    groups: pl.DataFrame
    stays: pl.DataFrame
    overall: Mapping[str, str]
    undated: int


def settle_year(inputs: Inputs, rules: Rules, prepaid: PrepaidBy) -> Settlement:
    """The clearing of ``rules.year``.

    To a hospital: payable = its part of the budget by points (all-in: of budget and own shares, less its own shares);
    final = payable - prepaid + bond x quality score - deduction, where what was really transferred (and the bond) stands for what was
    prepaid as soon as it is entered. Payments of a pool sum to what is shared, to the fen.

    Raises:
        YunnaoError: a hospital, a pool or (all-in) an own share is not known, or there is no basis.
    """
    year = str(rules.year)
    found = _priced(inputs, rules, year)
    all_in = rules.point_value == "all_in"
    if all_in:
        _own_shares_known(found.stays)
    accounts: list[Account] = []
    pools = {}
    paid_out = transferred(inputs.transfers, inputs.hospitals, prepaid, rules)
    everybody = accounts_of(found.stays, inputs.hospitals, rules, prepaid, paid_out)
    for pool, budget in _budgets(rules).items():
        members = [account for account in everybody if account.pool == pool]
        adjustment = half_up(budget * fraction(rules.adjustment))
        pot = budget - adjustment + ((own_share_of(members) or 0) if all_in else 0)
        value = _point_value(pot, members)
        worth = shared_out(pot, [account.points for account in members])
        paid = [
            replace(
                account,
                gross=gross,
                payable=gross - ((account.own_share or 0) if all_in else 0),
                point_value=_value_text(value),
            )
            for account, gross in zip(members, worth, strict=True)
        ]
        accounts += paid
        pools[pool] = _pool_result(budget, adjustment, paid, value)
    accounts = _cleared(accounts, inputs.scores, rules)
    stays = _with_payments(found.stays, accounts, pl.col("points"))
    if all_in:
        own = pl.when(pl.col("class") == "excluded").then(0).otherwise("own_share")
        stays = stays.with_columns(pl.col("payment") - own)
    return _settlement("year", year, found, stays, accounts, pools)


def settle_month(inputs: Inputs, rules: Rules, month: str) -> Settlement:
    """The prepayment of a month (``2023-05``): a share of what was claimed, or of a twelfth of the budget by points; the bond is withheld.

    Raises:
        YunnaoError: a hospital or a pool is not known, or there is no basis.
    """
    found = _priced(inputs, rules, month)
    share, bond = fraction(rules.prepayment.share), fraction(rules.bond.share)
    by_points = rules.prepayment.mode == "points"
    accounts: list[Account] = []
    pools = {}
    everybody = accounts_of(found.stays, inputs.hospitals, rules, {})
    for pool, year in _budgets(rules).items():
        members = [account for account in everybody if account.pool == pool]
        budget = half_up(Fraction(year, _MONTHS))
        adjustment = half_up(budget * fraction(rules.adjustment))
        value = _point_value(budget - adjustment, members)
        amounts = (
            shared_out(half_up((budget - adjustment) * share), [account.points for account in members])
            if by_points
            else [half_up(account.claimed * share) for account in members]
        )
        paid = [
            replace(
                account,
                gross=amount,
                payable=amount,
                bond_withheld=half_up(amount * bond),
                final=amount - half_up(amount * bond),
                point_value=_value_text(value),
            )
            for account, amount in zip(members, amounts, strict=True)
        ]
        accounts += paid
        pools[pool] = _pool_result(budget, adjustment, paid, value)
    stays = _with_payments(found.stays, accounts, pl.col("points") if by_points else accounting.claimed())
    if not by_points:
        unknown = (pl.col("class") != "excluded") & pl.col("fund_claimed").is_null() & (pl.col("why") == "")
        stays = stays.with_columns(
            pl.when(unknown).then(pl.lit("统筹记账未知，没有预拨")).otherwise("why").alias("why")
        )
    return _settlement("month", month, found, stays, accounts, pools)


def _priced(inputs: Inputs, rules: Rules, period: str) -> _Priced:
    everything = prepared(inputs, rules)
    stays = in_period(everything, period)
    if stays.is_empty():
        raise YunnaoError(f"{period} 没有出院的病案；请检查时期，或先导入 inpatient_stays")
    _tables_are_there(inputs, rules)
    names = stays["reference"].drop_nulls().unique().sort().to_list()
    reference = reference_of(basis_of(everything, rules, period), rules, inputs.published, names)
    _every_pool_has_a_basis(reference, stays)
    overall = {name: exact_text(mean) for name, mean in sorted(reference.overall.items())}
    undated = everything["discharged_on"].null_count()
    return _Priced(reference.frame(), priced(stays, reference, rules), overall, undated)


def _tables_are_there(inputs: Inputs, rules: Rules) -> None:
    """A simulation may leave a published table aside, but not name another one; a coefficient has to be of somebody."""
    wanted = {rules.coefficients.table, rules.base_points.table.file if rules.base_points.table else None} - {None}
    if strange := sorted(str(name) for name in wanted - inputs.published.hashes.keys()):
        raise YunnaoError(f"没有读入公布的表 {'、'.join(strange)}；要换表请写进政策文件")
    known = {*inputs.hospitals["hospital_id"], *get_args(Level)}
    if unknown := sorted({whose for whose, _ in inputs.published.coefficients} - known):
        raise YunnaoError(
            f"系数表里的医疗机构不在名册 hospitals 里：{'、'.join(unknown[:_SHOWN])}{'等' if len(unknown) > _SHOWN else ''}；"
            "请更正系数表，或先导入这些机构"
        )


def _every_pool_has_a_basis(reference: Reference, stays: pl.DataFrame) -> None:
    missing = set(stays["reference"].unique().to_list()) - set(reference.overall)
    if missing:
        raise YunnaoError(
            f"险种 {'、'.join(sorted(missing))} 在基期没有可用的病案，算不出它的基准点数；"
            "请在政策的 base_points 里写 by_pool: false，或补导病案"
        )


def _own_shares_known(stays: pl.DataFrame) -> None:
    unknown = stays.filter((pl.col("class") != "excluded") & pl.col("own_share").is_null())
    if len(unknown):
        names = "、".join(unknown["case_id"].head(_SHOWN).to_list())
        raise YunnaoError(
            f"点值含个人支付（all_in），但 {len(unknown):,} 份病案没有个人支付（{names}{'等' if len(unknown) > _SHOWN else ''}）；"
            "请补全后重算，或把政策的 point_value 改为 fund_only"
        )


def _budgets(rules: Rules) -> dict[str, int]:
    """Pool -> the year's budget in fen, sorted."""
    return {pool: fen_from_yuan(budget) for pool, budget in sorted(rules.budgets.items())}


def _point_value(pot: int, members: Sequence[Account]) -> Fraction | None:
    """Yuan a point; None without points."""
    points = sum(account.points for account in members)
    return Fraction(pot * POINT, points * _FEN) if points else None


def _value_text(value: Fraction | None) -> str:
    return "" if value is None else decimal_text(value, 6)


def _pool_result(budget: int, adjustment: int, members: Sequence[Account], value: Fraction | None) -> PoolResult:
    return PoolResult(
        budget=budget,
        adjustment=adjustment,
        shared=budget - adjustment,
        points=sum(account.points for account in members),
        own_share=own_share_of(members),
        point_value=_value_text(value),
        exact="" if value is None else exact_text(value),
        payable=sum(account.payable for account in members),
    )


def _cleared(accounts: Sequence[Account], scores: pl.DataFrame, rules: Rules) -> list[Account]:
    """Accounts with bond, deduction and the final payment; a deduction is spread over the hospital's pools by what they pay."""
    own = scores.filter(pl.col("year") == str(rules.year))
    score_of = dict(own.select("hospital_id", "quality_score").iter_rows())
    deduction_of = dict(own.select("hospital_id", pl.col("deduction").fill_null(0)).iter_rows())
    cleared = []
    for account in accounts:
        score = score_of.get(account.hospital_id)
        siblings = [each for each in accounts if each.hospital_id == account.hospital_id]
        weights = [max(each.payable, 0) for each in siblings]
        spread = shared_out(deduction_of.get(account.hospital_id, 0), weights if any(weights) else [1] * len(weights))
        returned = half_up(account.bond_withheld * returned_share(score, rules))
        deduction = spread[siblings.index(account)]
        cleared.append(
            replace(
                account,
                quality_score=score,
                bond_returned=returned,
                deduction=deduction,
                final=account.payable - account.had + returned - deduction,
            )
        )
    return cleared


def returned_share(score: int | None, rules: Rules) -> Fraction:
    """What share of the bond a quality score (over `SHARE_BASE`) brings back."""
    if score is None:
        return Fraction(1 if rules.bond.missing == "full" else 0)
    share = Fraction(score, SHARE_BASE)
    return Fraction(1) if rules.bond.full_from is not None and share >= fraction(rules.bond.full_from) else share


def _with_payments(stays: pl.DataFrame, accounts: Sequence[Account], weight: pl.Expr) -> pl.DataFrame:
    """Stays with ``payment``: the hospital's gross amount over its stays, summing to it to the fen."""
    gross = pl.DataFrame(
        [(account.hospital_id, account.pool, account.gross) for account in accounts],
        schema={"hospital_id": pl.String, "pool": pl.String, "_gross": pl.Int64},
        orient="row",
    )
    rows = stays.join(gross, on=["hospital_id", "pool"], how="left", maintain_order="left").with_columns(
        weight.alias("_weight")
    )
    payment = shared_column(rows, "_gross", "_weight", ["hospital_id", "pool"], "case_id")
    return rows.drop("_gross", "_weight").with_columns(payment.alias("payment"))


def _settlement(
    kind: str,
    period: str,
    found: _Priced,
    stays: pl.DataFrame,
    accounts: Sequence[Account],
    pools: Mapping[str, PoolResult],
) -> Settlement:
    counted = dict(stays.group_by("class").len().iter_rows())
    return Settlement(
        kind=kind,
        period=period,
        groups=found.groups,
        stays=stays,
        hospitals=accounting.frame_of(accounts),
        pools=pools,
        overall=found.overall,
        counts={name: counted[name] for name in CLASSES if name in counted},
        undated=found.undated,
    )
