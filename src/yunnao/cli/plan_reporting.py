"""`yunnao plan report`: the next report's skeleton out of the targets and results of a home."""

import datetime as dt
from pathlib import Path

import click

from yunnao.cli.terminal import Day, home_argument
from yunnao.kernel.moment import CHINA


@click.command("report")
@home_argument
@click.option(
    "--year", required=True, type=click.IntRange(1949, 2200), help="写哪一年计划的执行情况 whose plan was carried out"
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="写到 .docx 或 .html the report")
@click.option("--as-of", type=Day(), help="数到哪一天（默认今天） as of which day")
@click.option("--plan", help="这一年的计划叫什么（默认就是年份） the plan of that year; its number by default")
@click.option("--next-plan", help="下一年的计划叫什么（默认就是年份） the plan of the next year")
def report(home: Path, year: int, output: Path, as_of: dt.date | None, plan: str | None, next_plan: str | None) -> None:
    """写下一份报告的初稿。The next report's skeleton: every number from the store, with its lineage; gaps where an officer writes.

    Word: lineage is in comments, numbers are fields that refer to the annex (F9 brings them up to date). What has no data says so.
    """
    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.indicators.report.word import as_docx
    from yunnao.platforms.indicators.targets.conventions import load_conventions
    from yunnao.scenarios.plan.reporting.figures import Lineage
    from yunnao.scenarios.plan.reporting.skeleton import Basis, skeleton
    from yunnao.scenarios.plan.tracking.measured import load_measured
    from yunnao.scenarios.plan.tracking.standing import standing
    from yunnao.storage.files import write_atomically

    ending = output.suffix.lower()
    if ending not in (".docx", ".html"):
        raise YunnaoError(f"{output}：报告只能写成 .docx 或 .html；请改文件名的后缀")
    district = District(home)
    day = as_of or district.clock().astimezone(CHINA).date()
    wanted = plan or str(year)
    known = sorted({each.plan for each in district.targets.targets()})
    if wanted not in known:
        loaded = f"现有：{'、'.join(known)}" if known else "还没有任何计划"
        raise YunnaoError(f"{home}：没有入库的 {wanted} 计划（{loaded}）；请先 yunnao plan load {home} 核对过的表.xlsx")
    tracked = standing(district.targets, district.measured(), load_measured(home), day, load_conventions(home), wanted)
    made = skeleton(
        Basis(
            district=district.settings.title.zh,
            year=year,
            as_of=day,
            tracked=tracked,
            following=district.targets.targets(next_plan or str(year + 1)),
            lineage=Lineage(district.targets.files(), district.targets.actuals(), district.departments),
        )
    )
    if ending == ".docx":
        content = as_docx(made)
    else:
        from yunnao.web.plan_report_page import report_page

        content = report_page(made).encode()
    write_atomically(output, content)
    numbers = list(made.numbers())
    lacking = sum(each.value is None for each in tracked)
    click.echo(f"✓ {output}：{len(tracked):,} 个目标，{len(numbers):,} 处数都有来历；缺完成数 {lacking:,} 个")
