"""热点: the events that move most citizens, ranked so that neither one busy writer nor a click can push one up."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from yunnao.capabilities.topics.events import Events, find_events
from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.phrases import phrase_counts, telling_phrases
from yunnao.capabilities.topics.places import shared_name
from yunnao.capabilities.topics.vectors import BODY

LIKES_OF_A_CITIZEN = 100
"""So many likes weigh as one citizen who wrote; all likes together never more than all the citizens."""

_WEEKLY_DAYS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One event that several citizens wrote about.

    Attributes:
        rank: from 1.
        typical: id of the message that is most like the others.
        title: of that message.
        place: the place that most of its messages name, or ``""``.
        citizens: how many different people wrote.
        messages: ids, oldest first.
        first, last: days of its first and last message.
        period: ``"week"`` (named by its Monday) or ``"month"`` (by its first day), whichever suits its span.
        trend: every period from first to last -> messages in it, none left out.
        likes: of all its messages.
        score: citizens, and likes as far as they count.
        words: phrases that its titles share and others do not.
    """

    rank: int
    typical: str
    title: str
    place: str
    citizens: int
    messages: tuple[str, ...]
    first: dt.date
    last: dt.date
    period: str
    trend: dict[dt.date, int]
    likes: int
    score: float
    words: tuple[str, ...]


def hot_topics(
    messages: Sequence[Message], *, top: int = 20, advance: Callable[[str, float], None] = lambda *_: None
) -> list[Topic]:
    """The ``top`` events by score; events of one citizen alone are none, however often they wrote.

    Args:
        messages: in any order.
        top: how many at most.
        advance: told what is being done and the share done.
    """
    ordered = sorted(messages, key=lambda message: (message.day, message.id))
    advance("比较文字和地点 comparing", 0.0)
    events = find_events(ordered)
    advance("排名 ranking", 0.8)
    everywhere = phrase_counts(message.title for message in ordered)
    ranked = []
    for number, group in enumerate(events.groups):
        citizens = len({ordered[row].citizen for row in group})
        if citizens > 1:
            likes = sum(max(ordered[row].likes, 0) for row in group)
            ranked.append((citizens + min(likes / LIKES_OF_A_CITIZEN, citizens), citizens, number))
    ranked.sort(key=lambda found: (-found[0], -found[1], found[2]))
    return [
        _topic(place, score, events, number, ordered, everywhere)
        for place, (score, _, number) in enumerate(ranked[:top], start=1)
    ]


def _topic(
    rank: int, score: float, events: Events, number: int, ordered: Sequence[Message], everywhere: Counter[str]
) -> Topic:
    group = events.groups[number]
    members = [ordered[row] for row in group]
    vectors = events.vectors[group]
    typical = members[int(np.asarray(vectors @ vectors.sum(axis=0).T).ravel().argmax())]
    period, trend = _trend([member.day for member in members])
    return Topic(
        rank=rank,
        typical=typical.id,
        title=typical.title or typical.body[:30],
        place=shared_name([f"{member.title}。{member.body[:BODY]}" for member in members]),
        citizens=len({member.citizen for member in members}),
        messages=tuple(member.id for member in members),
        first=members[0].day,
        last=members[-1].day,
        period=period,
        trend=trend,
        likes=sum(max(member.likes, 0) for member in members),
        score=round(score, 2),
        words=telling_phrases([member.title for member in members], everywhere, len(ordered)),
    )


def _trend(days: Sequence[dt.date]) -> tuple[str, dict[dt.date, int]]:
    weekly = (days[-1] - days[0]).days <= _WEEKLY_DAYS

    def start(day: dt.date) -> dt.date:
        return day - dt.timedelta(days=day.weekday()) if weekly else day.replace(day=1)

    counts = Counter(map(start, days))
    trend, day = {}, start(days[0])
    while day <= days[-1]:
        trend[day] = counts[day]
        day = start(day + dt.timedelta(days=7 if weekly else 31))
    return ("week" if weekly else "month"), trend
