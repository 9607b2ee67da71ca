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
@click.option("--head", "noted", metavar="HASH", help="另行记下的末条（哈希，或 条号:哈希） a head noted elsewhere")
def verify(home: Path, noted: str | None) -> None:
    """逐条核验日志，并与各表的行、各文件记下的末条核对；有问题时指出第一处，退出码 1。

    Verify the chain, the rows that its lines stand for, and the heads kept in files; exit 1 and name the first broken line.
    """
    from yunnao.app import District
    from yunnao.audit.heads import FILE, parsed

    district = District(home)
    known = [*district.known_heads(), *([parsed(noted, "--head ")] if noted is not None else [])]
    verdict = district.audit.verify(known)
    click.echo(verdict.sentence)
    if verdict.broken is not None:
        sys.exit(1)
    if verdict.lines and not (home / FILE).exists():
        click.echo(f"没有 {FILE}：末尾是否被截去，只能凭运行和批次文件、或另行记下的末条来核对")
    click.echo(f"末条 {verdict.head}（请另行记下，以后用 --head 核对）")
