"""Where the real messages lie: contest data without an open licence, never part of this repository."""

import os
from pathlib import Path

from bench.measuring import ROOT

FOLDER = Path(os.environ.get("YUNNAO_APPEALS_DATA", ROOT.parent / "shared" / "data" / "appeals"))
"""Beside the repository, or where the environment says."""

TRAINING = (FOLDER / "train_words.csv", FOLDER / "train_raw.csv")
HELD_OUT = FOLDER / "test_raw.csv"
MESSAGES = FOLDER / "messages.csv"


def absent() -> str:
    """Why the comparison cannot run, or ``""``."""
    missing = [path.name for path in (*TRAINING, HELD_OUT, MESSAGES) if not path.exists()]
    return f"skipped: {FOLDER} lacks {', '.join(missing)} (set YUNNAO_APPEALS_DATA)" if missing else ""
