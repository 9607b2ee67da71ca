"""`yunnao explain` as a whole process, in a small home made as an officer makes one: init, sample, load, run."""

import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from bench.measuring import DATA, Figures, heading, interleaved, program, show
from yunnao.scenarios.benefits.sample import AS_OF

SCALE, SEED = 0.002, 1
POLICY = "cit_small_low_profit"
SECONDS_BAR = 1.0
_SOME_REFUSED = 3  # the sample has faulty rows, as offices' files do
_YUNNAO = Path(sys.executable).with_name("yunnao")


def compare(figures: Figures, repetitions: int) -> None:
    """Make the home, explain one decision again and again, print."""
    heading("5. `yunnao explain HOME POLICY SUBJECT`", ["whole process, from the command to its last line"])
    with TemporaryDirectory(dir=DATA) as folder:
        home = Path(folder) / "home"
        subject = _made(home)
        explain = [str(_YUNNAO), "explain", str(home), POLICY, subject, "--as-of", AS_OF.isoformat()]
        timings = interleaved({"yunnao explain": lambda: _timed(explain)}, repetitions)
        show(timings, "yunnao explain")
        least = timings["yunnao explain"].least
        figures.bar("one explanation", least <= SECONDS_BAR, figure=f"{least:.3f} s", bar=f"{SECONDS_BAR} s")


def _timed(command: list[str]) -> None:
    program(command, quiet=True)  # its peak is not told: a small process inherits that of the one it was started from


def _made(home: Path) -> str:
    """Make the home with its run; the code of an enterprise to which the policy is granted."""
    _say("init", home)
    for line in _say("sample", home, "--scale", SCALE, "--seed", SEED).splitlines():
        words = shlex.split(line)
        if words[:2] == ["yunnao", "load"]:
            _say(*words[1:], accepted=(0, _SOME_REFUSED))
    _say("run", home, "--as-of", AS_OF)
    decisions = home / "decisions.parquet"
    _say("decisions", home, "--policy", POLICY, "--outcome", "granted", "-o", decisions)
    return str(pl.read_parquet(decisions)["subject"][0])


def _say(*words: object, accepted: tuple[int, ...] = (0,)) -> str:
    """What the command prints.

    Raises:
        RuntimeError: it ended otherwise than ``accepted``.
    """
    command = [str(_YUNNAO), *map(str, words)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode not in accepted:
        raise RuntimeError(f"{shlex.join(command)} ended with {done.returncode}: {done.stderr}")
    return done.stdout
