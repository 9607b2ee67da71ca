"""What a case is and what may happen to it: pure functions of its flow, its events, who asks and when."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from yunnao.access.actors import Actor
from yunnao.access.scope import refusal
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.deadlines import suits
from yunnao.platforms.cases.definitions import MACHINE_STEPS, Flow, Step

PROPOSING = frozenset({"proposed", "amended", "proposed_again"})
"""What a run records to set the amount of a case."""

TAKING_BACK = frozenset({"withdrawn", "entitlement_lost"})
"""What a run records when the case is no longer due."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a case; `from_state` is none at its opening, and is `to_state` where nothing moved."""

    seq: int
    step: str
    from_state: str | None
    to_state: str
    actor: str
    at: dt.datetime
    amount: int | None = None
    reason: str | None = None
    document: str | None = None
    waiting: str | None = None
    basis: str | None = None
    run: int | None = None

    @property
    def day(self) -> dt.date:
        """The day in China."""
        return self.at.astimezone(CHINA).date()

    @property
    def by_person(self) -> bool:
        """Whether somebody took a step, rather than a run recording something."""
        return self.step not in MACHINE_STEPS


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a case stands after its events.

    Attributes:
        since: the day the present state was entered.
        amount: of the case, in fen; what the enterprise confirms and what is paid.
        entitled: whether the last run still found it due.
        wanted_amount: what the last run found, in fen.
    """

    state: str
    since: dt.date
    seq: int
    amount: int | None
    entitled: bool
    wanted_amount: int | None
    waiting: str | None

    @property
    def flag(self) -> str | None:
        """What an officer must see, in Chinese: the entitlement or the amount has changed since it was proposed."""
        if not self.entitled:
            return "按最新数据已不再符合条件，不能拨付；请核实后退回"
        return None if self.wanted_amount == self.amount else "按最新数据金额已变化，不能拨付；请核实后退回重新确认"


def fold(events: Sequence[Event]) -> Standing:
    """Where a case with these events (one at least, in order) stands."""
    state, since, amount, waiting = "", events[0].day, None, None
    entitled, wanted_amount = True, None
    for event in events:
        if event.to_state != event.from_state:
            state, since = event.to_state, event.day
        if event.step in PROPOSING:
            amount, waiting = event.amount, event.waiting
        if not event.by_person:
            entitled, wanted_amount = event.step not in TAKING_BACK, event.amount
    last = events[-1].seq
    return Standing(
        state=state,
        since=since,
        seq=last,
        amount=amount,
        entitled=entitled,
        wanted_amount=wanted_amount,
        waiting=waiting,
    )


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a case is about; never changes."""

    case_id: str
    flow: str
    policy: str
    subject: str
    period: str
    department: str
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """Somebody asks for a step."""

    step: str
    actor: Actor
    at: dt.datetime
    reason: str | None = None
    document: str | None = None
    by_batch: bool = False

    @property
    def day(self) -> dt.date:
        """The day in China."""
        return self.at.astimezone(CHINA).date()


def take(flow: Flow, matter: Matter, events: Sequence[Event], request: Request, calendar: WorkingCalendar) -> Event:
    """The event that the step asked for makes.

    Raises:
        StepRefused: the step is not possible now, for this person or in this way; the sentence says why.
    """
    standing = fold(events)
    step = _step(flow, standing.state, request.step)
    problem = (
        _unsuited(flow, step, standing, request.day, by_batch=request.by_batch)
        or refusal(
            request.actor,
            step.by,
            subject=matter.subject,
            department=matter.department,
            any_department=step.any_department,
        )
        or _same_person(flow, step, events, request.actor)
        or _untimely(step, standing.since, request.day, calendar)
        or _incomplete(step, request)
    )
    if problem:
        raise StepRefused(f"办件 {matter.case_id} 现在不能“{step.title.zh}”：{problem}")
    return Event(
        seq=standing.seq + 1,
        step=step.id,
        from_state=standing.state,
        to_state=step.to,
        actor=request.actor.id,
        at=request.at,
        reason=request.reason,
        document=request.document,
    )


