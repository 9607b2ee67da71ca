"""What may happen to a filed case next: pure functions of its flow, its events, who asks and when."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yunnao.access.actors import Actor
from yunnao.access.scope import refusal
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.attaching import attachment_problem, nothing_to_remove
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.clocks import clock_runs, due
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent, FiledStanding, fold
from yunnao.platforms.cases.filed.given import checked
from yunnao.platforms.cases.filed.merging import ALONE, Beside, not_followable
from yunnao.platforms.cases.filed.shares import Share, not_in_share, open_shares, share_named, share_problem

_LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody asks for a step.

    Attributes:
        actor: who; none for the machine itself.
        given: the step's fields.
        seen: how many events they have seen; refused if there are more by now.
        attachments: that come with it; their files are kept.
        detach: the digest of the attachment to be removed.
    """

    step: str
    actor: Actor | None
    at: dt.datetime
    reason: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    seen: int | None = None
    attachments: tuple[Attachment, ...] = ()
    detach: str | None = None

    @property
    def day(self) -> dt.date:
        """The day in China."""
        return self.at.astimezone(CHINA).date()


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a step is judged by besides the case: the calendar, and the departments there are (id -> title)."""

    calendar: WorkingCalendar
    departments: Mapping[str, Any]


def take(
    flow: FiledFlow,
    case_id: str,
    events: Sequence[FiledEvent],
    asked: Asked,
    around: Surroundings,
    beside: Beside = ALONE,
) -> FiledEvent:
    """The event that the step asked for makes.

    Raises:
        StepRefused: somebody else was faster, or the step is not possible now, for this person or in this way.
    """
    standing = fold(events)
    if asked.seen is not None and asked.seen != len(events):
        last = events[-1]
        when = last.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        raise StepRefused(f"办件 {case_id} 在您打开之后已有变动（{when}，{last.actor}，{last.step}）；请刷新后再办")
    step = _step(flow, case_id, standing, asked.step)
    opened = open_shares(flow, events)
    problem = (
        _not_theirs(step, standing, asked, opened, around)
        or _same_person(flow, step, events, asked)
        or _too_often(flow, step, events, opened.get(asked.actor.department or "") if asked.actor else None)
        or _incomplete(step, asked, around, beside)
        or attachment_problem(step, events, asked.attachments, asked.detach)
        or _too_late(flow, step, events, asked, around)
        or share_problem(step, standing.department, opened, asked.given, around.departments)
        or not_followable(flow, step, case_id, asked.given.get(step.follows or ""), beside)
    )
    if problem:
        raise StepRefused(f"办件 {case_id} 现在不能“{step.title.zh}”：{problem}")
    given = {name: value for name, value in asked.given.items() if value not in (None, "")}
    return FiledEvent(
        seq=standing.seq + 1,
        step=step.id,
        from_state=standing.state,
        to_state=standing.before or standing.state if step.leaves else destination(step, standing.state, events, given),
        actor=asked.actor.id if asked.actor else MACHINE,
        at=asked.at,
        reason=asked.reason,
        given=given,
        sets={name: given[name] for name in step.sets if name in given},
        department=str(given[step.assigns]) if step.assigns and step.assigns in given else None,
        share=share_named(step, asked.actor, given),
        follows=str(given[step.follows]) if step.follows else None if step.leaves else standing.follows,
        attachments=asked.attachments,
        detached=asked.detach if step.detaches else None,
    )


def allowed(
    flow: FiledFlow,
    case_id: str,
    events: Sequence[FiledEvent],
    actor: Actor,
    at: dt.datetime,
    around: Surroundings,
    beside: Beside = ALONE,
) -> list[FiledStep]:
    """The steps that ``actor`` may take at ``at``, whatever has to be given with each, in the flow's order."""
    standing, opened, may = fold(events), open_shares(flow, events), []
    for step in flow.steps_from(standing.state):
        asked = Asked(step=step.id, actor=actor, at=at)
        barred = (
            _not_theirs(step, standing, asked, opened, around)
            or _same_person(flow, step, events, asked)
            or _too_often(flow, step, events, opened.get(actor.department or ""))
            or _too_late(flow, step, events, asked, around)
            or nothing_to_remove(step, events)
            or share_problem(step, standing.department, opened, {}, around.departments)
            or not_followable(flow, step, case_id, None, beside)
        )
        if not barred:
            may.append(step)
    return may


