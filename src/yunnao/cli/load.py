"""`yunnao load`: registers in."""

import datetime as dt
import json
import sys
from pathlib import Path

import click

from yunnao.cli.terminal import Day, home_argument, progress


@click.command("load")
@home_argument
@click.argument("register")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--valid-from",
    type=Day(),
    help="这些事实从哪天起成立（默认：一直如此） facts hold from this day (default: since ever)",
)
@click.option(
    "--rejects", type=click.Path(path_type=Path), help="被拒的行写到哪里（.xlsx 或 .csv） where refused rows go"
)
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出 print the result as JSON")
def command(
    home: Path, register: str, files: tuple[Path, ...], valid_from: dt.date | None, rejects: Path | None, as_json: bool
) -> None:
    """导入名册。Load files of REGISTER: CSV, Excel or Parquet as the office exports them, no configuration needed.

    Exit 0: every row is good; 3: some rows were refused, the good ones are kept; 2: refused as a whole, nothing changed.
    """
    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.kernel.errors import YunnaoError

    district = District(home)
    if register not in district.registers:
        known = "\n".join(f"  {id_:<28}{r.title.zh}" for id_, r in sorted(district.registers.items()))
        raise YunnaoError(f"没有叫 {register} 的名册；可用：\n{known}")
    district.check_records()
    with progress("导入 load") as advance:
        reports = district.registry.load(register, files, valid_from=valid_from, rejects=rejects, progress=advance)
    numbered = {delivery.number: delivery for delivery in district.registry.deliveries()}
    for report in reports:
        if report.delivery is not None:
            delivery = numbered[report.delivery]
            district.note(
                AuditEvent.DELIVERY_LOADED,
                delivery=delivery.number,
                register=register,
                file=delivery.file,
                rows=delivery.rows,
                refused=delivery.refused,
                sha256=delivery.original,
            )
    if as_json:
        click.echo(json.dumps([report.to_json() for report in reports], ensure_ascii=False, indent=1))
    else:
        for report in reports:
            click.echo(
                f"✓ {report.file}：{report.rows:,} 行，收下 {report.accepted:,}，拒绝 {report.refused:,}，重复 {report.repeats:,}"
            )
            for note in report.notes:
                click.echo(f"  · {note}")
            for problem in report.problems[:5]:
                sheet = f"工作表「{problem.sheet}」" if len(report.sheets) > 1 else ""
                click.echo(f"  ✗ {sheet}第 {problem.row} 行 {problem.column}「{problem.value[:30]}」：{problem.reason}")
            if report.refused and report.rejects:
                click.echo(f"  被拒的行及原因：{report.rejects}")
    if any(report.refused for report in reports):
        sys.exit(3)
