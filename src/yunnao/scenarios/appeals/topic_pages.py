"""Topics as JSON, for pages and other tools; titles are of one person each, so personal data in them is masked."""

from typing import Any

from yunnao.capabilities.personal_data import masked
from yunnao.capabilities.topics.hot import Topic


def topic_json(topic: Topic) -> dict[str, Any]:
    """A topic as plain values: days as ISO text, the trend as a list of periods."""
    return {
        "rank": topic.rank,
        "title": masked(topic.title),
        "place": topic.place,
        "citizens": topic.citizens,
        "messages": list(topic.messages),
        "first_day": topic.first.isoformat(),
        "last_day": topic.last.isoformat(),
        "period": topic.period,
        "trend": [{"from": day.isoformat(), "messages": count} for day, count in topic.trend.items()],
        "likes": topic.likes,
        "score": topic.score,
        "words": list(topic.words),
    }
