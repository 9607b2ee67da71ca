"""Appeals on real messages: classified, grouped, searched, against their bars."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.appeals.classification import compare_classification
from bench.appeals.data import absent
from bench.appeals.topics import compare_topics
from bench.measuring import Figures, heading


def compare(figures: Figures, repetitions: int) -> None:
    """Measure and print; one line where the data is not at hand."""
    heading("6. Appeals: classification and hot topics on real messages")
    if reason := absent():
        click.echo(f"  {reason}")
        return
    with TemporaryDirectory() as name:
        compare_classification(figures, repetitions, Path(name))
    compare_topics(figures, repetitions)
