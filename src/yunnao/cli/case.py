"""`yunnao case`: one case, or one step on it."""

from pathlib import Path

import click

from yunnao.cli import filed_case
from yunnao.cli.terminal import home_argument


@click.command("case")
@home_argument
@click.argument("case_id", metavar="ID")
@click.argument("step", required=False)
@click.option(
    "--as", "actor", metavar="ACTOR", help="操作人的 id（actors.yaml）；企业用自己的统一社会信用代码 who acts"
)
@click.option("--reason", help="理由 reason")
@click.option("--document", help="材料的名称或编号 document")
@click.option("--seen", type=int, help="您看到的事件数；之后若有变动则拒绝 refuse if there are more events by now")
@click.option(
    "--give", "given", multiple=True, metavar="NAME=VALUE", help="受理件环节要给的内容 what a filed case's step takes"
)
def command(
    home: Path,
    case_id: str,
    step: str | None,
    actor: str | None,
    reason: str | None,
    document: str | None,
    seen: int | None,
    given: tuple[str, ...],
) -> None:
    """看一个办件的经过；写上 STEP 则办理这个环节。Show a case, or take STEP on it as ACTOR."""
    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.kernel.moment import CHINA
    from yunnao.kernel.numbers import yuan_text

    district = District(home)
    if step is not None and actor is None:
        raise YunnaoError("办理环节要说明由谁办理：请加 --as 操作人")
    if filed_case.is_filed(case_id):
        if step is not None:
            assert actor is not None
            filed_case.take_step(district, case_id, step, actor, reason, given, seen)
        filed_case.show(district, case_id, actor)
        return
    if step is None:
        view = district.cases.get(case_id, actor)
    else:
        assert actor is not None
        view = district.cases.take(case_id, step, actor, reason=reason, document=document, expected_events=seen)
    matter, standing = view.matter, view.standing
    flow = district.cases.flows[matter.flow]
    amount = f"  金额 {yuan_text(standing.amount)} 元" if standing.amount is not None else ""
    click.echo(f"{matter.case_id}  {matter.title or matter.policy}  {matter.subject}  {matter.period}{amount}")
    due = f"，时限 {view.deadline.day}{'（暂定）' if view.deadline.provisional else ''}" if view.deadline else ""
    click.echo(f"状态：{view.state_title}（{standing.state}）{due}{'，已超期' if view.overdue else ''}")
    if standing.waiting:
        waits = "金额还缺" if any(step.kind == "confirm" for step in flow.steps) else "等它的政策："
        click.echo(f"  {waits}{standing.waiting}")
    if standing.flag and standing.state not in flow.ends:
        click.echo(f"  {standing.flag}")
    if view.deadline_problem:
        click.echo(f"  {view.deadline_problem}")
    for event in view.events:
        when = event.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        click.echo(
            f"  {when}  {flow.step_title(event.step)}（{event.step}）  {event.actor}{f'  {event.reason}' if event.reason else ''}"
        )
    if actor is not None:
        names = "、".join(f"{s.id}（{s.title.zh}）" for s in view.allowed) or "没有"
        click.echo(f"{actor} 现在可办：{names}")
    else:
        onward = "；".join(
            f"{s.id}（{s.title.zh}，由 {'/'.join(s.by)}{f'，{why}' if why else ''}）" for s, why in view.onward
        )
        click.echo(f"下一步：{onward or '没有'}")
