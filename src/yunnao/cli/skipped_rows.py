"""Rows of a file that could not be used, told at the terminal and, all of them, in a file."""

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import click

from yunnao.storage.files import write_atomically

SHOWN = 5


class Skipped(Protocol):
    """A row that could not be used: file, row as the spreadsheet numbers it, column, and why."""

    @property
    def file(self) -> str: ...

    @property
    def row(self) -> int: ...

    @property
    def column(self) -> str: ...

    @property
    def reason(self) -> str: ...


rejects_option = click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="没有用上的行及原因写到哪里（.csv） where rows that were left out go, with reasons",
)


def tell_skipped(skipped: Sequence[Skipped], rejects: Path | None) -> None:
    """Say which rows were left out, write all of them to ``rejects`` if it is given, and exit 3 if there are any.

    Raises:
        YunnaoError: the file cannot be written.
    """
    if not skipped:
        return
    click.echo(f"✗ {len(skipped):,} 行没有用上：", err=True)
    for row in skipped[:SHOWN]:
        click.echo(f"  ✗ {row.file} 第 {row.row} 行 {row.column}：{row.reason}", err=True)
    if rejects is not None:
        stream = io.StringIO()
        rows = ((row.file, row.row, row.column, row.reason) for row in skipped)
        csv.writer(stream).writerows([("文件", "行", "列", "原因"), *rows])
        write_atomically(rejects, stream.getvalue().encode("utf-8-sig"))
        click.echo(f"  全部列在 {rejects}", err=True)
    elif len(skipped) > SHOWN:
        click.echo(f"  还有 {len(skipped) - SHOWN:,} 行；加 --rejects 文件.csv 全部列出", err=True)
    sys.exit(3)
