"""What the words around a number say about it: comparator, estimate, aspiration."""

import re
from functools import cache
from typing import Literal, cast

from yunnao.scenarios.plan.quantities import Comparator
from yunnao.scenarios.plan.reading.lexicon import either, last_match, table
from yunnao.scenarios.plan.reading.mentions import Mention

_REACH = 12
_FAR = 200
"""How many characters of a clause 力争 holds for."""
_NUMBERED = re.compile(r"\d(?!\d{0,3}[年月日季])")
_FIRM = re.compile(r"确保|保底|底线")
_LEADING = re.compile(r"(?:^|[，。；])[^，。；]{0,6}$")


@cache
def _words(side: Literal["before", "after"]) -> tuple[re.Pattern[str], dict[str, str]]:
    listed = {word: sign for sign, words in table("hedges")[side].items() for word in words}
    each = either(listed)
    return re.compile(f"(?:{each})(?=$)" if side == "before" else f"(?:{each})"), listed


@cache
def _ending(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{either(table('hedges')[name])})$")


@cache
def _any(name: str) -> re.Pattern[str]:
    return re.compile(either(table("hedges")[name]))


def comparator(text: str, mention: Mention, clause_start: int) -> Comparator:
    """The comparator of a mention whose clause begins at ``clause_start``.

    Conventions: 以上 ≥; 超过, 突破, 余, 多 >; 左右, 近 ≈; 以内, 不超过 ≤; 前三 ≤. Words before the number win over 余 inside it.
    """
    if mention.rank:
        return (
            "≤"
            if _FRONT.search(text[max(0, mention.start - 1) : mention.start]) or text.startswith("强", mention.end)
            else "="
        )
    pattern, signs = _words("after")
    if match := pattern.match(text, mention.stop):
        return cast(Comparator, signs[match.group()])
    before = text[max(clause_start, mention.start - _REACH) : mention.start]
    pattern, signs = _words("before")
    match = pattern.search(before)
    if match and not _ending("not_before").search(before):
        return cast(Comparator, signs[match.group()])
    if mention.hedge:
        return cast(Comparator, table("hedges")["inside"][mention.hedge])
    return "="


_FRONT = re.compile(r"前$")
_SIGN = re.compile(r"(?:-|(?<![减欠增抱])负)+$")


def without_hedge(before: str) -> str:
    """Words before a number without those that only compare."""
    before = _SIGN.sub("", before)
    pattern, _ = _words("before")
    match = pattern.search(before)
    return before[: match.start()] if match and not _ending("not_before").search(before) else before


def is_estimate(text: str, sentence_start: int, place: int) -> bool:
    """Whether 预计 or the like holds at ``place``: said before it in the sentence, for all of it (预计，…) or in the same clause run."""
    before = text[sentence_start:place]
    found = last_match(_any("estimate"), before)
    if found is None:
        return False
    if before.startswith(("，", "：", "全年"), found.end()) or not _NUMBERED.search(before[: found.start()]):
        return True  # said before any number, it holds for all of the sentence
    return "；" not in before[found.end() :]


def is_aspired(text: str, clause_start: int, place: int) -> bool:
    """Whether 力争 or the like stands before ``place`` in its clause, not too far away."""
    clause_start = max(clause_start, place - _FAR)
    found = last_match(_any("aspirational"), text[clause_start:place])
    if found is None or _FIRM.search(text, clause_start + found.end(), place):
        return False
    return not text.startswith("新", clause_start + found.start() - 1)
