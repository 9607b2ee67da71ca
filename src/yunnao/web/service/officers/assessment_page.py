"""The assessment for officers: totals, boards, moves, sensitivity and method, and the same as a workbook.

It is computed when first asked for after something changed (about a second), and kept in memory. Ranks are shown where they are published;
how each unit's scores came about, to those who see every department.
"""

import datetime as dt
import threading
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.access.scope import sees_everything
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.indicators.assessment.definition import Assessment
from yunnao.platforms.indicators.assessment.export import as_xlsx
from yunnao.platforms.indicators.assessment.periods import Period, parse_period
from yunnao.platforms.indicators.assessment.sensitivity import Stability, stability
from yunnao.platforms.indicators.assessment.service import Result, assess
from yunnao.platforms.indicators.assessment.sheets import Sheet, sheets
from yunnao.platforms.indicators.assessment.values import Values, gathered
from yunnao.platforms.registry.service import Registry
from yunnao.scenarios.assessment.definitions import assessment_of
from yunnao.scenarios.assessment.facts import assessment_values
from yunnao.scenarios.assessment.value_files import values_of
from yunnao.web.assessment_page import totals_chart
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, signed_in
from yunnao.web.service.pages import language

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class _Found:
    """What a page shows: a result with how firm it is, and the periods that there are values of."""

    result: Result
    stability: Stability
    periods: tuple[Period, ...]
    unused: tuple[str, ...]


class AssessmentPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._kept: tuple[object, _Found] | None = None

    def routes(self) -> list[Route]:
        """The page and the workbook."""
        return [
            Route(f"{FOLDER}/assessment", self.assessment, methods=["GET"]),
            Route(f"{FOLDER}/assessment.xlsx", self.workbook, methods=["GET"]),
        ]

    async def assessment(self, request: Request) -> Response:
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
        return await run_in_threadpool(self._workbook, request, officer)

    def _page(self, request: Request, officer: Officer) -> Response:
        tongue, found, why = language(request), None, ""
        try:
            found = self._found(request)
        except YunnaoError as error:
            why = str(error)
        tables: tuple[Sheet, ...] = ()
        chart = None
        if found is not None:
            tables = sheets(found.result, found.stability, tongue, explained=sees_everything(officer.actor))
            chart = totals_chart(found.result, tongue)
        return officer_page(
            request,
            officer,
            "assessment.html",
            here="assessment",
            tongue=tongue,
            found=found,
            why=why,
            wanted=request.query_params.get("assessment", ""),
            tables=tables,
            chart=chart,
        )

    def _workbook(self, request: Request, officer: Officer) -> Response:
        try:
            found = self._found(request)
        except YunnaoError:
            return self._page(request, officer)
        seen = sees_everything(officer.actor)
        content = as_xlsx(
            found.result, found.stability, language(request), found.unused if seen else (), explained=seen
        )
        name = f"assessment-{found.result.period}.xlsx"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(content, media_type=_WORKBOOK, headers=headers)

    def _found(self, request: Request) -> _Found:
        """The result that is asked for, computed if it is not the one that was asked for last.

        Raises:
            YunnaoError: there is no such assessment, or no value of it.
        """
        assessment = assessment_of(self._desk.district.home, request.query_params.get("assessment") or None)
        values = self._values(assessment)
        try:
            wanted = parse_period(request.query_params.get("period", ""))
        except ValueError:
            wanted = None
        period = wanted if wanted in values.periods else None
        key = (assessment, tuple(values.by_place.values()), period)
        with self._lock:
            if self._kept is None or self._kept[0] != key:
                result = assess(assessment, values, period)
                periods = tuple(each for each in values.periods if assessment.boards_in(each))
                self._kept = (key, _Found(result, stability(result), periods, values.unused))
            return self._kept[1]

    def _values(self, assessment: Assessment) -> Values:
        district = self._desk.district
        registry = Registry(district.home, {assessment_values.id: assessment_values}, district.clock)
        names = [word for id_, title in assessment.units.items() for word in (id_, title.zh, title.en)]
        today: dt.date = district.clock().astimezone(CHINA).date()
        rows = registry.rows_of(assessment_values.id, "unit", names, today)
        if rows.is_empty():
            raise YunnaoError("还没有考核指标值；用 yunnao load HOME assessment_values 文件 导入")
        try:
            return gathered(assessment, values_of(rows, assessment_values.title.zh))
        except ValueError as error:
            raise YunnaoError(str(error)) from None
