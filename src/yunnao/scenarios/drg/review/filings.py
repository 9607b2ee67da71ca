"""A settled stay that a hospital disputes, as a case: special-case review (特病单议) or objection (异议)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.filing import Filing
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.scenarios.drg.settlement.erasing import PREFIX

ReviewKind = Literal["special", "objection"]
FLOWS: Mapping[ReviewKind, str] = {"special": "special_review", "objection": "objection"}
TITLES: Mapping[ReviewKind, Text] = {
    "special": Text("特病单议", "Special-case review"),
    "objection": Text("异议", "Objection"),
}
CHANNEL = "drg"
DEPARTMENT = "medical_insurance"
"""Who answers for these cases."""


def key_of(kind: ReviewKind, stay: str) -> str:
    """What makes it the same when it is asked for again: one special-case review and one objection a stay."""
    return f"{CHANNEL}:{kind}:{stay}"


def stay_of(key: str) -> str:
    """The stay that a case of these flows is about, by the key it was filed under."""
    return key.split(":", 2)[2]


def review_filing(kind: ReviewKind, stay: Mapping[str, Any], run: int, ground: str, reason: str) -> Filing:
    """What is filed about a priced stay; that a readmission had its reason is filed about the later stay, the one that has the reason.

    Args:
        stay: a row of the run's stays: case_id, hospital_id, drg, readmitted_as.
        ground: one of the flow's grounds.
        reason: in the hospital's words.

    Raises:
        YunnaoError: the stay has been erased: nobody could decide about it, and no settlement would find it.
    """
    later = stay.get("readmitted_as") if ground == "readmission" else None
    case_id = str(later or stay["case_id"])
    if case_id.startswith(PREFIX):
        raise YunnaoError(
            f"病案 {case_id} 的个人信息已依法清除，不能再提出{TITLES[kind].zh}；有疑问请向医保经办机构说明"
        )
    return Filing(
        flow=FLOWS[kind],
        channel=CHANNEL,
        key=key_of(kind, case_id),
        title=f"{TITLES[kind].zh}：病例 {case_id}（{stay['drg']}）",
        body=reason,
        attributes={
            "stay": case_id,
            "hospital": str(stay["hospital_id"]),
            "ground": ground,
            "run": run,
            "drg": str(stay["drg"]),
        },
    )


def first_steps(now: dt.datetime) -> Sequence[Asked]:
    """What the machine does with it at once: it goes to the insurance office."""
    return [Asked(step="assign", actor=None, at=now, given={"department": DEPARTMENT})]
