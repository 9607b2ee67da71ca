"""`yunnao indicators`: numbers, and the rows behind them."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("indicators")
@home_argument
@click.option("--scenario", help="应用场景（默认：每个运行过的） scenario (default: every one that has run)")
@click.option("--rows", "indicator", metavar="INDICATOR", help="导出这个指标背后的每一行（须有 -o） the rows behind it")
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".xlsx .csv .json；--rows：.csv .parquet")
def command(home: Path, scenario: str | None, indicator: str | None, output: Path | None) -> None:
    """指标，按办件的现状重新计算。Indicators as the cases stand now; --rows exports what a number counts."""
    import polars as pl

    from yunnao.app import District
    from yunnao.catalogue.run import measure, sources
    from yunnao.cli.summary import print_measured
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.decisions.export import amount_text
    from yunnao.platforms.indicators.export import export
    from yunnao.platforms.indicators.service import Indicators
    from yunnao.storage.files import replace_with

    district = District(home)
    chosen = [district.scenario(scenario)] if scenario else list(district.scenarios.values())
    measured = []
    for found in chosen:
        manifest = district.deciding.runs.latest(found.id)
        if manifest is None:
            continue
        if indicator is None:
            measured += measure(home, district.deciding, district.cases, found, manifest)
        elif definition := next((d for d in found.indicators if d.id == indicator), None):
            if output is None or output.suffix not in (".csv", ".parquet"):
                raise YunnaoError("导出指标背后的行要用 -o 文件.csv 或 -o 文件.parquet")
            rows = (
                Indicators(found.indicators, found.id, district.calendar)
                .rows_behind(indicator, sources(district.deciding, district.cases, found, manifest))
                .collect()
            )
            if definition.unit == "CNY":
                rows = rows.with_columns(amount_text(pl.col("value")).alias("value"))
            replace_with(output, rows.write_csv if output.suffix == ".csv" else rows.write_parquet)
            click.echo(f"✓ {output}：指标 {indicator} 数的是这 {len(rows):,} 行（第 {manifest.number} 次运行）")
            return
    if indicator is not None:
        raise YunnaoError(f"没有叫 {indicator} 的指标，或它的场景还没有运行过")
    if not measured:
        raise YunnaoError(f"{home}：还没有运行过；请先 yunnao run {home}")
    if output is None:
        print_measured(measured)
    else:
        export(measured, output)
        click.echo(f"✓ {output}：{len(measured)} 个值")
