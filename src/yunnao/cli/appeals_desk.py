"""The commands of `yunnao appeals` that work on a district: import, inbox, measures, and the messages behind topics."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.skipped_rows import rejects_option, tell_skipped
from yunnao.cli.terminal import Day, home_argument, progress
from yunnao.kernel.moment import CHINA

if TYPE_CHECKING:
    from yunnao.scenarios.appeals.measure_tables import Row
    from yunnao.scenarios.appeals.rates import Dimension

_path = click.Path(path_type=Path)
_SHOWN = 20


@click.command("import")
@home_argument
@click.argument("file", metavar="MESSAGES", type=_path)
@click.option(
    "--model",
    type=_path,
    help="分类模型；不给则用 district.yaml 里设的 a trained model; else the one that district.yaml names",
)
@click.option(
    "--source",
    default="",
    help="编号是哪个系统的；几个系统各自编号时必须写明 the system that the numbers are of, where there are several",
)
@rejects_option
def import_(home: Path, file: Path, model: Path | None, source: str, rejects: Path | None) -> None:
    """导入其他系统的诉求，定类、分派。File the appeals of another system's export; classify and dispatch them.

    Columns message_id, received_at, title and body, and if there are any sender and category. The same file again brings nothing
    new; a number that another message was filed under is told. Without a model, officers classify. Exit 3: some rows could not be
    filed, the others were.
    """
    from yunnao.app import District
    from yunnao.scenarios.appeals.imports import read_filings
    from yunnao.scenarios.appeals.models import load_model
    from yunnao.scenarios.appeals.reception import receive
    from yunnao.scenarios.appeals.responsibilities import load_responsibilities, own_or_shipped

    district = District(home)
    file_of_model = model or district.model_file
    learned = load_model(file_of_model) if file_of_model else None
    with progress("导入 import") as advance:
        advance("读文件 reading", 0.0)
        brought = read_filings(file, district.clock(), source.strip())
        received = receive(
            district.filed,
            brought.filings,
            model=learned,
            named=brought.named,
            responsibilities=load_responsibilities(own_or_shipped(home), district.departments),
            now=district.clock(),
            streets=district.settings.appeals.streets,
            progress=advance,
        )
    click.echo(
        f"✓ {file}：新受理 {received.new:,} 件（机器分派 {received.dispatched:,}，待受理员 {received.waiting:,}），"
        f"以前受理过 {received.known:,} 件"
    )
    tell_skipped([*brought.skipped, *brought.clashes(received.clashing)], rejects)


@click.command("receive")
@home_argument
def receive(home: Path) -> None:
    """定类、分派还没有人动过的诉求。Classify and dispatch appeals that nobody has touched, as yunnao serve does by itself.

    By the model that district.yaml names (appeals: model).
    """
    from yunnao.app import District
    from yunnao.house import House
    from yunnao.kernel.errors import YunnaoError

    district = District(home)
    if district.model_file is None:
        raise YunnaoError(
            "district.yaml 没有设 appeals: {model: 文件}，不能自动定类；请先用 yunnao appeals train 训练一个模型，再把它写进设置"
        )
    counts = House(district).reception.round()
    click.echo(f"✓ {home}：定类 {counts['classified']:,} 件，机器分派 {counts['dispatched']:,} 件")


@click.command("inbox")
@home_argument
@click.option("--department", help="承办部门 id；不写则全部 the department that has them")
@click.option("--closed/--open", default=False, help="已办结的 / 未办结的 ended or open ones")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
def inbox(home: Path, department: str | None, closed: bool, limit: int) -> None:
    """诉求清单，最急的在前。Appeals, the most urgent first."""
    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.scenarios.appeals.reception import FLOW

    district = District(home)
    if department is not None and department not in district.departments:
        raise YunnaoError(f"没有部门 {department}；现有：{'、'.join(sorted(district.departments))}")
    today = district.clock().astimezone(CHINA).date().isoformat()
    rows = district.filed.inbox(department=department, closed=closed, limit=limit, flow=FLOW)
    for row in rows:
        flow = district.filed.flows[row["flow"]]
        clock = flow.clock(row["due_clock"]).title.zh if row["due_clock"] else ""
        late = "（已超期）" if row["due_on"] and row["due_on"] < today else ""
        due = f"{clock} {row['due_on']}{'（暂定）' if row['provisional'] else ''}{late}" if row["due_on"] else ""
        title = district.departments[row["department"]].zh if row["department"] in district.departments else ""
        click.echo(
            f"{row['case_id']}\t{flow.states[row['state']].title.zh}\t{title}{'（协办）' if row['share'] else ''}\t{due}"
        )
    click.echo(f"共 {len(rows)} 件" + ("（只列出这些）" if len(rows) == limit else ""), err=True)


@click.command("measures")
@home_argument
@click.option(
    "--by", type=click.Choice(["department", "street", "class", "month"]), default="department", show_default=True
)
@click.option("-o", "--output", type=_path, help="结果 .xlsx、.csv、.jsonl the result")
@click.option("--from", "first", type=Day(), help="从哪天受理的起 received from which day on")
@click.option("--to", "last", type=Day(), help="到哪天受理的止 received up to which day")
@click.option("--as-of", type=Day(), help="到哪一天 as of which day")
@click.option("--ranked", metavar="MEASURE", help="按一个指标或 score（综合分）排名 rank by a measure, or by the score")
def measures(
    home: Path,
    by: "Dimension",
    output: Path | None,
    first: dt.date | None,
    last: dt.date | None,
    as_of: dt.date | None,
    ranked: str | None,
) -> None:
    """响应、解决、满意、按时、退回、重办、重新打开：各率的分子、分母和未计入数。Rates with numerators, denominators and what was left out.

    In bands, not ranked, unless --ranked asks for it. Bands, order and weights: HOME/measures.yaml.
    """
    from yunnao.app import District
    from yunnao.scenarios.appeals.measure_files import Measured, measure_file
    from yunnao.scenarios.appeals.measure_settings import measure_settings
    from yunnao.scenarios.appeals.measure_tables import Wording, excluded, rows
    from yunnao.scenarios.appeals.measures import measured_cases
    from yunnao.scenarios.appeals.rates import between
    from yunnao.scenarios.appeals.reception import FLOW
    from yunnao.storage.files import write_atomically

    district = District(home)
    settings = measure_settings(home)
    today = as_of or district.clock().astimezone(CHINA).date()
    flow = district.filed.flows[FLOW]
    cases = measured_cases(district.filed.event_frames(FLOW), flow, district.calendar, today)
    table = between(cases, first, last)
    wording = Wording.of(flow, district.departments)
    found = rows(table, by, today, settings, wording, ranked)
    left = excluded(table, wording)
    if output is not None:
        measured = Measured(by=by, as_of=today, first=first, last=last, rows=found, excluded=left, settings=settings)
        write_atomically(output, measure_file(measured, output.name))
    _tell(found)
    click.echo(f"共 {table.height:,} 件" + (f"；其中不计入考核 {len(left):,} 件" if left else ""))
    for case in left[:_SHOWN]:
        click.echo(f"  {case.case_id}\t{case.department.zh}\t{case.ground.zh}")
    if output is not None:
        click.echo(f"✓ {output}")


def _tell(found: "Sequence[Row]") -> None:
    from yunnao.scenarios.appeals.rates import MEASURES_BY_ID

    for row in found:
        click.echo(f"{row.rank}. {row.title.zh}" if row.rank else row.title.zh)
        for cell in row.cells:
            rate, why = cell.rate, "、".join(f"{reason.zh} {count:,}" for reason, count in cell.left_out)
            if rate.denominator or why:
                left = f"；未计入 {cell.left:,}（{why}）" if why else ""
                band = f"（{cell.band.title.zh}）" if cell.band else ""
                share = f"{rate.percent or '—'} %\t{rate.numerator:,}/{rate.denominator:,}"
                click.echo(f"  {MEASURES_BY_ID[rate.measure].title.zh}\t{share}{band}{left}")
