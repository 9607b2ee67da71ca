"""Calls of the command line as a district's clerk would make them: a process each, real files.

`console` starts the installed script. `yunnao` answers the same from a process forked off one that has imported the libraries already,
because importing them takes longer than most commands.
"""

import gc
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

NOW = "2024-07-15T10:00:00+08:00"
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


@dataclass(frozen=True)
class Called:
    """How a command ended."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out[-3000:]}\n{self.err[-3000:]}"


def command_line() -> list[str]:
    """The console script beside the interpreter."""
    return [str(Path(sys.executable).with_name("yunnao"))]


def environment(now: str | None = NOW) -> dict[str, str]:
    """Of a call: a fixed clock, so that nothing depends on today."""
    return {**os.environ, "PYTHONUTF8": "1", **({"YUNNAO_NOW": now} if now else {})}


def console(*arguments: object, now: str | None = NOW, timeout: float = 180) -> Called:
    """Call the installed ``yunnao ARGUMENTS``."""
    done = subprocess.run(
        [*command_line(), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment(now),
        timeout=timeout,
        check=False,
    )
    return Called(done.returncode, done.stdout, done.stderr)


_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        *("pytest", "tests.acceptance.commands", "openpyxl", "sqlalchemy", "xlsxwriter", "python_calamine"),
        *("yunnao.cli.main", "yunnao.app", "yunnao.catalogue.run", "yunnao.catalogue.asking"),
        *("yunnao.platforms.cases.payment_service", "yunnao.platforms.decisions.export"),
    ]
)

_ONE_AT_A_TIME = threading.Lock()
"""Starting a process also collects the ended ones, and an exit code can be read once: who comes second is told 255."""


def yunnao(*arguments: object, now: str | None = NOW, timeout: float = 180) -> Called:
    """Call ``yunnao ARGUMENTS``."""
    with tempfile.TemporaryDirectory() as folder:
        places = [str(Path(folder) / name) for name in ("out", "err")]
        process = _FORKING.Process(target=_answer, args=([*map(str, arguments)], environment(now), *places))
        with _ONE_AT_A_TIME:
            process.start()
        ended = wait([process.sentinel], timeout)
        with _ONE_AT_A_TIME:
            if not ended:
                process.kill()
            process.join()
        assert ended, f"yunnao {' '.join(map(str, arguments))} did not end within {timeout} s"
        out, err = (Path(place).read_text("utf-8") for place in places)
        assert process.exitcode is not None
        return Called(process.exitcode, out, err)


def _answer(arguments: list[str], variables: dict[str, str], out: str, err: str) -> None:
    """In the forked process: what the installed script does."""
    for place, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - open until the process ends
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["yunnao", *arguments]
    from yunnao.cli.main import main

    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    gc.collect()  # closes what the end of an interpreter would close; a forked process ends without it
    sys.exit(code)  # type: ignore[arg-type]


def done(*arguments: object, code: int = 0, now: str | None = NOW) -> Called:
    """Call and insist on the exit code."""
    called = yunnao(*arguments, now=now)
    assert called.code == code, f"yunnao {' '.join(map(str, arguments))}: {called}"
    return called


def assert_refused(called: Called) -> str:
    """Insist on exit code 2 with a sentence in Chinese and no traceback; the sentence."""
    assert called.code == 2, called
    assert "Traceback" not in called.err + called.out, called
    assert any("\u4e00" <= character <= "\u9fff" for character in called.err), called
    assert called.err.count("✗") <= 1, called
    return called.err


def refused(*arguments: object, now: str | None = NOW) -> str:
    """Call, insist on exit code 2 with a sentence in Chinese and no traceback; the sentence."""
    return assert_refused(yunnao(*arguments, now=now))


T = TypeVar("T")
R = TypeVar("R")


def two_at_a_time(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """``work`` on every item, in order of the items; two processes at a time, as the machine has two cores."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, items))


def lines(path: Path) -> list[dict[str, object]]:
    """Rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def fingerprint(home: Path) -> dict[str, str]:
    """Every file of a home but the lock and the refused rows -> hash of its bytes."""
    if not home.is_dir():
        return {"": hashlib.sha256(home.read_bytes()).hexdigest() if home.exists() else "absent"}
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != "lock" and "rejects" not in path.relative_to(home).parts
    }
