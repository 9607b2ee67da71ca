"""Targets for leaders and officers: every target with its light in words, its progress, filters, and the same as a workbook."""

import datetime as dt
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.inbox import Inbox
from yunnao.platforms.cases.filed.pending import Pending, pending
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.platforms.indicators.targets.tracking import LIGHT_WORDS, Tracked
from yunnao.scenarios.plan.sheets import as_xlsx
from yunnao.scenarios.plan.tracking.loading import FLOW
from yunnao.scenarios.plan.tracking.measured import load_measured
from yunnao.scenarios.plan.tracking.standing import standing
from yunnao.scenarios.plan.tracking.track_tables import track_table
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers import plan_views as views
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.plan_words import plan_labels
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, signed_in
from yunnao.web.service.pages import language

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COMMITMENTS = 200


class PlanPage:
    """The handlers of this page. What a plan promises is public, so every officer sees all of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The page and the workbook."""
        return [
            Route(f"{FOLDER}/plan", self.targets, methods=["GET"]),
            Route(f"{FOLDER}/plan.xlsx", self.workbook, methods=["GET"]),
        ]

    async def targets(self, request: Request) -> Response:
        """The page."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        return await run_in_threadpool(self._page, request, officer)

    async def workbook(self, request: Request) -> Response:
        """What the page shows, as a workbook."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        return await run_in_threadpool(self._workbook, request)

    def _page(self, request: Request, officer: Officer) -> Response:
        tongue = language(request)
        said, departments = plan_labels(tongue), self._desk.district.departments
        asked = views.asked_for(request.query_params, self._today())
        tracked = self._tracked(asked.day)
        open_ = self._pending()
        return officer_page(
            request,
            officer,
            "plan.html",
            here="plan",
            say=said,
            tongue=tongue,
            asked=asked,
            lights=[(light, words.in_(tongue)) for light, words in LIGHT_WORDS.items()],
            counts=views.counts(views.chosen(tracked, asked, any_light=True), tongue),
            owners=views.owners(tracked, departments, tongue),
            any=bool(tracked),
            rows=[views.seen_target(each, departments, said, tongue) for each in views.chosen(tracked, asked)],
            commitments=open_[:_COMMITMENTS],
            commitment_count=len(open_),
            departments=departments,
        )

    def _workbook(self, request: Request) -> Response:
        asked = views.asked_for(request.query_params, self._today())
        table = track_table(views.chosen(self._tracked(asked.day), asked), self._desk.district.departments)
        headers = {
            "content-disposition": f'attachment; filename="targets-{asked.day:%Y%m%d}.xlsx"',
            "cache-control": "no-store",
        }
        return Response(as_xlsx([table]), media_type=_WORKBOOK, headers=headers)

    def _tracked(self, day: dt.date) -> list[Tracked]:
        district = self._desk.district
        conventions, lines = load_conventions(district.home), load_measured(district.home)
        measured = district.measured() if lines else []
        return standing(district.targets, measured, lines, day, conventions)

    def _pending(self) -> Sequence[Pending]:
        district = self._desk.district
        flow = district.filed_flows.get(FLOW)
        if flow is None:
            return []
        return pending(Inbox(district.records, flow, district.calendar, self._today()), flow)

    def _today(self) -> dt.date:
        return self._desk.district.clock().astimezone(CHINA).date()
