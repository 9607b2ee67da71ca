"""Why a stay has no group, in words; for one stay and by column alike."""

import polars as pl

_NO_PRINCIPAL = "主要诊断是空的"
_UNLISTED = "主要诊断 {} 不在任何 MDC 的诊断表里"
_NOT_ENTERED = "主要诊断 {} 在诊断表里，但没有一个 MDC 的其他条件符合"
_NO_ADRG = "进入 {}，但没有一个 ADRG 的条件符合"
_NO_GROUPS = "ADRG {} 在方案里没有 DRG"
_NO_SPLIT = "ADRG {} 的 DRG 条件没有一个符合"
_AMBIGUOUS = "歧义病案：进入 {}，有有效手术，但没有一个手术类 ADRG 的条件符合"


def reason(
    outcome: str, *, mdc: str, adrg: str, principal: str, listed: bool, entered: tuple[str, ...], has_groups: bool
) -> str:
    """Of one stay that is ambiguous or ungroupable.

    Args:
        outcome: ``ambiguous`` or ``ungroupable``.
        mdc, adrg: where it came to; empty if nowhere.
        principal: its principal diagnosis, as written.
        listed: whether that is in the table of any MDC.
        entered: MDCs whose gates it passed.
        has_groups: whether the scheme gives the ADRG any group.
    """
    if outcome == "ambiguous":
        return _AMBIGUOUS.format(mdc)
    if adrg:
        return (_NO_SPLIT if has_groups else _NO_GROUPS).format(adrg)
    if not principal:
        return _NO_PRINCIPAL
    if not listed:
        return _UNLISTED.format(principal)
    return _NO_ADRG.format("、".join(entered)) if entered else _NOT_ENTERED.format(principal)


def column() -> pl.Expr:
    """`reason` over columns of its arguments' names (``entered`` joined by 、, ``split`` for ``has_groups``)."""
    return (
        pl.when(pl.col("outcome") == "ambiguous")
        .then(pl.format(_AMBIGUOUS, "mdc"))
        .when((pl.col("adrg") != "") & pl.col("split"))
        .then(pl.format(_NO_SPLIT, "adrg"))
        .when(pl.col("adrg") != "")
        .then(pl.format(_NO_GROUPS, "adrg"))
        .when(pl.col("principal") == "")
        .then(pl.lit(_NO_PRINCIPAL))
        .when(~pl.col("listed"))
        .then(pl.format(_UNLISTED, "principal"))
        .when(pl.col("entered") != "")
        .then(pl.format(_NO_ADRG, "entered"))
        .otherwise(pl.format(_NOT_ENTERED, "principal"))
        .alias("reason")
    )
