"""`yunnao plan` on a home: reviewed targets in, commitments, owners, monthly results, and where everything stands."""

import datetime as dt
import getpass
from collections import Counter
from pathlib import Path

import click

from yunnao.cli.plan_files import (
    is_rows,
    is_sheet,
    json_option,
    output_option,
    path_type,
    quantities,
    report,
    sha256,
    write,
)
from yunnao.cli.skipped_rows import rejects_option, tell_skipped
from yunnao.cli.terminal import Day, home_argument
from yunnao.kernel.moment import CHINA

_NOBODY = 5
_DOUBTED = 0.7
"""Confidence below which a person should look at a row."""


@click.command("commitments")
@click.argument("report_file", metavar="REPORT", type=path_type)
@click.option(
    "--rows", "rows_file", type=path_type, help="核对过的数量表；不写则现读报告 reviewed rows; else the report is read"
)
@click.option("--year", type=int, help="计划年度；不写则取目标最多的年度 year of the plan")
@output_option
@json_option
def commitments(
    report_file: Path, rows_file: Path | None, year: int | None, output: Path | None, as_json: bool
) -> None:
    """没有数字、有期限的承诺。Actions with a deadline and without a number, for an officer to review before they are loaded.

    The officer deletes what is none, and may write who answers for it (责任单位). yunnao plan load --commitments makes a case of each.
    """
    from dataclasses import asdict

    from yunnao.kernel.errors import YunnaoError
    from yunnao.scenarios.plan.sheets import as_json as json_text
    from yunnao.scenarios.plan.tracking.commitment_files import commitment_table
    from yunnao.scenarios.plan.tracking.commitments import commitments as find
    from yunnao.scenarios.plan.tracking.commitments import plan_year

    rows = quantities(rows_file or report_file)
    of_year = year or plan_year(rows)
    if of_year is None:
        raise YunnaoError(f"{report_file.name}：看不出是哪一年的计划；请加 --year 2023")
    found = find(report(report_file).text, rows, of_year)
    if as_json:
        click.echo(json_text([{**asdict(each), "due_on": each.due_on.isoformat()} for each in found]))
    if output is not None:
        write(output, commitment_table(found))
    if not as_json and output is None:
        for each in found:
            click.echo(f"第 {each.line} 行\t{each.due_on}{'' if each.said else '（原文未写，按年末）'}\t{each.action}")
        click.echo(f"✓ {len(found):,} 件")


