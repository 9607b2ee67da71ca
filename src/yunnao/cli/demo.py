"""`yunnao demo`: the whole way on a synthetic district, from files to payment."""

from pathlib import Path

import click


@click.command("demo")
@click.option("--home", type=click.Path(path_type=Path), default=Path("demo-home"), show_default=True)
@click.option(
    "--scale", type=float, default=0.01, show_default=True, help="1 是 425,000 户 1 is 425,000 market entities"
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--messages",
    type=click.Path(path_type=Path),
    help="留言与答复（CSV），一并运行 reply_times run reply_times on it too",
)
def command(home: Path, scale: float, seed: int, messages: Path | None) -> None:
    """在一个合成的区里走完全程：名册 → 决定 → 办件 → 拨付 → 指标。The whole way on a synthetic district."""
    from yunnao.cli.demonstration import Demonstration

    Demonstration(home, scale, seed, messages).run()
