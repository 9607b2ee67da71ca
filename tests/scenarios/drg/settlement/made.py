"""Made stays, hospitals and rules for the tests of settlement."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from yunnao.scenarios.drg.registers import hospital_scores, hospitals, inpatient_stays, stay_reviews
from yunnao.scenarios.drg.settlement.policy import SAMPLE, Rules, load_policy
from yunnao.scenarios.drg.settlement.preparing import Inputs
from yunnao.storage.tables import schema

YEAR = 2023
GROUPED = {"mdc": pl.String, "adrg": pl.String, "drg": pl.String, "outcome": pl.String, "reason": pl.String}
STAYS = pl.Schema([*schema(inpatient_stays.facts).items(), *GROUPED.items()])


def stay(case_id: str, hospital: str, group: str, amount: int | None, **more: Any) -> dict[str, Any]:
    """One grouped stay; ``amount`` in fen, ``more`` by column."""
    drg = more.pop("drg", group)
    outcome = more.pop("outcome", "ungroupable" if drg == "0000" else "grouped")
    row: dict[str, Any] = {
        "case_id": case_id,
        "hospital_id": hospital,
        "person_id": f"P{case_id}",
        "pool": "employee",
        "admitted_on": dt.date(YEAR, 5, 1),
        "discharged_on": dt.date(YEAR, 5, 8),
        "length_of_stay_days": 7,
        "total_cost": amount,
        "mdc": f"MDC{drg[:1]}",
        "adrg": drg[:3],
        "drg": drg,
        "outcome": outcome,
        "reason": "",
    }
    return row | more


def stays_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows with every column of the register and of the grouper."""
    return pl.DataFrame([dict.fromkeys(STAYS) | dict(row) for row in rows], schema=STAYS)


def hospitals_frame(*rows: tuple[str, str, int | None]) -> pl.DataFrame:
    """(hospital, level, tariff of a bed-day in fen)."""
    made = [
        {"hospital_id": id_, "name": f"{id_}医院", "level": level, "bed_day_tariff": tariff}
        for id_, level, tariff in rows
    ]
    return pl.DataFrame(made, schema=schema(hospitals.facts))


def inputs_of(
    stays: Iterable[Mapping[str, Any]],
    hospitals_: pl.DataFrame,
    scores: Iterable[Mapping[str, Any]] = (),
    reviews: Iterable[Mapping[str, Any]] = (),
) -> Inputs:
    """Everything that is settled."""
    return Inputs(
        stays=stays_frame(stays),
        hospitals=hospitals_,
        scores=_frame(scores, schema(hospital_scores.facts)),
        reviews=_frame(reviews, schema(stay_reviews.facts)),
    )


def _frame(rows: Iterable[Mapping[str, Any]], columns: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(columns) | dict(row) for row in rows], schema=columns)


def rules_with(**values: Any) -> Rules:
    """The sample's rules with other values: plain, nothing trimmed or withheld, everybody in one pool, all groups stable."""
    plain: dict[str, Any] = {
        "trimming": {"method": "none"},
        "base_points": {"basis": "year"},
        "coefficients": {},
        "stability": {"at_least": 1, "cv_at_most": 1000},
        "budgets": {"all": "150000"},
        "adjustment": 0,
        "bond": {"share": 0},
    }
    shipped = load_policy(SAMPLE).rules(YEAR)
    return Rules.model_validate(shipped.model_dump() | plain | values)
