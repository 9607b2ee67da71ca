"""How a run is told at the terminal."""

import click

from yunnao.catalogue.run import RunReport
from yunnao.cli.terminal import table
from yunnao.platforms.indicators.measure import Measured
from yunnao.platforms.indicators.table import shown


def print_report(report: RunReport) -> None:
    """What one scenario's run decided, changed and measured."""
    manifest = report.manifest
    state = "新的运行" if report.new else "事实和政策都没有变，沿用已有的运行"
    click.echo(
        f"\n{report.scenario.title.zh}  第 {manifest.number} 次运行（{state}），{manifest.as_of}，快照 {manifest.snapshot[:12]}"
    )
    for kind, subjects in manifest.subjects.items():
        anew = manifest.decided[kind]
        click.echo(
            f"  {subjects:,} 个主体（{kind}）× {len(manifest.policies)} 项政策；本次决定 {anew:,} 个主体，用时 {manifest.seconds:.2f} 秒"
        )
    if report.cases is None:
        click.echo("  按当时已知的事实重看，不动办件")
    else:
        counts = report.cases
        click.echo(
            f"  办件：新开 {counts.proposed:,}，调整 {counts.amended:,}，撤回 {counts.withdrawn:,}，"
            f"重新提出 {counts.proposed_again:,}，标记待查 {counts.entitlement_lost + counts.amount_differs:,}，未变 {counts.unchanged:,}"
        )
        if counts.left_to_later:
            click.echo(f"  其中 {counts.left_to_later:,} 项已有更晚一天的运行作数，这次未动")
    print_measured([row for row in report.measured if not row.by])


def print_measured(measured: list[Measured]) -> None:
    """Indicators as a table."""
    rows = [
        (row.indicator, row.title.zh + (f"：{row.key or '未知'}" if row.by else ""), shown(row)) for row in measured
    ]
    table("指标", ("id", "指标", "值"), rows)
