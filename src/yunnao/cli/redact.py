"""`yunnao redact`: words in a case are blacked out, in their copies and in what was made from them, too."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("redact")
@home_argument
@click.argument("case_id", metavar="CASE")
@click.argument("place", metavar="PLACE")
@click.option("--words", default="", help="要遮盖的文字 what to black out; none with an attachment")
@click.option("--as", "actor", required=True, help="操作人 who does it (role centre)")
@click.option("--reason", required=True, help="理由 why")
def command(home: Path, case_id: str, place: str, words: str, actor: str, reason: str) -> None:
    """遮盖办件里的一段文字。Black out words in a case, for good.

    PLACE is `title`, `body`, or the number of an event and a field, such as `5.answer`. Where an answer was carried along to other cases
    (并单), their copies are blacked out, too. The audit log notes that it was done, not what was there. With `attachment.N`, the N-th
    attachment of the case (as `yunnao case` lists them) is removed, and its file unless another case has the same one.
    """
    from yunnao.access.roles import Role
    from yunnao.app import District
    from yunnao.house import House
    from yunnao.kernel.errors import YunnaoError

    district = District(home)
    who = district.actors.actor(actor)
    if Role.CENTRE not in who.roles:
        raise YunnaoError(f"{who.name} 没有“云脑中心”角色，不能遮盖文字；请由中心办理")
    if not reason.strip():
        raise YunnaoError("请写明遮盖的理由（--reason）")
    house, (what, _, number) = House(district), place.partition(".")
    if what == "attachment":
        house.remove_attachment(case_id, number, who, reason.strip())
        click.echo(f"✓ {case_id}：附件已移除")
        return
    house.redact(case_id, place, words, who, reason.strip())
    click.echo(f"✓ {case_id}：文字已遮盖")
