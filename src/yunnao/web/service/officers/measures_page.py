"""Measures for officers: rates by department, street or class, their months, what is left out; and the same as a workbook."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.access.scope import sees_everything
from yunnao.scenarios.appeals.measure_files import Measured, measure_file
from yunnao.scenarios.appeals.measure_tables import Wording, excluded
from yunnao.scenarios.appeals.rates import DIMENSIONS, MEASURES, MEASURES_BY_ID
from yunnao.web.figures.keeping import Keeper, KeptMeasures
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers import measure_views as views
from yunnao.web.service.officers.figure_words import figure_labels
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, signed_in
from yunnao.web.service.officers.topics_page import freshness, waiting_page
from yunnao.web.service.pages import language

_EXCLUDED = 200
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MeasuresPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper

    def routes(self) -> list[Route]:
        """The page and the workbook."""
        return [
            Route(f"{FOLDER}/measures", self.measures, methods=["GET"]),
            Route(f"{FOLDER}/measures.xlsx", self.workbook, methods=["GET"]),
        ]

    async def measures(self, request: Request) -> Response:
        """The page."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        figures = await self._keeper.measures()
        if figures is None:
            return waiting_page(request, officer, self._keeper, "measures")
        return await run_in_threadpool(self._page, request, officer, figures)

    def _page(self, request: Request, officer: Officer, figures: KeptMeasures) -> Response:
        wanted, tongue = views.read_wanted(request.query_params), language(request)
        said = figure_labels(tongue)
        found, values = self._seen(officer, figures, wanted)
        settings, wording = values["settings"], values["wording"]
        left = excluded(found.cases, wording)
        return officer_page(
            request,
            officer,
            "measures.html",
            here="measures",
            say=said,
            tongue=tongue,
            time=freshness(figures.computed_at, self._keeper),
            wanted=wanted,
            lead=_lead(found, wanted, figures, said),
            query_of=views.query_of,
            dimensions={id_: title.in_(tongue) for id_, title in DIMENSIONS.items() if id_ != "month"},
            measures=MEASURES,
            measure=MEASURES_BY_ID[wanted.measure],
            seen=found,
            shown=found.shown[: views.MOST_GROUPS],
            most_groups=views.MOST_GROUPS,
            chart=views.chart(found.shown, wanted, said, tongue),
            months=views.months(found.cases, wanted, figures.today, said, tongue),
            excluded=left[:_EXCLUDED],
            excluded_count=len(left),
            settings=settings,
        )

    def _seen(self, officer: Officer, figures: KeptMeasures, wanted: views.Wanted) -> tuple[views.Seen, dict[str, Any]]:
        district = self._desk.district
        settings = district.in_force.measures()
        wording = Wording.of(self._desk.flow, district.departments)
        own = None if sees_everything(officer.actor) else officer.actor.department or ""
        title = wording.group("department", own or None)
        found = views.seen(figures.cases, wanted, figures.today, settings, wording, own, title)
        return found, {"settings": settings, "wording": wording}

    async def workbook(self, request: Request) -> Response:
        """What the page shows, as a workbook."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        figures = await self._keeper.measures()
        if figures is None:
            return waiting_page(request, officer, self._keeper, "measures")
        content = await run_in_threadpool(self._workbook, request, officer, figures)
        name = f"measures-{figures.today:%Y%m%d}.xlsx"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(content, media_type=_WORKBOOK, headers=headers)

    def _workbook(self, request: Request, officer: Officer, figures: KeptMeasures) -> bytes:
        wanted = views.read_wanted(request.query_params)
        found, values = self._seen(officer, figures, wanted)
        measured = Measured(
            by=wanted.by,
            as_of=figures.today,
            first=wanted.first,
            last=wanted.last,
            rows=found.shown,
            excluded=excluded(found.cases, values["wording"]),
            settings=values["settings"],
        )
        return measure_file(measured, "measures.xlsx", language(request))


def _lead(found: views.Seen, wanted: views.Wanted, figures: KeptMeasures, said: Any) -> str:
    first, last = wanted.first, wanted.last
    span = said.span_all
    if first or last:
        template = said.span_dates if first and last else said.span_from if first else said.span_to
        span = template.format(first=first, last=last)
    cell = found.everybody.cells[0]
    count = cell.rate.denominator + cell.left
    text: str = said.measures_lead.format(span=span, n=f"{count:,}", today=figures.today)
    return text
