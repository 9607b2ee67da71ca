"""Timing side by side: interleaved repetitions, minimum and median, ratios, and the bar each figure is held to."""

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "bench" / "data"
MIB = 1 << 20


@dataclass(frozen=True)
class Timing:
    """Seconds of every repetition, and the largest resident size in bytes if a process of its own was measured."""

    seconds: tuple[float, ...]
    peak: int | None = None

    @property
    def least(self) -> float:
        """The repetition that neighbours on the machine disturbed least."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The repetition in the middle."""
        return statistics.median(self.seconds)


@dataclass
class Figures:
    """What was found, and which bars were missed."""

    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def bar(self, what: str, held: bool, *, figure: str, bar: str) -> None:
        """One figure against its bar."""
        click.echo(f"  {'PASS' if held else 'MISS'}  {what}: {figure} (bar: {bar})")
        if not held:
            self.missed.append(what)

    def equal(self, what: str, differing: int, cells: int) -> None:
        """Results that must be equal: how many cells differ."""
        click.echo(f"  {'PASS' if differing == 0 else 'WRONG'}  {what}: {differing:,} of {cells:,} cells differ")
        if differing:
            self.wrong.append(what)


Work = Callable[[], int | None]
"""Does the work once; answers the peak resident size of the process that did it, if it was one of its own."""


def interleaved(works: Mapping[str, Work], repetitions: int, *, warm_up: int = 1) -> dict[str, Timing]:
    """Every work in turn, ``repetitions`` times over, so that neighbours disturb all alike; after ``warm_up`` unmeasured rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    peaks: dict[str, int] = {}
    for round_ in range(warm_up + repetitions):
        for name, work in works.items():
            gc.collect()
            started = time.perf_counter()
            peak = work()
            spent = time.perf_counter() - started
            if round_ >= warm_up:
                seconds[name].append(spent)
            if peak is not None:
                peaks[name] = max(peak, peaks.get(name, 0))
    return {name: Timing(tuple(found), peaks.get(name)) for name, found in seconds.items()}


def show(timings: Mapping[str, Timing], against: str) -> None:
    """A line for each: least, median, the ratio of both to those of ``against``."""
    width = max(len(name) for name in timings)
    base = timings[against]
    for name, timing in timings.items():
        peak = f"   peak {timing.peak / MIB:6,.0f} MiB" if timing.peak else ""
        click.echo(
            f"  {name:{width}}  min {timing.least:8.4f} s   median {timing.median:8.4f} s"
            f"   x {timing.least / base.least:5.2f} (median x {timing.median / base.median:5.2f}){peak}"
        )


def process(module: str, *arguments: str | Path) -> int:
    """Run ``module`` in a fresh interpreter and answer its peak resident size in bytes.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    return program([sys.executable, "-m", module, *map(str, arguments)])


def program(command: list[str], *, quiet: bool = False) -> int:
    """Run a command and answer its peak resident size in bytes.

    Interpreters may keep bytecode, as installed programs do, whatever the surroundings say.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    output = subprocess.DEVNULL if quiet else None
    started = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=output)
    _, status, usage = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, command)
    return usage.ru_maxrss * 1024


def in_process(module: str, *arguments: str | Path) -> Work:
    """`process`, as a work to be timed."""
    return lambda: process(module, *arguments)


def heading(title: str, notes: Sequence[str] = ()) -> None:
    """The title of a comparison."""
    click.echo(f"\n{title}\n{'-' * len(title)}")
    for note in notes:
        click.echo(f"  {note}")
