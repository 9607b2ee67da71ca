"""`yunnao drg` around a settlement: reviews and objections as cases, questions to a reviewer, statements, workbooks."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from yunnao.cli.terminal import home_argument
from yunnao.kernel.text import Language

if TYPE_CHECKING:
    from yunnao.access.actors import Actor
    from yunnao.app import District
    from yunnao.platforms.cases.filed.service import FiledView
    from yunnao.scenarios.drg.settlement.runs import Run

_path = click.Path(path_type=Path)
_EVERY = 1_000_000
"""More cases than there are."""
_language = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 language")
run_option = click.option("--run", "number", type=int, help="第几次结算；不写则是最近一次 which run; else the latest")


@click.command("review")
@home_argument
@click.argument("stay", metavar="CASE_ID")
@click.option(
    "--kind", type=click.Choice(["special", "objection"]), required=True, help="special 特病单议，objection 异议"
)
@click.option("--ground", help="理由的类别；不写则为 other ground, one of the flow's; else other")
@click.option("--reason", required=True, help="申请内容 the hospital's words")
@run_option
@click.option("--as", "actor", metavar="ACTOR", help="操作人的 id（actors.yaml） who files it")
def review(
    home: Path, stay: str, kind: str, ground: str | None, reason: str, number: int | None, actor: str | None
) -> None:
    """为一份已结算的病案开特病单议或异议。A special-case review or an objection about a settled stay, as a case with deadlines.

    Who files by --as has to have the right that the desk asks for: the insurance office or the centre for every hospital, a hospital's
    people for its own stays. The same stay again is answered with the case that there is. Cases are handled by yunnao case and at the
    desk; what is decided comes into the next settlement by yunnao drg reviews.
    """
    import polars as pl

    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.scenarios.drg.review.filings import FLOWS, ReviewKind, first_steps, review_filing
    from yunnao.storage.files import home_lock

    district = District(home)
    filer = district.actors.actor(actor) if actor else None
    who = filer.id if filer else f"os:{getpass.getuser()}"
    wanted: ReviewKind = next(each for each in get_args(ReviewKind) if each == kind)
    run = _run(home, number)
    found = run.stays.filter(pl.col("case_id") == stay).collect().to_dicts()
    if filer is not None:
        _may_file(filer, str(found[0]["hospital_id"]) if found else "")
    if not found:
        raise YunnaoError(
            f"第 {run.manifest.number} 次结算里没有病案 {stay!r}；请核对病案号，或用 --run 指明哪一次结算"
        )
    filing = review_filing(wanted, found[0], run.manifest.number, ground or "other", reason)
    if filer is not None and filer.hospital is not None and filing.attributes["stay"] != stay:
        later = run.stays.filter(pl.col("case_id") == filing.attributes["stay"]).select("hospital_id").collect()
        if later["hospital_id"].to_list() != [filer.hospital]:
            raise YunnaoError("再次住院在另一家医院，有没有正当理由由那家医院提出；请选别的理由（--ground）")
    with home_lock(home):
        (filed,) = district.filed.file([filing], who, {filing.key: first_steps(district.clock())})
    if filed.new:
        click.echo(f"✓ 开办件 {filed.case_id}：{filing.title}")
    else:
        differs = "" if filed.same else "；这次写的内容与当时不同，没有记入，请在办件里补充"
        click.echo(f"✓ 以前开过：{filed.case_id}{differs}")
    click.echo(f"  {_applications(district, run, str(found[0]['hospital_id']))}")
    click.echo(f"  办理：yunnao case {home} {filed.case_id}（流程 {FLOWS[wanted]}）")


@click.command("reviews")
@home_argument
@click.option("-o", "--output", type=_path, required=True, help="写到 .csv  the register's file")
def reviews(home: Path, output: Path) -> None:
    """导出认定结果，供再结算采用。What was decided about stays, as a file of the register stay_reviews.

    Load it by yunnao load HOME stay_reviews FILE; the next settlement takes it and a difference statement shows what moved.
    """
    from yunnao.app import District
    from yunnao.scenarios.drg.review.decisions import decided, register_file
    from yunnao.storage.files import write_atomically

    district = District(home)
    rows = decided(_handled(district))
    write_atomically(output, register_file(rows))
    click.echo(f"✓ {output}：{rows.height:,} 个认定；导入：yunnao load {home} stay_reviews {output}")


@click.command("questions")
@home_argument
@run_option
@click.option("--earlier", type=int, help="拿哪一次结算作前期；不写则把本期从中间分开 the run of an earlier period")
@click.option("-o", "--output", type=_path, help="写到 .xlsx、.csv 或 .json；不写则列在屏幕上 where they go")
@_language
def questions(home: Path, number: int | None, earlier: int | None, output: Path | None, lang: Language) -> None:
    """给复核人的提问：数字、比的是什么、可能的正当原因。Questions to a reviewer, with the numbers behind them; never verdicts.

    Drift of complication codes, stays close together, the low-multiple line, readmissions, many high multiples, ungrouped stays, many
    reviews. From where on each is asked is data (drg/questions.yaml of the home, else what is shipped), with its source.
    """
    from yunnao.app import District
    from yunnao.scenarios.drg.reporting.sheets import question_sheets
    from yunnao.scenarios.drg.reporting.tables import as_xlsx, sheet_file
    from yunnao.scenarios.drg.review.asking import asked_of
    from yunnao.storage.files import write_atomically

    language, run = lang, _run(home, number)
    asked = asked_of(run, home, _handled(District(home)), language, _run(home, earlier) if earlier else None)
    sheets = question_sheets(asked.questions, asked.counted, asked.definitions, language)
    if output is not None:
        content = (
            as_xlsx(sheets, language)
            if output.suffix.lower() == ".xlsx"
            else sheet_file(sheets[0], output.name, language)
        )
        write_atomically(output, content)
    else:
        for each in asked.questions:
            click.echo(f"{each.title}  {each.hospital}（{each.hospital_id}）")
            click.echo(f"    {each.asks}\n    {each.numbers}\n    {each.compares}\n    {'；'.join(each.innocent)}")
    where = f"{output}：" if output else ""
    click.echo(f"✓ {where}第 {run.manifest.number} 次结算，{len(asked.questions):,} 个提问（提问不是结论）")


@click.command("statements")
@home_argument
@run_option
@click.option("-o", "--output", type=_path, required=True, help="放到哪个文件夹 the folder")
@click.option("--hospital", help="只写一家 one hospital only, by its code")
@_language
def statements(home: Path, number: int | None, output: Path, hospital: str | None, lang: Language) -> None:
    """每家医院一份结算单（Word）。A settlement statement for every hospital; its sums are those of the run to the last fen."""
    from yunnao.cli.terminal import progress
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.indicators.report.word import as_docx
    from yunnao.scenarios.drg.reporting.statement import of_hospitals, statement
    from yunnao.scenarios.drg.reporting.statement_source import file_name, source_of
    from yunnao.storage.files import make_folder, write_atomically

    run = _run(home, number)
    source = source_of(run, lang)
    accounts = run.hospitals.collect()
    if hospital is not None and hospital not in accounts["hospital_id"]:
        raise YunnaoError(f"第 {run.manifest.number} 次结算里没有医院 {hospital!r}；请核对编号")
    make_folder(output)
    written, places = 0, accounts["hospital_id"].n_unique()
    with progress("结算单") as advance:
        for found in of_hospitals(run.stays.collect(), accounts):
            code = str(found.accounts[0]["hospital_id"])
            if hospital in (None, code):
                write_atomically(output / file_name(found.accounts[0], source), as_docx(statement(found, source)))
                written += 1
                advance(code, written / places)
    click.echo(f"✓ {output}：第 {run.manifest.number} 次结算，{written:,} 份结算单")


@click.command("workbook")
@home_argument
@run_option
@click.option("-o", "--output", type=_path, required=True, help="写到 .xlsx  the workbook")
@click.option("--stays", "every_stay", is_flag=True, help="也写每份病案 every stay, too")
@_language
def workbook(home: Path, number: int | None, output: Path, every_stay: bool, lang: Language) -> None:
    """一次结算的工作簿：医院、收支、各月点值、病组、病例类别、医院与病组，连同图表。A run as a workbook with charts."""
    from yunnao.kernel.errors import YunnaoError
    from yunnao.scenarios.drg.reporting.monthly import month_points
    from yunnao.scenarios.drg.reporting.sheets import run_sheets
    from yunnao.scenarios.drg.reporting.tables import as_xlsx
    from yunnao.scenarios.drg.settlement.runs import Runs
    from yunnao.storage.files import write_atomically

    if output.suffix.lower() != ".xlsx":
        raise YunnaoError(f"{output.name}：工作簿只能写为 .xlsx；请改文件名的后缀")
    run = _run(home, number)
    stays = run.stays.collect()
    months = month_points(run.manifest, stays, Runs(home).months_of(int(run.manifest.period[:4])))
    sheets = run_sheets(
        stays, run.hospitals.collect(), run.groups.collect(), lang, every_stay=every_stay, months=months
    )
    write_atomically(output, as_xlsx(sheets, lang))
    click.echo(f"✓ {output}：第 {run.manifest.number} 次结算，{'、'.join(sheet.title.in_(lang) for sheet in sheets)}")


def _run(home: Path, number: int | None) -> "Run":
    """A settlement of ``home``; the latest if no number is given.

    Raises:
        YunnaoError: there is none.
    """
    from yunnao.scenarios.drg.settlement.runs import Runs

    return Runs(home).open(number)


def _may_file(filer: "Actor", hospital: str) -> None:
    """Make sure that ``filer`` may file about a stay of ``hospital`` ("": there is no such stay), as the desk does.

    Raises:
        YunnaoError: they may not.
    """
    from yunnao.kernel.errors import YunnaoError
    from yunnao.web.service.officers.drg_access import may_see_drg, may_see_hospital

    if not (may_see_hospital(filer, hospital) if hospital else may_see_drg(filer)):
        raise YunnaoError(
            f"{filer.id} 不能为这份病案提出特病单议或异议：要是医保部门的经办、审核、复核人员或云脑中心，医院只能为本院的病案提出；"
            "请换一个操作人（--as），或核对病案号"
        )


def _handled(district: "District") -> "list[FiledView]":
    """Every special-case review and objection of the district."""
    from yunnao.platforms.cases.filed.searching import Wanted
    from yunnao.scenarios.drg.review.filings import FLOWS

    return [view for flow in FLOWS.values() for view in district.filed.search(Wanted(flow=flow, limit=_EVERY))]


def _applications(district: "District", run: "Run", hospital: str) -> str:
    """How many special-case reviews a hospital has asked for of its settled stays, with the limit and its source."""
    import polars as pl

    from yunnao.scenarios.drg.review.counting import review_share
    from yunnao.scenarios.drg.review.decisions import asked_for
    from yunnao.scenarios.drg.review.definitions import load_questions
    from yunnao.scenarios.drg.review.questions import limit_words, shown_share

    asks = load_questions(district.home).get("review_share")
    if asks is None:
        return ""
    stays = run.stays.filter(pl.col("hospital_id") == hospital).select("case_id", "hospital_id", "level").collect()
    row = review_share(stays, asked_for(_handled(district)), asks).row(0, named=True)
    share = shown_share(row["observed"], row["out_of"])
    return (
        f"{hospital} 的特病单议申请 {row['observed']:,} 件，占结算病例 {row['out_of']:,} 例的 {share}"
        f"（{'；'.join(limit_words(asks, 'zh'))}）"
    )
