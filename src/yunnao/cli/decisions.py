"""`yunnao decisions`: export what was decided."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument, progress


@click.command("decisions")
@home_argument
@click.option("--policy", help="只要一项政策 one policy only")
@click.option(
    "--outcome", type=click.Choice(["granted", "refused", "undetermined"]), help="只要一种结果 one outcome only"
)
@click.option("--run", "number", type=int, help="第几次运行（默认最近一次） which run (default: the last)")
@click.option("--scenario", help="哪个应用场景（默认最近运行的） which scenario (default: the last run)")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=".jsonl .csv .xlsx .parquet")
def command(
    home: Path, policy: str | None, outcome: str | None, number: int | None, scenario: str | None, output: Path
) -> None:
    """导出决定。Export decisions: policy, subject, outcome, amount, conditions, missing, version, snapshot, day."""
    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.cli.choosing import chosen_run
    from yunnao.platforms.decisions.export import export

    district = District(home)
    runs = district.deciding.runs
    if scenario is None and policy is not None:
        scenario = district.scenario_of_policy(policy).id
    manifest = chosen_run(district, number, scenario)
    with progress("导出 export") as advance:
        rows = export(runs, manifest, output, policy=policy, outcome=outcome, progress=advance)
    district.note(AuditEvent.DECISIONS_EXPORTED, run=manifest.number, rows=rows, file=output.name)
    click.echo(f"✓ {output}：{rows:,} 个决定（第 {manifest.number} 次运行，{manifest.as_of}）")
