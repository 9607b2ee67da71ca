"""A linear classifier over character n-grams: what it is made of and how it decides.

A text becomes its n-grams, ``count^0.7 x rarity`` each, scaled to length 1; a category's score is the product with its
column of weights, plus its bias. The highest score wins. The **margin** is how far it is ahead of the second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yunnao.capabilities.grams import Keys, grams

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]

BATCH = 2_000
"""Texts classified at a time; bounds memory."""

COUNT_POWER = 0.7
"""A word said twice counts for more than once, but not twice."""

SHOWN = 3
"""How many categories are proposed."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained classifier.

    Attributes:
        categories: what it can answer, at least two, sorted.
        longest: the longest n-grams it looks at, in characters.
        keys: (n,) the n-grams it knows, increasing.
        rarity: (n,) float32, a power of inverse document frequency.
        weights: (n, categories) float32.
        bias: (categories,) float32.
        slope, offset: a margin m is right with probability ``1 / (1 + exp(-(slope m + offset)))``; slope is above 0.
        rows: how many labelled messages it was trained on.
        macro_f1, accuracy: of five-fold cross-validation on them, the same text never on both sides.
    """

    categories: tuple[str, ...]
    longest: int
    keys: Keys
    rarity: Floats
    weights: Floats
    bias: Floats
    slope: float
    offset: float
    rows: int
    macro_f1: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Classified:
    """What a model says of some texts.

    Attributes:
        best: (texts, SHOWN or fewer) positions in `Model.categories`, best first.
        margin: (texts,) score of the best less that of the second.
        confidence: (texts,) probability that the best is right, as found by cross-validation. It rises strictly with the margin
            and depends on nothing else, so a threshold on it is a threshold on the margin: of messages that get 0.9, nine of ten
            went right in training. It says nothing about texts unlike any of those trained on.
    """

    best: NDArray[np.int64]
    margin: Floats
    confidence: NDArray[np.float64]


def as_text(title: str, body: str) -> str:
    """A message as one text: the title says what it is about, and counts twice."""
    return f"{title}\n{title}\n{body}" if title else body


def classify(model: Model, texts: Sequence[str]) -> Classified:
    """Classify every text; one without any known n-gram gets the categories' biases and a low confidence."""
    parts = list(_scores(model, texts))
    scores = np.concatenate(parts) if parts else np.zeros((0, len(model.categories)), dtype=np.float32)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :SHOWN]
    top = np.take_along_axis(scores, best, axis=1)
    margin = top[:, 0] - top[:, 1]
    return Classified(best, margin, confidence(margin, model.slope, model.offset))


def confidence(margin: Floats, slope: float, offset: float) -> NDArray[np.float64]:
    """Margin -> probability of being right (see `Model`)."""
    return np.asarray(1 / (1 + np.exp(-(slope * margin.astype(np.float64) + offset))))


def features(texts: Sequence[str], keys: Keys, rarity: Floats, longest: int) -> "csr_matrix":
    """(texts, keys) float32, each row of length 1, or empty where no n-gram is known."""
    counts = count_known(texts, keys, longest)
    counts.data = counts.data**COUNT_POWER * rarity[counts.indices]
    rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
    length = np.sqrt(np.bincount(rows, weights=counts.data**2, minlength=len(texts)))
    counts.data = (counts.data / length[rows]).astype(np.float32)
    return counts


def count_known(texts: Sequence[str], keys: Keys, longest: int) -> "csr_matrix":
    """(texts, keys) float32: how often each known n-gram occurs."""
    from scipy.sparse import csr_matrix

    found = grams(texts, longest=longest)
    place = np.searchsorted(keys, found.keys)
    place[place == len(keys)] = 0
    known = keys[place] == found.keys if len(keys) else np.zeros(len(place), dtype=bool)
    columns = place[known]
    return csr_matrix(
        (np.ones(len(columns), dtype=np.float32), (found.rows[known], columns)), shape=(len(texts), len(keys))
    )


def _scores(model: Model, texts: Sequence[str]) -> Iterator[Floats]:
    for start in range(0, len(texts), BATCH):
        found = features(texts[start : start + BATCH], model.keys, model.rarity, model.longest)
        yield np.asarray(found @ model.weights + model.bias, dtype=np.float32)