@click.command("load")
@home_argument
@click.argument("rows", type=path_type)
@click.option(
    "--report",
    "report_file",
    type=path_type,
    help="读出这些行的报告：核对出处并记下它的摘要 the report that the rows are of",
)
@click.option("--commitments", "commitments_file", type=path_type, help="核对过的承诺事项 reviewed commitments")
@click.option("--plan", help="哪一个计划；不写则是目标最多的年度 which plan; else the year of most targets")
@click.option("--as", "actor", metavar="ACTOR", help="操作人的 id（actors.yaml） who loads it")
@json_option
def load(
    home: Path,
    rows: Path,
    report_file: Path | None,
    commitments_file: Path | None,
    plan: str | None,
    actor: str | None,
    as_json: bool,
) -> None:
    """核对过的目标入库。Reviewed rows become targets; a later file of the same plan supersedes, with the history kept.

    All of it is one transaction. Loading the same file again changes nothing. Who answers for a target is said by plan/owners.yaml of
    the home, or by yunnao plan assign; never guessed.
    """
    from yunnao.app import District
    from yunnao.platforms.indicators.targets.service import Reviewed
    from yunnao.scenarios.plan.linking.sense import questions
    from yunnao.scenarios.plan.linking.statements import statements
    from yunnao.scenarios.plan.sheets import as_json as json_text
    from yunnao.scenarios.plan.tracking.commitment_files import read_commitments
    from yunnao.scenarios.plan.tracking.loading import load_plan
    from yunnao.scenarios.plan.tracking.promises import OWNERS_FILE, check_words, load_owners, plan_of, promises
    from yunnao.storage.files import home_lock

    district = District(home)
    who = district.actors.actor(actor).id if actor else f"os:{getpass.getuser()}"
    found = quantities(rows)
    if report_file is not None:
        check_words(found, report(report_file))
    promised = promises(found)
    departments = dict(district.departments)
    pending = read_commitments(commitments_file, departments) if commitments_file else []
    source = report_file or (None if is_rows(rows) else rows)
    reviewed = Reviewed(
        name=rows.name,
        sha256=sha256(rows),
        report=source.name if source else "",
        report_sha256=sha256(source) if source else "",
    )
    table = load_owners(home / OWNERS_FILE, departments)
    with home_lock(home):
        loaded = load_plan(
            district.targets,
            district.filed,
            plan or plan_of(promised),
            promised,
            reviewed,
            pending,
            table,
            who,
            district.clock(),
        )
    held = [each for each in district.targets.targets(plan or plan_of(promised)) if each.owner is None]
    asked = questions(statements(found, rows.name))
    unreviewed = source is not None and not is_rows(rows)
    if as_json:
        click.echo(
            json_text(
                {
                    "plan": plan or plan_of(promised),
                    "reviewed": not unreviewed,
                    "new": list(loaded.targets.new),
                    "revised": list(loaded.targets.revised),
                    "withdrawn": list(loaded.targets.withdrawn),
                    "unchanged": loaded.targets.unchanged,
                    "without_owner": [each.target_id for each in held],
                    "ambiguous_owner": {series: list(ids) for series, ids in loaded.owners.ambiguous.items()},
                    "cases_opened": loaded.opened,
                    "cases_known": loaded.known,
                    "cases_without_department": loaded.unassigned,
                    "questions": [question.words for question in asked],
                }
            )
        )
        return
    counts = loaded.targets
    click.echo(
        f"✓ {plan or plan_of(promised)} 计划：新目标 {len(counts.new):,}，改 {len(counts.revised):,}，"
        f"撤 {len(counts.withdrawn):,}，未变 {counts.unchanged:,}"
    )
    if unreviewed:
        doubted = sum(each.confidence < _DOUBTED for each in found)
        click.echo(
            f"！{rows.name} 是报告，不是核对过的表：目标按读出的样子入库，没有人核对过（{doubted:,} 个数把握低于 {_DOUBTED}）。"
            f"请用 yunnao plan read {rows.name} -o 目标.xlsx 核对，再把核对后的表入库，它会取代这一次"
        )
    if pending:
        click.echo(
            f"  承诺事项：新开办件 {loaded.opened:,}（未明确责任单位 {loaded.unassigned:,}），以前开过 {loaded.known:,}"
        )
    if held:
        click.echo(
            f"  {len(held):,} 个目标还没有责任单位；用 yunnao plan assign {home} 编号 部门 --as 操作人，或写 plan/owners.yaml："
        )
        for each in held[:_NOBODY]:
            click.echo(f"    {each.target_id}  {each.promised.indicator}")
    for question in asked:
        click.echo(f"  请核对：{question.words}")
    for series, ids in loaded.owners.ambiguous.items():
        click.echo(
            f"  “{series}”符合几个部门（{'、'.join(departments[id_].zh for id_ in ids)}），没有指定；请由工作人员定"
        )


@click.command("assign")
@home_argument
@click.argument("target_id", metavar="TARGET")
@click.argument("department")
@click.option("--as", "actor", metavar="ACTOR", required=True, help="操作人的 id（actors.yaml） who says it")
@click.option("--reason", default="", help="理由 reason")
def assign(home: Path, target_id: str, department: str, actor: str, reason: str) -> None:
    """定一个目标的责任单位。Say which department answers for a target."""
    from yunnao.access.roles import Role
    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.storage.files import home_lock

    district = District(home)
    who = district.actors.actor(actor)
    if Role.CENTRE not in who.roles:
        raise YunnaoError(f"{who.name} 没有“云脑中心”角色；责任单位由云脑中心定")
    if department not in district.departments:
        raise YunnaoError(f"没有部门 {department}；现有：{'、'.join(sorted(district.departments))}")
    with home_lock(home):
        district.targets.assign(target_id, department, who.id, reason)
    click.echo(f"✓ {target_id}：{district.departments[department].zh}")


