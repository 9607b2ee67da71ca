"""Hot topics for officers: the list with its map, and each topic with its trend, its map and its appeals.

A department sees the topics in which it has or co-handles an appeal; what they are called, and the points on their own maps, are of
these appeals. Of the others it sees how many there are.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.access.actors import Actor
from yunnao.access.scope import sees_everything
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.holding import held
from yunnao.scenarios.appeals.topic_places import part_of, written_from
from yunnao.web.figures.keeping import Keeper
from yunnao.web.service.desk import FLOW, Desk
from yunnao.web.service.officers import topic_views as views
from yunnao.web.service.officers.figure_words import figure_labels
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.signed_in import FOLDER, signed_in
from yunnao.web.service.pages import language

_LISTED = 20
_MESSAGES = 100


class TopicsPage:
    """The handlers of these pages."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper

    def routes(self) -> list[Route]:
        """Every page."""
        return [
            Route(f"{FOLDER}/topics", self.topics, methods=["GET"]),
            Route(f"{FOLDER}/topics/{{id}}", self.topic, methods=["GET"]),
        ]

    async def topics(self, request: Request) -> Response:
        """The topics of most citizens."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        figures = await self._keeper.topics()
        if figures is None:
            return waiting_page(request, officer, self._keeper, "topics")
        said = figure_labels(language(request))
        topics, titles = await run_in_threadpool(self._listed, officer.actor, figures.topics)
        listed = [
            {"topic": topic, "title": title, "spark": views.spark(topic, title, said)}
            for topic in topics
            for title in [views.topic_title(topic, titles)]
        ]
        return officer_page(
            request,
            officer,
            "topics.html",
            here="topics",
            say=said,
            figures=figures,
            time=freshness(figures.computed_at, self._keeper),
            listed=listed,
            map=views.map_of_topics(topics, titles, _link(request), said),
        )

    async def topic(self, request: Request) -> Response:
        """One topic."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        figures = await self._keeper.topics()
        if figures is None:
            return waiting_page(request, officer, self._keeper, "topics")
        said, tongue = figure_labels(language(request)), language(request)
        id_ = request.path_params["id"]
        topic = next((each for each in figures.topics if id_ in each["messages"]), None)
        rows = await run_in_threadpool(self._desk.cases.texts, FLOW, among=topic["messages"]) if topic else []
        mine = await run_in_threadpool(self._own, officer.actor, topic["messages"]) if topic else set()
        own = [row for row in rows if row["case_id"] in mine]
        if topic is None or not (own or sees_everything(officer.actor)):
            return officer_page(request, officer, "no_topic.html", 404, here="topics", say=said)
        if not sees_everything(officer.actor):
            topic = part_of(topic, [written_from(row) for row in own])
        title = views.topic_title(topic, {row["case_id"]: row["title"] for row in rows})
        flow, departments = self._desk.flow, self._desk.district.departments
        states, held = views.standings(rows, flow, departments, tongue, said.nobody)
        messages = [views.shown(row, flow, departments, tongue, said.nobody) for row in own[::-1][:_MESSAGES]]
        return officer_page(
            request,
            officer,
            "topic.html",
            here="topics",
            say=said,
            time=freshness(figures.computed_at, self._keeper),
            topic=topic,
            title=title,
            trend=views.trend(topic, title, said),
            map=views.map_of_messages(topic, title, said),
            states=states,
            departments=held,
            messages=messages,
            others=len(rows) - len(own),
            more=len(own) > len(messages),
        )

    def _own(self, actor: Actor, numbers: Collection[str]) -> set[str]:
        """Those of these appeals that an officer may open."""
        if sees_everything(actor):
            return set(numbers)
        with self._desk.district.records.read() as connection:
            return held(connection, actor.department or "", numbers)

    def _listed(
        self, actor: Actor, topics: Sequence[Mapping[str, Any]]
    ) -> tuple[list[Mapping[str, Any]], dict[str, str]]:
        """The first topics of those in which an officer may open an appeal, and the titles of the appeals that they are called by."""
        mine = self._own(actor, {number for topic in topics for number in topic["messages"]})
        seen = [topic for topic in topics if not mine.isdisjoint(topic["messages"])][:_LISTED]
        called = [
            topic if topic["typical"] in mine else {**topic, "typical": next(n for n in topic["messages"] if n in mine)}
            for topic in seen
        ]
        rows = self._desk.cases.texts(FLOW, among={topic["typical"] for topic in called})
        return called, {row["case_id"]: row["title"] for row in rows}


def _link(request: Request) -> Callable[[str], str]:
    return lambda path: f"{path}?lang=en" if language(request) == "en" else path


def freshness(computed_at: dt.datetime, keeper: Keeper) -> dict[str, Any]:
    """When figures were computed, whether newer ones are on their way, and why the last attempt failed."""
    return {
        "computed": views.when(computed_at, CHINA),
        "computing": keeper.computing,
        "problem": keeper.problem,
    }


def waiting_page(request: Request, officer: Any, keeper: Keeper, here: str) -> Response:
    """What is shown until figures have been computed for the first time."""
    said = figure_labels(language(request))
    return officer_page(request, officer, "figures_wait.html", here=here, say=said, problem=keeper.problem)
