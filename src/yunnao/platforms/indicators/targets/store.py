"""The tables of targets: reviewed files, targets and their revisions, owners, actuals and theirs. Nothing here decides."""

from typing import Any

import sqlalchemy as sa

from yunnao.audit.rows import audited

METADATA = sa.MetaData()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


FILES = audited(
    sa.Table(
        "plan_file",
        METADATA,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("plan", sa.String, nullable=False),
        _text("name"),
        sa.Column("sha256", sa.String(64), nullable=False),
        _text("report"),
        sa.Column("report_sha256", sa.String(64), nullable=False),
        sa.Column("loaded_at", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
    )
)
"""Reviewed files that changed something; `report` names what they were read from, and its SHA-256 ties offsets to its bytes."""

TARGETS = audited(
    sa.Table(
        "plan_target",
        METADATA,
        sa.Column("target_id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("file", sa.Integer, sa.ForeignKey("plan_file.number"), nullable=False),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        _text("area"),
        _text("indicator"),
        _text("series"),
        sa.Column("kind", sa.String, nullable=False),
        _text("unit"),
        _text("value"),
        _text("value_high", nullable=True),
        _text("base_unit"),
        _text("base_value"),
        _text("base_high", nullable=True),
        sa.Column("sign", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("better", sa.String, nullable=False),
        sa.Column("nature", sa.String, nullable=False),
        sa.Column("aspirational", sa.Boolean, nullable=False),
        _text("base_stretch", nullable=True),
        sa.Column("begins", sa.Integer, nullable=False),
        sa.Column("ends", sa.Integer, nullable=False),
        sa.Column("text_line", sa.Integer, nullable=False),
        _text("section"),
        _text("sentence"),
        _text("quote"),
        sa.Index("ix_plan_target_plan", "plan", "target_id", "revision"),
    )
)
"""One row a revision; the greatest holds."""

OWNERS = audited(
    sa.Table(
        "plan_owner",
        METADATA,
        sa.Column("target_id", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("department", sa.String),
        sa.Column("found_by", sa.String, nullable=False),
        _text("reason"),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
)
"""Who answers for a target; the last row holds. `found_by`: the table of departments, or an officer."""

ACTUALS = audited(
    sa.Table(
        "plan_actual",
        METADATA,
        sa.Column("area", sa.String, primary_key=True),
        sa.Column("series", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("base_unit", sa.String, primary_key=True),
        sa.Column("period", sa.String, primary_key=True),
        sa.Column("covers", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        _text("indicator"),
        _text("unit"),
        _text("value"),
        _text("base_value"),
        sa.Column("sign", sa.String, nullable=False),
        _text("source"),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("known_at", sa.String, nullable=False),
    )
)
"""What officers' sheets said; the greatest revision holds, earlier ones say what was believed before."""

TABLES = (FILES, TARGETS, OWNERS, ACTUALS)


def latest(table: sa.Table, counter: str) -> sa.Select[Any]:
    """The rows of ``table`` that hold: of each key without its counter the greatest one."""
    key = [column for column in table.primary_key if column.name != counter]
    newest = sa.select(*key, sa.func.max(table.c[counter]).label(counter)).group_by(*key).subquery()
    same = [table.c[column.name] == newest.c[column.name] for column in (*key, table.c[counter])]
    return sa.select(table).join(newest, sa.and_(*same))
