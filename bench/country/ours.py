"""One process: the registers in Parquet -> every person and household decided, by this project's set-wise engine.

Usage: python -m bench.country.ours DATA [RESULT]; with RESULT, a folder, the amounts are written there as well.
"""

import datetime as dt
import sys
from pathlib import Path

import polars as pl

from bench.country.facts import FACTS
from yunnao.kernel import strict_yaml
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import compile_rules
from yunnao.platforms.decisions.definitions import Policy
from yunnao.platforms.decisions.rules import rule_for

DAY = dt.date(2016, 6, 1)
"""The month's first day, on which the template counts ages."""
_NO_WORKING_DAYS = WorkingCalendar(revision=0, first_day=DAY, numbers=(0,), confirmed_through=DAY)  # no rule counts any


def decisions(data: Path) -> list[pl.LazyFrame]:
    """Decisions about every person and about every household, lazily: outcome, states of the conditions, amount."""
    written = [strict_yaml.read(path) for path in sorted((Path(__file__).parent / "policies").glob("*.yaml"))]
    policies = {policy.id: policy for policy in map(Policy.model_validate, written)}
    parameters = {id_: policy.parameters for id_, policy in policies.items()}
    persons, households = pl.scan_parquet(data / "persons.parquet"), pl.scan_parquet(data / "households.parquet")
    frames = []
    for facts, subjects, rows in zip(FACTS, (persons, households), ({}, {"members": persons}), strict=True):
        rules = [rule_for(p, facts, parameters) for p in policies.values() if p.subject == facts.subject]
        compiled = compile_rules(rules, DAY, frozenset(facts.registers), _NO_WORKING_DAYS)
        inputs = many.Inputs(subjects=subjects, key=facts.naming.subject_key, rows=rows)
        frames.append(many.decide(compiled, inputs, missing=False))
    return frames


def main() -> None:
    """See the module."""
    results = pl.collect_all(decisions(Path(sys.argv[1])))
    if len(sys.argv) > 2:
        for facts, result in zip(FACTS, results, strict=True):
            result.sort(facts.naming.subject_key).write_parquet(Path(sys.argv[2]) / f"{facts.subject}.parquet")


if __name__ == "__main__":
    main()
