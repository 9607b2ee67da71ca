"""Learning a classifier from labelled texts: the same texts in the same order give the same model, to the byte."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yunnao.capabilities.classification.calibration import fit_sigmoid
from yunnao.capabilities.classification.model import Floats, Model, count_known, features
from yunnao.capabilities.classification.validation import FOLDS, folds_of, macro_f1
from yunnao.capabilities.grams import Keys, grams
from yunnao.kernel.errors import YunnaoError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LONGEST = 2
RARITY_POWER = 1.3
COST = 1.0
"""Of the linear support vector machine. These three and `model.COUNT_POWER` were chosen by cross-validation on labelled appeals,
on words and on raw text: single characters and pairs serve both best; triples, a stop list and named words add nothing.
"""

_LEAST_HELD = 3
_FEW = 500

Advance = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what it is about."""

    text: str
    category: str


def train(rows: Sequence[Labelled], advance: Advance = lambda *_: None) -> Model:
    """Learn from ``rows``; categories weigh alike however many rows they have.

    Raises:
        YunnaoError: there are fewer than two categories, or no text has a letter.
    """
    categories = tuple(sorted({row.category for row in rows}))
    if len(categories) < 2:
        raise YunnaoError(f"训练数据只有 {len(categories)} 个类别；至少要两个类别，每类几条，请补充后重试")
    texts = [row.text for row in rows]
    labels = np.searchsorted(np.array(categories), [row.category for row in rows])
    margin, guessed = _cross_validate(texts, labels, len(categories), advance)
    slope, offset = fit_sigmoid(margin, guessed == labels)
    advance("全部数据 on all rows", FOLDS / (FOLDS + 1))
    keys, rarity, weights, bias = _fit(texts, labels, len(categories))
    return Model(
        categories=categories,
        longest=LONGEST,
        keys=keys,
        rarity=rarity,
        weights=weights,
        bias=bias,
        slope=slope,
        offset=offset,
        rows=len(rows),
        macro_f1=macro_f1(labels, guessed, len(categories)),
        accuracy=float((guessed == labels).mean()),
    )


def _cross_validate(
    texts: Sequence[str], labels: NDArray[np.int64], categories: int, advance: Advance
) -> tuple[Floats, NDArray[np.int64]]:
    """(texts,) margin and category of each text by a model that has not seen it."""
    margin = np.zeros(len(texts), dtype=np.float32)
    guessed = np.zeros(len(texts), dtype=np.int64)
    folds = folds_of(texts, labels)
    for number in range(FOLDS):
        advance(f"交叉验证 cross-validation {number + 1}/{FOLDS}", number / (FOLDS + 1))
        held = np.flatnonzero(folds == number)
        others = np.flatnonzero(folds != number)
        if not len(held) or not len(others):
            continue
        fitted = _fit([texts[row] for row in others.tolist()], labels[others], categories)
        scores = _score([texts[row] for row in held.tolist()], *fitted)
        guessed[held] = scores.argmax(axis=1)
        top = np.sort(scores, axis=1)
        margin[held] = top[:, -1] - top[:, -2]
    return margin, guessed


def _fit(texts: Sequence[str], labels: NDArray[np.int64], categories: int) -> tuple[Keys, Floats, Floats, Floats]:
    """Keys, rarity, weights and bias."""
    keys, held = _vocabulary(texts)
    rarity = ((np.log((1 + len(texts)) / (1 + held)) + 1) ** RARITY_POWER).astype(np.float32)
    weights, bias = _separate(features(texts, keys, rarity, LONGEST), labels, categories)
    return keys, rarity, weights, bias


def _score(texts: Sequence[str], keys: Keys, rarity: Floats, weights: Floats, bias: Floats) -> Floats:
    return np.asarray(features(texts, keys, rarity, LONGEST) @ weights + bias, dtype=np.float32)


def _vocabulary(texts: Sequence[str]) -> tuple[Keys, NDArray[np.int64]]:
    """N-grams that enough texts hold, and how many hold each."""
    keys = np.unique(np.concatenate([np.unique(part) for part in _keys(texts)] or [np.zeros(0, dtype=np.int64)]))
    if not len(keys):
        raise YunnaoError("训练数据里没有文字；请检查 title、body 或 words 列是否填写")
    held = np.bincount(count_known(texts, keys, LONGEST).indices, minlength=len(keys))
    enough = held >= min(_LEAST_HELD, 1 + len(texts) // _FEW)
    return keys[enough], held[enough]


def _keys(texts: Sequence[str], batch: int = 1_000) -> Iterator[Keys]:
    for start in range(0, len(texts), batch):
        yield grams(texts[start : start + batch], longest=LONGEST).keys


def _separate(found: "csr_matrix", labels: NDArray[np.int64], categories: int) -> tuple[Floats, Floats]:
    """(n-grams, categories) weights and (categories,) bias of one separating plane a category.

    A category without rows, which a small fold may leave, is never chosen.
    """
    from sklearn.svm import LinearSVC

    weights = np.zeros((found.shape[1], categories), dtype=np.float32)
    bias = np.full(categories, -10, dtype=np.float32)
    present = np.unique(labels)
    if len(present) < 2:
        bias[present] = 0
        return weights, bias
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a plane that has not quite settled is still the same for the same rows
        fitted = LinearSVC(C=COST, class_weight="balanced", random_state=0).fit(found, labels)
    planes, levels = fitted.coef_, fitted.intercept_
    if len(present) == 2:
        planes, levels = np.concatenate([-planes, planes]), np.concatenate([-levels, levels])
    weights[:, present] = planes.T
    bias[present] = levels
    return weights, bias
