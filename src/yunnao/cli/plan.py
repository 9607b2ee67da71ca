"""`yunnao plan`: what a plan report states."""

from pathlib import Path

import click

from yunnao.cli.plan_linking import assess, link, question
from yunnao.cli.plan_reporting import report as report_command
from yunnao.cli.plan_tracking import actuals, assign, commitments, load, pending, track

_path = click.Path(path_type=Path)


@click.group("plan")
def command() -> None:
    """计划报告：读出每一个数，目标与完成对照，入库、跟踪。Plan reports: read, link, assess, load, track."""


for _each in (link, assess, question, commitments, load, assign, actuals, track, pending, report_command):
    command.add_command(_each)


@command.command("read")
@click.argument("report", metavar="REPORT", type=_path)
@click.option("-o", "--output", type=_path, help="写到 .jsonl 或 .xlsx；不写则列在屏幕上  where the rows go")
@click.option("--html", type=_path, help="复核页：一个 .html 文件  the review page")
@click.option("--corrections", type=_path, help="复核页保存的修改，读后重做  corrections to replay")
def read(report: Path, output: Path | None, html: Path | None, corrections: Path | None) -> None:
    """读出报告里写出的每一个数，一个数一行，并列出文本的毛病和前后不一致的地方。One row per stated quantity, defects, contradictions.

    REPORT is text, Word (.docx) or PDF. Rows name the words they come from (start, end, quote), what is counted, value and unit,
    comparator, kind, period, and whether it was reached (outcome), is promised (target) or only said (description). No number is
    changed: a defect is reported, and rows that it touches have a low confidence.
    """
    from yunnao.scenarios.plan import corrections as correcting
    from yunnao.scenarios.plan.quantities import DEFECT_KINDS, grouped
    from yunnao.scenarios.plan.quantity_files import rows_file
    from yunnao.scenarios.plan.reading.reader import read as read_document
    from yunnao.scenarios.plan.report_files import from_report_file
    from yunnao.scenarios.plan.review import remarks
    from yunnao.storage.files import write_atomically

    document = from_report_file(report)
    wanted = correcting.from_file(corrections) if corrections is not None else ()
    reading = read_document(document)
    corrected = correcting.corrected(reading.rows, wanted, document.text)
    rows = corrected.rows
    found = remarks(rows)
    if output is not None:
        write_atomically(output, rows_file(rows, output.name, remarks=found, defects=reading.defects))
    elif html is None:
        for row in rows:
            high = "" if row.value_high is None else f"–{row.value_high:f}"
            sign = "" if row.comparator == "=" else row.comparator
            click.echo(
                f"第 {row.line} 行\t{row.indicator}\t{sign}{row.value:f}{high}{row.unit}\t{row.kind}\t{row.period}\t{row.status}"
            )
    if html is not None:
        from yunnao.web.plan_review import review_page

        page = review_page(
            document, rows, reading.defects, found, corrections=corrected.kept, problems=corrected.problems
        )
        write_atomically(html, page.encode("utf-8"))
    for kind, text, likely, lines in grouped(reading.defects):
        seen = f"第 {lines[0]} 行" if len(lines) == 1 else f"{len(lines)} 处（第 {lines[0]} 行起）"
        click.echo(f"! {DEFECT_KINDS[kind]} {text!r} {seen}" + (f"，原文可能是 {likely!r}" if likely else ""), err=True)
    for remark in found:
        click.echo(f"? {remark.sentence}", err=True)
    for problem in corrected.problems:
        click.echo(f"! {problem}", err=True)
    where = "、".join(str(path) for path in (output, html) if path is not None)
    replayed = f"，用上 {corrected.applied:,} 条修改" if corrections is not None else ""
    click.echo(
        f"✓ {where}{'：' if where else ''}{len(rows):,} 个数，{len(reading.defects):,} 处文本毛病，{len(found):,} 条提示{replayed}"
    )
