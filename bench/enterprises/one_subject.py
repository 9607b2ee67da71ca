"""One enterprise by all policies, explained; in this process, beside zen-engine, and as the command `yunnao explain`."""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import polars as pl

from bench.enterprises import zen_rules
from bench.enterprises.data import SEED, WIDE, enterprises, make, rules
from bench.enterprises.ours import inputs
from bench.measuring import DATA, Figures, heading
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.one import Decider, Decision
from yunnao.platforms.decisions.traversal import walk

MILLISECONDS_BAR = 0.1
_SUBJECTS, _ROUNDS = 200, 20


@dataclass(frozen=True)
class Subject:
    """What is known about one enterprise: observed facts, rows, and the derived facts that conditions name."""

    values: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    for_zen: dict[str, Any]


def compare(figures: Figures, repetitions: int) -> None:
    """Time both engines on the same enterprises, check that they agree, print."""
    heading(
        f"4. One enterprise, {len(rules().policies)} policies, explained",
        [
            "ours: outcome, every condition's state, what is missing, exact amount, from observed facts and related rows",
            "zen: truth of every condition and policy, derived facts given; only enterprises about which all is known",
        ],
    )
    tables = make(DATA / "enterprises")
    facts = _facts(tables)
    drawn = _subjects(tables, facts.sample(_SUBJECTS, seed=SEED))
    complete = _subjects(tables, facts.drop_nulls().sample(_SUBJECTS, seed=SEED))
    decider, graph = Decider(rules()), zen_rules.decision(rules())

    def explained(subject: Subject) -> list[Decision]:
        return decider.decide(subject.values, subject.rows)

    times = {
        "yunnao, any enterprises": _percentiles(explained, drawn),
        "yunnao, all known": _percentiles(explained, complete),
        "zen-engine, all known": _percentiles(lambda subject: graph.evaluate(subject.for_zen), complete),
    }
    for name, (half, most) in times.items():
        click.echo(f"  {name:26} p50 {half:7.4f} ms   p95 {most:7.4f} ms")
    half = times["yunnao, any enterprises"][0]
    ratio = times["yunnao, all known"][0] / times["zen-engine, all known"][0]
    click.echo(f"  ours x {ratio:.2f} of zen-engine")
    figures.bar("one enterprise, p50", half <= MILLISECONDS_BAR, figure=f"{half:.4f} ms", bar=f"{MILLISECONDS_BAR} ms")
    differing = cells = 0
    for subject in complete:
        truths = graph.evaluate(subject.for_zen)["result"]
        for decision in explained(subject):
            expected = {f"{decision.policy}/{id_}": state == "met" for id_, state in decision.conditions.items()}
            expected[decision.policy] = decision.outcome == "granted"
            differing += sum(truths[key] is not truth for key, truth in expected.items())
            cells += len(expected)
    figures.equal("truths, as zen-engine", differing, cells)


def _facts(tables: Mapping[str, Path]) -> pl.DataFrame:
    """Every enterprise with the facts that conditions name, observed and derived."""
    named = {e.id for p in rules().policies for c in p.conditions for e in walk(c) if isinstance(e, m.Fact)}
    frame = many.subject_facts(rules(), inputs(tables))
    key = enterprises().naming.subject_key
    facts: pl.DataFrame = frame.select(key, *sorted(named)).sort(key).collect()
    return facts


def _subjects(tables: Mapping[str, Path], facts: pl.DataFrame) -> list[Subject]:
    """The enterprises in ``facts`` as the one-subject engine and zen take them."""
    key = enterprises().naming.subject_key
    values = pl.scan_parquet(tables[WIDE]).join(facts.lazy().select(key), on=key, how="semi").collect()
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for register in rules().rows:
        claimed = many.with_claims(rules(), register, pl.scan_parquet(tables[register]), inputs(tables).calendar)
        own = claimed.join(facts.lazy().select(key), on=key, how="semi").collect()
        for (code,), found in own.group_by(key):
            rows.setdefault(str(code), {})[register] = found.to_dicts()
    by_code = {row[key]: row for row in facts.to_dicts()}
    return [
        Subject(row, rows.get(row[key], {}), {name: _plain(value) for name, value in by_code[row[key]].items()})
        for row in values.to_dicts()
    ]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, dt.date) else value


def _percentiles(work: Callable[[Subject], Any], subjects: Sequence[Subject]) -> tuple[float, float]:
    """Milliseconds of the middle call and of the one that 95 % of calls do not exceed."""
    spent = []
    for _ in range(_ROUNDS):
        for subject in subjects:
            started = time.perf_counter_ns()
            work(subject)
            spent.append((time.perf_counter_ns() - started) / 1e6)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
