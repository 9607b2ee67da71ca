"""Repeats of a new message among recent ones."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.capabilities.topics.sample import DAY, message, sample
from yunnao.capabilities.topics import repeats
from yunnao.capabilities.topics.repeats import prepare, similar

NEW = message(
    "N1", "槐荫里小区烧烤店油烟没人管", "槐荫里小区烧烤店的油烟又来了。", citizen="C2005", day=dt.date(2024, 6, 20)
)


def test_the_same_matter_is_suggested_with_its_evidence() -> None:
    found = similar(NEW, prepare(sample()))
    titles = {m.id: m for m in sample()}
    assert found
    assert all("槐荫里" in titles[candidate.message].title for candidate in found)
    first = found[0]
    assert "槐荫里" in first.place + "".join(first.words)
    assert first.days == (NEW.day - titles[first.message].day).days
    assert first.same_citizen == (titles[first.message].citizen == NEW.citizen)
    assert [c.likeness for c in found] == sorted((c.likeness for c in found), reverse=True)


def test_the_same_text_is_wholly_alike_and_itself_never_suggested() -> None:
    old = sample()[0]
    found = similar(replace(old, id="copy"), prepare(sample()))
    assert (found[0].message, found[0].likeness, found[0].same_citizen, found[0].days) == (old.id, 1.0, True, 0)
    assert old.id not in [candidate.message for candidate in similar(old, prepare(sample()))]


def test_too_long_ago_is_no_repeat() -> None:
    late = replace(NEW, day=NEW.day + dt.timedelta(days=400))
    assert similar(late, prepare(sample())) == []
    assert similar(late, prepare(sample()), within=500)


def test_added_messages_are_found_at_once() -> None:
    recent = prepare(sample())
    added = message("X1", "星河湾地下车库渗水", "星河湾地下车库渗水严重", day=DAY)
    again = message("X2", "星河湾地下车库又渗水", "星河湾地下车库渗水没有修", day=DAY)
    assert similar(again, recent) == []
    grown = recent.extended([added])
    assert recent.messages == tuple(sample())
    assert grown.extended([]) is grown
    assert [candidate.message for candidate in similar(again, grown)] == ["X1"]
    assert [candidate.message for candidate in similar(again, prepare([]).extended([added]))] == ["X1"]


def test_a_grown_index_answers_as_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "_TAIL", 10)
    grown = prepare(sample()[:60])
    for start in range(60, len(sample()), 7):
        grown = grown.extended(sample()[start : start + 7])
    assert grown.messages == tuple(sample())
    again = grown.extended([NEW] * 11)
    assert similar(NEW, again) == similar(NEW, prepare([*sample(), *[NEW] * 11]))


def test_nothing_to_search() -> None:
    assert similar(NEW, prepare([])) == []
    assert similar(message("E", ""), prepare(sample())) == []
