"""Words that stand in several cases: what a lead was given with a step that its followers were carried along by (`merging`)."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent

Place = tuple[str, str]
"""A case and a place in its words."""

_AT_A_TIME = 500


def followed(connection: Connection, leads: Collection[str]) -> dict[str, list[str]]:
    """Lead -> the cases that follow it or have followed it, by number; leads without any are left out."""
    found: dict[str, set[str]] = {}
    events, numbers = store.EVENTS.c, sorted(leads)
    for start in range(0, len(numbers), _AT_A_TIME):
        some = numbers[start : start + _AT_A_TIME]
        statement = sa.select(events.follows, events.case_id).distinct().where(events.follows.in_(some))
        for row in connection.execute(statement):
            found.setdefault(row.follows, set()).add(row.case_id)
    return {lead: sorted(cases) for lead, cases in found.items()}


def carried(flow: FiledFlow, events: Sequence[FiledEvent]) -> dict[int, str]:
    """The events that a case was carried along by: number of the event -> its lead."""
    return {
        event.seq: before.follows
        for before, event in pairwise(events)
        if before.follows is not None and (step := flow.step(event.step)) is not None and step.carries
    }


def copies(
    flow: FiledFlow, lead_id: str, lead: Sequence[FiledEvent], followers: Mapping[str, Sequence[FiledEvent]]
) -> dict[Place, Place]:
    """Every place in the words of followers that is a copy of one of the lead's -> the place that it is a copy of.

    Copy and original are of the same step, by the same person at the same instant (`merging.followers_event`).
    """
    taken = {(event.step, event.actor, event.at): event.seq for event in lead}
    found = {}
    for follower, events in followers.items():
        leads = carried(flow, events)
        for event in events:
            seq = taken.get((event.step, event.actor, event.at)) if leads.get(event.seq) == lead_id else None
            for name in () if seq is None else ("reason", *event.given):
                found[follower, f"{event.seq}.{name}"] = (lead_id, f"{seq}.{name}")
    return found
