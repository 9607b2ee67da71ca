"""`yunnao drg scheme`, `group`, `sample`: schemes, and stays in files."""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from yunnao.scenarios.drg.grouped_files import Summary

_path = click.Path(path_type=Path)
_SHOWN = 10
_OUTCOMES = {"grouped": "已入组", "ambiguous": "歧义", "ungroupable": "不能入组", "invalid": "无效"}


@click.group("scheme")
def scheme() -> None:
    """分组方案（一个文件夹的表）。A scheme: a folder of tables, see docs/drg-schemes.md."""


@scheme.command("check")
@click.argument("folder", metavar="DIR", type=_path)
def scheme_check(folder: Path) -> None:
    """检查分组方案：错误使它不能用，警告说明什么可能不是本意。Check a scheme; errors keep it from use, warnings do not.

    Found are missing or unknown files, columns and words, repeated rows, codes that overlap or can never be reached, and groups that
    no stay can come into. Exit 2: there are errors.
    """
    from yunnao.scenarios.drg.scheme_files import read_scheme

    read = read_scheme(folder)
    errors = [finding for finding in read.findings if finding.severity == "error"]
    warnings = [finding for finding in read.findings if finding.severity == "warning"]
    for finding in errors:
        click.echo(f"✗ {finding}", err=True)
    for finding in warnings:
        click.echo(f"! {finding}")
    if read.scheme is None:
        click.echo(f"✗ {folder}：{len(errors)} 处错误，方案不能用", err=True)
        sys.exit(2)
    found = read.scheme
    adrgs = sum(len(mdc.adrgs) for mdc in found.mdcs)
    click.echo(
        f"✓ {found.title}（{found.edition}）：{len(found.mdcs)} 个 MDC，{adrgs} 个 ADRG，{len(found.groups)} 个 DRG；"
        f"{len(warnings)} 条警告；摘要 {found.digest[:12]}"
    )


@click.command("group")
@click.argument("cases", metavar="CASES", type=_path)
@click.option("--scheme", "folder", type=_path, required=True, help="分组方案的文件夹 folder of the scheme")
@click.option(
    "-o", "--output", type=_path, required=True, help="写到 .csv、.parquet、.xlsx 或 .jsonl  where the rows go"
)
@click.option("--explain", is_flag=True, help="加一列 path：怎样分到这一组 add a column: how each came to its group")
def group(cases: Path, folder: Path, output: Path, explain: bool) -> None:
    """逐份分组：加上 mdc、adrg、drg、outcome、reason、unknown_codes，一行不少。Group every stay; every row comes out, in order.

    CASES is CSV, Excel or Parquet with case_id, sex, age_years, diagnoses, procedures (codes joined by |, the principal one first)
    and, if known, age_days, birth_weight_g, department, length_of_stay_days, discharge_type, icu_hours; Chinese heads are understood,
    other columns kept. A row that is no stay (no id, a repeated id, an impossible sex or age, no diagnosis) is marked invalid, not
    refused; codes that are in no table match nothing and are counted.
    """
    from yunnao.scenarios.drg.grouped_files import check_ending, write_grouped
    from yunnao.scenarios.drg.scheme_files import load_scheme
    from yunnao.scenarios.drg.stay_files import open_stays
    from yunnao.storage.files import replace_with

    check_ending(output)
    found = load_scheme(folder)
    started = time.perf_counter()
    summaries: list[Summary] = []
    with open_stays(cases) as stays:

        def write(target: Path) -> None:
            summaries.append(write_grouped(stays, found, target, output.suffix.lower(), explain=explain))

        replace_with(output, write)
    _tell(summaries[0], output, time.perf_counter() - started)


def _tell(summary: "Summary", output: Path, seconds: float) -> None:
    total = sum(summary.outcomes.values())
    counted = "，".join(
        f"{title} {summary.outcomes[name]:,}" for name, title in _OUTCOMES.items() if summary.outcomes[name]
    )
    click.echo(f"✓ {output}：{total:,} 份病案，{counted or '没有行'}；{seconds:.1f} 秒")
    for reason, count in _most(summary.invalid):
        click.echo(f"! 无效 {count:,} 行：{reason}", err=True)
    if summary.unknown:
        shown = "、".join(f"{code}（{count:,}）" for code, count in _most(summary.unknown))
        click.echo(
            f"! {len(summary.unknown):,} 个编码不在方案的任何表里，共 {sum(summary.unknown.values()):,} 处，按不匹配处理：{shown}"
            + (" 等" if len(summary.unknown) > _SHOWN else ""),
            err=True,
        )


def _most(counts: "Counter[str]") -> list[tuple[str, int]]:
    """The greatest counts, in an order that is always the same."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]


@click.command("sample")
@click.argument("home", type=_path)
@click.option("--stays", type=click.IntRange(1, 5_000_000), default=100_000, show_default=True, help="住院数 stays")
@click.option("--hospitals", type=click.IntRange(3, 2_000), default=57, show_default=True, help="医院数 hospitals")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子 seed")
def sample(home: Path, stays: int, hospitals: int, seed: int) -> None:
    """合成的一年：医院和住院名册，连同虚构的分组方案，写到 HOME/sample。A synthetic year: registers and an invented scheme, as files.

    Nothing is loaded; the commands that load it are printed. The same seed makes the same files. For another number of stays than the
    shipped policy is for, HOME/drg/policy.yaml is that policy with a budget of the size, unless the district has its own there.
    """
    from yunnao.cli.drg_sampling import write_year

    written = write_year(home, stays=stays, hospitals=hospitals, seed=seed)
    for path, count in zip(written.registers, (hospitals, stays), strict=True):
        click.echo(f"✓ {path}：{count:,} 行（合成数据）")
    click.echo(f"✓ {written.scheme}：示例分组方案（虚构病组，不能用于支付）")
    if written.policy is not None:
        click.echo(f"✓ {written.policy}：示例政策，预算按 {stays:,} 份病案缩放")
    for path in written.registers:
        click.echo(f"  yunnao load {home} {path.stem} {path}")
    click.echo(f"  yunnao drg group {written.registers[1]} --scheme {written.scheme} -o grouped.xlsx")