@click.command("actuals")
@home_argument
@click.argument("file", metavar="SHEET", type=path_type)
@click.option("--as", "actor", metavar="ACTOR", help="操作人的 id（actors.yaml） who brings it")
@rejects_option
def actuals(home: Path, file: Path, actor: str | None, rejects: Path | None) -> None:
    """导入完成数。Monthly results from an officer's Excel or CSV: 指标, 时期, 数值, 计量单位 (口径, 区域, 性质 where needed).

    Of a report or its rows, what the year reached is taken, of the targets' own indicators, kinds and units. A number that differs from
    what was said before is a revision; both are kept. Exit 3: some rows were refused, the others were taken.
    """
    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.scenarios.plan.linking.names import own_scope
    from yunnao.scenarios.plan.linking.statements import statements
    from yunnao.scenarios.plan.tracking.actual_files import read_actuals
    from yunnao.scenarios.plan.tracking.promises import actuals_of_rows, series_of_promises
    from yunnao.storage.files import home_lock

    district = District(home)
    who = district.actors.actor(actor).id if actor else f"os:{getpass.getuser()}"
    wanted = series_of_promises(each.promised for each in district.targets.targets())
    if not wanted:
        raise YunnaoError(f"{home}：还没有目标；请先 yunnao plan load {home} 核对过的表.xlsx")
    if is_sheet(file):
        own = own_scope(each.promised.sentence for each in district.targets.targets())
        found, skipped = read_actuals(file, wanted, _today(district.clock()), own)
    else:
        found, skipped = actuals_of_rows(statements(quantities(file), file.name), wanted, file.name)
    with home_lock(home), district.targets.writing() as connection:
        new, revised = district.targets.record(connection, found, file.name, sha256(file), len(skipped), who)
    click.echo(
        f"✓ {file.name}：新 {new:,}，改 {revised:,}，与以前相同 {len(found) - new - revised:,}，拒绝 {len(skipped):,}"
    )
    tell_skipped(skipped, rejects)


@click.command("track")
@home_argument
@click.option("--as-of", type=Day(), help="到哪一天 as of which day")
@click.option("--plan", help="只看一个计划 one plan only")
@output_option
@json_option
def track(home: Path, as_of: dt.date | None, plan: str | None, output: Path | None, as_json: bool) -> None:
    """目标跟踪：最新数、进度、年底预计、灯。Where every target stands: result, progress, a band to year end, a light with its reason.

    A light always has words; without data, or with old data, it is grey (缺数据), never green. The method of the band is said in words.
    """
    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.indicators.targets.conventions import load_conventions
    from yunnao.platforms.indicators.targets.tracking import LIGHT_WORDS
    from yunnao.scenarios.plan.sheets import as_json as json_text
    from yunnao.scenarios.plan.tracking.measured import load_measured
    from yunnao.scenarios.plan.tracking.standing import standing
    from yunnao.scenarios.plan.tracking.track_tables import track_document, track_row, track_table

    district = District(home)
    day = as_of or _today(district.clock())
    tracked = standing(district.targets, district.measured(), load_measured(home), day, load_conventions(home), plan)
    if not tracked:
        raise YunnaoError(f"{home}：还没有目标；请先 yunnao plan load {home} 核对过的表.xlsx")
    departments = district.departments
    if as_json:
        click.echo(json_text([track_document(each, departments) for each in tracked]))
    if output is not None:
        write(output, track_table(tracked, departments))
    if as_json:
        return
    for each in tracked[: None if output is None else 0]:
        row = track_row(each, departments)
        month = f"（{row['month']}）" if row["month"] else ""
        click.echo(
            f"{row['light']} {row['words']}　{row['indicator']}（{row['period']}）　目标 {row['wanted']}　"
            f"最新 {row['latest'] or '—'}{month}　{row['owner']}"
        )
        click.echo(f"    {row['reason']}")
    counts = Counter(each.light for each in tracked)
    lights = "，".join(f"{words.zh} {counts[light]:,}" for light, words in LIGHT_WORDS.items())
    click.echo(f"✓ {day}：{len(tracked):,} 个目标：{lights}")


@click.command("pending")
@home_argument
@click.option("--department", help="责任单位 id；不写则全部 the department that answers for them")
@click.option("--closed/--open", default=False, help="已办结的 / 未办结的 ended or open ones")
def pending(home: Path, department: str | None, closed: bool) -> None:
    """没有数字的承诺办到哪里了。Commitments as cases, by deadline; yunnao case HOME NUMBER takes a step on one."""
    from yunnao.app import District
    from yunnao.platforms.cases.filed.inbox import Inbox
    from yunnao.platforms.cases.filed.pending import pending as listed
    from yunnao.scenarios.plan.tracking.loading import FLOW

    district = District(home)
    flow = district.filed_flows[FLOW]
    _ = district.filed  # makes the tables where nothing has been filed yet
    inbox = Inbox(district.records, flow, district.calendar, _today(district.clock()))
    rows = listed(inbox, flow, department=department, closed=closed)
    for row in rows:
        owner = district.departments.get(row.department or "")
        due = f"{row.clock.zh} {row.due_on}" if row.due_on else ""
        click.echo(
            f"{row.case_id}\t{row.words.zh}\t{row.state.zh}\t{owner.zh if owner else '未明确'}\t{due}\t{row.title}"
        )
    click.echo(f"共 {len(rows)} 件", err=True)


def _today(now: dt.datetime) -> dt.date:
    return now.astimezone(CHINA).date()
