"""Which messages are about one event: the same matter, at the same place, in one stretch of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yunnao.capabilities.topics.joining import join_by_place
from yunnao.capabilities.topics.linkage import average_groups
from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.places import shared_name
from yunnao.capabilities.topics.vectors import BODY, count_grams, learn_rarity, vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_EDGE = 0.18
_AVERAGE = 0.1
_SAME_PLACE = 0.05
_HALF_LIFE = 1_000.0


@dataclass(frozen=True, slots=True)
class Events:
    """Messages grouped.

    Attributes:
        groups: rows of the messages of each event; every message is in exactly one, most are alone.
        vectors: (messages, any) of `vectors`.
    """

    groups: list[NDArray[np.int64]]
    vectors: "csr_matrix"


def find_events(messages: Sequence[Message]) -> Events:
    """Group messages by text, place and time; the same messages in the same order give the same groups.

    Groups are made by average linkage, so that no chain of neighbours grows into one; then those are joined that name one
    place which hardly any other message names. Time weighs little: likeness is halved in a thousand days.
    """
    if not messages:
        from scipy.sparse import csr_matrix

        return Events([], csr_matrix((0, 1), dtype=np.float32))
    counts = count_grams(messages)
    found = vectors(counts, learn_rarity(counts, least=2))
    days = np.array([message.day.toordinal() for message in messages], dtype=np.int64)
    groups = average_groups(found, days, edge=_EDGE, average=_AVERAGE, half_life=_HALF_LIFE)
    several = [group for group in groups if len(group) > 1]
    alone = [group for group in groups if len(group) == 1]
    texts = [f"{message.title}。{message.body[:BODY]}" for message in messages]
    names = [shared_name([texts[row] for row in group]) for group in several]
    if several:
        several = join_by_place(several, names, texts, found, least=_SAME_PLACE)
    return Events(sorted([*several, *alone], key=lambda group: int(group[0])), found)
