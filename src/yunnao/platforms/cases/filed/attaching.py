"""Which attachments a case has after its events, and whether a step may add or remove one: pure functions."""

from collections.abc import Sequence

from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import FiledEvent

MOST = 30
"""Attachments of one case."""


def attached(events: Sequence[FiledEvent]) -> dict[str, Attachment]:
    """Digest -> attachment, of those that were brought and not removed, in the order in which they came."""
    found: dict[str, Attachment] = {}
    for event in events:
        found |= {each.sha256: each for each in event.attachments}
        if event.detached is not None:
            found.pop(event.detached, None)
    return found


def brought(events: Sequence[FiledEvent]) -> int:
    """How many attachments ever came, those that were removed again among them."""
    return len({each.sha256 for event in events for each in event.attachments})


def attaching_step(flow: FiledFlow) -> FiledStep | None:
    """The step by which attachments are added to a case that is there; none if the flow has none."""
    return next((step for step in flow.steps if step.attaches), None)


def nothing_to_remove(step: FiledStep, events: Sequence[FiledEvent]) -> str | None:
    """Why a step that removes an attachment is not offered; none if it is, or removes none."""
    return "没有可以移除的附件" if step.detaches and not attached(events) else None


def attachment_problem(
    step: FiledStep, events: Sequence[FiledEvent], attachments: Sequence[Attachment], detach: str | None
) -> str | None:
    """Why a step cannot be taken with these attachments, or remove that one (a digest); none if it can."""
    if attachments and not step.attaches:
        return "这个环节不带图片"
    if step.attaches and not attachments:
        return "没有图片；请选择图片后再提交"
    if step.attaches and brought(events) + len(attachments) > MOST:
        return f"一件诉求最多 {MOST} 个附件"
    if step.detaches and detach not in attached(events):
        return "没有这个附件，或者已经移除；请刷新后再看"
    return None
