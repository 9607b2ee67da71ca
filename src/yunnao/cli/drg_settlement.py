"""`yunnao drg policy`, `month`, `settle`, `difference`, `simulate`, `explain`: from grouped stays to payments."""

import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.terminal import Instant, as_of_option, home_argument, progress

if TYPE_CHECKING:
    from yunnao.app import District

_path = click.Path(path_type=Path)
_known_at = click.option(
    "--known-at", type=Instant(), help="按当时已知的（只看，不生效） with what was known then; never in force"
)
_as_json = click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出 print the result as JSON")


@click.group("policy")
def policy() -> None:
    """清算政策（一个 YAML 文件）。A settlement policy: one YAML file."""


@policy.command("check")
@click.argument("file", metavar="FILE", type=_path)
@click.option("--year", type=int, help="列出这一年的值 list the values in force in this year")
def policy_check(file: Path, year: int | None) -> None:
    """检查清算政策和它用的公布的表，列出待核的参数。Check a settlement policy; list what still has to be checked. Exit 2: it is not usable.

    Tables that it names are looked for beside it, their groups in the scheme beside it, else in the shipped one.
    """
    from yunnao.scenarios.drg.reporting.words import unpublished_words
    from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme
    from yunnao.scenarios.drg.settlement.policy import EVIDENCE_WORDS, load_policy
    from yunnao.scenarios.drg.settlement.published_files import load_published
    from yunnao.scenarios.drg.settlement.running import SCHEME

    found = load_policy(file)
    own = file.parent / SCHEME.name
    codes = {drg.code for drg in load_scheme(own if own.is_dir() else SAMPLE_SCHEME).groups}
    for start in found.starts if year is None else (year,):
        rules = found.rules(start)
        published = load_published(file.parent, rules, codes)
        for name, digest in published.hashes.items():
            click.echo(f"{start} 年起用公布的表 {name}（SHA-256 {digest}）")
        if rules.base_points.table is not None and published.missing:
            click.echo(f"! {unpublished_words(published.missing, rules.base_points.table)}")
    if year is not None:
        rules = found.rules(year)
        values = rules.model_dump(mode="json", exclude={"origins", "year"})
        for name, origin in rules.origins.items():
            click.echo(f"{name} = {json.dumps(values[name], ensure_ascii=False)}")
            click.echo(f"    {origin.words}" + (f"；{origin.note}" if origin.note else ""))
    for name, line in found.pending:
        click.echo(f"! {name}（{line.from_.year} 年起）{EVIDENCE_WORDS[line.evidence]}：{line.cites}")
    click.echo(
        f"✓ {file}：{found.title.zh}（{found.id}），{len(type(found.parameters).model_fields)} 个参数，{len(found.pending)} 处待核或示例"
    )


@click.command("month")
@home_argument
@click.option("--month", required=True, metavar="YYYY-MM", help="哪个月 which month")
@as_of_option
@_known_at
@_as_json
def month(home: Path, month: str, as_of: dt.date | None, known_at: dt.datetime | None, as_json: bool) -> None:
    """月度预拨，留下质量保证金；同样的输入不再做一次。Prepay a month and withhold the quality bond; equal inputs make no new run."""
    from yunnao.app import District

    _settled(District(home), "month", month, as_of, known_at, as_json)


@click.command("settle")
@home_argument
@click.option("--year", required=True, type=int, help="哪一年 which year")
@as_of_option
@_known_at
@_as_json
def settle(home: Path, year: int, as_of: dt.date | None, known_at: dt.datetime | None, as_json: bool) -> None:
    """年终清算：点值、应付、预拨、保证金、应拨。Clear a year against its prepayments; a late or corrected stay makes a new run.

    What was settled before stays as it was; yunnao drg difference says what changed and why.
    """
    from yunnao.app import District

    _settled(District(home), "year", str(year), as_of, known_at, as_json)


def _settled(
    district: "District", kind: str, period: str, as_of: dt.date | None, known_at: dt.datetime | None, as_json: bool
) -> None:
    from yunnao.cli.drg_telling import note_runs, tell
    from yunnao.storage.files import home_lock

    district.check_records()
    with progress("分组、计点、清算 settle") as advance, home_lock(district.home):
        advance("", 0.1)
        desk = district.settling(as_of, known_at)
        run, new = desk.run_month(period) if kind == "month" else desk.run_year(int(period))
        note_runs(district)
    if as_json:
        click.echo(json.dumps(asdict(run.manifest) | {"new": new}, ensure_ascii=False, indent=1))
    else:
        tell(run, new=new)


