"""`yunnao new-scenario`: scaffold a scenario."""

from pathlib import Path

import click


@click.command("new-scenario")
@click.argument("id_", metavar="ID")
@click.argument("folder", type=click.Path(path_type=Path))
def command(id_: str, folder: Path) -> None:
    """在 FOLDER 写出一个能运行的新场景（独立的包），供修改。Write a working scenario package called ID into FOLDER."""
    from yunnao.catalogue.scaffold import new_scenario

    files = new_scenario(folder, id_)
    click.echo(f"✓ {folder}：{len(files)} 个文件。接着：pip install -e {folder}，再 yunnao run HOME --scenario {id_}")
