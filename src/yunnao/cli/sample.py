"""`yunnao sample`: a synthetic district's registers as files."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument, progress


@click.command("sample")
@home_argument
@click.option(
    "--scale", type=float, default=0.01, show_default=True, help="1 是 425,000 户 1 is 425,000 market entities"
)
@click.option("--seed", type=int, default=1, show_default=True, help="同样的种子得到同样的文件 same seed, same files")
def command(home: Path, scale: float, seed: int) -> None:
    """合成一个区的名册，写成各部门会导出的文件（HOME/sample）。Write synthetic registers as office exports; nothing is loaded."""
    from yunnao.cli.sampling import write_sample

    with progress("合成 sample") as advance:
        files = write_sample(home, scale, seed, advance)
    click.echo(f"✓ {home / 'sample'}：{len(files)} 个名册，全部是合成的（见 说明.txt）")
    for file in files:
        click.echo(f"  yunnao load {home} {file.register} {file.path}")
