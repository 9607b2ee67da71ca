"""wrk, the load generator (Debian's package), with a script of ours that reports as JSON."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
THREADS = 2


@dataclass(frozen=True, kw_only=True)
class Load:
    """What wrk saw.

    Attributes:
        requests: that were answered.
        sent: that were begun, those included that the end cut off.
        p50, p99, max: of the time to the answer, in milliseconds.
        refused: answers of 400 and above.
        broken: lines that broke or were not answered within ten seconds.
    """

    requests: int
    sent: int
    seconds: float
    p50: float
    p99: float
    max: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def wrk(url: str, script: str, *, connections: int, seconds: int, arguments: tuple[str, ...] = ()) -> Load:
    """Load ``url`` for some seconds, with every connection sending its next request as soon as it is answered.

    Raises:
        RuntimeError: wrk is not installed, or failed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    command = [
        program,
        f"-t{THREADS}",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "-s",
        str(_HERE / script),
    ]
    found = subprocess.run([*command, url, "--", *arguments], capture_output=True, text=True, check=False)
    for line in found.stdout.splitlines():
        if line.startswith("RESULT "):
            said = json.loads(line.removeprefix("RESULT "))
            times = {name: said[name] / 1000 for name in ("p50", "p99", "max")}
            counts = {name: said[name] for name in ("requests", "sent", "refused", "broken")}
            return Load(seconds=said["microseconds"] / 1_000_000, **times, **counts)
    raise RuntimeError(f"wrk failed: {found.stdout}{found.stderr}")
