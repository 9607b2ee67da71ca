"""How well a classifier does on texts that it has not seen: the folds of cross-validation, and the score."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yunnao.capabilities.grams import grams

FOLDS = 5


def folds_of(texts: Sequence[str], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """(texts,) fold of each: every category spread evenly, the same letters always in one fold."""
    found = np.zeros(len(texts), dtype=np.int64)
    seen: dict[bytes, int] = {}
    given = [0] * (int(labels.max()) + 1)
    for row, (text, label) in enumerate(zip(texts, labels.tolist(), strict=True)):
        name = hashlib.sha256(np.sort(grams([text], longest=1).keys).tobytes()).digest()
        if name not in seen:
            seen[name] = given[label] % FOLDS
            given[label] += 1
        found[row] = seen[name]
    return found


def macro_f1(labels: NDArray[np.int64], guessed: NDArray[np.int64], categories: int) -> float:
    """Mean over the categories of F1, each weighing alike; 0 for one that is neither there nor guessed."""
    total = 0.0
    for category in range(categories):
        hits = int(((labels == category) & (guessed == category)).sum())
        total += 2 * hits / max(int((labels == category).sum() + (guessed == category).sum()), 1)
    return total / categories
