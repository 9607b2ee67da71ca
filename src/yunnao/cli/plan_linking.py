"""`yunnao plan link`, `assess` and `question`: reports and sheets held against one another, without a home."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.plan_files import SHOWN, is_sheet, json_option, output_option, path_type, quantities, targets_of, write

conventions_option = click.option(
    "--conventions",
    type=path_type,
    help="“左右”等约定的文件，写法同 HOME/plan/conventions.yaml；不写则用随附的 conventions other than those that ship",
)

if TYPE_CHECKING:
    from yunnao.scenarios.plan.linking.sense import Question
    from yunnao.scenarios.plan.linking.statements import Statement
    from yunnao.scenarios.plan.tracking.actual_files import Skipped


@click.command("link")
@click.argument("old", type=path_type)
@click.argument("new", type=path_type)
@conventions_option
@output_option
@json_option
def link(old: Path, new: Path, conventions: Path | None, output: Path | None, as_json: bool) -> None:
    """把目标和完成数对起来。Pair promises with outcomes over two reports, or files of rows that yunnao plan read wrote.

    OLD is the earlier report, NEW the later one; the same file twice links within one report. A pair is exact (the same indicator, kind
    and unit), convertible (the arithmetic is shown), or merely related; a related pair never has a verdict. Questions that levels,
    growth and units give rise to are printed, too.
    """
    from yunnao.platforms.indicators.targets.conventions import load_conventions
    from yunnao.scenarios.plan.linking.pairs import RELATIONS, STRENGTHS, VERDICTS
    from yunnao.scenarios.plan.linking.pairs import link as join
    from yunnao.scenarios.plan.linking.sense import questions
    from yunnao.scenarios.plan.linking.tables import pair_document, pair_table, question_document
    from yunnao.scenarios.plan.sheets import as_json as json_text

    earlier, later = _statements(old), _statements(new)
    pairs = join(earlier, later, load_conventions(file=conventions))
    asked = questions(list(dict.fromkeys((*earlier, *later))))
    if as_json:
        documents = {"pairs": [pair_document(each) for each in pairs]}
        click.echo(json_text({**documents, "questions": [question_document(each) for each in asked]}))
        if output is None:
            return
    if output is not None:
        write(output, pair_table(pairs))
    if as_json:
        return
    for pair in pairs[: None if output is None else 0]:
        verdict = f"　{VERDICTS[pair.verdict]}" if pair.verdict else ""
        target, outcome = (f"{each.indicator} {each.period} {each.shown}" for each in (pair.target, pair.outcome))
        click.echo(f"{STRENGTHS[pair.strength]}　{RELATIONS[pair.relation]}{verdict}　{target} ← {outcome}")
        for words in filter(None, (pair.arithmetic, pair.reason)):
            click.echo(f"    {words}")
    counts = "，".join(f"{title} {sum(each.strength == id_ for each in pairs):,}" for id_, title in STRENGTHS.items())
    click.echo(f"✓ {len(pairs):,} 对：{counts}")
    tell_questions(asked)


@click.command("assess")
@click.argument("targets", type=path_type)
@click.argument("actuals", type=path_type)
@conventions_option
@output_option
@json_option
def assess(targets: Path, actuals: Path, conventions: Path | None, output: Path | None, as_json: bool) -> None:
    """每个目标完成没有。Every target met, missed or not assessable, with the reason.

    TARGETS is a report or its rows. ACTUALS is a report, rows, or an officer's Excel or CSV with the columns 指标, 时期, 数值, 计量单位
    (and 口径, 区域, 性质 where needed). 左右 has a tolerance that is a software convention and is said to be one; 力争 is no base line.
    Exit 2: TARGETS promises nothing. Exit 3: some rows of a sheet could not be used.
    """
    from yunnao.cli.skipped_rows import tell_skipped
    from yunnao.platforms.indicators.targets.conventions import load_conventions
    from yunnao.scenarios.plan.linking.assessing import assess as judge_all
    from yunnao.scenarios.plan.linking.names import own_scope
    from yunnao.scenarios.plan.linking.statements import statements
    from yunnao.scenarios.plan.linking.tables import verdict_document, verdict_table, verdict_words
    from yunnao.scenarios.plan.sheets import as_json as json_text

    rows = targets_of(targets)
    promised = statements(rows, targets.name)
    reached, skipped = _reached(actuals, promised, own_scope(row.sentence for row in rows))
    known = [each for each in promised if each.status == "outcome"]
    assessed = judge_all(promised, reached, load_conventions(file=conventions), known)
    if as_json:
        click.echo(json_text([verdict_document(each) for each in assessed]))
    if output is not None:
        write(output, verdict_table(assessed))
    if not as_json:
        for each in assessed[: None if output is None else 0]:
            target = each.target
            click.echo(
                f"{verdict_words(each)}　{target.area}{target.indicator} {target.period} {target.shown}：{each.reason}"
            )
        counts = dict.fromkeys(("完成", "未完成", "不能判断", "力争，另列"), 0)
        for each in assessed:
            counts[verdict_words(each)] += 1
        click.echo(f"✓ {len(assessed):,} 个目标：{'，'.join(f'{words} {count:,}' for words, count in counts.items())}")
    tell_skipped(skipped, None)


@click.command("question")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=path_type)
@json_option
def question(files: tuple[Path, ...], as_json: bool) -> None:
    """数和数对不对得上，问工作人员。What does not fit together, as questions: levels and growth, units, shares of a whole.

    FILE is a report or its rows; several years together show more. Nothing is changed.
    """
    from yunnao.scenarios.plan.linking.sense import questions
    from yunnao.scenarios.plan.linking.tables import question_document
    from yunnao.scenarios.plan.sheets import as_json as json_text

    asked = questions([each for file in files for each in _statements(file)])
    if as_json:
        click.echo(json_text([question_document(each) for each in asked]))
    else:
        tell_questions(asked, len(asked))


def tell_questions(asked: "list[Question]", most: int = SHOWN) -> None:
    """Print questions to the officer, the first of them if there are many."""
    click.echo(f"请核对 {len(asked):,} 处：" if asked else "没有要核对的地方")
    for number, each in enumerate(asked[:most], start=1):
        click.echo(f"  {number}. {each.words}")
    if len(asked) > most:
        click.echo(f"  还有 {len(asked) - most:,} 处；用 yunnao plan question 全部列出")


def _statements(path: Path) -> "list[Statement]":
    from yunnao.scenarios.plan.linking.statements import statements

    return statements(quantities(path), path.name)


def _reached(path: Path, promised: "list[Statement]", own: frozenset[str]) -> tuple["list[Statement]", "list[Skipped]"]:
    """Outcomes of a report, of rows, or of an officer's sheet (a workbook whose heads are not those of rows)."""
    import datetime as dt

    from yunnao.scenarios.plan.tracking.actual_files import read_actuals
    from yunnao.scenarios.plan.tracking.promises import series_of_statements, statement_of_actual

    if not is_sheet(path):
        return [each for each in _statements(path) if each.status == "outcome"], []
    wanted = series_of_statements(promised)
    actuals, skipped = read_actuals(path, wanted, dt.date.max, own)
    latest = {}
    for each in sorted(actuals, key=lambda each: each.period):
        latest[each.key[:4], each.year] = each
    return [statement_of_actual(each, wanted) for each in latest.values()], skipped
