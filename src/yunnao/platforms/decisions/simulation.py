"""What if a parameter were different: who gains, who loses, what it costs. Nothing is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.numbers import yuan_text
from yunnao.platforms.decisions.compiled import OUTCOMES

_NAMES = dict(enumerate(OUTCOMES))


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """Two runs of one policy over the same subjects.

    Attributes:
        moves: (outcome before, outcome after) -> subjects.
        gains, loses: subjects whose amount rises or who become entitled; falls, or who lose it.
        before, after: total granted in fen; subjects whose amount is unknown are counted in `unpriced`.
        rows: subject, outcome and amount before and after, of those that differ, sorted by subject.
    """

    policy: str
    subjects: int
    moves: dict[tuple[str, str], int]
    gains: int
    loses: int
    before: int
    after: int
    unpriced: int
    rows: pl.DataFrame

    @property
    def cost(self) -> str:
        """What the change costs or saves, as a phrase."""
        more = self.after - self.before
        return f"{'增加' if more >= 0 else '减少'}支出 {yuan_text(abs(more))} 元"


def compare(policy: str, key: str, before: pl.DataFrame, after: pl.DataFrame, *, grants_money: bool) -> Simulation:
    """Compare two outputs of `many.decide` for one policy; ``grants_money``: whether it grants a sum at all."""
    amount = f"{policy}__amount"
    both = before.select(key, outcome=policy, amount=amount).join(
        after.select(key, outcome_after=policy, amount_after=amount), on=key, how="inner"
    )
    worth, worth_after = pl.col("amount").fill_null(0), pl.col("amount_after").fill_null(0)
    granted, granted_after = pl.col("outcome") == 1, pl.col("outcome_after") == 1
    gains = (~granted & granted_after) | (granted & granted_after & (worth_after > worth))
    loses = (granted & ~granted_after) | (granted & granted_after & (worth_after < worth))
    totals = both.select(
        gains=gains.sum(),
        loses=loses.sum(),
        before=worth.sum(),
        after=worth_after.sum(),
        unpriced=(granted_after & pl.col("amount_after").is_null() & grants_money).sum(),
    ).row(0)
    moves = both.group_by("outcome", "outcome_after").len().sort("outcome", "outcome_after").rows()
    differ = both.filter(
        (pl.col("outcome") != pl.col("outcome_after")) | pl.col("amount").ne_missing(pl.col("amount_after"))
    ).sort(key)
    return Simulation(
        policy=policy,
        subjects=len(both),
        moves={(_NAMES[a], _NAMES[b]): n for a, b, n in moves},
        gains=totals[0],
        loses=totals[1],
        before=totals[2],
        after=totals[3],
        unpriced=totals[4],
        rows=differ.with_columns(pl.col("outcome", "outcome_after").replace_strict(_NAMES, return_dtype=pl.String)),
    )


def parse_changes(settings: Iterable[str]) -> dict[str, str]:
    """``PARAMETER=VALUE`` texts as a dictionary.

    Raises:
        ValueError: a text has no ``=``.
    """
    changes = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ValueError(setting)
        changes[name.strip()] = value.strip()
    return changes
