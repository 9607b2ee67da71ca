"""What officers decided about stays, as the rows of the register `stay_reviews`, by which the next settlement takes them.

Only what has been decided is said: cases that are being handled, were not taken up or were withdrawn say nothing. One that was reviewed
again says what its last decision says.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import polars as pl

from yunnao.kernel.numbers import yuan_text
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.scenarios.drg.registers import stay_reviews
from yunnao.scenarios.drg.review.filings import CHANNEL, FLOWS, stay_of

_KINDS = {flow: kind for kind, flow in FLOWS.items()}
_DECIDED = ("upheld", "refused")
_COLUMNS = tuple(fact.id for fact in stay_reviews.facts)


class _Case(Protocol):
    @property
    def case_id(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def filing_key(self) -> str: ...


class Handled(Protocol):
    """What is read of a filed case; see `FiledView`."""

    @property
    def case(self) -> _Case:
        """What never changes about it."""
        ...

    @property
    def flow(self) -> FiledFlow:
        """Its flow."""
        ...

    @property
    def events(self) -> Sequence[FiledEvent]:
        """What happened."""
        ...


def decided(cases: Iterable[Handled]) -> pl.DataFrame:
    """The decisions among ``cases``, by stay and kind.

    Returns:
        The columns of the register, all text: money in yuan with two decimals, 是 or 否.
    """
    rows = [_row(case) for case in cases if _settles(case)]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String)).sort("case_id", "kind")


def asked_for(cases: Iterable[Handled]) -> pl.DataFrame:
    """The special-case reviews that were asked for and not withdrawn: ``stay``, ``review``."""
    rows = [
        {"stay": stay_of(case.case.filing_key), "review": case.case.case_id}
        for case in cases
        if case.flow.id == FLOWS["special"] and case.case.channel == CHANNEL and case.events[-1].to_state != "withdrawn"
    ]
    return pl.DataFrame(rows, schema={"stay": pl.String, "review": pl.String}).sort("stay")


def register_file(rows: pl.DataFrame) -> bytes:
    """The register's file: CSV with the register's own heads, for `yunnao load HOME stay_reviews`."""
    heads = {fact.id: fact.title.zh for fact in stay_reviews.facts}
    return rows.rename(heads).write_csv(include_bom=True).encode("utf-8")


def _settles(case: Handled) -> bool:
    ours = case.flow.id in _KINDS and case.case.channel == CHANNEL
    return ours and case.events[-1].to_state in _DECIDED and any(event.step == "decide" for event in case.events)


def _row(case: Handled) -> dict[str, str | None]:
    decision = next(event for event in reversed(case.events) if event.step == "decide")
    cost = decision.sets.get("unreasonable_cost_fen")
    ground = next((event.sets["ground"] for event in reversed(case.events) if "ground" in event.sets), None)
    objects_to_readmission = case.flow.id == FLOWS["objection"] and ground == "readmission"
    return {
        "case_id": stay_of(case.case.filing_key),
        "kind": "readmission" if objects_to_readmission else _KINDS[case.flow.id],
        "review": case.case.case_id,
        "decided_on": decision.day.isoformat(),
        "supported": "是" if decision.sets.get("supported") is True else "否",
        "unreasonable_cost": yuan_text(cost) if isinstance(cost, int) else None,
        "decided_drg": str(decision.sets["decided_drg"]) if "decided_drg" in decision.sets else None,
    }
