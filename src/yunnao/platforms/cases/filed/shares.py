"""Shares of a case (协办): departments that work on it beside the one that has it, each from being asked until it has answered.

Pure functions of a flow and its events. At most one share of a department is open at a time.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yunnao.access.actors import Actor
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import FiledEvent


@dataclass(frozen=True, kw_only=True)
class Share:
    """A department's share of a case.

    Attributes:
        opened, closed: days; an open one has not been closed.
        events: those of the share, in order; the first opened it.
    """

    department: str
    opened: dt.date
    closed: dt.date | None
    events: tuple[FiledEvent, ...]


def shares(flow: FiledFlow, events: Sequence[FiledEvent]) -> list[Share]:
    """Every share of a case with these events, in the order in which they were opened."""
    found: list[tuple[list[FiledEvent], bool]] = []
    running: dict[str, int] = {}
    for event in events:
        step = flow.step(event.step)
        if event.share is None or step is None:
            continue
        if step.opens_share:
            running[event.share] = len(found)
            found.append(([event], False))
        elif event.share in running:
            own, _ = found[running[event.share]]
            own.append(event)
            if step.closes_share:
                found[running.pop(event.share)] = (own, True)
    return [
        Share(
            department=str(own[0].share), opened=own[0].day, closed=own[-1].day if closed else None, events=tuple(own)
        )
        for own, closed in found
    ]


def open_shares(flow: FiledFlow, events: Sequence[FiledEvent]) -> dict[str, Share]:
    """The shares that have not been closed, by department."""
    return {share.department: share for share in shares(flow, events) if share.closed is None}


def share_named(step: FiledStep, actor: Actor | None, given: Mapping[str, Any]) -> str | None:
    """The department whose share a step opens, belongs to or closes; none if it is no step about a share."""
    if step.of_share:
        return actor.department if actor else None
    field = step.opens_share or step.closes_share
    return str(given[field]) if isinstance(field, str) and field in given else None


def not_in_share(step: FiledStep, actor: Actor, opened: Mapping[str, Share], titles: Mapping[str, Any]) -> str | None:
    """Why an officer may not take a step of a share, whatever their roles; none if they may."""
    if actor.department in opened:
        return None
    who = f"现在协办的是{_named(opened, titles)}" if opened else "现在没有部门协办"
    return f"{actor.name} 所在的部门不在协办；{who}"


def share_problem(
    step: FiledStep,
    lead: str | None,
    opened: Mapping[str, Share],
    given: Mapping[str, Any],
    titles: Mapping[str, Any],
) -> str | None:
    """Why a step does not go with the shares that are open, as a Chinese sentence; none if it does.

    Args:
        lead: the department that has the case.
        given: with the step; empty while nothing is known yet, then only what is barred in any case is.
        titles: department -> title.
    """
    if step.after_shares and opened:
        return f"{_named(opened, titles)}的协办还没有答复；请等它答复，或先撤销协办"
    assigned = given.get(step.assigns or "")
    if assigned is not None and assigned in opened:
        return f"{titles[assigned]}正在协办这件；请先撤销它的协办，再交给它主办"
    if step.opens_share:
        department = given.get(step.opens_share)
        if department is not None and department == lead:
            return f"{titles[department]}是主办部门，不必再协办；请要求别的部门协办"
        if department is not None and department in opened:
            return f"{titles[department]}已在协办，还没有答复；请等它答复，或先撤销它的协办"
    if isinstance(step.closes_share, str):
        department = given.get(step.closes_share)
        if not opened or (department is not None and department not in opened):
            who = f"现在协办的是{_named(opened, titles)}" if opened else "现在没有部门协办"
            return f"没有可以撤销的协办；{who}"
    return None


def _named(opened: Mapping[str, Share], titles: Mapping[str, Any]) -> str:
    return "、".join(str(titles.get(department, department)) for department in opened)
