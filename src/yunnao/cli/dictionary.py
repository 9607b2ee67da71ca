"""`yunnao dictionary`: 惠企政策词典."""

import datetime as dt
from pathlib import Path

import click

from yunnao.cli.terminal import as_of_option, home_argument


@click.command("dictionary")
@home_argument
@as_of_option
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="目录 folder")
def command(home: Path, as_of: dt.date | None, output: Path) -> None:
    """惠企政策词典：可检索的网页（不联网也能用）和 Excel。The policy dictionary as a searchable site and as Excel."""
    from yunnao.app import District
    from yunnao.web.dictionary import write_dictionary

    district = District(home)
    day = as_of or district.clock().date()
    files = write_dictionary(
        list(district.scenarios.values()), output, as_of=day, district_title=district.settings.title.zh
    )
    click.echo(f"✓ {output}：{len(files)} 个文件；请打开 {output / 'index.html'}")
