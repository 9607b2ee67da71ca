"""`yunnao serve` as a process of its own: started, waited for, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

YUNNAO = Path(sys.executable).with_name("yunnao")
_UP_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One process that serves a home.

    Its output goes to ``serve.log`` in the home.
    """

    def __init__(self, home: Path, port: int, environment: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.started = time.perf_counter()
        self._log = home / "serve.log"
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(YUNNAO), "serve", str(home), "--port", str(port)],
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self.process.pid

    def wait(self) -> float:
        """Wait until it answers; seconds since it was started.

        Raises:
            RuntimeError: it has ended by itself, or does not answer within a minute.
        """
        while not self._answers():
            if self.process.poll() is not None:
                said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"the server has ended by itself ({self.process.returncode}): {said}")
            if time.perf_counter() - self.started > _UP_SECONDS:
                raise RuntimeError("the server does not answer")
            time.sleep(0.005)
        return time.perf_counter() - self.started

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(b"GET /follow HTTP/1.0\r\n\r\n")
                return line.recv(12).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def peak_memory(self) -> int:
        """The largest resident size so far, in bytes (Linux)."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return 0

    def kill(self) -> None:
        """kill -9, and wait for its end."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self.process.terminate()
        self.process.wait(60)


@contextmanager
def serving(home: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The home, served and answering until the end of the block."""
    server = Server(home, free_port(), environment)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
