"""One run: facts -> decisions -> cases -> indicators. Safe to repeat, and to be cut off anywhere."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yunnao.catalogue.deciding import Deciding
from yunnao.catalogue.proposals import decided_scope, lost_reasons, wanted_cases
from yunnao.catalogue.scenario import Scenario
from yunnao.catalogue.sources import RunSources
from yunnao.platforms.cases.reconcile import ReconcileReport
from yunnao.platforms.cases.service import Cases
from yunnao.platforms.decisions.runs import Manifest
from yunnao.platforms.indicators import store as indicator_store
from yunnao.platforms.indicators.measure import Measured
from yunnao.platforms.indicators.service import Indicators
from yunnao.storage.files import home_lock, write_atomically

Progress = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run did.

    Attributes:
        manifest: what it decided, from what.
        new: false if an equal run existed already.
        cases: what changed in the cases; None for a look into the past, which changes none.
        measured: the indicators.
    """

    scenario: Scenario
    manifest: Manifest
    new: bool
    cases: ReconcileReport | None
    measured: list[Measured]


def run_scenario(
    home: Path,
    deciding: Deciding,
    cases: Cases,
    scenario: Scenario,
    as_of: dt.date,
    known_at: dt.datetime | None,
    progress: Progress,
) -> RunReport:
    """Run one scenario for ``as_of``.

    With ``known_at`` in the past the decisions are those that would have been made then; they are kept, but no case moves.

    Raises:
        YunnaoError: there are no subjects yet, or the home is busy; what was complete before stays in force.
    """
    with home_lock(home):
        manifest, new = deciding.run(scenario, as_of, known_at, progress)
        report = None
        if known_at is None:
            progress("办件 cases", 0.9)
            report = reconcile(deciding, cases, scenario, manifest)
        progress("指标 indicators", 0.95)
        measured = measure(home, deciding, cases, scenario, manifest)
    return RunReport(scenario=scenario, manifest=manifest, new=new, cases=report, measured=measured)


def reconcile(deciding: Deciding, cases: Cases, scenario: Scenario, manifest: Manifest) -> ReconcileReport:
    """Bring the cases in line with a run's decisions."""
    wanted = wanted_cases(deciding.runs, manifest, scenario)
    held = cases.held().filter(pl.col("flow").is_in(list(scenario.flows)))
    lost = held.join(wanted, on=["flow", "policy", "subject"], how="anti").select("policy", "subject")
    reasons = lost_reasons(deciding.runs, manifest, scenario, lost)
    scope = decided_scope(manifest, scenario)
    return cases.reconcile(wanted, scope=scope, run=manifest.number, as_of=manifest.day, reasons=reasons)


def sources(deciding: Deciding, cases: Cases, scenario: Scenario, manifest: Manifest) -> RunSources:
    """What the indicators of a run are measured over."""
    snapshot = deciding.registry.open_snapshot(manifest.snapshot)
    return RunSources(
        scenario, deciding.runs, manifest, snapshot.tables, deciding.calendar, lambda: cases.frame().lazy()
    )


def measure(home: Path, deciding: Deciding, cases: Cases, scenario: Scenario, manifest: Manifest) -> list[Measured]:
    """Measure the indicators of a run as the cases stand now, and keep them beside it."""
    versions = {id_: part.version for id_, part in manifest.policies.items()}
    found = Indicators(scenario.indicators, scenario.id, deciding.calendar)
    measured = found.measure(sources(deciding, cases, scenario, manifest), manifest.number, manifest.snapshot, versions)
    indicator_store.keep(home / "runs" / str(manifest.number), measured, write_atomically)
    return measured
