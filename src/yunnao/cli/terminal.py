"""What commands share at the terminal: progress, tables, and the home argument."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from yunnao.kernel.moment import parse_instant

home_argument = click.argument("home", type=click.Path(path_type=Path))


class Day(click.ParamType[dt.date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """See `click.ParamType`."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} 不是日期；请写成 2023-06-30 这样", param, ctx)


class Instant(click.ParamType[dt.datetime]):
    """A time written in ISO form; a bare date is the end of that day."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """See `click.ParamType`."""
        if isinstance(value, dt.datetime):
            return value
        try:
            return parse_instant(value)
        except ValueError:
            self.fail(f"{value!r} 不是时间；请写成 2023-06-30T12:00:00 这样", param, ctx)


as_of_option = click.option("--as-of", type=Day(), help="哪一天的事实和政策（默认今天） the day decided about")


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on standard error: call what is yielded with a message and the share done (0 to 1).

    It is gone when the work is done, and is not there at all if standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield lambda message, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)

        def advance(message: str, share: float) -> None:
            bar.update(task, description=f"{title} {message}", completed=share)

        yield advance


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output; plain tab-separated lines when it is not a terminal."""
    if not sys.stdout.isatty():
        for row in (header, *rows):
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left", header_style="bold")
    for name in header:
        drawn.add_column(name)
    for row in rows:
        drawn.add_row(*row)
    Console().print(drawn)
