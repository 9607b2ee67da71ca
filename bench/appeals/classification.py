"""Trained on the training files by the real command, measured on messages it has never seen."""

import csv
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.appeals.data import HELD_OUT, MESSAGES, TRAINING
from bench.measuring import Figures, interleaved
from yunnao.capabilities.classification.model import classify, features
from yunnao.capabilities.classification.model_file import model_from_bytes
from yunnao.capabilities.classification.validation import macro_f1
from yunnao.cli.appeals import command
from yunnao.scenarios.appeals.message_files import read_labelled

MACRO_F1_BAR = 0.925
RATE_BAR = 2_000
AUTOMATIC = 0.8
_ALIKE = 0.7


def compare_classification(figures: Figures, repetitions: int, folder: Path) -> None:
    """Train, classify, print."""
    model_file, result = folder / "model", folder / "result.csv"
    _run("train", *TRAINING, "--model", model_file)
    model = model_from_bytes(model_file.read_bytes(), model_file.name)
    held, _ = read_labelled(HELD_OUT)
    labels = np.searchsorted(np.array(model.categories), [row.category for row in held])
    texts = [row.text for row in held]
    _run("classify", HELD_OUT, "--model", model_file, "-o", result)
    with result.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    guessed = np.searchsorted(np.array(model.categories), [row["category"] for row in rows])
    found = classify(model, texts)
    score = macro_f1(labels, guessed, len(model.categories))
    figures.bar(
        "macro-F1 on the held-out messages", score >= MACRO_F1_BAR, figure=f"{score:.4f}", bar=f">= {MACRO_F1_BAR}"
    )
    right = guessed == labels
    sure = np.argsort(-found.margin, kind="stable")[: int(AUTOMATIC * len(labels))]
    click.echo(
        f"  accuracy {right.mean():.4f}; in the top three {(found.best == labels[:, None]).any(axis=1).mean():.4f};"
        f" of the surest {AUTOMATIC:.0%} by margin {right[sure].mean():.4f};"
        f" mean confidence {found.confidence.mean():.4f}"
    )
    alike = _alike(texts, [row.text for path in TRAINING for row in read_labelled(path)[0]], model_file)
    rest = macro_f1(labels[~alike], guessed[~alike], len(model.categories))
    click.echo(
        f"  {int(alike.sum())} of {len(texts)} held-out messages are nearly a training message"
        f" (cosine of n-grams >= {_ALIKE}); macro-F1 without them {rest:.4f}"
    )
    messages = pl.read_csv(MESSAGES, infer_schema=False).height
    timing = interleaved(
        {"classify": lambda: _run("classify", MESSAGES, "--model", model_file, "-o", result)}, repetitions
    )["classify"]
    rate = messages / timing.least
    figures.bar(
        "classify, file to file in one process",
        rate >= RATE_BAR,
        figure=f"{rate:,.0f} messages/s (median {messages / timing.median:,.0f})",
        bar=f">= {RATE_BAR:,}",
    )


def _run(*words: str | Path) -> None:
    command.main([str(word) for word in words], standalone_mode=False)


def _alike(texts: Sequence[str], training: Sequence[str], model_file: Path) -> NDArray[np.bool_]:
    """(texts,) whether some training text is nearly the same."""
    model = model_from_bytes(model_file.read_bytes(), model_file.name)
    known = features(training, model.keys, model.rarity, model.longest).T.tocsr()
    asked = features(texts, model.keys, model.rarity, model.longest)
    nearest = [(asked[row] @ known).max() for row in range(asked.shape[0])]
    return np.array(nearest) >= _ALIKE
