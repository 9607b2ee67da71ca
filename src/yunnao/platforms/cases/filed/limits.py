"""Time limits as dated data of a district (`limits.yaml`): flow -> clock -> revisions, each from a day on.

A changed limit is a new dated line. A run of a clock keeps the limit that was in force on the day it started, so a change never moves
the deadline of anything that is running already.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from yunnao.kernel.declaration import Id, validated
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.cases.filed.definitions import Clock, FiledFlow, Revision
from yunnao.platforms.cases.filed.reading import own_limit_problems, revision_problems

FILE = "limits.yaml"

STARTER = """\
# 本区的办理时限。没有写的，按各场景自带的 case.yaml。改时限不改旧行，加一行新的：从 from 那天起开始计时的按新的，已在计时的不变。
# Time limits of this district; what is not written here is as shipped. Add a dated line and leave the old ones: what runs already
# keeps its limit.
#
# 流程 -> 时钟 -> 各次修订（时钟的 id 见 case.yaml）。 Flow -> clock -> revisions.
#   within    5 working days 或 30 days；或按属性：{attribute: kind, spans: {consultation: 2 working days}, otherwise: 5 working days}
#   cites     依据的文件（必填）。 The published rule it rests on.
#   evidence  source 已读原文 / partly / verify / knowledge 待核。
#
# 例如 For example:
# appeal:
#   overall:
#     - from: 2027-01-01
#       within: {attribute: kind, spans: {consultation: 2 working days, emergency: 1 working day}, otherwise: 4 working days}
#       cites: 本区文件的名称和文号
#       evidence: source
"""
"""What a new district's file says: nothing yet, and how it is written."""


_LIMITS = TypeAdapter(dict[Id, dict[Id, list[Revision]]])


def with_limits(flows: Mapping[str, FiledFlow], document: Any, source: str) -> dict[str, FiledFlow]:
    """``flows`` with the limits that a district has set; ``source`` names the document in errors.

    Raises:
        DefinitionError: the document names no such flow, clock or attribute, or its lines are not in the order of their days.
    """
    written: dict[str, dict[str, list[Revision]]] = validated(_LIMITS, {} if document is None else document, source)
    revised = dict(flows)
    for flow_id, clocks in written.items():
        if flow_id not in flows:
            raise DefinitionError(f"{source}：没有叫 {flow_id} 的流程；现有：{'、'.join(flows) or '无'}")
        flow = flows[flow_id]
        for clock_id, revisions in clocks.items():
            clock = next((clock for clock in flow.clocks if clock.id == clock_id), None)
            problem = (
                f"没有这个时钟；现有：{'、'.join(clock.id for clock in flow.clocks)}"
                if clock is None
                else "它的天数由要求协办的人定，不能在这里改；请删去"
                if clock.per_share
                else next(revision_problems(flow, revisions), None)
            )
            if problem:
                raise DefinitionError(f"{source}：{flow_id} → {clock_id}：{problem}")
        changed = [_revised(clock, clocks.get(clock.id, [])) for clock in flow.clocks]
        revised[flow_id] = flow.model_copy(update={"clocks": changed})
    return revised


def with_own_limits(flow: FiledFlow, limits: Mapping[str, Sequence[Revision]], source: str) -> FiledFlow:
    """``flow`` with limits of their own for some paths (path -> revisions), in every clock that takes them (`own`).

    Raises:
        DefinitionError: they are not in the order of their days, or name what the flow does not have; ``source`` is named.
    """
    given = {path: tuple(revisions) for path, revisions in limits.items()}
    clocks = [
        clock if clock.own is None else clock.model_copy(update={"own": clock.own.model_copy(update={"limits": given})})
        for clock in flow.clocks
    ]
    for clock in clocks:
        for problem in own_limit_problems(flow, clock):
            raise DefinitionError(f"{source}：{problem}")
    return flow.model_copy(update={"clocks": clocks})


def moved(old: Mapping[str, FiledFlow], new: Mapping[str, FiledFlow], today: dt.date) -> str | None:
    """Which limit ``new`` has otherwise than ``old`` for what started by ``today`` and may be running, as a Chinese sentence; none if
    every change begins later."""
    for flow_id, flow in old.items():
        for clock, changed in zip(flow.clocks, new[flow_id].clocks, strict=True):
            before, after = _dated(clock), _dated(changed)
            for path in sorted({*before, *after}):
                kept, said = (
                    [each for each in revisions.get(path, ()) if each.from_ <= today] for revisions in (before, after)
                )
                if kept != said:
                    day = next(each.from_ for each in [*kept, *said] if not (each in kept and each in said))
                    what = f"{flow_id} → {clock.id}{f' → 类别“{path}”' if path else ''}"
                    return (
                        f"{what}：从 {day} 起的一行与现行的不同，会改动已在计时的期限，没有采用；"
                        f"请保留旧行，另加一行，from 写明天（{today + dt.timedelta(days=1)}）或以后"
                    )
    return None


def _dated(clock: Clock) -> dict[str, Sequence[Revision]]:
    """Path ('' for all) -> the clock's limits that are dated."""
    return {"": clock.revisions, **(clock.own.limits if clock.own else {})}


def _revised(clock: Clock, own: list[Revision]) -> Clock:
    """The clock with the district's revisions, which hold from the first of them on instead of those that are shipped."""
    shipped = [revision for revision in clock.revisions if not own or revision.from_ < own[0].from_]
    return clock.model_copy(update={"revisions": (*shipped, *own)})
