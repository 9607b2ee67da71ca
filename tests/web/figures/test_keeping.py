"""Figures are computed beside the doors, kept whole, shown with their time, and computed again when they are old or damaged."""

import asyncio
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.web.service.officers.figures import TELEPHONE, fill
from tests.web.service.served import THURSDAY, make_district
from yunnao.app import District
from yunnao.house import House
from yunnao.scenarios.appeals.topic_places import KEPT
from yunnao.web.figures.computing import FOLDER, MEASURES, compute, main
from yunnao.web.figures.keeping import Keeper, read_measures, read_topics


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    found = District(make_district(tmp_path / "home"), lambda: THURSDAY, {})
    fill(found)
    yield found
    found.records.close()


def test_what_is_kept_says_when_and_holds_no_words_of_one_person(district: District) -> None:
    compute(district)
    topics, measures = read_topics(district.home), read_measures(district.home)
    assert topics is not None
    assert measures is not None
    assert topics.computed_at == measures.computed_at == THURSDAY
    assert measures.cases.height == topics.messages == 12
    assert [(topic["citizens"], len(topic["messages"])) for topic in topics.topics] == [(6, 6), (6, 6)]
    (noise,) = [topic for topic in topics.topics if "丽发新城" in topic["place"]]
    (parking,) = [topic for topic in topics.topics if topic is not noise]
    assert [people for _, _, people in noise["points"]] == [1] * 6
    assert (noise["without_coordinates"], parking["without_coordinates"]) == (0, 6)
    assert TELEPHONE not in (district.home / KEPT).read_text(encoding="utf-8")


def test_only_recent_appeals_and_the_newest_are_compared(district: District) -> None:
    settings = district.settings.figures.model_copy(update={"topic_days": 10})
    district.settings = district.settings.model_copy(update={"figures": settings})
    compute(district)
    topics = read_topics(district.home)
    assert topics is not None
    assert (topics.since, topics.cut) == (dt.date(2026, 9, 14), False)
    assert topics.messages == 0


def test_older_files_go_and_a_second_process_does_nothing(district: District) -> None:
    compute(district)
    (kept,) = (district.home / FOLDER).glob("cases-*.parquet")
    with FileLock(district.home / FOLDER / "figures.lock"):
        (district.home / FOLDER / MEASURES).write_text("{}", encoding="utf-8")
        compute(district)
        assert read_measures(district.home) is None
    later = District(district.home, lambda: THURSDAY + dt.timedelta(hours=1), {})
    compute(later)
    assert not kept.exists()
    assert len(list((district.home / FOLDER).glob("cases-*.parquet"))) == 1
    later.records.close()


def test_topics_of_words_that_are_blacked_out_are_gone_at_once_and_made_anew_without_them(district: District) -> None:
    compute(district)
    before = (district.home / KEPT).read_bytes()
    assert "丽发新城" in before.decode()
    centre = district.actors.actor("centre")
    for row in district.filed.texts("appeal"):
        for place in ("title", "body"):
            if "丽发新城" in row[place]:
                House(district).redact(row["case_id"], place, "丽发新城", centre, "应当事人要求")
    assert not (district.home / KEPT).exists()

    async def asking() -> None:
        (district.home / KEPT).write_bytes(before)  # as by a process that read the words before
        keeper = Keeper(district)
        assert await keeper.topics() is None
        while keeper.computing:
            await asyncio.sleep(0.05)
        assert await keeper.topics() is not None
        await keeper.stop()

    asyncio.run(asking())
    holding = [path for path in (district.home / FOLDER).rglob("*") if "丽发新城".encode() in path.read_bytes()]
    assert holding == []


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"computed_at": 5}', '{"computed_at": "2026-09-24"}'])
def test_a_damaged_file_is_as_none(district: District, damage: str) -> None:
    compute(district)
    for name in (MEASURES, "topics.json"):
        (district.home / FOLDER / name).write_text(damage, encoding="utf-8")
    assert read_measures(district.home) is None
    assert read_topics(district.home) is None


def test_they_are_computed_when_asked_for_and_again_only_when_old(district: District) -> None:
    moments = [THURSDAY]
    district.clock = lambda: moments[-1]

    async def asking() -> list[dt.datetime | None]:
        keeper, found = Keeper(district), []
        for minutes in (0, 0, 14, 15, 15):
            moments.append(THURSDAY + dt.timedelta(minutes=minutes))
            topics = await keeper.topics()
            found.append(topics.computed_at if topics else None)
            while keeper.computing:
                await asyncio.sleep(0.05)
        assert keeper.problem == ""
        return found

    late = THURSDAY + dt.timedelta(minutes=15)
    assert asyncio.run(asking()) == [None, THURSDAY, THURSDAY, THURSDAY, late]


def test_why_it_failed_is_a_sentence_and_it_is_tried_again_after_a_minute(district: District) -> None:
    (district.home / "working_days.yaml").write_text("years: no\n", encoding="utf-8")
    moments = [THURSDAY]
    district.clock = lambda: moments[-1]

    async def asking() -> None:
        keeper = Keeper(district)
        assert await keeper.measures() is None
        while keeper.computing:
            await asyncio.sleep(0.05)
        assert "工作日历" in keeper.problem
        await keeper.measures()
        assert not keeper.computing
        moments.append(THURSDAY + dt.timedelta(minutes=1))
        await keeper.measures()
        assert keeper.computing
        await keeper.stop()

    asyncio.run(asking())


def test_the_process_ends_with_a_sentence_where_there_is_no_district(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "nice", lambda _: 0)  # not this process
    assert main(str(tmp_path)) == 3
    assert "不是一个区的目录" in capsys.readouterr().err
