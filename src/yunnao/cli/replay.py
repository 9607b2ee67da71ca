"""`yunnao replay`: repeat a past run and compare."""

import sys
from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("replay")
@home_argument
@click.argument("number", type=int, required=False)
def command(home: Path, number: int | None) -> None:
    """重做一次过去的运行（默认最近一次），逐格比对。Repeat run NUMBER from its snapshot and policy versions; exit 1 if it differs."""
    from yunnao.app import District
    from yunnao.catalogue.asking import replay
    from yunnao.cli.choosing import chosen_run

    district = District(home)
    manifest = chosen_run(district, number, None)
    differing = replay(district.deciding, district.scenario(manifest.scenario), manifest)
    for kind, cells in differing.items():
        click.echo(
            f"{'✓' if not cells else '✗'} 第 {manifest.number} 次运行，{kind}：{f'{cells:,} 格不同' if cells else '每一格都相同'}"
        )
    if any(differing.values()):
        sys.exit(1)
