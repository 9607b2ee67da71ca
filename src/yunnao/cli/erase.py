"""`yunnao erase`: a person's data in a closed case is erased on request."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("erase")
@home_argument
@click.argument("case_id", metavar="CASE")
@click.option("--as", "actor", required=True, help="操作人 who does it (role centre)")
@click.option("--reason", required=True, help="理由 why")
def command(home: Path, case_id: str, actor: str, reason: str) -> None:
    """应当事人要求，清除已办结办件的个人信息。Erase name, contact and its hash, and mask personal data in the words of a closed case.

    For good: history, exports and topics carry the masked words alone from then on. The audit log notes that it was done, not what
    was there.
    """
    from yunnao.app import District
    from yunnao.house import House

    district = District(home)
    House(district).erase(case_id, district.actors.actor(actor), reason)
    click.echo(f"✓ {case_id}：个人信息已清除")
