"""A locked home, a busy record store, a full disk and a killed run: what was whole stays whole."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.commands import (
    Called,
    assert_refused,
    command_line,
    console,
    done,
    environment,
    fingerprint,
    lines,
    yunnao,
)
from tests.acceptance.conftest import DELIVERED, SAMPLE_DAY, SAMPLE_NOW

Copies = Callable[[str], Path]
NEXT_DAY = "2023-07-31"


@pytest.fixture
def locked(a_copy: Copies) -> Iterator[Path]:
    """A home that another process holds."""
    home = a_copy("locked")
    code = (
        "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print('held', flush=True); "
        "sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(home / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    yield home
    assert holder.stdin is not None
    holder.stdin.close()
    holder.wait(10)
    holder.stdout.close()


def _together(*commands: list[object]) -> list[Called]:
    """Commands that wait for the same thing, at the same time."""
    running = [
        subprocess.Popen(
            [*command_line(), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(SAMPLE_NOW),
        )
        for arguments in commands
    ]
    ended = []
    for process in running:
        out, err = process.communicate(timeout=120)
        ended.append(Called(process.returncode, out, err))
    return ended


def _writing(home: Path) -> list[list[object]]:
    return [["load", home, "hires", home.parent / "correction.csv"], ["run", home, "--as-of", NEXT_DAY]]


def _a_new_delivery(home: Path) -> None:
    raw = (home / "sample" / DELIVERED["hires"]).read_bytes().splitlines(keepends=True)
    (home.parent / "correction.csv").write_bytes(b"".join([*raw[:1], *raw[40:45]]))


def test_a_locked_home_is_said_to_be_busy_and_left_alone(locked: Path) -> None:
    _a_new_delivery(locked)
    before = fingerprint(locked)
    for called in _together(*_writing(locked)):
        assert "占用" in assert_refused(called)
    assert fingerprint(locked) == before


def test_a_busy_record_store_is_said_and_nothing_is_changed(a_copy: Copies) -> None:
    home = a_copy("busy")
    _a_new_delivery(home)
    before = fingerprint(home)
    database = sqlite3.connect(home / "records.sqlite", isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    try:
        ended = _together(*_writing(home))
    finally:
        database.execute("ROLLBACK")
        database.close()
    for called in ended:
        assert "重试" in assert_refused(called) or "再试" in called.err
    assert _without_records(fingerprint(home)) == _without_records(before), "exit 2 means that nothing was changed"


def _without_records(files: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in files.items() if not name.startswith("records.sqlite")}


def test_a_full_disk_is_said_and_the_last_good_state_stays(a_copy: Copies, tmp_path: Path) -> None:
    """Files may not grow beyond a bound: what a full disk does to every file the command writes."""
    home = a_copy("full")
    _a_new_delivery(home)
    before = fingerprint(home)
    for limit in (0, 4_096):
        for arguments in _writing(home):
            done_ = subprocess.run(
                [*command_line(), *map(str, arguments)],
                capture_output=True,
                text=True,
                env=environment(SAMPLE_NOW),
                preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)),
                timeout=120,
                check=False,
            )
            called = Called(done_.returncode, done_.stdout, done_.stderr)
            assert "满" in assert_refused(called)
            assert _left(home, before) == [], (limit, arguments)
    done("audit", "verify", home)
    done("load", home, "hires", home.parent / "correction.csv", now=SAMPLE_NOW)
    done("run", home, "--as-of", NEXT_DAY, now=SAMPLE_NOW)


def _left(home: Path, before: dict[str, str]) -> list[str]:
    """Files that differ from before, but for ones under construction that the next command removes."""
    now = fingerprint(home)
    changed = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
    return sorted(name for name in changed if not name.endswith(".tmp") and not name.startswith(("records.sqlite-",)))


def _state(home: Path, folder: Path) -> tuple[object, ...]:
    """What a run leaves: decisions, cases and indicators, without the times of recording.

    Nor the run's number: a run cut off before its manifest leaves its number unused.
    """
    folder.mkdir(exist_ok=True)
    done("decisions", home, "-o", folder / "d.jsonl", now=SAMPLE_NOW)
    done("cases", home, "-o", folder / "c.jsonl", now=SAMPLE_NOW)
    done("indicators", home, "-o", folder / "i.json", now=SAMPLE_NOW)
    decisions = [{k: v for k, v in row.items() if k != "snapshot"} for row in lines(folder / "d.jsonl")]
    cases = [{k: v for k, v in row.items() if k != "seq"} for row in lines(folder / "c.jsonl")]
    indicators = [{k: v for k, v in row.items() if k != "run"} for row in json.loads((folder / "i.json").read_bytes())]
    return decisions, cases, indicators


@pytest.mark.parametrize("kills", [3, pytest.param(24, marks=pytest.mark.slow)])
def test_a_run_killed_again_and_again_ends_as_one_never_killed(kills: int, a_copy: Copies, tmp_path: Path) -> None:
    spared, killed = a_copy("spared"), a_copy("killed")
    started = time.monotonic()
    assert console("run", spared, "--as-of", NEXT_DAY, now=SAMPLE_NOW).code == 0
    whole = time.monotonic() - started
    rng = random.Random(20230731)
    struck = 0
    for number in range(4 * kills):
        begun = time.monotonic()
        process = subprocess.Popen(
            [*command_line(), "run", str(killed), "--as-of", NEXT_DAY],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(SAMPLE_NOW),
            start_new_session=True,
        )
        # from the first imports to the last indicator, most of them where files are being written
        with suppress(subprocess.TimeoutExpired):
            process.wait(whole * (0.35 + 0.65 * (struck + rng.random()) / kills))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            struck += 1
        else:  # it was done sooner than the first time: begin again on another copy, and strike sooner
            whole = 0.9 * (time.monotonic() - begun)
            killed = a_copy(f"killed-{number}")
        process.wait(30)
        if struck == kills:
            break
    assert struck == kills
    called = yunnao("decisions", killed, "-o", tmp_path / "between.jsonl", now=SAMPLE_NOW)
    assert called.code == 0, called
    done("run", killed, "--as-of", NEXT_DAY, now=SAMPLE_NOW)
    assert _state(killed, tmp_path / "k") == _state(spared, tmp_path / "s")
    done("audit", "verify", killed)
    assert "每一格都相同" in done("replay", killed).out
    assert not list(killed.rglob("*.tmp"))


def test_a_load_killed_again_and_again_is_whole_or_absent(a_copy: Copies, tmp_path: Path) -> None:
    home = a_copy("home")
    _a_new_delivery(home)
    shutil.copytree(home, tmp_path / "spared")
    arguments = ["load", str(home), "hires", str(tmp_path / "correction.csv")]
    rng = random.Random(7)
    for number in range(3):
        process = subprocess.Popen(
            [*command_line(), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(SAMPLE_NOW),
        )
        time.sleep(0.4 + 0.2 * number + 0.2 * rng.random())
        process.kill()
        process.wait(30)
        done("replay", home)
    done(*arguments, now=SAMPLE_NOW)
    done("load", tmp_path / "spared", "hires", tmp_path / "correction.csv", now=SAMPLE_NOW)
    for each in (home, tmp_path / "spared"):
        done("run", each, "--as-of", SAMPLE_DAY, now=SAMPLE_NOW)
    assert _state(home, tmp_path / "k") == _state(tmp_path / "spared", tmp_path / "s")
