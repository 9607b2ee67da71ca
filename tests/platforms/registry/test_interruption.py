"""Killed at any moment, on a full disk, or two at once: the last good state stays, and a repeat completes."""

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.platforms.registry.registers import HEADER, code, registry, write_csv
from yunnao.platforms.registry.service import Snapshot

DAY = dt.date(2023, 6, 30)
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import datetime as dt, pathlib, sys
from tests.platforms.registry.registers import registry
from yunnao.kernel.errors import YunnaoError
service = registry(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
try:
    service.load("enterprises", [pathlib.Path(file) for file in sys.argv[2:]])
    service.snapshot(dt.date(2023, 6, 30))
except YunnaoError as error:
    print(error, flush=True)
    sys.exit(2)
"""


def start(home: Path, *files: Path, **options: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, str(home), *map(str, files)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload,no-any-return]


def employees(snapshot: Snapshot) -> dict[str, int]:
    return dict(pl.read_parquet(snapshot.tables["enterprises"]).select("credit_code", "employees").iter_rows())


def files_of(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and path.name != "lock"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    registry(path).load("enterprises", [write_csv(tmp_path / "first.csv", [HEADER, [code(1), 1, 1]])])
    registry(path).snapshot(DAY)
    return path


def test_killed_at_random_moments(home: Path, tmp_path: Path) -> None:
    lines = [[code(i), 2, i % 100 if i % 50 else "x"] for i in range(2000)]
    batch = [
        write_csv(tmp_path / "b.csv", [HEADER, *lines]),
        write_csv(tmp_path / "c.csv", [HEADER, [code(1), 7, 1], [code(5000), 1, 1]]),
    ]
    good = registry(home).snapshot(DAY)
    done = tmp_path / "done"
    shutil.copytree(home, done)
    clean = start(done, *batch)
    assert clean.stdout is not None
    clean.stdout.readline()
    began = time.monotonic()
    assert clean.wait(60) == 0
    clean.stdout.close()
    longest = time.monotonic() - began
    final, wanted = employees(registry(done).snapshot(DAY)), files_of(done)
    assert final[code(1)] == 7
    states = {str(employees(good)): 0, str(final): 0}
    randomness = random.Random(7)
    for attempt in range(25):
        trial = tmp_path / f"trial{attempt}"
        shutil.copytree(home, trial)
        process = start(trial, *batch)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(randomness.uniform(0, 1.1 * longest))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        assert registry(trial).open_snapshot(good.id).id == good.id
        states[str(employees(registry(trial).snapshot(DAY)))] += 1  # before or after, never between
        registry(trial).load("enterprises", batch)
        assert employees(registry(trial).snapshot(DAY)) == final
        assert [delivery.number for delivery in registry(trial).deliveries()] == [1, 2, 3]
        assert files_of(trial) - {path for path in files_of(trial) if path.startswith("registry/snapshots/")} == {
            path for path in wanted if not path.startswith("registry/snapshots/")
        }
        shutil.rmtree(trial)
    assert sum(states.values()) == 25


STEPS = ("copy_with_hash", "replace", "fsync", "mkdir", "unlink")


@pytest.mark.parametrize("step", range(1, 40, 3))
def test_stopped_at_every_write(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Stop before the n-th rename or sync, as a power cut would, leaving everything as it lies."""
    batch = [
        write_csv(tmp_path / "b.csv", [HEADER, [code(1), 7, 1], [code(2), "x", 1]]),
        write_csv(tmp_path / "c.csv", [HEADER, [code(3), 8, 1]]),
    ]
    pid = os.fork()
    if pid == 0:  # pragma: no cover - the child
        count = 0
        real_sync, real_rename = os.fsync, os.replace

        def counted() -> None:
            nonlocal count
            count += 1
            if count == step:
                os._exit(9)

        def sync(descriptor: int) -> None:
            counted()
            real_sync(descriptor)

        def rename(source: str, target: str) -> None:
            counted()
            real_rename(source, target)

        os.fsync, os.replace = sync, rename  # type: ignore[assignment]
        try:
            registry(home).load("enterprises", batch)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    before, after = {code(1): 1}, {code(1): 7, code(3): 8}
    assert employees(registry(home).snapshot(DAY)) in ((after,) if os.WEXITSTATUS(status) == 0 else (before, after))
    registry(home).load("enterprises", batch)
    assert employees(registry(home).snapshot(DAY)) == after
    assert not [path for path in files_of(home) if path.endswith(".tmp")]


def test_two_loads_at_once(home: Path, tmp_path: Path) -> None:
    processes = [
        start(home, write_csv(tmp_path / f"{name}.csv", [HEADER, [code(1), value, 1], [code(value), value, 1]]))
        for name, value in (("b", 2), ("c", 3), ("d", 4))
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.wait(60) == 0, process.stdout.read()
        process.stdout.close()
    deliveries = registry(home).deliveries()
    assert [delivery.number for delivery in deliveries] == [1, 2, 3, 4]
    assert [delivery.known_at for delivery in deliveries] == sorted({delivery.known_at for delivery in deliveries})
    found = employees(registry(home).snapshot(DAY))
    assert {found[code(value)] for value in (2, 3, 4)} == {2, 3, 4}
    last = int(deliveries[-1].file[0], 36) - 9
    assert found[code(1)] == last


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


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    home = small_disk / "home"
    home.mkdir()
    registry(home).load("enterprises", [write_csv(tmp_path / "first.csv", [HEADER, [code(1), 1, 1]])])
    good, before = registry(home).snapshot(DAY), files_of(home)
    sentences = set()
    for size in (100, 8_000, 20_000, 28_000):  # full while copying the original, while writing the table, the manifest
        lines = [[code(i), 5, i] for i in range(size)]
        big = write_csv(tmp_path / "big.csv", [HEADER, *lines])
        filler = small_disk / "filler"
        free = shutil.disk_usage(small_disk).free
        filler.write_bytes(b"x" * max(0, free - (8_192 if size == 100 else big.stat().st_size + 4_096)))
        process = start(home, big)
        assert process.stdout is not None
        output = process.stdout.read()
        process.stdout.close()
        assert process.wait(60) == 2, (size, output)
        sentences.add(output.splitlines()[-1])
        assert files_of(home) == before
        assert employees(registry(home).open_snapshot(good.id)) == {code(1): 1}
        filler.unlink()
    assert all("磁盘已满" in sentence and "没有改动" in sentence for sentence in sentences)
    registry(home).load("enterprises", [write_csv(tmp_path / "small.csv", [HEADER, [code(1), 2, 1]])])
    assert employees(registry(home).snapshot(DAY)) == {code(1): 2}


def test_a_file_size_limit_is_a_full_disk_too(home: Path, tmp_path: Path) -> None:
    import resource

    big = write_csv(tmp_path / "big.csv", [HEADER, *([code(i), 5, i] for i in range(3000))])
    before = files_of(home)
    limit = 60_000
    process = start(home, big, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert process.stdout is not None
    output = process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == 2
    assert "磁盘已满" in output
    assert files_of(home) == before
