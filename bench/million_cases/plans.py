"""How a database goes about the statements of a question: those that walk a whole table are named."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from yunnao.storage.records import Records


@contextmanager
def statements(records: Records) -> Iterator[list[tuple[str, Any]]]:
    """The reading statements, with their parameters, that run within the block."""
    noted: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith("SELECT") and not many:
            noted.append((statement, parameters))

    engine: Engine = records._engine  # the bench looks behind the door
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(engine, "before_cursor_execute", note)


def walked(records: Records, noted: list[tuple[str, Any]]) -> list[str]:
    """Plans that walk a whole table of filed cases: without an index, and not along the primary key until there is enough."""
    explain = "EXPLAIN QUERY PLAN" if records.dialect == "sqlite" else "EXPLAIN"
    found = []
    with records.read() as connection:
        for statement, parameters in dict(noted).items():
            rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            plan = [str(row[-1]).strip() for row in rows]
            ends_early = "LIMIT" in statement and not any("FOR ORDER BY" in line for line in plan)
            found += [line for line in plan if _walks(line, ends_early)]
    return list(dict.fromkeys(found))


def _walks(line: str, ends_early: bool) -> bool:
    if match := re.search(r"Seq Scan on (\w+)", line):  # PostgreSQL's word
        return match[1].startswith("filed_")
    match = re.match(r"SCAN (\w+)(.*)", line)  # SQLite's: also said of a walk along the primary key
    return match is not None and match[1].startswith("filed_") and "USING" not in match[2] and not ends_early
