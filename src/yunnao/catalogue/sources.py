"""The artefacts of one run as the frames that indicators are measured over (`platforms.indicators.sources.Sources`)."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from yunnao.catalogue.inputs import inputs_for, period_of
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import STATES, compile_rules
from yunnao.platforms.decisions.runs import Manifest, Runs
from yunnao.storage.engines import Embedded


class RunSources:
    """See the protocol `Sources`.

    Args:
        tables: register -> Parquet of the run's snapshot.
        cases: answers every case as a frame.
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: Runs,
        manifest: Manifest,
        tables: Mapping[str, Path],
        calendar: WorkingCalendar,
        cases: Callable[[], pl.LazyFrame],
    ) -> None:
        self._scenario = scenario
        self._runs = runs
        self._manifest = manifest
        self._tables = tables
        self._calendar = calendar
        self._cases = cases

    @property
    def as_of(self) -> dt.date:
        """The day of the run."""
        return self._manifest.day

    def policies(self) -> pl.LazyFrame:
        """Every policy of the scenario."""
        rows = [
            (p.id, p.id in self._manifest.policies, period_of(p.period, self.as_of), p.grants.amount is not None)
            for p in self._scenario.policies.values()
        ]
        schema = {"policy": pl.String, "in_force": pl.Boolean, "period": pl.String, "has_amount": pl.Boolean}
        return pl.LazyFrame(rows, schema=schema, orient="row")

    def decisions(self) -> pl.LazyFrame:
        """The run's decisions, long."""
        frames = [
            self._runs.long(self._manifest, policy).select("policy", "subject", "outcome", "amount")
            for policy in self._manifest.policies
        ]
        schema = {"policy": pl.String, "subject": pl.String, "outcome": pl.String, "amount": pl.Int64}
        return pl.concat(frames) if frames else pl.LazyFrame(schema=schema)

    def missing(self) -> pl.LazyFrame:
        """Who owes facts of undetermined decisions."""
        frames = [owed_registers(self._runs, self._manifest, self._scenario, id_) for id_ in self._manifest.policies]
        schema = {"policy": pl.String, "subject": pl.String, "register": pl.String}
        return pl.concat(frames) if frames else pl.LazyFrame(schema=schema)

    def conditions(self, policy: str) -> pl.LazyFrame:
        """States of one policy's conditions."""
        part = self._manifest.policies[policy]
        names = dict(enumerate(STATES))
        states = pl.col("states")
        return self._runs.long(self._manifest, policy).select(
            "subject",
            *[
                (states // (1 << (2 * k)) % 4).replace_strict(names, return_dtype=pl.String).alias(id_)
                for k, id_ in enumerate(part.conditions)
            ],
        )

    def subjects(self, kind: str) -> pl.LazyFrame:
        """Facts of every subject, observed and derived."""
        facts = self._scenario.facts[kind]
        rules = [self._scenario.rule(id_) for id_, part in self._manifest.policies.items() if part.subject == kind]
        compiled = compile_rules(rules, self.as_of, frozenset(self._tables), self._calendar)
        inputs = inputs_for(facts, compiled, self._tables, Embedded())
        frame: pl.LazyFrame = many.subject_facts(compiled, inputs)
        read = {*compiled.observed, *compiled.derived}
        others = [id_ for id_ in facts.observed if id_ not in read]
        for id_, register in facts.registers.items():
            columns = [f.id for f in register.facts if f.id in others]
            if register.one_row_a_subject and id_ in self._tables and columns:
                table = pl.scan_parquet(self._tables[id_]).select(inputs.key, *columns)
                frame = frame.join(table, on=inputs.key, how="left")
        return frame.rename({inputs.key: "subject"})

    def cases(self) -> pl.LazyFrame:
        """Every case of this scenario's flows."""
        return self._cases().filter(pl.col("flow").is_in(list(self._scenario.flows)))


def owed_registers(
    runs: Runs, manifest: Manifest, scenario: Scenario, policy: str, *, amounts: bool = False
) -> pl.LazyFrame:
    """One row per undetermined decision of a policy and register that owes it a fact: policy, subject, register.

    With ``amounts`` also granted decisions whose amount misses a fact. A derived fact that is unknown with everything beneath it
    known is owed by nobody.
    """
    part = manifest.policies[policy]
    rule = scenario.rule(policy) if policy in scenario.policies else runs.rule(part.version)
    registers = [rule.registers.get(fact) for fact in part.missable]
    bits = pl.col("missing")
    waits = pl.col("outcome") == "undetermined"
    if amounts:
        waits = waits | ((pl.col("outcome") == "granted") & pl.col("amount").is_null() & (bits != 0))
    undetermined = runs.long(manifest, policy).filter(waits)
    frames = [
        undetermined.filter(
            pl.any_horizontal(bits // (1 << k) % 2 == 1 for k, owner in enumerate(registers) if owner == register)
        ).select("policy", "subject", pl.lit(register).alias("register"))
        for register in sorted({register for register in registers if register is not None})
    ]
    schema = {"policy": pl.String, "subject": pl.String, "register": pl.String}
    return pl.concat(frames) if frames else pl.LazyFrame(schema=schema)
