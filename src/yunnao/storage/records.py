"""The record store: SQLite in the district's home, or PostgreSQL by URL, behind one small door.

One writer at a time on both: SQLite by ``BEGIN IMMEDIATE``, PostgreSQL by an advisory lock taken at the beginning. What
a transaction has read is therefore still true when it commits, and a hash chain has one order.
"""

import io
import json
import os
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.record_errors import sentences

WAIT_SECONDS = 10
"""How long a writer waits for another before it gives up, unless told otherwise."""

_WRITER_LOCK = 0x79756E6E616F  # "yunnao"; advisory locks are per database
_ROWS_AT_A_TIME = 50_000
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else INSERT OR REPLACE deletes without asking the triggers
    "PRAGMA secure_delete = FAST",  # what was erased is overwritten, not merely unlinked
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
)


class Records:
    """An open record store; its connections are closed by `close`, or once nobody holds it any more."""

    def __init__(self, engine: Engine, where: str, wait_seconds: int = WAIT_SECONDS) -> None:
        self._engine = engine
        self._where = where
        weakref.finalize(self, engine.dispose).atexit = False  # a store that nobody holds any more leaves nothing open
        self._wait_seconds = wait_seconds

    @classmethod
    def open(cls, target: Path | str, *, wait_seconds: int = WAIT_SECONDS) -> "Records":
        """The store in an SQLite file (a path) or behind a URL (``sqlite:///...``, ``postgresql://...``).

        Raises:
            YunnaoError: the URL is not usable, or names another database.
        """
        url = URL.create("sqlite", database=str(target)) if isinstance(target, Path) else _url(target)
        where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        try:
            engine = sa.create_engine(url, json_serializer=_json)
        except ModuleNotFoundError:
            raise YunnaoError("没有安装 PostgreSQL 的驱动；请运行 pip install 'yunnao[postgres]' 后重试") from None
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine, wait_seconds)
        return cls(engine, str(where), wait_seconds)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Close every connection; the store may be opened again."""
        self._engine.dispose()

    def create(self, metadata: sa.MetaData) -> None:
        """Create the tables of ``metadata`` that are not there yet, with their triggers, in one transaction.

        Raises:
            YunnaoError: the store cannot be reached or written.
        """
        with self.read() as connection:
            present = set(sa.inspect(connection).get_table_names())
        if not set(metadata.tables) <= present:
            with self.write() as connection:
                metadata.create_all(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: everything seen in it is of one moment.

        Raises:
            YunnaoError: the store cannot be reached or read.
        """
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        with (
            sentences(self._where),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction, alone: committed as a whole at the end of the block, or not at all.

        Raises:
            HomeBusy: another writer did not finish in time.
            YunnaoError: the store cannot be reached, or its disk is full.
        """
        with (
            sentences(self._where),
            self._engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            if self.dialect == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{self._wait_seconds}s'")
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))
            yield connection

    def read_frame(self, statement: sa.Select[Any]) -> pl.DataFrame:
        """`read_frame` in a reading transaction of its own."""
        with self.read() as connection:
            return read_frame(connection, statement)


def append_only(table: sa.Table) -> sa.Table:
    """``table``, created with triggers that refuse UPDATE, DELETE and TRUNCATE."""
    name = table.name
    for verb in ("UPDATE", "DELETE"):
        refuse = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        _after_create(table, "sqlite", f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} {refuse}")
    _after_create(
        table,
        "postgresql",
        "CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$",
    )
    _after_create(
        table,
        "postgresql",
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()",
    )
    return table


def _after_create(table: sa.Table, dialect: str, statement: str) -> None:
    ddl = sa.DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def read_frame(connection: Connection, statement: sa.Select[Any]) -> pl.DataFrame:
    """The rows of ``statement``, in its order and with its column names; read in pieces.

    Texts are String, integers Int64, booleans Boolean, dates Date, whatever the values are.
    """
    return pl.concat([pl.DataFrame(schema=_schema(statement)), *read_frames(connection, statement)])


def read_frames(connection: Connection, statement: sa.Select[Any]) -> Iterator[pl.DataFrame]:
    """`read_frame` piece by piece, for what need not be in memory at once."""
    schema = _schema(statement)
    with connection.execute(statement, execution_options={"yield_per": _ROWS_AT_A_TIME}) as result:
        for rows in result.partitions():
            columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
            yield pl.DataFrame([pl.Series(name, values, dtype) for (name, dtype), values in columns])


def _schema(statement: sa.Select[Any]) -> dict[str, pl.DataType | type[pl.DataType]]:
    return {column.name: _polars_type(column.type) for column in statement.selected_columns}


def frame_of(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of ``table`` as a frame, with the columns that the first one has; without a column if there are none."""
    types = {name: _polars_type(table.c[name].type) for name in (rows[0] if rows else ())}
    return pl.DataFrame([[row[name] for name in types] for row in rows], schema=types, orient="row")


def insert_frame(connection: Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    """Insert the rows of ``frame``, whose columns are columns of ``table``, in one go.

    Raises:
        sqlalchemy.exc.IntegrityError: a row breaks a constraint; the transaction is then lost.
    """
    if frame.is_empty():
        return
    names = [table.c[name].name for name in frame.columns]
    if connection.dialect.name == "postgresql":
        _copy(connection, table.name, names, frame)
        return
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    for piece in frame.iter_slices(_ROWS_AT_A_TIME):
        connection.exec_driver_sql(statement, piece.rows())


def _copy(connection: Connection, table: str, names: list[str], frame: pl.DataFrame) -> None:
    """PostgreSQL's COPY: texts are quoted, so that an empty one differs from null."""
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT csv)") as copy:
            for piece in frame.iter_slices(_ROWS_AT_A_TIME):
                buffer = io.BytesIO()
                piece.write_csv(buffer, include_header=False, quote_style="non_numeric")
                copy.write(buffer.getvalue())
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            "COPY", None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()


def _polars_type(kind: sa.types.TypeEngine[Any]) -> pl.DataType | type[pl.DataType]:
    if isinstance(kind, sa.Integer):
        return pl.Int64
    if isinstance(kind, sa.Boolean):
        return pl.Boolean
    return pl.Date if isinstance(kind, sa.Date) else pl.String


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise YunnaoError(
            "数据库地址写法不对；请写成 postgresql://用户:密码@主机/库名，或去掉这一项改用内置的 SQLite"
        ) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    raise YunnaoError(f"不支持的数据库：{url.get_backend_name()}；只支持 SQLite 文件和 PostgreSQL")


def _json(value: Any) -> str:
    """Chinese as itself, so that JSON paths match on every database."""
    return json.dumps(value, ensure_ascii=False)


def _prepare_sqlite(engine: Engine, wait_seconds: int) -> None:
    @event.listens_for(engine, "do_connect")
    def _private(_dialect: Any, _record: Any, arguments: Any, _options: Any) -> None:
        if arguments[0] != ":memory:" and not os.path.exists(arguments[0]):
            with suppress(OSError):  # where it cannot be made, SQLite makes it or says why not
                _make_private(Path(arguments[0]))

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        for pragma in (f"PRAGMA busy_timeout = {wait_seconds * 1000}", *_PRAGMAS):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


def _make_private(file: Path) -> None:
    """An empty ``file`` that its owner alone reads, unless it is there; SQLite's side files take over its mode.

    It is never opened under its own name: closing it would take from this process every lock that SQLite holds on it
    (sqlite.org/howtocorrupt.html, 2.2), and another process would then delete the log that this one still writes to.
    """
    descriptor, made = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(descriptor)
    try:
        os.link(made, file)
    finally:
        os.unlink(made)
