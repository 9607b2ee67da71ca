"""Calls of the command line as a district's clerk would make them: real processes, real files."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


def environment(now: str | None = NOW, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Of a call: a fixed clock, so that nothing depends on today."""
    fixed = {"YUNNAO_NOW": now} if now else {}
    return {**os.environ, "PYTHONUTF8": "1", **fixed, **(extra or {})}


def yunnao(*arguments: object, now: str | None = NOW, timeout: float = 180, cwd: Path | None = None) -> Called:
    """Call ``yunnao ARGUMENTS``."""
    done = subprocess.run(
        [*command_line(), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment(now),
        timeout=timeout,
        cwd=cwd,
        check=False,
    )
    return Called(done.returncode, done.stdout, done.stderr)


def done(*arguments: object, code: int = 0, now: str | None = NOW) -> Called:
    """Call and insist on the exit code."""
    called = yunnao(*arguments, now=now)
    assert called.code == code, f"yunnao {' '.join(map(str, arguments))}: {called}"
    return called


def refused(*arguments: object, now: str | None = NOW, cwd: Path | None = None) -> str:
    """Call, insist on exit code 2 with a sentence in Chinese and no traceback; the sentence."""
    called = yunnao(*arguments, now=now, cwd=cwd)
    assert called.code == 2, f"yunnao {' '.join(map(str, arguments))}: {called}"
    assert "Traceback" not in called.err + called.out, called
    assert any("\u4e00" <= character <= "\u9fff" for character in called.err), called
    return called.err


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
