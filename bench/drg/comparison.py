"""`yunnao drg group` on a million stays, CSV to CSV and Parquet to Parquet, as whole processes; one stay with and without its path."""

import sysconfig
import time
from pathlib import Path

import click
import numpy as np
import polars as pl

from bench.measuring import DATA, MIB, ROOT, Figures, Work, heading, interleaved, program, show
from yunnao.capabilities.drg.one import group_stay
from yunnao.capabilities.drg.stay import COLUMNS, Stay
from yunnao.scenarios.drg.sample_stays import sample_stays
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme

STAYS = 1_000_000
SEED = 5
MOST_SECONDS = 10.0
MOST_MEMORY = 2 * 1024 * MIB
PEER = 2_900
"""Stays a second of OpenDRG (Python), one thread: about 2,800 to 3,000 on 5,000 synthetic stays of its own two schemes."""

AIM = 100
ALONE = 2_000
_PUBLISHED = ROOT / ".." / "shared" / "data" / "drg" / "chs_drg_1_1"


def compare(figures: Figures, repetitions: int) -> None:
    """Time both formats against the bar, and say how many times the peer's rate that is."""
    scheme = _PUBLISHED if _PUBLISHED.is_dir() else SAMPLE_SCHEME
    heading(
        f"drg: {STAYS:,} stays by {scheme.name}, whole commands",
        [f"the peer's rate is not measured here: {PEER:,} stays/s, OpenDRG (Python), single thread"],
    )
    files = stays_of(scheme)
    timings = interleaved(
        {f"{path.suffix[1:]} to {path.suffix[1:]}": _grouping(path, scheme) for path in files},
        min(repetitions, 3),
        warm_up=1,
    )
    show(timings, "csv to csv")
    for name, timing in timings.items():
        rate = STAYS / timing.least
        click.echo(f"  {name}: {rate:,.0f} stays/s, x {rate / PEER:.0f} the peer's (aim: x {AIM})")
        figures.bar(
            f"drg, {name}", timing.least <= MOST_SECONDS, figure=f"{timing.least:.2f} s", bar=f"<= {MOST_SECONDS:g} s"
        )
        peak = timing.peak or 0
        figures.bar(f"drg, {name}, memory", peak <= MOST_MEMORY, figure=f"{peak / MIB:,.0f} MiB", bar="<= 2 GiB")
    _alone(files[1], scheme)


def stays_of(folder: Path) -> tuple[Path, Path]:
    """The stays as CSV and as Parquet, made on the first run."""
    target = DATA / f"drg-{folder.name}.parquet"
    if not target.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        stays = sample_stays(load_scheme(folder), STAYS, np.random.default_rng(SEED))
        ids = pl.format("C{}", pl.int_range(pl.len()))
        frame = stays.select(ids.alias("case_id"), pl.all())
        frame.write_csv(target.with_suffix(".csv"))
        frame.write_parquet(target)
    return target.with_suffix(".csv"), target


def _grouping(path: Path, scheme: Path) -> Work:
    output = DATA / f"drg-grouped{path.suffix}"
    command = [
        sysconfig.get_path("scripts") + "/yunnao",
        "drg",
        "group",
        str(path),
        "--scheme",
        str(scheme),
        "-o",
        str(output),
    ]

    def work() -> int:
        return program(command, quiet=True)

    return work


def _alone(path: Path, folder: Path) -> None:
    scheme = load_scheme(folder)
    rows = pl.scan_parquet(path).head(ALONE).select(COLUMNS).collect()
    stays = [Stay(**row) for row in rows.iter_rows(named=True)]
    for explain in (False, True):
        group_stay(stays[0], scheme, explain=explain)
        started = time.perf_counter()
        for stay in stays:
            group_stay(stay, scheme, explain=explain)
        spent = (time.perf_counter() - started) / ALONE
        click.echo(f"  one stay, {'with' if explain else 'without'} its path: {spent * 1e6:.0f} µs")
