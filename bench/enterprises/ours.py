"""Ours: the set-wise engine on the wide table and the related registers, Parquet to Parquet.

As a process of its own (for its peak memory): python -m bench.enterprises.ours FOLDER RESULT
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from bench.enterprises.data import WIDE, enterprises, make, rules
from yunnao.catalogue.inputs import calendar_frame
from yunnao.platforms.decisions import many

COMPRESSION_LEVEL = 3
"""Of zstd, for everybody's results."""


def inputs(tables: Mapping[str, Path]) -> many.Inputs:
    """What the engine reads."""
    return many.Inputs(
        subjects=pl.scan_parquet(tables[WIDE]),
        key=enterprises().naming.subject_key,
        rows={name: pl.scan_parquet(tables[name]) for name in rules().rows},
        calendar=calendar_frame(rules().calendar).lazy(),
    )


def decisions(tables: Mapping[str, Path]) -> pl.LazyFrame:
    """Outcome and states of every policy, one row an enterprise."""
    frame: pl.LazyFrame = many.decide(rules(), inputs(tables), amounts=False, missing=False)
    return frame


def run(tables: Mapping[str, Path], result: Path) -> None:
    """Decide and write."""
    decisions(tables).sink_parquet(result, compression="zstd", compression_level=COMPRESSION_LEVEL)


if __name__ == "__main__":
    run(make(Path(sys.argv[1])), Path(sys.argv[2]))
