"""Every comparison in turn, then what was missed."""

import platform
import sys
import time

import click

from bench.appeals.comparison import compare as compare_appeals
from bench.appeals.measures import compare as compare_measures
from bench.country.comparison import compare as compare_country
from bench.drg.comparison import compare as compare_drg
from bench.enterprises.changed import compare as compare_changed
from bench.enterprises.command import compare as compare_command
from bench.enterprises.comparison import compare as compare_enterprises
from bench.enterprises.one_subject import compare as compare_one
from bench.measuring import Figures

COMPARISONS = {
    "country": compare_country,
    "enterprises": compare_enterprises,
    "changed": compare_changed,
    "one": compare_one,
    "command": compare_command,
    "appeals": compare_appeals,
    "measures": compare_measures,
    "drg": compare_drg,
}


@click.command()
@click.option("--only", type=click.Choice(list(COMPARISONS)), multiple=True, help="Only these comparisons.")
@click.option("--repetitions", default=5, show_default=True, help="How often each side is timed.")
def main(only: tuple[str, ...], repetitions: int) -> None:
    """Time this project's engines beside others; print least and median times, ratios, and each figure against its bar."""
    started = time.perf_counter()
    click.echo(f"Python {platform.python_version()}, {platform.machine()}; ratios hold within one run, seconds do not.")
    figures = Figures()
    for name, compare in COMPARISONS.items():
        if not only or name in only:
            compare(figures, repetitions)
    click.echo(f"\n{time.perf_counter() - started:.0f} s in all; missed: {'; '.join(figures.missed) or 'nothing'}")
    if figures.wrong:
        sys.exit(f"wrong results: {'; '.join(figures.wrong)}")
