"""`yunnao case` for a filed case: what is known about it, its clocks, and one step on it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from yunnao.app import District
    from yunnao.platforms.cases.filed.definitions import FiledFlow

_NUMBER = re.compile(r"[A-Z]{1,4}\d{8}-\d{5,}")


def is_filed(case_id: str) -> bool:
    """Whether a number is that of a filed case."""
    return _NUMBER.fullmatch(case_id) is not None


def take_step(
    district: "District",
    case_id: str,
    step: str,
    actor: str,
    reason: str | None,
    written: Sequence[str],
    seen: int | None,
) -> None:
    """One step by an officer; ``written`` are NAME=VALUE.

    Raises:
        StepRefused: the step is not possible.
        YunnaoError: no such case or actor, or a value is written wrongly.
    """
    from yunnao.platforms.cases.filed.workflow import Asked
    from yunnao.scenarios.appeals.responsibilities import noted

    who = district.actors.actor(actor)
    flow = district.filed.get(case_id).flow
    given = _given(flow, step, written)
    if declared := flow.step(step):
        given |= noted(declared, "officer", district.in_force.catalogue().revision)
    asked = Asked(step=step, actor=who, at=district.clock(), reason=reason, given=given, seen=seen)
    district.filed.take(case_id, asked)


def show(district: "District", case_id: str, actor: str | None) -> None:
    """Print a filed case: state, clocks, history, and what may be done next."""
    from yunnao.kernel.errors import YunnaoError
    from yunnao.kernel.moment import CHINA
    from yunnao.platforms.cases.filed.clocks import due

    who = district.actors.actor(actor) if actor else None
    view = district.filed.get(case_id, who)
    today = district.clock().astimezone(CHINA).date()
    department = district.departments.get(view.standing.department or "")
    click.echo(f"{case_id}  {view.title}  {department.zh if department else '尚未分派'}")
    click.echo(
        f"状态：{view.flow.states[view.standing.state].title.zh}（{view.standing.state}），{len(view.events)} 个事件"
    )
    lights = {"green": "时限内", "yellow": "即将到期", "red": "已超期"}
    for run in view.clocks:
        try:
            answer = due(run, today, district.calendar)
        except YunnaoError as error:
            click.echo(f"  {run.clock.title.zh}：{error}")
            continue
        done = f"，{run.stopped} 完成" if run.stopped else "，暂停中" if run.standing_still else ""
        words = lights[answer.light(today, district.calendar)] if not run.stopped else (
            "按时" if run.stopped <= answer.day else "逾期"
        )  # fmt: skip
        provisional = "（暂定）" if answer.provisional else ""
        sharer = district.departments.get(run.share or "")
        title = (
            run.clock.title.zh + (f"（{sharer.zh}）" if sharer else "") + ("［待核］" if run.clock.uncertain else "")
        )
        click.echo(f"  {title}：{run.span.words}，{run.started} 起，{answer.day}{provisional} 止{done}，{words}")
    for place, each in enumerate(view.attachments, 1):
        click.echo(f"  attachment.{place}  {each.media_type}，{each.size:,} 字节，{each.sha256}")
    for event in view.events:
        step = view.flow.step(event.step)
        title = step.title.zh if step else "受理"
        given = "，".join(f"{name}={value}" for name, value in event.given.items())
        when = event.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        click.echo(
            f"  {when}  {title}  {event.actor}{f'  {given}' if given else ''}{f'  {event.reason}' if event.reason else ''}"
        )
    steps = view.allowed if who else tuple(view.flow.steps_from(view.standing.state))
    possible = "、".join(f"{step.id}（{step.title.zh}）" for step in steps) or "没有"
    click.echo(f"{actor} 现在可办：{possible}" if who else f"下一步：{possible}")


def _given(flow: "FiledFlow", step: str, written: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE as the step's fields want them; what a field cannot be is left for the step to refuse."""
    from yunnao.kernel.errors import YunnaoError

    declared = flow.step(step)
    fields = declared.gives if declared else {}
    given: dict[str, Any] = {}
    for text in written:
        name, equals, value = text.partition("=")
        if not equals:
            raise YunnaoError(f"--give {text!r} 写法不对；请写成 名称=值，如 department=ecology")
        kind = fields[name].kind if name in fields else "text"
        if kind == "truth":
            given[name] = {"true": True, "是": True, "false": False, "否": False}.get(value.strip().lower(), value)
        else:
            given[name] = int(value) if kind in ("number", "money") and value.strip().isdecimal() else value
    return given
