"""`yunnao assessment`: score, star and place units by an assessment's rules; write the shipped example."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.terminal import Day, Instant

if TYPE_CHECKING:
    from yunnao.kernel.text import Language
    from yunnao.platforms.indicators.assessment.values import Value
    from yunnao.platforms.registry.reports import Problem

_path = click.Path(path_type=Path)
_SHOWN = 5
_EXAMPLE_VALUES = "values.xlsx"


@click.group("assessment")
def command() -> None:
    """考核（摘星夺旗）：算分、排位、摘星、夺旗。Assessment of units: scores, ranks, stars, flags."""


@command.command("score")
@click.argument("home", required=False, type=_path)
@click.option("--assessment", "wanted", help="区里有几个考核时，哪一个 which of the district's assessments")
@click.option("--definition", type=_path, help="考核定义 .yaml，不用区里的 a definition instead of the district's")
@click.option("--values", "files", multiple=True, type=_path, help="指标值 .xlsx .csv，不用区里导入的；可写多次 values")
@click.option(
    "--previous", type=_path, help="上一期的指标值，在另一个文件里时 values of the period before, if in another file"
)
@click.option("--period", help="哪一期，如 2023Q1（默认：有值的最后一期） which period; the latest by default")
@click.option("--as-of", type=Day(), help="按哪一天有效的值（默认今天） values in force on this day")
@click.option("--known-at", type=Instant(), help="按当时已知的值 with the values known then")
@click.option("-o", "--output", type=_path, help="结果 .xlsx、.html、.json the result")
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出 print the result as JSON")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 language")
def score(
    home: Path | None,
    wanted: str | None,
    definition: Path | None,
    files: tuple[Path, ...],
    previous: Path | None,
    period: str | None,
    as_of: dt.date | None,
    known_at: dt.datetime | None,
    output: Path | None,
    as_json: bool,
    lang: "Language",
) -> None:
    """算分、排位、摘星、夺旗，并说明名次有多稳。Score a period: boards, total, stars, flags, moves, and how firm each rank is.

    By HOME: its assessment (HOME/assessments; the shipped example where it has none) over the values loaded by yunnao load HOME
    assessment_values FILE. Or by files: --definition and --values with columns 考核对象, 指标, 时期, 完成值, 目标值. Exit 3: some rows of
    the values could not be read or were not used; the others were.
    """
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.indicators.assessment.definition import load_assessment
    from yunnao.platforms.indicators.assessment.export import as_json as json_of
    from yunnao.platforms.indicators.assessment.export import as_xlsx
    from yunnao.platforms.indicators.assessment.periods import parse_period
    from yunnao.platforms.indicators.assessment.sensitivity import stability
    from yunnao.platforms.indicators.assessment.service import assess
    from yunnao.platforms.indicators.assessment.values import gathered
    from yunnao.scenarios.assessment.definitions import assessment_of
    from yunnao.storage.files import write_atomically

    if home is None and (definition is None or not files):
        raise click.UsageError("请写区的目录 HOME，或用 --definition 和 --values 给出定义和指标值")
    if output is not None and output.suffix.lower() not in (".xlsx", ".html", ".json"):
        raise YunnaoError(f"{output}：考核结果只能写成 .xlsx、.html 或 .json；请改文件名的后缀")
    if definition is not None:
        assessment = load_assessment(definition)
    else:
        assert home is not None
        assessment = assessment_of(home, wanted)
    rows, problems = _values(home, (*files, *((previous,) if previous else ())), as_of, known_at)
    try:
        values = gathered(assessment, rows)
        chosen = parse_period(period) if period else None
    except ValueError as error:
        raise YunnaoError(str(error)) from None
    result = assess(assessment, values, chosen)
    firm = stability(result)
    unused = [*values.unused, *(f"{p.file} 第 {p.row} 行 {p.column}「{p.value[:30]}」：{p.reason}" for p in problems)]
    if output is not None:
        match output.suffix.lower():
            case ".xlsx":
                content = as_xlsx(result, firm, lang, unused)
            case ".html":
                from yunnao.web.assessment_page import assessment_page

                content = assessment_page(result, firm, lang, unused).encode()
            case _:
                content = json_of(result, firm, unused).encode()
        write_atomically(output, content)
    if as_json:
        click.echo(json_of(result, firm, unused), nl=False)
    else:
        _tell(result, firm, lang)
        if output is not None:
            click.echo(f"✓ {output}")
    for sentence in unused[:_SHOWN]:
        click.echo(f"✗ {sentence}", err=True)
    if unused:
        click.echo(f"共 {len(unused)} 行没有用上" + ("，见结果文件" if output else ""), err=True)
        sys.exit(3)


def _values(
    home: Path | None, files: tuple[Path, ...], as_of: dt.date | None, known_at: dt.datetime | None
) -> "tuple[list[Value], list[Problem]]":
    """The values in files, if any are named; else those that the district has been delivered, with the deliveries they are of."""
    from yunnao.scenarios.assessment.value_files import read_values, values_of

    if files:
        return read_values(files)
    import polars as pl

    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.scenarios.assessment.facts import assessment_values

    assert home is not None
    district, register = District(home), assessment_values.id
    if register not in district.registry.in_force(as_of or district.clock().date(), known_at):
        raise YunnaoError(f"{home}：还没有考核指标值；请先用 yunnao load {home} {register} 文件 导入")
    snapshot = district.registry.snapshot(as_of or district.clock().date(), known_at)
    names = {delivery.number: delivery.file for delivery in district.registry.deliveries()}
    made_from = "、".join(f"第 {number} 次交付 {names[number]}" for number in snapshot.deliveries[register])
    return values_of(pl.read_parquet(snapshot.tables[register]), f"快照 {snapshot.id[:8]}（{made_from}）"), []


def _tell(result: object, firm: object, lang: "Language") -> None:
    from yunnao.cli.terminal import table
    from yunnao.platforms.indicators.assessment.sensitivity import Stability
    from yunnao.platforms.indicators.assessment.service import Result
    from yunnao.platforms.indicators.assessment.sheets import sheets

    assert isinstance(result, Result)
    assert isinstance(firm, Stability)
    total = sheets(result, firm, lang)[0]
    for note in total.notes:
        click.echo(note)
    table(total.title, total.header, [[str(cell) for cell in row] for row in total.rows])


@command.command("example")
@click.argument("folder", type=_path)
def example(folder: Path) -> None:
    """把示例的定义和合成的指标值写到一个文件夹。Write the shipped definition and synthetic values, as files to start from."""
    from yunnao.platforms.indicators.assessment.definition import load_assessment
    from yunnao.scenarios.assessment.definitions import EXAMPLE
    from yunnao.scenarios.assessment.sample import sample_values, sample_workbook
    from yunnao.storage.files import make_folder, write_atomically

    assessment = load_assessment(EXAMPLE)
    make_folder(folder)
    write_atomically(folder / EXAMPLE.name, EXAMPLE.read_bytes())
    write_atomically(folder / _EXAMPLE_VALUES, sample_workbook(assessment, sample_values(assessment)))
    click.echo(f"✓ {folder}：{EXAMPLE.name}（示例权重）、{_EXAMPLE_VALUES}（合成的数据）")
    click.echo(
        f"  yunnao assessment score --definition {folder / EXAMPLE.name} --values {folder / _EXAMPLE_VALUES} -o result.xlsx"
    )
