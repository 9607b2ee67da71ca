"""What is told to whom when something happens to a filed case; written in the transaction of the event itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from yunnao.access.roles import Role
from yunnao.kernel.moment import instant_text
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep
from yunnao.platforms.cases.filed.events import FiledEvent, FiledStanding, fold

CITIZEN = "citizen"


def messages_of(
    case_id: str, flow: FiledFlow, events: Sequence[FiledEvent], departments: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of `store.OUTBOX` for the last of the events; their ids are made of case, event and recipient, so none is written twice."""
    event, standing = events[-1], fold(events)
    step = flow.step(event.step)
    recipients: list[str] = [] if step is None else [str(role) for role in step.notifies]
    told = None if step is None else step.citizen
    rows = []
    for recipient in recipients:
        if recipient == Role.HANDLER and _concerned(step, event, standing) is None:
            continue  # nobody has it yet
        text = f"办件 {case_id}：{step.title.zh if step else ''}"
        rows.append(_row(case_id, event, recipient, _concerned(step, event, standing), text))
    if told is not None:
        department = str(departments.get(standing.department or "", "")) or "承办部门"
        rows.append(
            _row(case_id, event, CITIZEN, None, f"您的诉求 {case_id}：{told.zh.replace('{department}', department)}")
        )
    return rows


def _concerned(step: FiledStep | None, event: FiledEvent, standing: FiledStanding) -> str | None:
    """The department whose officers are told: that which is asked to co-handle, or no more; else that which has the case."""
    asked = step is not None and not step.of_share and (step.opens_share or step.closes_share)
    return event.share if asked else standing.department


def _row(case_id: str, event: FiledEvent, recipient: str, department: str | None, text: str) -> dict[str, Any]:
    everybody = recipient in (CITIZEN, Role.CENTRE)
    return {
        "message_id": f"{case_id}:{event.seq}:{recipient}",
        "case_id": case_id,
        "recipient": recipient,
        "department": None if everybody else department,
        "text": text,
        "written_at": instant_text(event.at),
    }
