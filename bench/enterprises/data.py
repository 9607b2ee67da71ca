"""The scenario's own sample district at scale 1, as Parquet: one wide table of facts, and the related registers beside it."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl

from yunnao.catalogue.loader import district_parameters, load_scenario
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions.compiled import RuleSet, compile_rules
from yunnao.platforms.decisions.facts import Facts
from yunnao.scenarios.benefits.sample import sample

SCALE, SEED = 1.0, 20221231
DAY = dt.date(2022, 12, 31)
"""The last of the days on which most policies are in force; `enterprises.sql` is written for it."""
REGIONS = frozenset({"全国", "山东", "青岛"})
WIDE = "wide"
"""One row an enterprise, with every observed fact."""


@cache
def scenario() -> Scenario:
    """The scenario, in a district of the city whose policies it holds."""
    return load_scenario("yunnao.scenarios.benefits", district=district_parameters({"city": "青岛"}))


def enterprises() -> Facts:
    """The facts of an enterprise."""
    return scenario().facts["enterprise"]


@cache
def rules() -> RuleSet:
    """Every policy that decides on the day."""
    chosen = [scenario().rule(policy.id) for policy in scenario().deciding(DAY, REGIONS)]
    return compile_rules(chosen, DAY, frozenset(scenario().registers), shipped_calendar())


def make(folder: Path) -> Mapping[str, Path]:
    """Write what is not there; answer register -> Parquet, and the wide table as ``wide``."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [*enterprises().registers, WIDE]
    tables = {name: folder / f"{name}.parquet" for name in names}
    if all(path.exists() for path in tables.values()):
        return tables
    for table in sample(SCALE, SEED):
        table.frame.write_parquet(tables[table.register], compression="zstd")
    key = enterprises().naming.subject_key
    wide = pl.scan_parquet(tables[enterprises().naming.id])
    for register in enterprises().registers.values():
        if register.one_row_a_subject and register is not enterprises().naming:
            wide = wide.join(pl.scan_parquet(tables[register.id]), on=key, how="left")
    wide.collect().write_parquet(tables[WIDE], compression="zstd")
    return tables
