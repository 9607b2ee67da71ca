"""`yunnao simulate`: what if a parameter were different."""

import datetime as dt
from pathlib import Path

import click

from yunnao.cli.terminal import as_of_option, home_argument


@click.command("simulate")
@home_argument
@click.argument("policy")
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="PARAMETER=VALUE",
    help="改一个参数，可写多次 may be repeated",
)
@as_of_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="有变化的主体写到 .csv the subjects that differ")
def command(home: Path, policy: str, settings: tuple[str, ...], as_of: dt.date | None, output: Path | None) -> None:
    """参数若改变，谁得、谁失、花多少。Decide POLICY for everybody with changed parameters; nothing is kept."""
    import polars as pl

    from yunnao.app import District
    from yunnao.catalogue.asking import simulate
    from yunnao.kernel.errors import YunnaoError
    from yunnao.kernel.numbers import yuan_text
    from yunnao.platforms.decisions.export import amount_text
    from yunnao.platforms.decisions.simulation import parse_changes
    from yunnao.platforms.decisions.words import OUTCOME_WORDS
    from yunnao.storage.files import write_atomically

    district = District(home)
    scenario = district.scenario_of_policy(policy)
    try:
        changes = parse_changes(settings)
    except ValueError as error:
        raise YunnaoError(f"--set {error} 写得不对；请写成 参数=值，例如 --set effective_rate=0.04") from None
    if as_of is None:
        last = district.deciding.runs.latest(scenario.id)
        as_of = last.day if last else district.clock().date()
    result = simulate(district.deciding, scenario, policy, changes, as_of)
    title = scenario.policies[policy].title.zh
    click.echo(
        f"{title}（{policy}），{as_of}，{result.subjects:,} 个主体；假设 {'，'.join(settings)}（只推算，不保存）"
    )
    for (before, after), count in result.moves.items():
        click.echo(f"  {OUTCOME_WORDS[before].zh} → {OUTCOME_WORDS[after].zh}：{count:,}")
    click.echo(f"  得利 {result.gains:,} 个，受损 {result.loses:,} 个")
    click.echo(f"  金额合计 {yuan_text(result.before)} 元 → {yuan_text(result.after)} 元，{result.cost}")
    if result.unpriced:
        click.echo(f"  另有 {result.unpriced:,} 个可以享受但金额待定，未计入")
    if output is not None:
        rows = result.rows.with_columns(amount_text(pl.col(name)).alias(name) for name in ("amount", "amount_after"))
        write_atomically(output, b"\xef\xbb\xbf" + rows.write_csv().encode())
        click.echo(f"  有变化的 {len(result.rows):,} 个主体：{output}")
