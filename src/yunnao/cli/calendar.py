"""`yunnao calendar`: a new holiday table."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("calendar")
@home_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def command(home: Path, file: Path) -> None:
    """采用新的工作日历，重算期限。Adopt a holiday table, and count every running deadline anew.

    FILE is a whole table like the one in use (HOME/working_days.yaml, else the one that ships) with the new year's notice and a greater
    revision. Every deadline that moves is noted; citizen and department are told. Cut off, the same command finishes it.
    """
    from yunnao.app import District
    from yunnao.house import House

    adopted = House(District(home)).calendars.adopt(file)
    years = "、".join(str(year) for year in adopted.years)
    click.echo(f"✓ {home}：工作日历第 {adopted.revision} 版（{years} 年有变动）")
    click.echo(f"  {adopted.cases:,} 个办件的 {adopted.moved:,} 个期限变动，已记录并通知")
