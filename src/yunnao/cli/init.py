"""`yunnao init`: an empty district."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument


@click.command("init")
@home_argument
def command(home: Path) -> None:
    """建立一个空的区。Make an empty district in HOME, with its settings and fictitious sample officers."""
    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.catalogue.cards import installed_departments
    from yunnao.catalogue.home import make_home
    from yunnao.scenarios.appeals.measure_settings import FILE, starter_measures
    from yunnao.settings import STARTER

    make_home(home, installed_departments(), STARTER, {FILE: starter_measures()})
    district = District(home)
    _ = district.payments  # makes every table: a command that only reads then leaves the home as it is
    district.note(AuditEvent.HOME_CREATED, name=home.resolve().name)
    click.echo(
        f"✓ {home}：已建立。设置在 district.yaml，操作人在 actors.yaml（虚构的示例，请更换），时限在 limits.yaml，"
        "指标的分档在 measures.yaml。"
    )
    click.echo(
        f"  诉求工作台：yunnao password {home} operator，然后 yunnao serve {home} --port 8000，打开 http://127.0.0.1:8000/desk"
    )
    click.echo(f"  政策：yunnao load {home} enterprises 名册文件 …   或   yunnao sample {home} --scale 0.01 --seed 1")
