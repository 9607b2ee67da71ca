"""Record stores as older programs made them: their own statements (one file a database) and the rows they wrote, made-up persons.

revision_1 is that of commit 294aa39, the last before stores had numbers: four appeals, one closed, one in handling, one sent back, one
that nobody has touched; 15 audit lines, one of them a refusal.
revision_2 is that of commit e510909, the last of revision 2: an appeal in handling with a department that co-handles, one that follows
it, reminders; 8 audit lines.
revision_4 is that of commit d8f5413, the last of revision 4: two appeals that were closed, their messages delivered, their persons
erased, of one with the hash of the contact; one with a blacked-out text, one that nobody has touched; 16 audit lines.
"""

import json
from pathlib import Path

import sqlalchemy as sa

from yunnao.storage.records import Records

FOLDER = Path(__file__).resolve().parents[2] / "older_stores"


def fill(records: Records, revision: int) -> None:
    """Make an empty store what a program of ``revision`` left behind."""
    statements = (FOLDER / f"revision_{revision}.{records.dialect}.sql").read_text(encoding="utf-8").split("\n;;\n")
    with records.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        tables = sa.MetaData()
        tables.reflect(connection)
        for line in (FOLDER / f"revision_{revision}.rows.jsonl").read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            table = tables.tables[item["table"]]
            row = {
                name: bool(value) if isinstance(table.c[name].type, sa.Boolean) else value
                for name, value in item["row"].items()
            }
            connection.execute(sa.insert(table).values(row))


def shape(records: Records) -> dict[str, list[str]]:
    """Table -> its columns, keys, indexes and triggers in words, whatever their order."""
    found = {}
    with records.read() as connection:
        inspector = sa.inspect(connection)
        if records.dialect == "sqlite":
            triggers = "SELECT tbl_name, name || ' ' || sql FROM sqlite_master WHERE type = 'trigger'"
        else:
            triggers = (
                "SELECT relname, tgname || ' ' || tgtype FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
        fired = list(connection.exec_driver_sql(triggers))
        for table in inspector.get_table_names():
            found[table] = sorted(
                [
                    f"{c['name']} {c['type']} {'NULL' if c['nullable'] else 'NOT NULL'}"
                    for c in inspector.get_columns(table)
                ]
                + [f"key {inspector.get_pk_constraint(table)['constrained_columns']}"]
                + [f"to {k['constrained_columns']} {k['referred_table']}" for k in inspector.get_foreign_keys(table)]
                + [f"index {i['name']} {i['column_names']} {bool(i['unique'])}" for i in inspector.get_indexes(table)]
                + [text for name, text in fired if name == table]
            )
    return found
