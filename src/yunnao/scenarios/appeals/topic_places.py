"""Where the messages of a topic are: points on a map with the citizens who wrote from there, and what has no coordinates."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yunnao.capabilities.topics.hot import Topic
from yunnao.capabilities.topics.messages import Message

KEPT = "appeals/topics.json"
"""Where a district's home keeps its topics."""
_DIGITS = 4
"""Decimal places by which two messages are from one point: about ten metres."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message and where it says it is; ``coordinates``: WGS84 latitude and longitude in degrees."""

    message: Message
    coordinates: tuple[float, float] | None


def read_coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude as the attribute `coordinates` holds them; none if that is no place on earth."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def written_from(row: Mapping[str, Any]) -> Written:
    """A message from a row of `FiledCases.texts`; a person is one by the hash of their contact."""
    coordinates = json.loads(row["attributes"]).get("coordinates")
    message = Message(
        id=row["case_id"],
        citizen=row["contact_sha256"] or row["case_id"],
        day=dt.date.fromisoformat(row["opened_on"]),
        title=row["title"],
        body=row["body"],
    )
    return Written(message, read_coordinates(str(coordinates)) if coordinates else None)


def located(written: Iterable[Written]) -> list[tuple[float, float, int]]:
    """Latitude, longitude and how many different citizens, of every point that messages are at; the most citizens first."""
    citizens: dict[tuple[float, float], set[str]] = defaultdict(set)
    for each in written:
        if each.coordinates is not None:
            latitude, longitude = each.coordinates
            citizens[round(latitude, _DIGITS), round(longitude, _DIGITS)].add(each.message.citizen)
    points = [(latitude, longitude, len(people)) for (latitude, longitude), people in citizens.items()]
    return sorted(points, key=lambda point: (-point[2], point))


def part_of(topic: Mapping[str, Any], own: Sequence[Written]) -> dict[str, Any]:
    """A topic as `kept` has it, as those see it who may read some of its messages alone: what it is called and its map are of these, the
    rest are counts.

    Args:
        own: those messages, at least one, the oldest first.
    """
    numbers = {each.message.id for each in own}
    return {
        **topic,
        "typical": topic["typical"] if topic["typical"] in numbers else own[0].message.id,
        "points": [list(point) for point in located(own)],
        "without_coordinates": sum(each.coordinates is None for each in own),
    }


def kept(topics: Iterable[Topic], written: Mapping[str, Written]) -> list[dict[str, Any]]:
    """Topics as plain values to be kept in a file. No words that one person wrote are among them: titles are looked up when shown.

    Returns:
        id (the number of its oldest message), rank, typical, place, citizens, messages, first_day, last_day, period, trend (pairs),
        likes, words, points, without_coordinates.
    """
    documents = []
    for topic in topics:
        points = located(written[id_] for id_ in topic.messages)
        documents.append(
            {
                "id": topic.messages[0],
                "rank": topic.rank,
                "typical": topic.typical,
                "place": topic.place,
                "citizens": topic.citizens,
                "messages": list(topic.messages),
                "first_day": topic.first.isoformat(),
                "last_day": topic.last.isoformat(),
                "period": topic.period,
                "trend": [[day.isoformat(), count] for day, count in topic.trend.items()],
                "likes": topic.likes,
                "words": list(topic.words),
                "points": [list(point) for point in points],
                "without_coordinates": sum(written[id_].coordinates is None for id_ in topic.messages),
            }
        )
    return documents
