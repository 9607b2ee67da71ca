"""Hot topics of 4,326 real messages: found in time, against six sets fixed by keywords; and repeats of a new message."""

import time

import click
import numpy as np

from bench.appeals.data import MESSAGES
from bench.appeals.event_sets import SOUGHT, compare_groups, set_of
from bench.measuring import Figures, interleaved
from yunnao.capabilities.topics.events import find_events
from yunnao.capabilities.topics.hot import Topic, hot_topics
from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.repeats import prepare, similar
from yunnao.scenarios.appeals.message_files import read_messages

SECONDS_BAR = 10.0
TOP = 6
PRECISION_BAR, RECALL_BAR = 0.94, 0.65
RECENT = 20_000
QUERY_BAR = 0.05
_QUERIES = 100


def compare_topics(figures: Figures, repetitions: int) -> None:
    """Find the topics, compare, print."""
    topics: list[Topic] = []

    def find() -> None:
        topics[:] = hot_topics(read_messages(MESSAGES)[0])

    timing = interleaved({"topics": find}, repetitions)["topics"]
    figures.bar(
        "hot topics, from the file",
        timing.least <= SECONDS_BAR,
        figure=f"{timing.least:.1f} s (median {timing.median:.1f})",
        bar=f"<= {SECONDS_BAR:.0f} s",
    )
    messages, _ = read_messages(MESSAGES)
    named = {message.id: set_of(message) for message in messages}
    at = {name: _rank(topics, named, name) for name in SOUGHT}
    figures.bar(
        "sought events among the first topics",
        all(0 < rank <= TOP for rank in at.values()),
        figure=", ".join(f"{name} {rank or 'absent'}" for name, rank in at.items()),
        bar=f"each among {TOP}",
    )
    crowds = sorted((topic.citizens for topic in topics), reverse=True)
    by_citizens = {name: crowds.index(topics[rank - 1].citizens) + 1 for name, rank in at.items() if rank}
    click.echo(f"    by citizens alone: {', '.join(f'{name} {rank}' for name, rank in by_citizens.items())}")
    for topic in topics[:TOP]:
        click.echo(
            f"    {topic.rank}. {topic.title}  {topic.citizens} citizens, {topic.likes} likes, {topic.words[:4]}"
        )
    ordered = sorted(messages, key=lambda message: (message.day, message.id))
    groups = [[named[ordered[row].id] for row in group] for group in find_events(ordered).groups]
    found = compare_groups(groups)
    figures.bar(
        "pairs of the six sets",
        found.precision >= PRECISION_BAR and found.recall >= RECALL_BAR,
        figure=f"precision {found.precision:.3f}, recall {found.recall:.3f} (mean of the sets {found.mean_recall:.3f})",
        bar=f"precision >= {PRECISION_BAR} at recall >= {RECALL_BAR}",
    )
    click.echo("    " + ", ".join(f"{name} {most}/{size}" for name, (most, size) in found.largest.items()))
    _repeats(figures, messages)


def _rank(topics: list[Topic], named: dict[str, str], name: str) -> int:
    """The rank of the first topic that is mostly about a set; 0 if there is none."""
    for topic in topics:
        if sum(named[id_] == name for id_ in topic.messages) * 2 > len(topic.messages):
            return topic.rank
    return 0


def _repeats(figures: Figures, messages: list[Message]) -> None:
    """How long one new message takes against many recent ones."""
    many = [
        Message(id=f"{number}", citizen=m.citizen, day=m.day, title=m.title, body=m.body)
        for number in range(RECENT)
        for m in (messages[number % len(messages)],)
    ]
    recent = prepare(many[:-1]).extended(many[-1:])
    seconds = []
    for message in messages[:_QUERIES]:
        started = time.perf_counter()
        similar(message, recent)
        seconds.append(time.perf_counter() - started)
    median, worst = float(np.median(seconds)), max(seconds)
    figures.bar(
        f"repeats of one message among {RECENT:,}",
        median <= QUERY_BAR,
        figure=f"{median * 1e3:.0f} ms (slowest of {_QUERIES} {worst * 1e3:.0f})",
        bar=f"<= {QUERY_BAR * 1e3:.0f} ms",
    )
