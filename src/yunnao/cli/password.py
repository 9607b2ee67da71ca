"""`yunnao password`: the password by which an officer signs in to the desk's pages."""

import sys
from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("password")
@home_argument
@click.argument("actor")
def command(home: Path, actor: str) -> None:
    """设置登录密码。Set the password by which ACTOR (somebody in actors.yaml) signs in at /desk; their open sessions end.

    Asked for twice at a terminal; otherwise the first line of standard input.
    """
    from yunnao.access.passwords import FILE, Passwords
    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.kernel.errors import YunnaoError
    from yunnao.storage.files import home_lock

    district = District(home)
    officer = district.actors.actor(actor)
    if officer.department is None and officer.hospital is None:  # an enterprise, which is in no file
        raise YunnaoError(f"{actor} 不是 actors.yaml 中的工作人员；请先在那里登记")
    district.check_records()
    if sys.stdin.isatty():
        password = click.prompt(f"{officer.name} 的新密码", hide_input=True, confirmation_prompt="再输一次")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with home_lock(home):
        Passwords(home / FILE).set(officer.id, password)
    district.note(AuditEvent.PASSWORD_SET, of=officer.id)
    click.echo(f"✓ {officer.name}（{officer.id}）：密码已设置；先前的登录已失效")
