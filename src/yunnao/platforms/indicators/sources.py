"""What the catalogue hands to the indicators: the artefacts of one run, as lazy frames."""

import datetime as dt
from typing import Protocol

import polars as pl


class Sources(Protocol):
    """The rows that indicators are measured over. Null means unknown, only; money is fen."""

    @property
    def as_of(self) -> dt.date:
        """The day the run is about."""
        ...

    def policies(self) -> pl.LazyFrame:
        """Every policy of the scenario, one row each.

        Columns: policy (String), in_force (Boolean), period (String, the policy's period in which `as_of` lies, written
        as in `cases`), has_amount (Boolean, whether it grants a sum of money).
        """
        ...

    def decisions(self) -> pl.LazyFrame:
        """The run's decisions: policy, subject, outcome (granted, refused, undetermined), amount (Int64 fen)."""
        ...

    def missing(self) -> pl.LazyFrame:
        """One row per undetermined decision and register that owes it a fact: policy, subject, register."""
        ...

    def conditions(self, policy: str) -> pl.LazyFrame:
        """States of one policy's conditions: subject, and a String column per condition id: met, not_met, unknown."""
        ...

    def subjects(self, kind: str) -> pl.LazyFrame:
        """One row a subject: subject (String), and every observed and derived fact in its stored unit."""
        ...

    def cases(self) -> pl.LazyFrame:
        """One row a case.

        Columns: case_id, flow, policy, subject, period, department, state (String), amount (Int64 fen), opened_on
        (Date), and for every other state of every flow a Date column `<state>_on`: the day the case first reached it,
        null if it has not.
        """
        ...
