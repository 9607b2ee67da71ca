"""Topics for other tools: what leaves the house holds no personal data."""

import datetime as dt

from yunnao.capabilities.topics.hot import hot_topics
from yunnao.capabilities.topics.messages import Message
from yunnao.scenarios.appeals.topic_pages import topic_json


def test_a_telephone_in_a_title_is_masked() -> None:
    day = dt.date(2026, 9, 1)
    title = "长江路路灯不亮，请打13800138000"
    messages = [Message(id=str(n), citizen=str(n), day=day, title=title, body="灯坏了", likes=0) for n in range(3)]
    (found,) = hot_topics(messages, top=1)
    written = topic_json(found)
    assert written["title"].startswith("长江路路灯不亮")
    assert "13800138000" not in str(written)
