"""Where a topic's messages are: points by citizens, and coordinates that are none."""

import datetime as dt

import pytest

from yunnao.capabilities.topics.hot import hot_topics
from yunnao.capabilities.topics.messages import Message
from yunnao.scenarios.appeals.topic_places import Written, kept, located, read_coordinates, written_from


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("36.0671,120.3826", (36.0671, 120.3826)),
        (" 36 , 120 ", (36.0, 120.0)),
        ("", None),
        ("36.1", None),
        ("36,120,5", None),
        ("north,east", None),
        ("91,120", None),
        ("36,181", None),
        ("nan,120", None),
        ("inf,120", None),
    ],
)
def test_coordinates_are_a_place_on_earth_or_none(text: str, read: tuple[float, float] | None) -> None:
    assert read_coordinates(text) == read


def test_citizens_at_one_point_count_once_each() -> None:
    places = [(36.00001, 120.0), (36.00002, 120.0), (36.00001, 120.0), (36.5, 120.0), None]
    written = {
        str(number): Written(
            Message(
                id=str(number),
                citizen=citizen,
                day=dt.date(2026, 1, 1 + number),
                title="丽发新城搅拌站噪音",
                body="丽发新城小区搅拌站噪音扰民",
            ),
            place,
        )
        for number, (citizen, place) in enumerate(zip("aabbc", places, strict=True))
    }
    (topic,) = hot_topics([each.message for each in written.values()])
    assert located(written[id_] for id_ in topic.messages) == [(36.0, 120.0, 2), (36.5, 120.0, 1)]
    (document,) = kept([topic], written)
    assert (document["id"], document["without_coordinates"], document["citizens"]) == ("0", 1, 3)
    assert document["typical"] in written
    assert not any("搅拌站噪音" in str(value) for name, value in document.items() if name not in ("words", "place"))


def test_a_row_becomes_a_message_whose_person_is_a_hash_or_nobody_else() -> None:
    row = {
        "case_id": "SQ1",
        "contact_sha256": None,
        "opened_on": "2026-01-02",
        "title": "t",
        "body": "b",
        "attributes": '{"coordinates":"36,120"}',
    }
    assert written_from(row).message.citizen == "SQ1"
    assert written_from(row | {"contact_sha256": "ab"}).message.citizen == "ab"
    assert written_from(row).coordinates == (36.0, 120.0)
    assert written_from(row | {"attributes": "{}"}).coordinates is None
