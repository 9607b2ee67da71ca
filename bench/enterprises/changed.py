"""One in a hundred enterprises has new facts: what deciding those alone takes, against deciding everybody again."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
import polars as pl

from bench.enterprises.data import REGIONS, SEED, enterprises, make, rules, scenario
from bench.measuring import DATA, Figures, heading, interleaved, show
from yunnao.catalogue.deciding import Deciding
from yunnao.catalogue.inputs import changed_subjects
from yunnao.kernel.moment import fixed_clock
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions.runs import Runs
from yunnao.platforms.registry.service import Registry
from yunnao.storage.engines import Embedded

SHARE = 0.01
SHARE_BAR, SECONDS_BAR = 0.15, 0.15
_LATER = {
    "enterprises": pl.col("employees") + 1,
    "tax_filings": pl.col("taxable_income_year") * 11 // 10,
    "insurance": pl.lit(None, pl.Int64).alias("layoff_rate"),
    "hires": pl.col("contract_months") + 12,
    "vat_returns": pl.col("vat_sales_month") * 2,
}
"""Register -> what its later delivery says about the enterprises that changed."""

Tables = Mapping[str, Path]


def compare(figures: Figures, repetitions: int) -> None:
    """Change one in a hundred, decide them, decide everybody, check that both say the same, print."""
    older = {name: path for name, path in make(DATA / "enterprises").items() if name in scenario().registers}
    with TemporaryDirectory(dir=DATA) as name:
        folder = Path(name)
        newer, touched = _later(older, folder)
        changed = len(touched["enterprises"])
        heading(
            f"3. {changed:,} of 425,000 enterprises changed ({', '.join(_LATER)})",
            ["decided with amounts and what is missing, sorted, Parquet to Parquet, as `yunnao run` does"],
        )
        deciding = _deciding(folder)
        full, delta, before = folder / "full.parquet", folder / "delta.parquet", folder / "before.parquet"
        found: list[pl.DataFrame] = []

        def everybody() -> None:
            deciding.decide_into(full, enterprises(), rules(), newer, None)

        def those_alone() -> None:
            found[:] = [changed_subjects(enterprises(), rules(), touched, older, newer)]
            deciding.decide_into(delta, enterprises(), rules(), newer, found[0])

        timings = interleaved({"everybody": everybody, "the changed alone": those_alone}, repetitions)
        show(timings, "everybody")
        deciding.decide_into(before, enterprises(), rules(), older, None)
        whole, alone = timings["everybody"].least, timings["the changed alone"].least
        click.echo(
            f"  {len(found[0]):,} enterprises decided anew, those that share a person with a changed hire included"
        )
        bar = max(SHARE_BAR * whole, SECONDS_BAR)
        figures.bar(
            "one in a hundred changed",
            alone <= bar,
            figure=f"{alone:.3f} s, {alone / whole:.1%} of everybody",
            bar=f"{bar:.3f} s",
        )
        _check(figures, full, delta, before)


def _later(older: Tables, folder: Path) -> tuple[Tables, dict[str, pl.DataFrame]]:
    """The tables after the later deliveries, and the keys of the rows these held."""
    key = enterprises().naming.subject_key
    codes = pl.read_parquet(older["enterprises"], columns=[key])[key]
    drawn = np.random.default_rng(SEED).choice(len(codes), round(len(codes) * SHARE), replace=False)
    chosen = pl.LazyFrame({key: codes[np.sort(drawn)]})
    newer, touched = dict(older), {}
    for register, value in _LATER.items():
        newer[register] = folder / f"{register}.parquet"
        rows = pl.scan_parquet(older[register])
        later = rows.join(chosen, on=key, how="semi").with_columns(value)
        pl.concat([rows.join(chosen, on=key, how="anti"), later]).sink_parquet(newer[register])
        touched[register] = later.select(enterprises().registers[register].key).collect()
    return newer, touched


def _deciding(home: Path) -> Deciding:
    clock = fixed_clock(dt.datetime(2023, 1, 3, 9, tzinfo=dt.UTC))
    return Deciding(
        registry=Registry(home, scenario().registers, clock),
        runs=Runs(home),
        regions=REGIONS,
        calendar=shipped_calendar(),
        clock=clock,
        engine=Embedded(),
    )


def _check(figures: Figures, full: Path, delta: Path, before: Path) -> None:
    """The older decisions with the changed ones put in their place are what deciding everybody gives."""
    key = enterprises().naming.subject_key
    right, alone, old = (pl.read_parquet(path) for path in (full, delta, before))
    merged = pl.concat([old.join(alone, on=key, how="anti"), alone]).sort(key)
    differing = sum(int(right[name].ne_missing(merged[name]).sum()) for name in right.columns)
    moved = sum(int(right[name].ne_missing(old[name]).sum()) for name in right.columns)
    click.echo(f"  {moved:,} cells are not what they were before")
    figures.equal("the changed alone, as deciding everybody", differing, right.height * right.width)
