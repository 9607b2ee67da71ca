"""Cases that follow another one (并单): when one may, and what becomes of it when its lead is answered or closed. Pure functions.

A case follows one lead, and leads are never followers, so that every follower is one step from the case that is being handled. It keeps
its own citizen, number and clocks. It ends to follow by leaving, with the answer that its lead takes along for it, or when its lead is
closed without one; so none is ever stranded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent, fold

_NAMED = 3
"""How many followers a sentence names."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Other cases that a step is judged by, as they stand in the same transaction.

    Attributes:
        cases: number -> events of the cases that are given with the step; cases of another flow are not among them.
        followers: numbers of the cases that follow this one.
    """

    cases: Mapping[str, Sequence[FiledEvent]] = field(default_factory=dict)
    followers: Sequence[str] = ()


ALONE = Beside()


def not_followable(flow: FiledFlow, step: FiledStep, case_id: str, lead: str | None, beside: Beside) -> str | None:
    """Why a case cannot take the step and follow ``lead``, as a Chinese sentence; none if it can.

    Args:
        lead: none where it is not known yet; then it is only asked whether the case may follow any.
    """
    if step.follows is None:
        return None
    if beside.followers:
        named = "、".join(beside.followers[:_NAMED]) + ("等" if len(beside.followers) > _NAMED else "")
        return f"已有 {len(beside.followers)} 件并入了它（{named}），它是主单；请把别的办件并入它，或先拆单"
    if lead is None:
        return None
    if lead == case_id:
        return "不能并入自己；请给出另一个办件的编号"
    standing = fold(beside.cases[lead])
    if standing.follows is not None:
        return f"{lead} 已并入 {standing.follows}；请并入主单 {standing.follows}"
    title = flow.states[standing.state].title.zh if standing.state in flow.states else standing.state
    if standing.state in flow.closed:
        return f"{lead} 现在是“{title}”，不再办理；请并入一件在办的，或单独办理"
    if standing.state in flow.carried_to:
        return f"{lead} 现在是“{title}”，已经答复；请并入一件尚未答复的，或单独办理"
    return None


def ends_following(flow: FiledFlow, event: FiledEvent) -> bool:
    """Whether those who follow a case follow it no more after this event of it."""
    step = flow.step(event.step)
    return (step is not None and step.carries) or event.to_state in flow.closed


def followers_event(
    flow: FiledFlow, events: Sequence[FiledEvent], lead_id: str, lead: Sequence[FiledEvent]
) -> FiledEvent:
    """What the last event of a lead brings to a case that follows it (`ends_following`).

    A step that is carried is taken in the name of who took it for the lead, with what was given, and the case goes to the lead's
    department. If the lead was closed by another step, the case leaves and is handled by itself again, from where it was.
    """
    standing, last = fold(events), lead[-1]
    step, leaving = flow.step(last.step), flow.leaving
    if step is not None and step.carries:
        return FiledEvent(
            seq=standing.seq + 1,
            step=last.step,
            from_state=standing.state,
            to_state=last.to_state,
            actor=last.actor,
            at=last.at,
            reason=last.reason,
            given=last.given,
            sets=last.sets,
            department=fold(lead).department,
        )
    assert leaving is not None  # a flow in which cases follow one another has it
    title = flow.states[last.to_state].title.zh
    return FiledEvent(
        seq=standing.seq + 1,
        step=leaving.id,
        from_state=standing.state,
        to_state=standing.before or standing.state,
        actor=MACHINE,
        at=last.at,
        reason=f"主单 {lead_id} 已到“{title}”，没有新的答复；本件恢复单独办理",
    )
