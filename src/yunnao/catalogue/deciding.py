"""Decide: one scenario, one day, one snapshot, every subject; again only for those whose facts changed."""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yunnao.catalogue.inputs import changed_subjects, gathered, inputs_for
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import CompiledPolicy, RuleSet, compile_rules
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.rules import Rule
from yunnao.platforms.decisions.runs import Manifest, Runs, parts_of
from yunnao.platforms.registry.service import Registry, Snapshot
from yunnao.storage.engines import Embedded, Engine
from yunnao.storage.files import sha256_of

Progress = Callable[[str, float], None]
_MOST_PARTS = 8
_LARGEST_DELTA = 5  # a fifth of the subjects: more is quicker decided anew


def _no_head() -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """What deciding needs of a district; `audit_head` answers the head of its audit log, for the manifests."""

    registry: Registry
    runs: Runs
    regions: frozenset[str]
    calendar: WorkingCalendar
    clock: Clock
    engine: Engine
    audit_head: Callable[[], str] = _no_head

    def run(
        self, scenario: Scenario, as_of: dt.date, known_at: dt.datetime | None, progress: Progress
    ) -> tuple[Manifest, bool]:
        """The run for these inputs and whether it is new; an equal one that exists is answered as it is.

        Raises:
            YunnaoError: no subjects are known on that day.
        """
        progress("快照 snapshot", 0.05)
        delivered = self.registry.in_force(as_of, known_at)
        kinds = {kind: facts for kind, facts in scenario.facts.items() if facts.naming.id in delivered}
        if not kinds:
            names = "、".join(f"{f.naming.title.zh}（{f.naming.id}）" for f in scenario.facts.values())
            raise YunnaoError(f"{scenario.title.zh}：到 {as_of} 还没有导入{names}；请先 yunnao load")
        snapshot = self.registry.snapshot(as_of, known_at)
        rules = self._rules(scenario, kinds, as_of)
        versions = {rule.policy.id: rule.version for found in rules.values() for rule in found}
        inputs = self._inputs_hash(scenario, as_of, snapshot, versions)
        started = time.perf_counter()
        previous = self.runs.latest(scenario.id)
        if previous is not None and not self.runs.is_whole(previous):
            previous = None  # a damaged run is no base: everything is decided anew
        if previous is not None and previous.inputs == inputs:
            return previous, False
        return self._decide(scenario, as_of, snapshot, kinds, rules, inputs, previous, started, progress), True

    def _rules(self, scenario: Scenario, kinds: Mapping[str, Facts], as_of: dt.date) -> dict[str, list[Rule]]:
        deciding = scenario.deciding(as_of, self.regions)
        return {kind: [scenario.rule(p.id) for p in deciding if p.subject == kind] for kind in kinds}

    def _inputs_hash(self, scenario: Scenario, as_of: dt.date, snapshot: Snapshot, versions: Mapping[str, str]) -> str:
        document = [
            scenario.id,
            as_of.isoformat(),
            snapshot.id,
            sorted(snapshot.tables),
            versions,
            self.calendar.revision,
        ]
        return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()

    def _decide(
        self,
        scenario: Scenario,
        as_of: dt.date,
        snapshot: Snapshot,
        kinds: Mapping[str, Facts],
        rules: Mapping[str, list[Rule]],
        inputs: str,
        previous: Manifest | None,
        started: float,
        progress: Progress,
    ) -> Manifest:
        number = self.runs.next_number()
        delivered = frozenset(snapshot.tables)
        older = self._continued(
            previous, as_of, delivered, {r.policy.id: r.version for found in rules.values() for r in found}
        )
        parts: dict[str, tuple[str, ...]] = {}
        hashes: dict[str, str] = {}
        decided: dict[str, int] = {}
        subjects: dict[str, int] = {}
        policies: dict[str, CompiledPolicy] = {}
        based_on = None
        for step, (kind, facts) in enumerate(kinds.items()):
            progress(f"决定 deciding {kind}", 0.1 + 0.8 * step / len(kinds))
            compiled = compile_rules(rules[kind], as_of, delivered, self.calendar)
            policies |= {policy.id: policy for policy in compiled.policies}
            subjects[kind] = pl.scan_parquet(snapshot.tables[facts.naming.id]).select(pl.len()).collect().item()
            only = None
            if older is not None and previous is not None and kind in previous.parts:
                only = self._changed(facts, compiled, older, snapshot)
                if len(previous.parts[kind]) >= _MOST_PARTS or len(only) * _LARGEST_DELTA > subjects[kind]:
                    only = None
            path = self.runs.part_file(number, kind)
            self.decide_into(path, facts, compiled, snapshot.tables, only)
            own = self.runs.part_name(number, kind)
            hashes[own] = sha256_of(path)
            parts[kind] = (own,)
            if only is not None and previous is not None:
                parts[kind] = (*previous.parts[kind], own)
                hashes |= {name: previous.hashes[name] for name in previous.parts[kind] if name in previous.hashes}
            decided[kind] = subjects[kind] if only is None else len(only)
            based_on = previous.number if only is not None and previous is not None else based_on
        manifest = Manifest(
            number=number,
            scenario=scenario.id,
            as_of=as_of.isoformat(),
            known_at=snapshot.known_at,
            recorded_at=instant_text(self.clock()),
            snapshot=snapshot.id,
            inputs=inputs,
            calendar=self.calendar.revision,
            delivered=tuple(sorted(delivered)),
            keys={kind: facts.naming.subject_key for kind, facts in kinds.items()},
            policies=parts_of(policies),
            parts=parts,
            based_on=based_on,
            decided=decided,
            subjects=subjects,
            seconds=round(time.perf_counter() - started, 3),
            hashes=hashes,
            audit_head=self.audit_head(),
        )
        self.runs.keep_versions([rule for found in rules.values() for rule in found])
        self.runs.keep(manifest)
        return manifest

    def decide_into(
        self, path: Path, facts: Facts, rules: RuleSet, tables: Mapping[str, Path], only: pl.DataFrame | None
    ) -> None:
        """Decide and write the decisions to ``path``, sorted by subject."""
        engine = self.engine if only is None else Embedded()  # a few changed subjects are quicker decided here
        inputs = inputs_for(facts, rules, tables, engine, only=only)
        if only is not None:
            inputs = gathered(inputs)
        frame = many.decide(rules, inputs)
        engine.write(frame.sort(inputs.key), path)

    def _continued(
        self, previous: Manifest | None, as_of: dt.date, delivered: frozenset[str], versions: Mapping[str, str]
    ) -> Snapshot | None:
        """The previous run's snapshot, if that run differs from this one by facts alone."""
        if previous is None or previous.as_of != as_of.isoformat() or frozenset(previous.delivered) != delivered:
            return None
        if previous.calendar != self.calendar.revision:
            return None
        if {id_: part.version for id_, part in previous.policies.items()} != dict(versions):
            return None
        try:
            return self.registry.open_snapshot(previous.snapshot)
        except YunnaoError:
            return None  # without the older facts, everything is decided anew

    def _changed(self, facts: Facts, rules: RuleSet, older: Snapshot, newer: Snapshot) -> pl.DataFrame:
        touched = self.registry.touched_keys(older, newer)
        return changed_subjects(facts, rules, touched, older.tables, newer.tables)
