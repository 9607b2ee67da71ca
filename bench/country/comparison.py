"""OpenFisca-Core and this project on the country template: whole processes, from Parquet to results."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
import polars as pl

from bench.country import data
from bench.country.exact import Numbers, variables
from bench.measuring import DATA, Figures, heading, in_process, interleaved, process, show

KINDS = {
    "income_tax": "person",
    "social_security_contribution": "person",
    "basic_income": "person",
    "housing_allowance": "household",
    "disposable_income": "household",
}
BAR = 0.4


def compare(figures: Figures, repetitions: int) -> None:
    """Make the data if needed, measure, check every cell, print."""
    heading(
        f"1. OpenFisca's country template, {data.PERSONS:,} persons in {data.HOUSEHOLDS:,} households, 2016-06",
        ["whole process, fresh interpreter: Parquet -> five variables in memory"],
    )
    folder = DATA / "country"
    data.make(folder)
    timings = interleaved(
        {
            "OpenFisca-Core 46.0.1": in_process("bench.country.process", "theirs", folder),
            "yunnao": in_process("bench.country.process", "ours", folder),
        },
        repetitions,
    )
    show(timings, "OpenFisca-Core 46.0.1")
    ratio = timings["yunnao"].least / timings["OpenFisca-Core 46.0.1"].least
    figures.bar("time against OpenFisca-Core", ratio <= BAR, figure=f"x {ratio:.2f}", bar=f"x {BAR}")
    with TemporaryDirectory(dir=DATA) as results:
        process("bench.country.process", "ours", folder, results)
        process("bench.country.process", "theirs", folder, results)
        _check(figures, folder, Path(results))


def _check(figures: Figures, folder: Path, results: Path) -> None:
    right = variables(folder)
    differing = 0
    for name, kind in KINDS.items():
        decided = pl.read_parquet(results / f"{kind}.parquet", columns=[name, f"{name}__amount"])
        assert (decided[name] != 2).all(), "everything is known here"
        cents = decided[f"{name}__amount"].fill_null(0).to_numpy()  # what is refused is nothing
        ours = int((cents != right[name]).sum())
        theirs = pl.read_parquet(results / f"{kind}.openfisca.parquet", columns=[name])[name].to_numpy()
        off = int((_rounded(theirs) != right[name]).sum())
        differing += ours
        click.echo(
            f"  {name:28}  wrong cents: ours {ours:,}, OpenFisca {off:,} of {len(cents):,} ({off / len(cents):.2%});"
            f" total off by {theirs.astype(np.float64).sum() - right[name].sum() / 100:,.2f}"
        )
    figures.equal("ours, exact to the cent", differing, sum(len(values) for values in right.values()))


def _rounded(values: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> Numbers:
    exact = values.astype(np.float64) * 100
    return (np.sign(exact) * np.floor(np.abs(exact) + 0.5)).astype(np.int64)
