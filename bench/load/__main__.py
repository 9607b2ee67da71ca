"""`python -m bench.load --database postgres`: intake for a minute, and WeChat's five seconds; see bench/README.md."""

import re
import tempfile
from collections import Counter
from pathlib import Path

import click
import sqlalchemy as sa

from bench.kills.doors import ENVIRONMENT
from bench.load.messages import write_messages
from bench.load.wrk import THREADS, Load, wrk
from bench.measuring import MIB, Figures, heading
from bench.service.databases import DATABASES, Database, database
from bench.service.homes import measured_home
from bench.service.server import serving
from yunnao.app import District
from yunnao.platforms.cases.filed import store

_INTAKE_BAR, _INTAKE_P99 = 300, 200
_WECHAT_SECONDS = 5_000
_MOST_MESSAGES_A_SECOND = 1_500
_NUMBER = re.compile(r"\d{17,}")


@click.command()
@click.option("--database", "kind", type=click.Choice(DATABASES), default="sqlite", show_default=True)
@click.option("--seconds", default=60, show_default=True, help="How long each load lasts.")
@click.option("--connections", default=32, show_default=True, help="Connections of the intake.")
@click.option("--wechat", default=200, show_default=True, help="Messages under way at once.")
@click.option("--seed", default=1, show_default=True)
def main(kind: Database, seconds: int, connections: int, wechat: int, seed: int) -> None:
    """Load the service and hold what it says against what it keeps."""
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="yunnao-load-") as name, database(kind) as (url, _):
        home = measured_home(Path(name) / "home", url)
        messages = Path(name) / "messages.txt"
        different = write_messages(messages, seconds * _MOST_MESSAGES_A_SECOND, seed)
        with serving(home, ENVIRONMENT) as server:
            heading(f"Load on {kind}: wrk on the same machine, {THREADS} threads, {seconds} s each")
            intake = wrk(server.url, "intake.lua", connections=connections, seconds=seconds)
            _show(f"intake by JSON, {connections} connections", intake)
            figures.bar("intake", intake.rate >= _INTAKE_BAR, figure=f"{intake.rate:,.0f}/s", bar=f">= {_INTAKE_BAR}/s")
            figures.bar(
                "intake p99", intake.p99 <= _INTAKE_P99, figure=f"{intake.p99:.0f} ms", bar=f"<= {_INTAKE_P99} ms"
            )
            filed = _count(home, "api")
            held = intake.requests - intake.refused <= filed <= intake.sent
            figures.bar(
                "kept as acknowledged", held, figure=f"{filed:,} kept", bar=f"{intake.requests:,} to {intake.sent:,}"
            )
            arguments = (str(messages), str(THREADS))
            asked = wrk(server.url, "messages.lua", connections=wechat, seconds=seconds, arguments=arguments)
            _show(f"WeChat, sealed, {wechat} at once", asked)
            figures.bar(
                "WeChat p100",
                asked.max <= _WECHAT_SECONDS,
                figure=f"{asked.max:,.0f} ms",
                bar=f"<= {_WECHAT_SECONDS:,} ms",
            )
            figures.bar(
                "WeChat refused or broken",
                asked.refused + asked.broken == 0,
                figure=f"{asked.refused + asked.broken}",
                bar="0",
            )
            _compare_messages(home, messages, asked, different, figures)
            click.echo(f"  memory of the service at its peak: {server.peak_memory() / MIB:,.0f} MiB")
    click.echo(f"\nmissed: {'; '.join(figures.missed) or 'nothing'}")


def _show(what: str, load: Load) -> None:
    click.echo(
        f"  {what}: {load.requests:,} answers in {load.seconds:.0f} s, {load.rate:,.0f}/s; "
        f"p50 {load.p50:.0f} ms, p99 {load.p99:.0f} ms, p100 {load.max:.0f} ms; {load.refused} refused, {load.broken} broken"
    )


def _count(home: Path, channel: str) -> int:
    district = District(home)
    with district.records.read() as connection:
        statement = sa.select(sa.func.count()).select_from(store.CASES).where(store.CASES.c.channel == channel)
        found: int = connection.execute(statement).scalar_one()
    district.records.close()
    return found


def _compare_messages(home: Path, messages: Path, asked: Load, different: int, figures: Figures) -> None:
    """Each message is one case, however often it was delivered."""
    district = District(home)
    words, cases = store.WORDS.c, store.CASES.c
    with district.records.read() as connection:
        statement = sa.select(words.text).join(store.CASES, cases.case_id == words.case_id)
        bodies = connection.execute(statement.where(cases.channel == "wechat", words.place == "body")).scalars().all()
    district.records.close()
    times = Counter(match[0] for body in bodies if (match := _NUMBER.search(body)))
    doubled = sum(often > 1 for often in times.values())
    again = asked.requests - len(times)
    figures.bar(
        "WeChat messages doubled",
        doubled == 0 and again > 0,
        figure=f"{doubled} of {len(times):,}, with {again:,} repeats",
        bar="0",
    )
    lines = sum(1 for _ in messages.open(encoding="utf-8"))
    if asked.sent > lines:
        figures.bar("every message kept", len(times) == different, figure=f"{len(times):,}", bar=f"{different:,}")


if __name__ == "__main__":
    main()
