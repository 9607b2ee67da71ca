"""Sources over plain rows, as the tests write them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl

Row = dict[str, Any]

_POLICIES = {"policy": pl.String, "in_force": pl.Boolean, "period": pl.String, "has_amount": pl.Boolean}
_DECISIONS = {"policy": pl.String, "subject": pl.String, "outcome": pl.String, "amount": pl.Int64}
_MISSING = {"policy": pl.String, "subject": pl.String, "register": pl.String}
_SUBJECTS = {"subject": pl.String, "street": pl.String, "staff": pl.Int64, "revenue": pl.Int64, "listed": pl.Boolean}
_CASES = {
    **dict.fromkeys(("case_id", "flow", "policy", "subject", "period", "department", "state"), pl.String),
    "amount": pl.Int64,
    "opened_on": pl.Date,
    "confirmed_on": pl.Date,
    "paid_on": pl.Date,
}


@dataclass
class RowSources:
    """Rows as `Sources` wants them."""

    policy_rows: list[Row] = field(default_factory=list)
    decision_rows: list[Row] = field(default_factory=list)
    missing_rows: list[Row] = field(default_factory=list)
    subject_rows: list[Row] = field(default_factory=list)
    case_rows: list[Row] = field(default_factory=list)
    condition_rows: dict[str, list[Row]] = field(default_factory=dict)
    as_of: dt.date = dt.date(2024, 6, 30)

    def policies(self) -> pl.LazyFrame:
        return pl.LazyFrame(self.policy_rows, schema=_POLICIES)

    def decisions(self) -> pl.LazyFrame:
        return pl.LazyFrame(self.decision_rows, schema=_DECISIONS)

    def missing(self) -> pl.LazyFrame:
        return pl.LazyFrame(self.missing_rows, schema=_MISSING)

    def conditions(self, policy: str) -> pl.LazyFrame:
        return pl.LazyFrame(self.condition_rows[policy])

    def subjects(self, kind: str) -> pl.LazyFrame:
        assert kind == "enterprise"
        return pl.LazyFrame(self.subject_rows, schema=_SUBJECTS)

    def cases(self) -> pl.LazyFrame:
        return pl.LazyFrame(self.case_rows, schema=_CASES)
