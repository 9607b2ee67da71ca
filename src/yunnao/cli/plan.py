"""`yunnao plan`: what a plan report states."""

from pathlib import Path

import click

_path = click.Path(path_type=Path)


@click.group("plan")
def command() -> None:
    """计划报告：读出每一个数。Plan reports: read every stated quantity."""


@command.command("read")
@click.argument("report", metavar="REPORT", type=_path)
@click.option("-o", "--output", type=_path, help="写到 .jsonl 或 .xlsx；不写则列在屏幕上  where the rows go")
def read(report: Path, output: Path | None) -> None:
    """读出报告里写出的每一个数，一个数一行，并列出文本的毛病。One row per stated quantity, and the defects of the text.

    Rows name the words they come from (start, end, quote), what is counted, value and unit, comparator, kind, period, and whether it
    was reached (outcome), is promised (target) or only said (description). No number is changed: a defect is reported, and rows that
    it touches have a low confidence.
    """
    from yunnao.scenarios.plan.quantities import DEFECT_KINDS
    from yunnao.scenarios.plan.quantity_files import rows_file
    from yunnao.scenarios.plan.reading.reader import read as read_document
    from yunnao.scenarios.plan.report_files import from_report_file
    from yunnao.storage.files import write_atomically

    reading = read_document(from_report_file(report))
    if output is not None:
        write_atomically(output, rows_file(reading.rows, output.name))
    else:
        for row in reading.rows:
            high = "" if row.value_high is None else f"–{row.value_high:f}"
            sign = "" if row.comparator == "=" else row.comparator
            click.echo(
                f"第 {row.line} 行\t{row.indicator}\t{sign}{row.value:f}{high}{row.unit}\t{row.kind}\t{row.period}\t{row.status}"
            )
    for defect in reading.defects:
        click.echo(
            f"! 第 {defect.line} 行：{DEFECT_KINDS[defect.kind]} {defect.text!r}，原文可能是 {defect.likely!r}",
            err=True,
        )
    where = f"{output}：" if output is not None else ""
    click.echo(f"✓ {where}{len(reading.rows):,} 个数，{len(reading.defects):,} 处文本毛病")
