"""Hot topics: what the sample speaks of, how they rank, and that order of the file, floods and likes do not matter much."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.topics.sample import DAY, message, sample
from yunnao.capabilities.topics.events import find_events
from yunnao.capabilities.topics.hot import hot_topics
from yunnao.capabilities.topics.messages import Message

SMOKE, STORE = "槐荫里", "望江名邸"


def test_the_two_events_of_the_sample_lead() -> None:
    first, second = hot_topics(sample())[:2]
    assert SMOKE in first.title + first.place
    assert any("烧烤" in word or "油烟" in word for word in first.words)
    assert second.place == "" or STORE in second.title
    assert any(STORE in word for word in second.words)
    titles = {m.id: m.title for m in sample()}
    assert sum(SMOKE in titles[id_] for id_ in first.messages) == 7
    assert sum(STORE in titles[id_] for id_ in second.messages) == 5


def test_ranks_days_and_trend_agree_with_the_messages() -> None:
    days = {m.id: m.day for m in sample()}
    citizens = {m.id: m.citizen for m in sample()}
    topics = hot_topics(sample())
    assert [topic.rank for topic in topics] == list(range(1, len(topics) + 1))
    assert [t.score for t in topics] == sorted((t.score for t in topics), reverse=True)
    for topic in topics:
        assert topic.citizens == len({citizens[id_] for id_ in topic.messages}) > 1
        assert (topic.first, topic.last) == (days[topic.messages[0]], days[topic.messages[-1]])
        assert sum(topic.trend.values()) == len(topic.messages)
        assert list(topic.trend) == sorted(topic.trend)


def test_the_order_of_the_file_does_not_matter() -> None:
    mixed = sample()
    random.Random(3).shuffle(mixed)
    assert hot_topics(mixed) == hot_topics(sample())


def test_one_busy_writer_is_one_citizen() -> None:
    flood = [message(f"F{n}", "柳溪桥头垃圾成堆没有人清运", "柳溪桥头垃圾成堆", citizen="one") for n in range(30)]
    topics = hot_topics([*sample(), *flood])
    assert all("柳溪桥" not in topic.title for topic in topics)
    second = message("F31", "柳溪桥头垃圾成堆没有人清运", "柳溪桥头垃圾成堆", citizen="two")
    found = next(t for t in hot_topics([*sample(), *flood, second]) if "柳溪桥" in t.title)
    assert (found.citizens, len(found.messages)) == (2, 31)


def test_likes_at_most_double() -> None:
    liked = [replace(m, likes=10**6) if STORE in m.title else m for m in sample()]
    first = hot_topics(liked)[0]
    assert STORE in first.title
    assert first.score == 2 * first.citizens


def test_long_events_are_told_by_month() -> None:
    spread = [
        message(f"L{n}", "青石湖渡口渡船超员", "青石湖渡口的渡船超员", day=DAY + dt.timedelta(days=61 * n))
        for n in range(5)
    ]
    topic = hot_topics([*sample(), *spread])[0:3]
    found = next(t for t in topic if "青石湖" in t.title)
    assert found.period == "month"
    assert set(found.trend) >= {dt.date(2024, 5, 1), dt.date(2024, 6, 1)}
    assert list(found.trend.values()).count(0) >= 3


@pytest.mark.parametrize("given_messages", [[], [message("1", "")], [message("1", "", ""), message("2", "", "")]])
def test_nothing_to_say_is_no_topic(given_messages: list[Message]) -> None:
    assert hot_topics(given_messages) == []


_ANY = st.builds(
    message,
    st.uuids().map(str),
    st.text(st.sampled_from("青禾路小区油烟噪音1，"), max_size=12),
    st.text(max_size=20),
    citizen=st.sampled_from(["a", "b", "c"]),
    day=st.dates(dt.date(2023, 1, 1), dt.date(2024, 12, 31)),
    likes=st.integers(0, 10**7),
)


@settings(max_examples=60)
@given(st.lists(_ANY, max_size=12, unique_by=lambda m: m.id))
def test_every_message_is_in_exactly_one_event(messages: list[Message]) -> None:
    groups = find_events(messages).groups
    assert sorted(int(row) for group in groups for row in group) == list(range(len(messages)))
    for topic in hot_topics(messages):
        assert topic.citizens <= topic.score <= 2 * topic.citizens
