"""Phrases that many messages of a group share and few others have, as a person would read them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from yunnao.capabilities.personal_data import spans

_RUN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]+")
_MAYBE = re.compile(r"\d[\d -]{4}|@")
"""Whatever has less holds none; looking closely takes its time."""
_MASKED = re.compile(r"\d*\*+\d*")
_LENGTHS = range(2, 7)
_SHARE = 0.3
_MOST = 6


def phrase_counts(titles: Iterable[str]) -> Counter[str]:
    """In how many titles each stretch of two to six letters or ideographs occurs."""
    counts: Counter[str] = Counter()
    for title in titles:
        counts.update(_phrases(title))
    return counts


def telling_phrases(titles: Sequence[str], everywhere: Counter[str], total: int) -> tuple[str, ...]:
    """The phrases that set these titles apart, most telling first, none overlapping another.

    Args:
        titles: of the group.
        everywhere: `phrase_counts` of all titles, these included.
        total: how many titles that were.
    """
    here = phrase_counts(titles)
    least = max(2, _SHARE * len(titles))
    scores = {
        phrase: count * len(phrase) ** 0.5 * float(np.log((total + 1) / everywhere[phrase]))
        for phrase, count in here.items()
        if count >= least
    }
    chosen: list[str] = []
    for phrase in sorted(scores, key=lambda phrase: (-scores[phrase], phrase)):
        if not any(_overlap(phrase, other) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == _MOST:
            break
    return tuple(chosen)


def _phrases(title: str) -> set[str]:
    return {
        run[start : start + length]
        for run in _RUN.findall(_of_nobody(title))
        for length in _LENGTHS
        for start in range(len(run) - length + 1)
    }


def _of_nobody(title: str) -> str:
    """The title without numbers and addresses of persons: a part of one is no matter that people share, and no longer masked."""
    for span in reversed(spans(title) if _MAYBE.search(title) else ()):
        title = f"{title[: span.start]} {title[span.end :]}"
    return _MASKED.sub(" ", title)


def _overlap(one: str, other: str) -> bool:
    """Whether both hold the same two characters, or one begins where the other ends: they are parts of the same words."""
    if one[0] == other[-1] or one[-1] == other[0]:
        return True
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return any(other[at : at + 2] in pairs for at in range(len(other) - 1))
