"""Loads in processes of their own, forked from one warm process so that twenty-five of them are quick.

Run as a program, it reads a JSON command a line: ``{"home", "files", "output", "stop_before", "file_size"}`` starts a
load and answers its process id; ``{"wait": pid}`` answers how it ended (negative: the signal that killed it).
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.platforms.registry.registers import registry
from yunnao.kernel.errors import YunnaoError

ROOT = Path(__file__).resolve().parents[3]
STOPPED = 9


class Loads:
    """The warm process, seen from a test."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.platforms.registry.loading_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, home: Path, *files: Path, stop_before: int = 0, file_size: int = 0) -> int:
        """Begin a load followed by a snapshot; its process id."""
        return self._ask(
            home=str(home), files=list(map(str, files)), output=str(self.output(home)), stop_before=stop_before,
            file_size=file_size,
        )  # fmt: skip

    def wait(self, pid: int) -> int:
        """0 when it was done, 2 when it said a sentence, `STOPPED`, or minus the signal that killed it."""
        return self._ask(wait=pid)

    @staticmethod
    def output(home: Path) -> Path:
        """Where the sentence of a failed load is."""
        return home.parent.parent / f"{home.name}.output"

    def close(self) -> None:
        """End the warm process."""
        self._process.communicate(timeout=30)

    def _ask(self, **command: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _stop_before(step: int) -> None:
    """End the process, as a power cut would, just before its ``step``-th rename or sync."""
    left, sync = step, os.fsync

    def one_more(event: str, _arguments: object = None) -> None:
        nonlocal left
        if event in ("os.rename", "sync"):
            left -= 1
            if not left:
                os._exit(STOPPED)

    def counted(descriptor: int) -> None:
        one_more("sync")
        sync(descriptor)

    os.fsync = counted  # type: ignore[assignment]
    sys.addaudithook(one_more)


def _load(command: dict[str, Any]) -> int:
    if command["file_size"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (command["file_size"], command["file_size"]))
    if command["stop_before"]:
        _stop_before(command["stop_before"])
    service = registry(Path(command["home"]))
    try:
        service.load("enterprises", [Path(file) for file in command["files"]])
        service.snapshot(dt.date(2023, 6, 30))
    except YunnaoError as error:
        Path(command["output"]).write_text(str(error), encoding="utf-8")
        return 2
    return 0


def _serve() -> None:
    for line in sys.stdin:
        command = json.loads(line)
        if "wait" in command:
            answer = os.waitstatus_to_exitcode(os.waitpid(command["wait"], 0)[1])
        elif not (answer := os.fork()):
            status = 1
            try:
                status = _load(command)
            finally:
                os._exit(status)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
