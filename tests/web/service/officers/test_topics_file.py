"""The page of topics in a file: whole in itself, masked, with the map and a trend of each topic."""

import datetime as dt
import re

from yunnao.capabilities.topics.hot import hot_topics
from yunnao.capabilities.topics.messages import Message
from yunnao.scenarios.appeals.topic_places import Written
from yunnao.web.service.officers.topics_file import topics_page


def written(place: tuple[float, float] | None) -> dict[str, Written]:
    return {
        str(number): Written(
            Message(
                id=str(number),
                citizen=str(number),
                day=dt.date(2026, 1, 1 + 9 * number),
                title="丽发新城搅拌站噪音<b>，电话13812345678",
                body="丽发新城小区搅拌站噪音扰民",
            ),
            place,
        )
        for number in range(3)
    }


def test_the_page_is_whole_in_itself_and_masked() -> None:
    messages = written((36.0, 120.0))
    text = topics_page(hot_topics([each.message for each in messages.values()]), messages)
    assert "3 位市民" in text
    assert "138****5678" in text
    assert "13812345678" not in text
    assert "<b>，" not in text
    assert text.count('class="map"') == 1
    assert 'href="#0"' in text
    assert text.count('class="chart"') == 1
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text) == []


def test_without_coordinates_it_says_so() -> None:
    messages = written(None)
    text = topics_page(hot_topics([each.message for each in messages.values()]), messages)
    assert 'class="map"' not in text
    assert "都没有坐标" in text
    assert "0 件诉求" in topics_page([], {})
