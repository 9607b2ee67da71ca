"""疑似重复: which recent messages a new one may repeat, with the evidence an officer judges by."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.phrases import phrase_counts, telling_phrases
from yunnao.capabilities.topics.places import shared_name
from yunnao.capabilities.topics.vectors import BODY, Rarity, count_grams, learn_rarity, vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SAME_MATTER = 0.15
"""Likeness from which on another citizen's message is suggested."""

SAME_CITIZEN = 0.1
"""Likeness from which on a message of the same citizen is suggested."""

_TAIL = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A recent message that a new one may repeat.

    Attributes:
        message: its id.
        likeness: 0 to 1; 1 is the same text.
        same_citizen: whether the same person wrote both.
        days: from it to the new one; negative if it came later.
        place: a place that both name, or ``""``.
        words: phrases in both titles.
    """

    message: str
    likeness: float
    same_citizen: bool
    days: int
    place: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecentMessages:
    """Messages prepared to be searched. Immutable; `extended` shares what it can.

    Attributes:
        messages: all of them; the last ``counts.shape[0] - turned.shape[1]`` are the tail.
        counts: of `count_grams`, of all of them.
        rarity: learned when the index was last prepared.
        turned: (n-grams, prepared messages) vectors of all but the tail, laid out to be searched by n-gram.
        tail: (tail, n-grams) vectors of those added since.
    """

    messages: tuple[Message, ...]
    counts: "csr_matrix"
    rarity: Rarity
    turned: "csr_matrix"
    tail: "csr_matrix"

    def extended(self, messages: Sequence[Message]) -> "RecentMessages":
        """With more messages; n-grams are weighed anew once a thousand have been added."""
        from scipy.sparse import vstack

        if not messages:
            return self
        added = count_grams(messages)
        counts = vstack([self.counts, added], format="csr")
        everything = (*self.messages, *messages)
        if self.tail.shape[0] + len(messages) > _TAIL:
            return _prepared(everything, counts)
        tail = vstack([self.tail, vectors(added, self.rarity)], format="csr")
        return RecentMessages(everything, counts, self.rarity, self.turned, tail)


def prepare(messages: Sequence[Message]) -> RecentMessages:
    """Messages ready to be searched; twenty thousand take some seconds."""
    return _prepared(tuple(messages), count_grams(messages))


def _prepared(messages: tuple[Message, ...], counts: "csr_matrix") -> RecentMessages:
    rarity = learn_rarity(counts, least=0)
    found = vectors(counts, rarity)
    return RecentMessages(messages, counts, rarity, found.T.tocsr(), found[:0])


def similar(new: Message, recent: RecentMessages, *, within: int = 120, top: int = 5) -> list[Candidate]:
    """The messages that ``new`` may repeat, most alike first; a message with its own id is never one.

    Args:
        new: the message that came in.
        recent: what to search.
        within: days between the two at most.
        top: how many at most.
    """
    asked = vectors(count_grams([new]), recent.rarity)
    prepared = (asked @ recent.turned).toarray().ravel()
    added = recent.tail @ asked.toarray().ravel() if recent.tail.shape[0] else np.zeros(0, dtype=np.float32)
    likeness = np.concatenate([prepared, added])
    found = []
    for row in np.flatnonzero(likeness >= min(SAME_CITIZEN, SAME_MATTER)).tolist():
        other = recent.messages[row]
        same = other.citizen == new.citizen
        enough = likeness[row] >= (SAME_CITIZEN if same else SAME_MATTER)
        if enough and other.id != new.id and abs((new.day - other.day).days) <= within:
            found.append((float(likeness[row]), row))
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return [_candidate(new, recent.messages[row], value) for value, row in found[:top]]


def _candidate(new: Message, other: Message, likeness: float) -> Candidate:
    texts = [f"{message.title}。{message.body[:BODY]}" for message in (new, other)]
    titles = [new.title, other.title]
    return Candidate(
        message=other.id,
        likeness=round(min(likeness, 1.0), 4),
        same_citizen=other.citizen == new.citizen,
        days=_days(other.day, new.day),
        place=shared_name(texts, share=1.0),
        words=telling_phrases(titles, phrase_counts(titles), 2 * len(titles)),
    )


def _days(earlier: dt.date, later: dt.date) -> int:
    return (later - earlier).days