@click.command("difference")
@home_argument
@click.argument("earlier", type=int, metavar="RUN")
@click.argument("later", type=int, metavar="RUN")
@click.option("-o", "--output", type=_path, help="差异表 .xlsx、.csv、.json the statement")
def difference(home: Path, earlier: int, later: int, output: Path | None) -> None:
    """同一时期两次之间，各机构点数、支付怎样变、为什么变。What changed between two runs of a period: per hospital, and why.

    Stays that came, went or were corrected, those priced anew because their groups moved, and the point value.
    """
    from yunnao.app import District
    from yunnao.cli.terminal import table
    from yunnao.scenarios.drg.reporting.comparisons import comparison_file, difference_sheets, difference_title
    from yunnao.scenarios.drg.reporting.tables import exact
    from yunnao.scenarios.drg.settlement.differing import difference as compared
    from yunnao.scenarios.drg.settlement.runs import Runs
    from yunnao.storage.files import write_atomically

    runs = Runs(District(home).home)
    found = compared(runs.open(earlier), runs.open(later))
    sheets = difference_sheets(found)
    if output is not None:
        write_atomically(output, comparison_file(sheets, output.name))
    shown = exact(sheets[0]).select(
        "hospital_id", "pool", "points_before", "points_after", "payable_before", "payable_after", "change"
    )
    rows = [["" if cell is None else str(cell) for cell in row] for row in shown.iter_rows()]
    table(difference_title(found), [sheets[0].columns[name].title.zh for name in shown.columns], rows)
    click.echo(f"✓ {difference_title(found)}" + (f"：{output}" if output is not None else ""))


@click.command("simulate")
@home_argument
@click.option("--year", required=True, type=int, help="哪一年 which year")
@click.option(
    "--set", "settings", multiple=True, required=True, metavar="NAME=VALUE", help="改一个参数，可写多次 may be repeated"
)
@as_of_option
@click.option("-o", "--output", type=_path, help="各机构前后对照 .xlsx、.csv、.json every hospital side by side")
def simulate(home: Path, year: int, settings: tuple[str, ...], as_of: dt.date | None, output: Path | None) -> None:
    """参数若改变，各机构的支付怎样变；不保存。Settle a year with other parameters; nothing is kept.

    For example --set low.below=0.35 --set high.tiers.0.multiple=2.5 --set budgets.employee=530000000
    --set coefficients.incentives.H001=1.05 --set "trimming={method: none}".
    """
    from yunnao.app import District
    from yunnao.kernel.numbers import yuan_text
    from yunnao.scenarios.drg.reporting.comparisons import comparison_file, simulation_sheets
    from yunnao.scenarios.drg.reporting.words import POOLS
    from yunnao.scenarios.drg.settlement.simulation import parsed
    from yunnao.scenarios.drg.settlement.simulation import simulate as simulated
    from yunnao.storage.files import write_atomically

    changes = parsed(settings)
    desk = District(home).settling(as_of)
    rules = desk.policy.rules(year)
    found = simulated(desk.inputs(desk.published(rules)), rules, changes, desk.prepaid(desk.months(year)))
    example = desk.policy.example.zh if desk.policy.example else ""
    if output is not None:
        write_atomically(output, comparison_file(simulation_sheets(found, changes, example), output.name))
    click.echo(f"{year} 年清算，假设 {'，'.join(settings)}（只推算，不保存）")
    for row in found.pools.iter_rows(named=True):
        click.echo(
            f"  {POOLS[row['pool']].zh}：点值 {row['point_value_before']} → {row['point_value_after']} 元，"
            f"应付合计 {yuan_text(row['payable_before'] or 0)} → {yuan_text(row['payable_after'] or 0)} 元"
        )
    same = found.moves.height - found.gains - found.loses
    click.echo(f"  应付增加 {found.gains:,} 户，减少 {found.loses:,} 户，不变 {same:,} 户（一家机构一个险种算一户）")
    if output is not None:
        click.echo(f"✓ {output}")


@click.command("explain")
@home_argument
@click.argument("case_id")
@click.option("--run", "number", type=int, help="哪一次（默认最后一次） which run; the last by default")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 language")
def explain(home: Path, case_id: str, number: int | None, lang: str) -> None:
    """一份病案的点数和支付怎样算出来，逐行写明依据。Why a stay earns what it earns, line by line with citations."""
    from yunnao.app import District
    from yunnao.kernel.text import Language
    from yunnao.scenarios.drg.settlement.explanation import explain_stay
    from yunnao.scenarios.drg.settlement.runs import Runs

    language: Language = "en" if lang == "en" else "zh"
    run = Runs(District(home).home).open(number)
    if language == "zh":
        click.echo(f"病案 {case_id}，{run.manifest.title}，{run.manifest.policy_title}")
    else:
        click.echo(f"Stay {case_id}, {run.manifest.title_in(language)}, {run.manifest.policy_in(language)}")
    for line in explain_stay(run, case_id, language):
        click.echo(f"  {line.in_(language)}")
    if run.manifest.example:
        click.echo(f"  {run.manifest.example_in(language)}")


@click.command("verify")
@home_argument
def verify(home: Path) -> None:
    """逐次核验文件是否与清单一致、各表是否相符；依法清除过个人信息的另外说明。退出码 1：有一次已损坏。

    Check every run: its files are as its manifest says, its stays sum to its hospitals; a run that has lawfully lost personal data says
    so, with the line of the audit log. Exit 1: some run is damaged.
    """
    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.scenarios.drg.settlement.runs import Runs
    from yunnao.scenarios.drg.settlement.verifying import verified

    district = District(home)
    noted = {
        (run, digest)
        for details in district.audit.details_of(AuditEvent.STAYS_FORGOTTEN)
        for run, digest, _ in details["runs"]
    }
    runs = Runs(district.home)
    found = [verified(runs, number, noted) for number in runs.numbers()]
    for each in found:
        click.echo(f"{'✓' if each.whole else '✗'} {each.sentence}")
    if not found:
        click.echo("还没有清算或预拨")
    if not all(each.whole for each in found):
        sys.exit(1)
