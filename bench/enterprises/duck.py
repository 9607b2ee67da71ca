"""DuckDB: the same policies as SQL written by hand (`enterprises.sql`), from the same Parquet to Parquet."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from bench.enterprises.ours import COMPRESSION_LEVEL

_SQL = Path(__file__).with_name("enterprises.sql")


def connect(tables: Mapping[str, Path]) -> duckdb.DuckDBPyConnection:
    """A connection in which every table is a view of its Parquet, and `decisions` the view to read."""
    connection = duckdb.connect(config={"preserve_insertion_order": False})  # nobody sorts
    for name, path in tables.items():
        connection.execute(f"create view {name} as from read_parquet('{path}')")
    connection.execute(_SQL.read_text(encoding="utf-8"))
    return connection


def run(connection: duckdb.DuckDBPyConnection, result: Path) -> None:
    """Decide and write."""
    connection.execute(
        f"copy (from decisions) to '{result}' (format parquet, compression zstd, compression_level {COMPRESSION_LEVEL})"
    )
