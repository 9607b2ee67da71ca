"""The words that spoke for a category, as stretches of the message that a person can read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yunnao.capabilities.classification.model import Classified, Model, as_text, classify, features
from yunnao.capabilities.grams import grams

_STRONGEST = 12
_MOST = 5
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """One category for one message.

    Attributes:
        category: its name.
        score: of the model; comparable within one message only.
        words: stretches of the title or body that spoke for it, strongest first; at most five.
    """

    category: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A message classified, with reasons.

    Attributes:
        proposals: best first, at most three.
        confidence: that the first is right (see `Classified.confidence`).
    """

    proposals: tuple[Proposal, ...]
    confidence: float


def explain(model: Model, title: str, body: str) -> Explained:
    """Classify one message and say which of its words spoke for each of the best categories."""
    text = as_text(title, body)
    found: Classified = classify(model, [text])
    row = features([text], model.keys, model.rarity, model.longest)
    original = f"{title}\n{body}"
    proposals = []
    for category in found.best[0].tolist():
        spoke = row.data * model.weights[row.indices, category]
        strongest = np.argsort(-spoke, kind="stable")[:_STRONGEST]
        strength = {int(model.keys[row.indices[place]]): float(spoke[place]) for place in strongest if spoke[place] > 0}
        score = float(spoke.sum() + model.bias[category])
        proposals.append(Proposal(model.categories[category], score, _stretches(original, strength, model.longest)))
    return Explained(tuple(proposals), float(found.confidence[0]))


def _stretches(text: str, strength: dict[int, float], longest: int) -> tuple[str, ...]:
    """Stretches of ``text`` that the n-grams in ``strength`` cover, overlapping ones as one, strongest first."""
    found = grams([text], longest=longest)
    spans = sorted(
        (start, end, strength[key])
        for start, end, key in zip(found.starts.tolist(), found.ends.tolist(), found.keys.tolist(), strict=True)
        if key in strength
    )
    weights: dict[str, float] = {}
    for start, end, weight in _merged(spans):
        word = text[start:end].strip()
        if len(word) > 1 and "\n" not in word:
            weights[word] = max(weights.get(word, 0), weight)
    ordered = sorted(weights, key=lambda word: (-weights[word], word))
    chosen: list[str] = []
    for word in ordered:
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return tuple(chosen[:_MOST])


def _merged(spans: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    merged: list[tuple[int, int, float]] = []
    for start, end, weight in spans:
        if merged and start < merged[-1][1] and end - merged[-1][0] <= _LONGEST:
            first, last, before = merged[-1]
            merged[-1] = (first, max(last, end), before + weight)
        else:
            merged.append((start, end, weight))
    return merged
