"""Reviewed rows and commitments into a home, in one transaction: targets, their owners, and cases for what has no number."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed.filing import Filed, Filing
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.platforms.indicators.targets.service import Loaded, Reviewed, Targets
from yunnao.platforms.indicators.targets.target import Promised
from yunnao.scenarios.plan.tracking.commitments import Commitment
from yunnao.scenarios.plan.tracking.promises import OwnerLine, Owners, owners_of

FLOW = "commitment"
CHANNEL = "plan"
_LONGEST_TITLE = 100


class Cases(Protocol):
    """What loading needs of the filed cases."""

    def file_in(
        self,
        connection: Connection,
        filings: Sequence[Filing],
        actor: str = ...,
        steps: Mapping[str, Sequence[Asked]] | None = ...,
    ) -> list[Filed]:
        """See `FiledCases.file_in`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPlan:
    """What was loaded.

    Attributes:
        owners: what the table of departments says.
        opened, known: commitments that became a case now, or were one already.
        unassigned: of the new ones, how many nobody answers for yet.
    """

    targets: Loaded
    owners: Owners
    opened: int
    known: int
    unassigned: int


def load_plan(
    targets: Targets,
    cases: Cases,
    plan: str,
    promised: Sequence[Promised],
    reviewed: Reviewed,
    commitments: Sequence[Commitment],
    table: Sequence[OwnerLine],
    actor: str,
    now: dt.datetime,
) -> LoadedPlan:
    """Load a reviewed file, and the reviewed commitments of the same report; safe to repeat.

    Raises:
        YunnaoError: a commitment cannot be filed, or another writer is busy; nothing has changed.
    """
    owners = owners_of((each.series for each in promised), table)
    by_table = {each.key: owners_of([each.action], table).by_series.get(each.action, "") for each in commitments}
    filings = [_filing(each, reviewed) for each in commitments]
    steps = {each.key: _assigning(each, by_table[each.key], now) for each in commitments}
    with targets.writing() as connection:
        loaded = targets.load(connection, plan, promised, reviewed, actor, owners.by_series)
        filed = cases.file_in(connection, filings, actor, steps) if filings else []
    new = [filing.key for filing, each in zip(filings, filed, strict=True) if each.new]
    return LoadedPlan(
        targets=loaded,
        owners=owners,
        opened=len(new),
        known=len(filed) - len(new),
        unassigned=sum(not steps[key] for key in new),
    )


def _filing(commitment: Commitment, reviewed: Reviewed) -> Filing:
    source = reviewed.report or reviewed.name
    digest = f"，SHA-256 {reviewed.report_sha256[:12]}" if reviewed.report_sha256 else ""
    unsaid = "" if commitment.said else "期限：原文未写，按计划年度末；"
    place = f"{unsaid}{source} 第 {commitment.line} 行（字符 {commitment.start}—{commitment.end}{digest}）"
    return Filing(
        flow=FLOW,
        channel=CHANNEL,
        key=commitment.key,
        title=commitment.action[:_LONGEST_TITLE],
        body=commitment.sentence,
        attributes={
            "due_on": commitment.due_on.isoformat(),
            "period": commitment.period,
            "place": place,
        },
    )


def _assigning(commitment: Commitment, by_table: str, now: dt.datetime) -> list[Asked]:
    """The reviewed file goes before the table; where neither says who answers for it, an officer will."""
    department = commitment.department or by_table
    if not department:
        return []
    chosen = "officer" if commitment.department else "machine"
    given = {"department": department, "chosen_by": chosen}
    return [Asked(step="assign", actor=None, at=now, given=given)]
