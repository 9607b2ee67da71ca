"""`yunnao dictionary`: 惠企政策词典."""

import datetime as dt
from pathlib import Path

import click

from yunnao.cli.terminal import as_of_option, home_argument


@click.command("dictionary")
@home_argument
@as_of_option
@click.option("--scenario", "wanted", multiple=True, help="只写这些应用场景，可写多次 only these scenarios")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="目录 folder")
def command(home: Path, as_of: dt.date | None, wanted: tuple[str, ...], output: Path) -> None:
    """惠企政策词典：可检索的网页（不联网也能用）和 Excel。The policy dictionary as a searchable site and as Excel.

    包括随系统发布的应用场景，和本区已导入其名册的应用场景。Of the scenarios that come with Yunnao, and those this home has registers of.
    """
    from yunnao.app import District
    from yunnao.catalogue.cards import shipped_scenarios
    from yunnao.web.dictionary import write_dictionary

    district = District(home)
    day = as_of or district.clock().date()
    if wanted:
        chosen = [district.scenario(id_) for id_ in dict.fromkeys(wanted)]
    else:
        delivered = {delivery.register for delivery in district.registry.deliveries()}
        chosen = [
            found
            for found in district.scenarios.values()
            if found.id in shipped_scenarios() or delivered & {facts.naming.id for facts in found.facts.values()}
        ]
    files = write_dictionary(chosen, output, as_of=day, district=district.settings.title)
    click.echo(f"✓ {output}：{len(files)} 个文件；请打开 {output / 'index.html'}")
