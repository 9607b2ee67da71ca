"""Rows of a file that could not be used, told at the terminal."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from yunnao.scenarios.appeals.message_files import Skipped

SHOWN = 5


def tell_skipped(skipped: Sequence["Skipped"]) -> None:
    """Say which rows were left out, and exit 3 if any were."""
    if not skipped:
        return
    click.echo(f"✗ {len(skipped):,} 行没有用上：", err=True)
    for row in skipped[:SHOWN]:
        click.echo(f"  ✗ {row.file} 第 {row.row} 行 {row.column}：{row.reason}", err=True)
    sys.exit(3)
