"""The whole population: this project's set-wise engine, DuckDB and Polars by hand, Parquet to Parquet."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import polars as pl

from bench.enterprises import duck, ours, polars_by_hand
from bench.enterprises.data import DAY, REGIONS, enterprises, make, rules, scenario
from bench.measuring import DATA, MIB, Figures, heading, interleaved, process, show

TIME_BAR = 1.0
PEAK_BAR = 2 * 1024 * MIB
SQL, HAND, OURS = "DuckDB 1.5.6, SQL by hand", "Polars by hand", "yunnao"


def compare(figures: Figures, repetitions: int) -> None:
    """Make the data if needed, measure, check every cell, print."""
    tables = make(DATA / "enterprises")
    policies = rules().policies
    days = {day for p in scenario().policies.values() for day in (p.valid.from_, p.valid.to) if day is not None}
    most = max(len(scenario().deciding(day, REGIONS)) for day in days)
    heading(
        f"2. 425,000 enterprises x {len(policies)} policies in force on {DAY} (most on any day: {most})",
        [
            f"{sum(len(p.conditions) for p in policies)} conditions, every one's state; {len(rules().rows)} related registers;"
            " from one wide Parquet of facts and the registers' rows to one Parquet of outcomes and states",
        ],
    )
    with TemporaryDirectory(dir=DATA) as name:
        results = {side: Path(name) / f"{k}.parquet" for k, side in enumerate((SQL, HAND, OURS))}
        connection = duck.connect(tables)
        timings = interleaved(
            {
                SQL: lambda: duck.run(connection, results[SQL]),
                HAND: lambda: polars_by_hand.run(tables, results[HAND]),
                OURS: lambda: ours.run(tables, results[OURS]),
            },
            repetitions,
        )
        show(timings, SQL)
        ratio = timings[OURS].least / timings[SQL].least
        figures.bar("time against SQL by hand", ratio <= TIME_BAR, figure=f"x {ratio:.2f}", bar=f"x {TIME_BAR}")
        peak = process("bench.enterprises.ours", DATA / "enterprises", Path(name) / "process.parquet")
        figures.bar(
            "peak memory of a process",
            peak <= PEAK_BAR,
            figure=f"{peak / MIB:,.0f} MiB",
            bar=f"{PEAK_BAR / MIB:,.0f} MiB",
        )
        for side, path in results.items():
            click.echo(f"  {side}: {path.stat().st_size / 1e6:.1f} MB on disk")
        right = pl.read_parquet(results[SQL]).sort(enterprises().naming.subject_key)
        for side in (HAND, OURS):
            figures.equal(f"{side}, as SQL by hand", *_differing(right, results[side]))


def _differing(right: pl.DataFrame, path: Path) -> tuple[int, int]:
    """How many cells are not as they should be, of how many."""
    found = pl.read_parquet(path).sort(enterprises().naming.subject_key)
    cells = right.height * right.width
    if found.schema != right.schema or found.height != right.height:
        return cells, cells
    return sum(int(right[name].ne_missing(found[name]).sum()) for name in right.columns), cells
