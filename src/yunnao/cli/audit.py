"""`yunnao audit`: the append-only log."""

import sys
from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.group("audit")
def command() -> None:
    """审计日志。The append-only, hash-chained log."""


@command.command("verify")
@home_argument
def verify(home: Path) -> None:
    """核验日志是否完整；有问题时指出第一处，退出码 1。Verify the chain; exit 1 and name the first broken line if it is not whole."""
    from yunnao.app import District

    verdict = District(home).audit.verify()
    click.echo(verdict.sentence)
    if verdict.broken is not None:
        sys.exit(1)
