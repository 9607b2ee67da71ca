"""`yunnao run`: decisions -> cases -> indicators."""

import datetime as dt
from pathlib import Path

import click

from yunnao.cli.terminal import Instant, as_of_option, home_argument, progress


@click.command("run")
@home_argument
@as_of_option
@click.option(
    "--known-at", type=Instant(), help="按当时已知的事实（只看，不动办件） with what was known then; moves no case"
)
@click.option("--scenario", help="只运行一个应用场景 only this scenario")
def command(home: Path, as_of: dt.date | None, known_at: dt.datetime | None, scenario: str | None) -> None:
    """决定、开办件、算指标；可放心重复。Decide, open cases, measure; safe to repeat."""
    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.catalogue.run import run_scenario
    from yunnao.cli.summary import print_report
    from yunnao.kernel.errors import YunnaoError

    district = District(home)
    day = as_of or district.clock().date()
    delivered = {delivery.register for delivery in district.registry.deliveries()}
    chosen = (
        [district.scenario(scenario)]
        if scenario
        else [
            found
            for found in district.scenarios.values()
            if any(facts.naming.id in delivered for facts in found.facts.values())
        ]
    )
    if not chosen:
        raise YunnaoError(
            f"{home}：还没有导入任何名册；请先用 yunnao load {home} enterprises 文件 导入市场主体登记信息"
        )
    district.check_records()
    for found in chosen:
        with progress("运行 run") as advance:
            report = run_scenario(home, district.deciding, district.cases, found, day, known_at, advance)
        manifest = report.manifest
        if report.new:
            district.note(
                AuditEvent.RUN_FINISHED,
                run=manifest.number,
                scenario=manifest.scenario,
                as_of=manifest.as_of,
                known_at=manifest.known_at,
                snapshot=manifest.snapshot,
                counts=manifest.decided,
            )
        print_report(report)
