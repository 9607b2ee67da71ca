"""`yunnao payments`: payment batches."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.terminal import home_argument, table

if TYPE_CHECKING:
    from yunnao.app import District
    from yunnao.platforms.cases.payments import Batch

actor_option = click.option("--as", "actor", required=True, metavar="ACTOR", help="操作人的 id who acts")


@click.group("payments")
def command() -> None:
    """拨付批次：一人编制，另一人发出，不超预算；发出前可取消。Batches: prepared, then sent by another person or cancelled."""


@command.command("list")
@home_argument
def list_(home: Path) -> None:
    """列出批次。Every batch."""
    from yunnao.kernel.numbers import yuan_text

    rows = [
        (row["batch_id"], row["policy"], str(row["year"]), f"{row['cases']:,}", yuan_text(row["total"]), row["status"])
        for row in _district(home).payments.batches().to_dicts()
    ]
    table("拨付批次", ("批次", "政策", "年度", "件数", "金额（元）", "状态"), rows)


@command.command("prepare")
@home_argument
@click.argument("policy")
@click.option("--year", type=int, required=True, help="预算年度 budget year")
@actor_option
def prepare(home: Path, policy: str, year: int, actor: str) -> None:
    """编制一批：所有待拨付且在预算内的办件。Take every case ready to be paid that fits the budget; write the batch file."""
    district = _district(home)
    batch = district.payments.prepare_batch(policy, actor, year=year)
    _say(batch, "已编制")
    for path in district.payments.export_batch(batch.batch_id, _folder(home)):
        click.echo(f"  {path}")


@command.command("send")
@home_argument
@click.argument("batch")
@actor_option
def send(home: Path, batch: str, actor: str) -> None:
    """发出一批：办件即为已拨付。须由编制人以外的人办理。Send a batch; its cases become paid."""
    _say(_district(home).payments.send_batch(batch, actor), "已发出")


@command.command("cancel")
@home_argument
@click.argument("batch")
@actor_option
@click.option("--reason", required=True, help="理由 reason")
def cancel(home: Path, batch: str, actor: str, reason: str) -> None:
    """取消尚未发出的一批，其文件改名为“…-已作废”。Cancel a batch that was not sent; its files are renamed."""
    payments = _district(home).payments
    _say(payments.cancel_batch(batch, actor, reason), "已取消")
    for path in payments.mark_cancelled(home / "payments"):
        click.echo(f"  {path}")


def _district(home: Path) -> "District":
    """The district, once the files of every cancelled batch say so, whatever was cut off before."""
    from yunnao.app import District

    district = District(home)
    district.payments.mark_cancelled(home / "payments")
    return district


def _folder(home: Path) -> Path:
    from yunnao.storage.files import make_folder

    folder = home / "payments"
    make_folder(folder)
    return folder


def _say(batch: "Batch", what: str) -> None:
    from yunnao.kernel.numbers import yuan_text

    click.echo(
        f"✓ 批次 {batch.batch_id} {what}：{batch.policy} {batch.year} 年，{batch.cases:,} 件，{yuan_text(batch.total)} 元"
    )
    if batch.left_out is not None and not batch.left_out.is_empty():
        for row in batch.left_out.head(5).to_dicts():
            click.echo(f"  未列入 {row['case_id']}：{row['why']}")
