"""What the commands say about a settlement, and the line in the audit log that every run has."""

import click
import polars as pl

from yunnao.app import District
from yunnao.audit.events import AuditEvent
from yunnao.cli.terminal import table
from yunnao.kernel.numbers import yuan_text
from yunnao.scenarios.drg.reporting.words import POOLS, unpublished_words
from yunnao.scenarios.drg.settlement.explanation import points_text
from yunnao.scenarios.drg.settlement.pricing import CLASSES
from yunnao.scenarios.drg.settlement.runs import Run, Runs


def note_runs(district: District) -> None:
    """A line in the audit log for every run that has none: this one, and one that was cut off right before its line."""
    runs = Runs(district.home)
    noted = {details["run"] for details in district.audit.details_of(AuditEvent.SETTLEMENT_RUN)}
    for number in runs.numbers():
        if number not in noted:
            manifest = runs.manifest(number)
            district.note(
                AuditEvent.SETTLEMENT_RUN,
                run=number,
                what=manifest.kind,
                period=manifest.period,
                replaces=manifest.replaces,
                snapshot=manifest.snapshot,
                inputs=manifest.inputs,
                hospitals_sha256=manifest.hashes["hospitals.parquet"],
            )


def tell(run: Run, *, new: bool) -> None:
    """The hospitals of a run as a table, and its sums."""
    manifest = run.manifest
    rows = [
        [
            row["hospital_id"],
            row["name"] or "",
            POOLS[row["pool"]].zh,
            f"{row['stays']:,}",
            points_text(row["points"]),
            *(
                yuan_text(row[name])
                for name in ("payable", "prepaid", "bond_withheld", "bond_returned", "deduction", "final")
            ),
        ]
        for row in run.hospitals.collect().iter_rows(named=True)
    ]
    heads = ["医疗机构", "名称", "险种", "病案", "点数", "应付", "已预拨", "保证金", "返还", "扣款", "本次应拨"]
    table(f"{manifest.title}，单位元", heads, rows)
    known = "" if new else "；输入没有变，没有重做"
    click.echo(f"✓ {manifest.title}{'，只看不生效' if manifest.look else ''}{known}：{run.folder}")
    tell_sums(run)
    if manifest.replaces and new and not manifest.look:
        before = manifest.replaces
        click.echo(
            f"  取代第 {before} 次；差异：yunnao drg difference {run.folder.parents[2]} {before} {manifest.number} -o 差异.xlsx"
        )


def tell_sums(run: Run) -> None:
    """What a run comes to, in a few lines."""
    manifest = run.manifest
    if manifest.example:
        click.echo(f"  {manifest.policy_title}：{manifest.example}")
    for pool, found in manifest.pools.items():
        budget, kept, shared = (yuan_text(each) for each in (found.budget, found.adjustment, found.shared))
        click.echo(
            f"  {POOLS[pool].zh}：预算 {budget} 元，调剂金 {kept}，可分配 {shared}；应付合计 {yuan_text(found.payable)}"
        )
        click.echo(f"    {points_text(found.points)} 点，点值 {found.point_value or '（没有点数）'} 元")
    click.echo("  " + "，".join(f"{CLASSES[name]} {count:,}" for name, count in manifest.counts.items()))
    for name, digest in manifest.published.items():
        click.echo(f"  公布的表 {name}（SHA-256 {digest}），本次留有副本")
    if manifest.unpublished and (table_ := run.rules.base_points.table) is not None:
        click.echo(f"  ! {unpublished_words(manifest.unpublished, table_)}")
    if manifest.undated:
        click.echo(f"  ! {manifest.undated:,} 份病案没有出院日期，不在任何时期里，没有计入")
    if manifest.kind == "year":
        click.echo(f"  计入 {len(manifest.months)} 个月的预拨" + ("（没有预拨过）" if not manifest.months else ""))
        entered = run.hospitals.filter(pl.col("transferred").is_not_null()).collect()
        if len(entered):
            net, paid = (int(entered[name].sum()) for name in ("transfer_difference", "transferred"))
            other = int((entered["transfer_difference"] != 0).sum())
            click.echo(
                f"  按实际拨付扣：共拨付 {yuan_text(paid)} 元，算出的预拨（不含保证金）{yuan_text(paid - net)} 元；"
                f"{other:,} 户不同，合计差 {yuan_text(net)} 元"
            )
