"""The registers in Parquet -> every person and household decided, by this project's set-wise engine."""

import datetime as dt
from pathlib import Path

import polars as pl

from bench.country.facts import FACTS
from yunnao.kernel import strict_yaml
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import compile_rules
from yunnao.platforms.decisions.definitions import Policy
from yunnao.platforms.decisions.rules import rule_for

VARIABLES = {
    "person": ("income_tax", "social_security_contribution", "basic_income"),
    "household": ("housing_allowance", "disposable_income"),
}
DAY = dt.date(2016, 6, 1)
"""The month's first day, on which the template counts ages."""
_NO_WORKING_DAYS = WorkingCalendar(revision=0, first_day=DAY, numbers=(0,), confirmed_through=DAY)  # no rule counts any


def decisions(data: Path) -> list[pl.LazyFrame]:
    """Decisions about every person and every household, lazily: outcomes, states of the conditions, amounts.

    Of the eight policies five are variables of the comparison; the other three lend them their parameters.
    """
    written = [strict_yaml.read(path) for path in sorted((Path(__file__).parent / "policies").glob("*.yaml"))]
    policies = {policy.id: policy for policy in map(Policy.model_validate, written)}
    parameters = {id_: policy.parameters for id_, policy in policies.items()}
    persons, households = pl.scan_parquet(data / "persons.parquet"), pl.scan_parquet(data / "households.parquet")
    frames = []
    for facts, subjects, rows in zip(FACTS, (persons, households), ({}, {"members": persons}), strict=True):
        rules = [rule_for(p, facts, parameters) for p in policies.values() if p.id in VARIABLES[facts.subject]]
        compiled = compile_rules(rules, DAY, frozenset(facts.registers), _NO_WORKING_DAYS)
        inputs = many.Inputs(subjects=subjects, key=facts.naming.subject_key, rows=rows)
        frames.append(many.decide(compiled, inputs, missing=False))
    return frames


def run(data: Path, result: Path | None = None) -> None:
    """Compute the five variables; or, where a result is wanted, write the whole decisions."""
    if result is None:
        pl.collect_all([_amounts(frame, kind) for frame, kind in zip(decisions(data), VARIABLES, strict=True)])
    else:
        for frame, kind in zip(decisions(data), VARIABLES, strict=True):
            frame.collect().sort(f"{kind}_id").write_parquet(result / f"{kind}.parquet")


def _amounts(frame: pl.LazyFrame, kind: str) -> pl.LazyFrame:
    return frame.select(f"{kind}_id", *(f"{name}__amount" for name in VARIABLES[kind]))
