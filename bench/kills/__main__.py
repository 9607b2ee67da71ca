"""`python -m bench.kills --kills 1000 --database sqlite --seed 1`: see bench/README.md."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import click

from bench.kills.checks import check
from bench.kills.gateway import gateway
from bench.kills.ledger import Ledger
from bench.kills.rounds import Rounds, killed
from bench.service.databases import DATABASES, Database, database
from bench.service.homes import measured_home


@click.command()
@click.option("--kills", default=1_000, show_default=True)
@click.option("--database", "kind", type=click.Choice(DATABASES), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(kills: int, kind: Database, seed: int) -> None:
    """Kill the service at random instants under mixed load, then compare what people were told with what is kept."""
    with (
        tempfile.TemporaryDirectory(prefix="yunnao-kills-") as name,
        database(kind) as (url, postgres),
        gateway(seed) as receiver,
    ):
        home = measured_home(Path(name) / "home", url, gateway_url=receiver.url, model=True)
        rounds, ledger = killed(home, kills, seed, receiver, postgres, _progress)
        click.echo(err=True)
        _summary(rounds, ledger, kind, seed)
        twice = sum(receiver.arrived.values()) - len(receiver.arrived)
        click.echo(f"  messages: {len(receiver.arrived):,} arrived at the gateway, {twice:,} of them handed over again")
        started = time.perf_counter()
        wrong = 0
        for found in check(home, ledger, receiver):
            wrong += len(found.wrong)
            examples = f": {'; '.join(found.wrong[:3])}" if found.wrong else ""
            click.echo(f"  {len(found.wrong):,} {found.what} (of {found.looked_at:,}){examples}")
        click.echo(f"  checked in {time.perf_counter() - started:,.0f} s")
    sys.exit(1 if wrong else 0)


def _progress(rounds: Rounds, ledger: Ledger) -> None:
    click.echo(f"\r  {rounds.kills:,} kills, {ledger.acknowledged:,} acknowledged", nl=False, err=True)


def _summary(rounds: Rounds, ledger: Ledger, kind: Database, seed: int) -> None:
    each = rounds.seconds / max(1, rounds.kills)
    click.echo(
        f"{rounds.kills:,} kill -9 on {kind} (seed {seed}) in {rounds.seconds / 60:.1f} min, {each:.2f} s each: "
        f"{rounds.during_start:,} during start-up, {rounds.officer_kills:,} of the officer's process besides, "
        f"{rounds.database_kills:,} of PostgreSQL besides"
    )
    starts = rounds.starts or [0.0]
    busy = sum(waiting > 0 for waiting in rounds.in_flight)
    click.echo(
        f"  start-up: median {statistics.median(starts):.2f} s, longest {max(starts):.2f} s; "
        f"requests under way in {busy:,} of the kills, on average {statistics.fmean(rounds.in_flight or [0]):.1f}"
    )
    by_door = ", ".join(f"{door} {many:,}" for door, many in sorted(ledger.doors.items()))
    click.echo(f"  acknowledged: {len(ledger.appeals):,} appeals ({by_door}), {len(ledger.steps):,} steps")


if __name__ == "__main__":
    main()
