"""`python -m bench.million_cases`: fill a record store with a million cases, then time what is asked of it. See bench/README.md."""

import gc
import os
import random
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
import sqlalchemy as sa

from bench.measuring import MIB, Figures, heading, program
from bench.million_cases.filling import fill
from bench.million_cases.plans import statements, walked
from bench.million_cases.questions import (
    OFFICERS,
    Question,
    answered,
    at_the_desk,
    in_process,
    over_http,
    some_numbers,
    timed,
)
from bench.service.databases import DATABASES, Database, database
from bench.service.homes import measured_home
from bench.service.officers import give_password
from bench.service.server import YUNNAO, serving
from yunnao.app import District
from yunnao.platforms.cases.filed import store

_GIB = 1 << 30


@click.command()
@click.option("--database", "kind", type=click.Choice(DATABASES), default="sqlite", show_default=True)
@click.option("--cases", default=1_000_000, show_default=True, help="How many cases.")
@click.option("--seed", default=1, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep everything here, and ask it again next time.")
@click.option("--whole", is_flag=True, help="Also verify the audit log and compare the projection (minutes).")
def main(kind: Database, cases: int, seed: int, folder: Path | None, whole: bool) -> None:
    """Fill, ask, print."""
    kept = folder or Path(tempfile.mkdtemp(prefix="yunnao-million-"))
    try:
        with database(kind, kept / "postgres" if kind == "postgres" else None) as (url, _):
            home = kept / f"home-{kind}"
            if not home.exists():
                measured_home(home, url)
            figures = Figures()
            os.environ["YUNNAO_DATABASE_URL"] = url
            _measure(home, kind, cases, seed, figures, whole)
            click.echo(f"\nmissed: {'; '.join(figures.missed) or 'nothing'}")
    finally:
        if folder is None:
            shutil.rmtree(kept, ignore_errors=True)


def _measure(home: Path, kind: Database, cases: int, seed: int, figures: Figures, whole: bool) -> None:
    district = District(home)
    heading(f"{cases:,} cases on {kind}")
    _fill(district, cases, seed)
    chance = random.Random(seed)
    numbers = some_numbers(district, 1_000, chance)
    with statements(district.records) as noted:
        _ask(in_process(district, numbers), figures)
    lines = walked(district.records, noted)
    figures.bar("no statement walks a table", not lines, figure="; ".join(lines) or "none does", bar="none")
    for actor in OFFICERS:
        give_password(home, actor)
    with serving(home) as server:
        _ask(at_the_desk(server.url), figures)
        _ask(over_http(server.url, numbers), figures)
        click.echo(f"  memory of the server: {server.peak_memory() / MIB:,.0f} MiB at its peak")
    district.records.close()
    if whole:
        _whole(home, figures)


def _fill(district: District, cases: int, seed: int) -> None:
    _ = district.filed
    with district.records.read() as connection:
        present = connection.execute(sa.select(sa.func.count()).select_from(store.CASES)).scalar_one()
    if not present:
        with timed() as seconds:
            for done in fill(district, cases, seed):
                click.echo(f"\r  {done:,}", nl=False, err=True)
            click.echo(err=True)
            _settle(district)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        click.echo(f"  filled in {seconds[0]:,.0f} s, {cases / seconds[0]:,.0f} cases/s, at most {peak / MIB:,.0f} MiB")
    with district.records.read() as connection:
        for table in (store.CASES, store.EVENTS, store.WORDS, store.OUTBOX):
            rows = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            click.echo(f"  {table.name}: {rows:,} rows")
        now = store.NOW.c
        closed = connection.execute(sa.select(sa.func.count()).select_from(store.NOW).where(now.closed)).scalar_one()
        click.echo(f"  closed: {closed:,}; on disk: {_size(district) / _GIB:.2f} GiB")
    gc.collect()


def _settle(district: District) -> None:
    """What PostgreSQL does by itself within minutes of such a load."""
    if district.records.dialect == "postgresql":
        with district.records._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _size(district: District) -> int:
    if district.records.dialect == "sqlite":
        return sum(path.stat().st_size for path in district.home.glob("records.sqlite*"))
    with district.records.read() as connection:
        size: int = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        return size


def _ask(questions: Iterable[Question], figures: Figures) -> None:
    for question in questions:
        found = answered(question)
        figure = f"p50 {found.median:7.2f} ms  p99 {found.p99:7.2f} ms  max {max(found.milliseconds):7.2f} ms  x {question.times}"
        if question.bar is None:
            click.echo(f"        {question.title:48} {figure}")
        else:
            figures.bar(
                f"{question.title:48}", found.p99 <= question.bar, figure=figure, bar=f"p99 <= {question.bar:.0f} ms"
            )


def _whole(home: Path, figures: Figures) -> None:
    for what, command in (
        ("yunnao audit verify", [str(YUNNAO), "audit", "verify", str(home)]),
        ("projection compared", [str(YUNNAO.with_name("python")), "-m", "bench.million_cases.comparing", str(home)]),
    ):
        with timed() as seconds:
            try:
                peak, held = program(command), True
            except subprocess.CalledProcessError:
                peak, held = 0, False
        figures.bar(what, held, figure=f"{seconds[0]:,.0f} s, at most {peak / MIB:,.0f} MiB", bar="whole")


if __name__ == "__main__":
    main()
