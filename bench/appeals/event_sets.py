"""A stand-in for the truth about events: six sets of messages fixed by keywords, before any grouping was tried.

No list of the true events is published. A set is found as far as its pairs are in one group (recall); a group that holds a pair
of a set is right as far as its pairs are pairs of a set (precision). Over all sets together, and recall also as the mean of the sets.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yunnao.capabilities.topics.messages import Message

SETS = {
    "丽发新城搅拌站": re.compile(
        "搅拌|丽发新城.*(?:水泥|混凝土|砂石|灰尘|粉尘)|(?:水泥|混凝土|砂石|灰尘|粉尘).*丽发新城"
    ),
    "伊景园滨河苑车位": re.compile("伊景园"),
    "人才购房补贴": re.compile("人才.{0,14}(?:补贴|购房|新政)"),
    "58车贷": re.compile("58车贷"),
    "五矿万境K9县": re.compile("五矿万境"),
    "魅力之城油烟": re.compile("魅力之城"),
}
"""A message belongs to the first set whose keywords it holds."""

SOUGHT = ("丽发新城搅拌站", "伊景园滨河苑车位", "58车贷", "魅力之城油烟")
"""Events that every list of hot topics should name."""


def set_of(message: Message) -> str:
    """The set that a message belongs to, or ``""``."""
    text = "".join(f"{message.title}{message.body}".split())
    return next((name for name, words in SETS.items() if words.search(text)), "")


@dataclass(frozen=True, slots=True)
class Found:
    """How well groups agree with the sets."""

    recall: float
    mean_recall: float
    precision: float
    largest: dict[str, tuple[int, int]]
    """Set -> (most of it in one group, all of it)."""


def compare_groups(groups: Sequence[Sequence[str]]) -> Found:
    """``groups``: for each group, the set of each of its messages (or ``""``)."""
    sizes = Counter(name for group in groups for name in group if name)
    together: Counter[str] = Counter()
    most: Counter[str] = Counter()
    right = whole = 0
    for group in groups:
        counts = Counter(name for name in group if name)
        pairs = {name: _pairs(count) for name, count in counts.items()}
        together.update(pairs)
        for name, count in counts.items():
            most[name] = max(most[name], count)
        if any(pairs.values()):
            right += sum(pairs.values())
            whole += _pairs(len(group))
    recalls = [together[name] / _pairs(size) for name, size in sizes.items()]
    return Found(
        recall=sum(together.values()) / sum(map(_pairs, sizes.values())),
        mean_recall=sum(recalls) / len(recalls),
        precision=right / whole,
        largest={name: (most[name], sizes[name]) for name in SETS if sizes[name]},
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
