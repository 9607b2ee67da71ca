"""Killed at any moment, on a full disk, or two at once: the last good state stays, and a repeat completes."""

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.platforms.registry.loading_process import STOPPED, Loads
from tests.platforms.registry.registers import HEADER, code, registry, write_csv
from yunnao.platforms.registry.service import Snapshot

DAY = dt.date(2023, 6, 30)


def employees(snapshot: Snapshot) -> dict[str, int]:
    return dict(pl.read_parquet(snapshot.tables["enterprises"]).select("credit_code", "employees").iter_rows())


def files_of(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and path.name != "lock"}


@pytest.fixture(scope="module")
def loads() -> Iterator[Loads]:
    process = Loads()
    yield process
    process.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "homes" / "home"
    path.mkdir(parents=True)
    registry(path).load("enterprises", [write_csv(tmp_path / "first.csv", [HEADER, [code(1), 1, 1]])])
    registry(path).snapshot(DAY)
    return path


def test_killed_at_random_moments(home: Path, tmp_path: Path, loads: Loads) -> None:
    lines = [[code(i), 2, i % 100 if i % 50 else "x"] for i in range(300)]
    batch = [
        write_csv(tmp_path / "b.csv", [HEADER, *lines]),
        write_csv(tmp_path / "c.csv", [HEADER, [code(1), 7, 1], [code(5000), 1, 1]]),
    ]
    good = registry(home).snapshot(DAY)
    done = home.parent / "done"
    longest = 0.0
    for _ in range(2):  # the first one also warms the file cache
        shutil.copytree(home, done)
        began = time.monotonic()
        assert loads.wait(loads.start(done, *batch)) == 0
        longest = time.monotonic() - began
        final, wanted = employees(registry(done).snapshot(DAY)), files_of(done)
        shutil.rmtree(done)
    assert final[code(1)] == 7
    states = {str(employees(good)): 0, str(final): 0}
    randomness = random.Random(7)
    for attempt in range(25):
        trial = home.parent / f"trial{attempt}"
        shutil.copytree(home, trial)
        pid = loads.start(trial, *batch)
        time.sleep(randomness.uniform(0, 1.1 * longest))
        os.kill(pid, signal.SIGKILL)
        assert loads.wait(pid) in (0, -signal.SIGKILL)
        assert registry(trial).open_snapshot(good.id).id == good.id
        states[str(employees(registry(trial).snapshot(DAY)))] += 1  # before or after, never between
        registry(trial).load("enterprises", batch)
        assert employees(registry(trial).snapshot(DAY)) == final
        assert [delivery.number for delivery in registry(trial).deliveries()] == [1, 2, 3]
        assert files_of(trial) == wanted
        shutil.rmtree(trial)
    assert sum(states.values()) == 25


@pytest.mark.parametrize("step", range(1, 46, 3))
def test_stopped_before_every_kind_of_write(home: Path, tmp_path: Path, loads: Loads, step: int) -> None:
    batch = [
        write_csv(tmp_path / "b.csv", [HEADER, [code(1), 7, 1], [code(2), "x", 1]]),
        write_csv(tmp_path / "c.csv", [HEADER, [code(3), 8, 1]]),
    ]
    status = loads.wait(loads.start(home, *batch, stop_before=step))
    before, after = {code(1): 1}, {code(1): 7, code(3): 8}
    assert status in (0, STOPPED)
    assert employees(registry(home).snapshot(DAY)) in ((after,) if status == 0 else (before, after))
    registry(home).load("enterprises", batch)
    assert employees(registry(home).snapshot(DAY)) == after
    assert not [path for path in files_of(home) if path.endswith(".tmp")]


def test_two_loads_at_once(home: Path, tmp_path: Path, loads: Loads) -> None:
    pids = [
        loads.start(home, write_csv(tmp_path / f"{name}.csv", [HEADER, [code(1), value, 1], [code(value), value, 1]]))
        for name, value in (("b", 2), ("c", 3), ("d", 4))
    ]
    assert [loads.wait(pid) for pid in pids] == [0, 0, 0]
    deliveries = registry(home).deliveries()
    assert [delivery.number for delivery in deliveries] == [1, 2, 3, 4]
    assert [delivery.known_at for delivery in deliveries] == sorted({delivery.known_at for delivery in deliveries})
    found = employees(registry(home).snapshot(DAY))
    assert {code(value): found[code(value)] for value in (2, 3, 4)} == {code(value): value for value in (2, 3, 4)}
    assert found[code(1)] == {"b.csv": 2, "c.csv": 3, "d.csv": 4}[deliveries[-1].file]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(small_disk: Path, tmp_path: Path, loads: Loads) -> None:
    home = small_disk / "home"
    home.mkdir()
    registry(home).load("enterprises", [write_csv(tmp_path / "first.csv", [HEADER, [code(1), 1, 1]])])
    good, before = registry(home).snapshot(DAY), files_of(home)
    big = write_csv(tmp_path / "big.csv", [HEADER, *([code(i), 5, i if i % 9 else "x"] for i in range(8000))])
    size, filler = big.stat().st_size, small_disk / "filler"
    failed = 0
    for room in (size // 2, size + 4_096, size + 40_000, size + 90_000, size + 160_000):
        filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - room))
        if loads.wait(loads.start(home, big)) == 2:
            failed += 1
            sentence = loads.output(home).read_text(encoding="utf-8")
            assert "磁盘已满" in sentence
            assert "没有改动" in sentence
            assert files_of(home) <= before | {f"registry/tables/{name.name}" for name in home.rglob("*.parquet")}
            assert employees(registry(home).open_snapshot(good.id)) == {code(1): 1}
            assert len(registry(home).deliveries()) == 1
        filler.unlink()
    assert failed >= 3
    report = registry(home).load("enterprises", [write_csv(tmp_path / "small.csv", [HEADER, [code(1), 2, 1]])])[0]
    assert report.accepted == 1
    assert employees(registry(home).snapshot(DAY))[code(1)] == 2


def test_a_file_size_limit_is_a_full_disk_too(home: Path, tmp_path: Path, loads: Loads) -> None:
    big = write_csv(tmp_path / "big.csv", [HEADER, *([code(i), 5, i] for i in range(3000))])
    before = files_of(home)
    assert loads.wait(loads.start(home, big, file_size=60_000)) == 2
    assert "磁盘已满" in loads.output(home).read_text(encoding="utf-8")
    assert files_of(home) == before
