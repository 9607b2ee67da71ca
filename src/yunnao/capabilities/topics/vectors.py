"""Messages as sparse vectors whose dot product says how far two of them are about one matter (0 to 1).

Three channels, each of unit length and weighted: n-grams of the title, of the body's beginning, and of the names of places.
What few messages hold weighs more (inverse document frequency); what many hold weighs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yunnao.capabilities.grams import grams
from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.places import places

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BODY = 300
"""Characters of a body that are looked at: what it is about is said first."""

_BUCKETS_BITS = 20
BUCKETS = 1 << _BUCKETS_BITS
_ODD = np.uint64(0x9E3779B97F4A7C15)
_COMMON = 40
"""However few messages there are, what no more than these hold is not called common."""


@dataclass(frozen=True, slots=True)
class _Channel:
    shortest: int
    longest: int
    weight: float
    common: float
    """Share of messages beyond which an n-gram weighs nothing."""
    fewest: int
    """As many n-grams of the rarest kind make a full length: a text of whose n-grams hardly any are shared stays short."""


CHANNELS = (
    _Channel(shortest=2, longest=3, weight=0.55, common=0.1, fewest=6),
    _Channel(shortest=2, longest=3, weight=0.3, common=0.1, fewest=30),
    _Channel(shortest=3, longest=3, weight=0.15, common=0.015, fewest=2),
)
"""Title, body, places."""

_PLACES = 2


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much each n-gram weighs.

    Attributes:
        weights: (channels * BUCKETS,) float32, 0 for what is common.
        rarest: the weight of an n-gram that one message alone holds.
    """

    weights: NDArray[np.float32]
    rarest: float


def learn_rarity(counts: "csr_matrix", *, least: int) -> Rarity:
    """Weights from how many messages hold each n-gram.

    Args:
        counts: of `count_grams`.
        least: n-grams in fewer messages weigh nothing: 2 where messages are compared among themselves, 0 where they are
            compared with messages to come, which may hold what was never seen.
    """
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    most = np.repeat([max(channel.common * counts.shape[0], _COMMON) for channel in CHANNELS], BUCKETS)
    used = (held >= least) & (held <= most)
    total = max(counts.shape[0], _COMMON) + 1
    weights = np.zeros(len(held), dtype=np.float32)
    weights[used] = np.log(total / np.maximum(held[used], 1))
    return Rarity(weights, float(np.log(total)))


def count_grams(messages: Sequence[Message]) -> "csr_matrix":
    """(messages, channels * BUCKETS) float32: how often each n-gram occurs."""
    from scipy.sparse import csr_matrix

    texts = (
        [message.title for message in messages],
        [message.body[:BODY] for message in messages],
        [" ".join(places(m.title) * 3 + places(m.body[:BODY])) for m in messages],
    )
    rows, columns = [], []
    for number, (channel, channel_texts) in enumerate(zip(CHANNELS, texts, strict=True)):
        found = grams(channel_texts, shortest=channel.shortest, longest=channel.longest)
        bucket = (found.keys.astype(np.uint64) * _ODD) >> np.uint64(64 - _BUCKETS_BITS)
        rows.append(found.rows)
        columns.append(bucket.astype(np.int64) + number * BUCKETS)
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(messages), len(CHANNELS) * BUCKETS)
    return csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=shape)


def vectors(counts: "csr_matrix", rarity: Rarity) -> "csr_matrix":
    """(messages, channels * BUCKETS) float32: each channel of length sqrt(weight) at most."""
    from scipy.sparse import csr_matrix

    named = counts.indices >= _PLACES * BUCKETS  # a place named again and again is the place it is about
    weighted = np.where(named, counts.data, 1 + np.log(counts.data)) * rarity.weights[counts.indices]
    used = weighted > 0
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[used]
    column, value = counts.indices[used], weighted[used]
    part = row * len(CHANNELS) + column // BUCKETS
    length = np.sqrt(np.bincount(part, weights=value**2, minlength=counts.shape[0] * len(CHANNELS)))
    floor = np.sqrt([channel.fewest for channel in CHANNELS]) * rarity.rarest
    length = np.maximum(length, np.tile(floor, counts.shape[0]))
    scale = np.sqrt([channel.weight for channel in CHANNELS])[column // BUCKETS]
    return csr_matrix(((value * scale / length[part]).astype(np.float32), (row, column)), shape=counts.shape)