def destination(step: FiledStep, state: str, events: Sequence[FiledEvent], given: Mapping[str, Any]) -> str:
    """Where a step leads, given these things, a case that is in ``state``."""
    for turn in step.turns:
        fits = all(given.get(name) in (want if isinstance(want, list) else [want]) for name, want in turn.when.items())
        seen = all(sum(e.step == name for e in events) <= most for name, most in turn.taken_at_most.items())
        if fits and seen:
            return turn.to
    return step.to or state


def _step(flow: FiledFlow, case_id: str, standing: FiledStanding, id_: str) -> FiledStep:
    step = flow.step(id_)
    if step and standing.state in step.from_:
        return step
    here = flow.states[standing.state].title.zh if standing.state in flow.states else standing.state
    possible = "、".join(f"{each.id}（{each.title.zh}）" for each in flow.steps_from(standing.state)) or "无"
    what = f"现在不能“{step.title.zh}”（{id_}）" if step else f"的流程没有叫 {id_!r} 的环节"
    raise StepRefused(f"办件 {case_id} {what}；现在是“{here}”，可走的环节：{possible}")


def _not_theirs(
    step: FiledStep, standing: FiledStanding, asked: Asked, opened: Mapping[str, Share], around: Surroundings
) -> str | None:
    if asked.actor is None:
        return None if step.automatic else "这个环节要由人办理"
    anywhere = step.any_department
    if not isinstance(anywhere, bool):
        anywhere = bool(asked.actor.roles & set(step.by) & set(anywhere))
    problem = refusal(
        asked.actor,
        step.by,
        subject="",
        department=standing.department or "",
        any_department=anywhere or step.of_share,
    )
    if problem is None and step.of_share:
        return not_in_share(step, asked.actor, opened, around.departments)
    return problem


def _same_person(flow: FiledFlow, step: FiledStep, events: Sequence[FiledEvent], asked: Asked) -> str | None:
    for event in events:
        if event.step in step.not_by and asked.actor is not None and event.actor == asked.actor.id:
            done = flow.step(event.step)
            return f"{asked.actor.name} 已办过“{done.title.zh if done else event.step}”；这一步须由另一人办理"
    return None


def _too_often(flow: FiledFlow, step: FiledStep, events: Sequence[FiledEvent], share: Share | None) -> str | None:
    if step.undoes and not _in_effect(flow, step.undoes, events):
        undone = flow.step(step.undoes)
        return f"没有可以撤回的“{undone.title.zh if undone else step.undoes}”"
    if any(each.undoes == step.id for each in flow.steps) and _in_effect(flow, step.id, events):
        return "已经办过，还没有撤回"
    if step.of_share and share is not None:
        events = share.events
    if step.times is not None and sum(event.step == step.id for event in events) >= step.times:
        return f"这个环节最多办 {step.times} 次，已经办过了"
    return None


def _in_effect(flow: FiledFlow, id_: str, events: Sequence[FiledEvent]) -> bool:
    """Whether a step that can be taken back was taken more often than that."""
    back = {step.id for step in flow.steps if step.undoes == id_}
    return sum(event.step == id_ for event in events) > sum(event.step in back for event in events)


def _incomplete(step: FiledStep, asked: Asked, around: Surroundings, beside: Beside) -> str | None:
    if asked.reason is not None and (
        len(asked.reason) > _LONGEST or any(ord(sign) < 32 and sign not in "\n\t" for sign in asked.reason)
    ):
        return f"理由最多 {_LONGEST} 个字，不能有控制字符；请修改"
    if step.needs_reason and not (asked.reason or "").strip():
        return "请写明理由（--reason）"
    return checked(step.gives, asked.given, around.departments, beside.cases)


def _too_late(
    flow: FiledFlow, step: FiledStep, events: Sequence[FiledEvent], asked: Asked, around: Surroundings
) -> str | None:
    if step.in_time is None:
        return None
    for run in clock_runs(flow, events):
        if run.clock.id == step.in_time and run.stopped is None:
            try:
                last = due(run, asked.day, around.calendar).day
            except YunnaoError as error:
                return str(error)
            if asked.day > last:
                return f"“{run.clock.title.zh}”已于 {last} 到期，今天是 {asked.day}；到期前才能办"
    return None
