"""Hot topics as one page that works from a file, without a network, a sign-in or a script."""

from collections.abc import Mapping, Sequence

from yunnao.capabilities.topics.hot import Topic
from yunnao.scenarios.appeals.topic_places import Written, kept
from yunnao.web.engine import engine, inside
from yunnao.web.service.officers import topic_views as views
from yunnao.web.service.officers.figure_words import figure_labels

_STYLES = ("dictionary.css", "charts.css")


def topics_page(topics: Sequence[Topic], written: Mapping[str, Written]) -> str:
    """The page, in Chinese; titles are masked.

    Args:
        written: number -> message, of all that were compared.
    """
    said = figure_labels("zh")
    titles = {each.message.id: each.message.title or each.message.body[: views.EXCERPT] for each in written.values()}
    documents, listed = kept(topics, written), []
    for topic in documents:
        title = views.topic_title(topic, titles)
        listed.append(
            {"topic": topic, "title": title, "trend": views.trend(topic, title, said, f"trend-{topic['rank']}")}
        )
    environment = engine("figures")
    return environment.get_template("topics.html").render(
        say=said,
        listed=listed,
        since=min((each.message.day for each in written.values()), default="—"),
        count=len(written),
        map=views.map_of_topics(documents, titles, _inside, said),
        styles=inside(*_STYLES),
    )


def _inside(path: str) -> str:
    return f"#{path.rsplit('/', 1)[-1]}"
