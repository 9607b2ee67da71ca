"""Hot topics for officers: the list with its map, and each topic with its trend, its map and its appeals."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.access.scope import may_see
from yunnao.kernel.moment import CHINA
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
        topics = figures.topics[:_LISTED]
        titles = await self._titles({topic["typical"] for topic in topics})
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
        if topic is None:
            return officer_page(request, officer, "no_topic.html", 404, here="topics", say=said)
        rows = await run_in_threadpool(self._desk.cases.texts, FLOW, among=topic["messages"])
        title = views.topic_title(topic, {row["case_id"]: row["title"] for row in rows})
        flow, departments = self._desk.flow, self._desk.district.departments
        states, held = views.standings(rows, flow, departments, tongue, said.nobody)
        own = [row for row in rows if may_see(officer.actor, {row["department"] or ""})]
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

    async def _titles(self, ids: Collection[str]) -> dict[str, str]:
        rows = await run_in_threadpool(self._desk.cases.texts, FLOW, among=ids)
        return {row["case_id"]: row["title"] for row in rows}


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