def allowed(
    flow: Flow, matter: Matter, events: Sequence[Event], actor: Actor, at: dt.datetime, calendar: WorkingCalendar
) -> list[Step]:
    """The steps that ``actor`` may take at ``at``, given what each needs, in the flow's order."""
    steps = []
    for step in flow.steps_from(fold(events).state):
        given = dict.fromkeys(step.needs, "…")
        request = Request(step=step.id, actor=actor, at=at, reason=given.get("reason"), document=given.get("document"))
        try:
            take(flow, matter, events, request, calendar)
        except StepRefused:
            continue
        steps.append(step)
    return steps


def _step(flow: Flow, state: str, id_: str) -> Step:
    step = flow.step(id_)
    if step and state in step.from_:
        return step
    possible = "、".join(f"{each.id}（{each.title.zh}）" for each in flow.steps_from(state)) or "无"
    here = (
        f"现在是“{flow.states[state].title.zh}”，可走的环节：{possible}"
        if state in flow.states
        else f"状态 {state} 已不在流程中"
    )
    problem = f"不能“{step.title.zh}”（{id_}）" if step else f"流程“{flow.title.zh}”没有叫 {id_!r} 的环节"
    raise StepRefused(f"{problem}；{here}")


def onward(flow: Flow, standing: Standing, day: dt.date, calendar: WorkingCalendar) -> list[tuple[Step, str | None]]:
    """The steps that lead on from here, whoever takes them, in the flow's order; and why not on ``day``, if only the time
    is wrong."""
    return [
        (step, _untimely(step, standing.since, day, calendar))
        for step in flow.steps_from(standing.state)
        if _unsuited(flow, step, standing, day, by_batch=True) is None
    ]


def _unsuited(flow: Flow, step: Step, standing: Standing, day: dt.date, *, by_batch: bool) -> str | None:
    if step.kind == "confirm" and standing.amount is None and standing.waiting:
        return f"金额待定，还缺{standing.waiting}；数据补齐后的下一次运行会写明金额，届时再确认"
    if step.kind == "pay":
        if not by_batch:
            return "拨付只能由拨付批次办理；请用 prepare 建批次后发出"
        if standing.amount is None:
            return "金额未知"
        return standing.flag
    suited = suits(flow, step, standing.amount, day)
    if suited is None:
        return "这个环节要看金额，而金额未知；请先退回，待数据补齐后重新确认"
    return None if suited else "金额不在这个环节的范围内；请走同一状态的另一个环节"


def _same_person(flow: Flow, step: Step, events: Sequence[Event], actor: Actor) -> str | None:
    taken = [event for event in events if event.by_person]
    barred = taken[-1:] if step.not_by == "previous" else [event for event in taken if event.step in step.not_by]
    for event in barred:
        if event.actor == actor.id:
            return f"{actor.name} 已办过“{flow.step_title(event.step)}”；这一步须由另一人办理"
    return None


def _untimely(step: Step, since: dt.date, today: dt.date, calendar: WorkingCalendar) -> str | None:
    if step.not_before:
        last = step.not_before.end(since, calendar).day
        if today <= last:
            first = last + dt.timedelta(days=1)
            return f"要满 {step.not_before.words}（自 {since} 次日起算，到 {last} 止），最早 {first} 可办"
    if step.until:
        last = step.until.end(since, calendar).day
        if today > last:
            return f"只能在 {step.until.words} 内办（到 {last} 止），今天是 {today}"
    return None


_LONGEST = 2000
_NEEDED = {"reason": "请写明理由（--reason）", "document": "请附上材料（--document）"}


def _incomplete(step: Step, request: Request) -> str | None:
    for need in step.needs:
        if not (getattr(request, need) or "").strip():
            return _NEEDED[need]
    for words in (request.reason or "", request.document or ""):
        if len(words) > _LONGEST or any(unicodedata.category(letter) == "Cc" for letter in words if letter != "\n"):
            return f"理由和材料名最多 {_LONGEST} 个字，不能有控制字符；请修改"
    return None
