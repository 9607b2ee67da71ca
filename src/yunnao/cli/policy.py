"""`yunnao policy`: check and publish policy files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.terminal import home_argument

if TYPE_CHECKING:
    from yunnao.app import District
    from yunnao.platforms.decisions.definitions import Policy


@click.group("policy")
def command() -> None:
    """检查、发布政策文件。Check or publish a policy file."""


@command.command("check")
@home_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenario", default="benefits", show_default=True)
def check(home: Path, file: Path, scenario: str) -> None:
    """检查一份政策文件，不发布。Check FILE; nothing is published."""
    from yunnao.app import District
    from yunnao.catalogue.publishing import checked_policy

    district = District(home)
    policy = checked_policy(district.scenario(scenario), file)
    click.echo(f"✓ {file}：{policy.title.zh}（{policy.id}）可以发布{'；含待核内容' if policy.uncertain else ''}")
    _warn(policy, district)


@command.command("publish")
@home_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenario", default="benefits", show_default=True)
def publish(home: Path, file: Path, scenario: str) -> None:
    """发布一份政策：检查后放入本区，下一次运行即生效。Publish FILE; it decides from the next run on."""
    import hashlib

    from yunnao.app import District
    from yunnao.audit.events import AuditEvent
    from yunnao.catalogue.publishing import publish_policy

    district = District(home)
    district.check_records()
    policy, path = publish_policy(district.scenario(scenario), file, district.published(scenario), home)
    version = hashlib.sha256(path.read_bytes()).hexdigest()
    district.note(AuditEvent.POLICY_PUBLISHED, policy=policy.id, version=version)
    click.echo(f"✓ 已发布：{path}；下一次 yunnao run 起生效")
    _warn(policy, district)


def _warn(policy: "Policy", district: "District") -> None:
    """Say why a policy that is well written will decide nothing here."""
    regions = district.settings.regions
    if policy.prohibits is None and policy.region not in regions:
        click.echo(
            f"! 注意：它适用于{policy.region}，本区的 regions 是{'、'.join(regions)}（district.yaml），在这里不会作出任何决定",
            err=True,
        )
    if policy.prohibits is None and not policy.switched_on:
        click.echo("! 注意：switched_on: false，尚未启用，不会作出任何决定", err=True)


@command.command("schema")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
def schema(output: Path) -> None:
    """政策文件的 JSON Schema，供编辑器提示和检查。The JSON Schema of policy files, for editors."""
    from yunnao.catalogue.publishing import policy_schema
    from yunnao.storage.files import write_atomically

    write_atomically(output, policy_schema().encode())
    click.echo(f"✓ {output}")
