"""Runs kept in a folder, without a registry: stays already grouped."""

import datetime as dt
from pathlib import Path

from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.runs import Manifest, Run, Runs
from yunnao.scenarios.drg.settlement.settling import Settlement
from yunnao.storage.files import make_folder, write_atomically


def runs_in(home: Path) -> Runs:
    return Runs(home, write_atomically, make_folder)


def keep(home: Path, settlement: Settlement, rules: Rules, *, inputs: str = "", look: bool = False) -> Run:
    """Keep a settlement as the next run."""
    runs = runs_in(home)
    before = runs.in_force("year" if settlement.kind == "year" else "month", settlement.period)
    manifest = Manifest(
        number=runs.next_number(),
        kind=settlement.kind,
        period=settlement.period,
        look=look,
        replaces=before.number if before else None,
        recorded_at=f"2024-01-{runs.next_number():02}T00:00:00.000000Z",
        as_of=dt.date(2024, 1, 1).isoformat(),
        known_at="2024-01-01T00:00:00.000000Z",
        snapshot="",
        tables={},
        scheme="",
        policy="test",
        policy_title="测试",
        example="",
        inputs=inputs,
        months=(),
        pools=dict(settlement.pools),
        overall=dict(settlement.overall),
        counts=dict(settlement.counts),
        undated=settlement.undated,
    )
    return runs.keep(manifest, settlement, rules)
