"""Topics as pages show them: titles and excerpts masked, charts drawn. Pure functions of what is kept and what is read."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from yunnao.capabilities.personal_data import masked
from yunnao.kernel.text import Language, Text
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.web.charts.point_map import Point, frame_of, point_map
from yunnao.web.charts.trends import Period, sparkline, trend_chart

EXCERPT = 120
_NAME = 10
"""Characters of a place beside its point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, and the same figures as a table: heads, rows, and remarks that belong below it."""

    picture: Markup
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many appeals are in a state, or with a department."""

    title: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of a topic as it is listed."""

    case_id: str
    title: str
    excerpt: str
    opened_on: str
    state: str
    department: str


def topic_title(topic: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The title of its typical message, masked; the place, or the words in common, where that message is gone."""
    title = masked(titles.get(topic["typical"], "")).strip()
    return title or topic["place"] or "、".join(topic["words"]) or topic["id"]


def spark(topic: Mapping[str, Any], title: str, said: SimpleNamespace) -> Markup:
    """The trend of a topic, small."""
    values = [count for _, count in topic["trend"]]
    return sparkline(f"spark-{topic['rank']}", said.trend_of.format(title=title), _trend_words(topic, said), values)


def _trend_words(topic: Mapping[str, Any], said: SimpleNamespace) -> str:
    most = max(count for _, count in topic["trend"])
    text: str = said.trend_description.format(first=topic["first_day"], last=topic["last_day"], most=most)
    return text


def trend(topic: Mapping[str, Any], title: str, said: SimpleNamespace, id_: str = "trend") -> Chart:
    """The trend of a topic by week or month; ``id_`` is unique in the page."""
    weekly = topic["period"] == "week"
    named = [(day[5:] if weekly else day[:7], day if weekly else day[:7], count) for day, count in topic["trend"]]
    periods = [Period(name=short, value=count, text=str(count)) for short, _, count in named]
    unit = said.trend_week if weekly else said.trend_month
    drawn = trend_chart(id_, said.trend_of.format(title=title), _trend_words(topic, said), periods, unit=unit)
    rows = [(name, str(count)) for _, name, count in named]
    return Chart(picture=drawn, heads=(said.week if weekly else said.month, said.messages), rows=rows)


def map_of_topics(
    topics: Sequence[Mapping[str, Any]], titles: Mapping[str, str], link: Callable[[str], str], said: SimpleNamespace
) -> Chart | None:
    """Every topic that has coordinates, at the middle of its points; none if no topic has any."""
    placed = [topic for topic in topics if topic["points"]]
    if not placed:
        return None
    points = [
        Point(
            latitude=median(latitude for latitude, _, _ in topic["points"]),
            longitude=median(longitude for _, longitude, _ in topic["points"]),
            size=topic["citizens"],
            mark=str(topic["rank"]),
            name=topic["place"][:_NAME],
            link=link(f"/desk/topics/{topic['id']}"),
        )
        for topic in placed
    ]
    rows = [
        (
            str(topic["rank"]),
            topic_title(topic, titles),
            f"{point.latitude:.4f}",
            f"{point.longitude:.4f}",
            str(point.size),
        )
        for topic, point in zip(placed, points, strict=True)
    ]
    left = len(topics) - len(placed)
    notes = [said.map_topics_without.format(n=left)] if left else []
    heads = (said.rank, said.topic, said.latitude, said.longitude, said.citizens)
    return _map("map", said.map_all, said.map_all_lead, points, heads, rows, notes, said)


def map_of_messages(topic: Mapping[str, Any], title: str, said: SimpleNamespace) -> Chart | None:
    """Where a topic's messages are; none if none of them has coordinates."""
    if not topic["points"]:
        return None
    points = [
        Point(
            latitude=latitude,
            longitude=longitude,
            size=people,
            mark=str(people) if people > 1 else "",
            name=topic["place"][:_NAME] if number == 0 else "",
        )
        for number, (latitude, longitude, people) in enumerate(topic["points"])
    ]
    rows = [(f"{point.latitude:.4f}", f"{point.longitude:.4f}", str(point.size)) for point in points]
    without = topic["without_coordinates"]
    notes = [said.map_some.format(n=without)] if without else []
    heads = (said.latitude, said.longitude, said.citizens)
    return _map("map", title, said.map_one_lead, points, heads, rows, notes, said)


def _map(
    id_: str,
    title: str,
    description: str,
    points: Sequence[Point],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
    said: SimpleNamespace,
) -> Chart:
    frame = frame_of(points)
    far = sum(not frame.holds(point) for point in points)
    drawn = point_map(id_, title, description, points, frame, said.north)
    return Chart(picture=drawn, heads=heads, rows=rows, notes=[*notes, *([said.map_far.format(n=far)] if far else [])])


def standings(
    rows: Sequence[Mapping[str, Any]], flow: FiledFlow, departments: Mapping[str, Text], language: Language, nobody: str
) -> tuple[list[Standing], list[Standing]]:
    """How many of these cases are in each state and with each department, in the flow's order and the most first."""
    states = Counter(row["state"] for row in rows)
    by_state = [
        Standing(title=_state(flow, state, language), count=states[state])
        for state in sorted(states, key=lambda state: [*flow.states, state].index(state))
    ]
    held = Counter(row["department"] for row in rows)
    by_department = [
        Standing(title=_department(departments, id_, language, nobody), count=count)
        for id_, count in held.most_common()
    ]
    return by_state, by_department


def shown(
    row: Mapping[str, Any], flow: FiledFlow, departments: Mapping[str, Text], language: Language, nobody: str
) -> Shown:
    """A message as it is listed; masked before it is cut, so that no half of a number stays legible."""
    body = " ".join(masked(row["body"]).split())
    return Shown(
        case_id=row["case_id"],
        title=masked(row["title"]),
        excerpt=body if len(body) <= EXCERPT else f"{body[:EXCERPT]}…",
        opened_on=row["opened_on"],
        state=_state(flow, row["state"], language),
        department=_department(departments, row["department"], language, nobody),
    )


def when(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """A time of day as pages show it."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _state(flow: FiledFlow, state: str, language: Language) -> str:
    if state not in flow.states:
        return state
    title = flow.states[state].title
    return title.zh if language == "zh" else title.en


def _department(departments: Mapping[str, Text], id_: str | None, language: Language, nobody: str) -> str:
    if id_ is None:
        return nobody
    return departments[id_].in_(language) if id_ in departments else id_
