"""The sample policy with a budget for fewer or more stays than the shipped one, so that a point is worth as much."""

import re
from decimal import ROUND_HALF_UP, Decimal

from yunnao.kernel.errors import DefinitionError
from yunnao.scenarios.drg.sample_year import STAYS

_MARK = "# 由 yunnao drg sample 写：预算按 {stays:,} 份病案缩放，其余同随系统的示例政策；改成本区的请删去这一行。\n"
_MARKED = _MARK.partition("：")[0]
_BUDGETS = re.compile(
    r"(?<=    - from: )(\d{4}-\d\d-\d\d\n      value: )\{((?:\w+: [\d.]+(?:, )?)+)\}(?=\n      cites: 合成样例)"
)
_FEN = Decimal("0.01")


def scaled_policy(text: str, stays: int) -> str:
    """The shipped policy's text with budgets x ``stays`` / `STAYS`, to the fen, marked as written here.

    Raises:
        DefinitionError: the text has no budgets where they are expected.
    """

    def scaled(found: re.Match[str]) -> str:
        pairs = (pair.split(": ") for pair in found[2].split(", "))
        amounts = ((pool, (Decimal(amount) * stays / STAYS).quantize(_FEN, ROUND_HALF_UP)) for pool, amount in pairs)
        return f"{found[1]}{{{', '.join(f'{pool}: {amount}' for pool, amount in amounts)}}}"

    changed, count = _BUDGETS.subn(scaled, text)
    if not count:
        raise DefinitionError("示例政策里没有找到预算，无法缩放；请检查 sample_policy.yaml")
    return _MARK.format(stays=stays) + changed


def is_scaled(text: str) -> bool:
    """Whether a policy is one of these, and not a district's own."""
    return text.startswith(_MARKED)
