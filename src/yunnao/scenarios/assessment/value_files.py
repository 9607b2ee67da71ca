"""Values from files and from the registry: both are read as the register `assessment_values` says."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl

from yunnao.kernel.errors import FileRefused
from yunnao.platforms.indicators.assessment.periods import parse_period
from yunnao.platforms.indicators.assessment.values import Value
from yunnao.platforms.registry.formats import check_readable
from yunnao.platforms.registry.intake import take_in
from yunnao.platforms.registry.reports import Problem
from yunnao.scenarios.assessment.facts import assessment_values


def read_values(files: Sequence[Path]) -> tuple[list[Value], list[Problem]]:
    """The values of several files, and why rows were left out.

    Raises:
        FileRefused: a file cannot be read as the register.
    """
    if not files:
        raise FileRefused("没有给出指标值的文件；请用 --values 写上文件路径")
    values: list[Value] = []
    problems: list[Problem] = []
    for file in files:
        check_readable(file)
        intake = take_in(file, file.name, assessment_values)
        values += values_of(intake.table, file.name)
        problems += intake.problems
    return values, problems


def values_of(table: pl.DataFrame, source: str) -> list[Value]:
    """The rows of the register as values; ``source`` says where they stand."""
    return [
        Value(
            unit=row["unit"],
            indicator=row["indicator"],
            period=parse_period(row["period"]),
            value=None if row["value"] is None else Decimal(row["value"]),
            target=None if row["target"] is None else Decimal(row["target"]),
            measured_in=row.get("measured_in"),
            source=source,
        )
        for row in table.iter_rows(named=True)
    ]
