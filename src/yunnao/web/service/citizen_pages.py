"""Pages for citizens: the form, the answer to it, and following an appeal by number and code. No cookie, no script."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from yunnao.capabilities.open311.documents import Refused
from yunnao.kernel.errors import HomeBusy, StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.rounds.calendars import moves_of
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.web.service import pages
from yunnao.web.service.desk import CITIZEN, Desk, NotOpened, TooMany
from yunnao.web.service.filing_form import Form, empty_form, filing_from, read_form
from yunnao.web.service.following import followed
from yunnao.web.service.own_steps import given_from
from yunnao.web.service.plain import address, form_pairs, plain

FORM_PATHS = ("/appeals", "/follow", "/follow/step")


def status_of(error: YunnaoError) -> int:
    """The HTTP status that says what kind of refusal an error is."""
    if isinstance(error, TooMany):
        return 429
    if isinstance(error, HomeBusy):
        return 503
    return 409 if isinstance(error, StepRefused) else 404 if isinstance(error, NotOpened) else 422


class CitizenPages:
    """The handlers of these pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Every page."""
        return [
            Route("/", self.form, methods=["GET"]),
            Route("/appeals", self.file, methods=["POST"]),
            Route("/follow", self.ask, methods=["GET"]),
            Route("/follow", self.follow, methods=["POST"]),
            Route("/follow/step", self.step, methods=["POST"]),
            Route("/static/{name}", self.stylesheet, methods=["GET"]),
        ]

    async def form(self, request: Request) -> Response:
        """The empty form."""
        return self._form(request, empty_form())

    def _form(self, request: Request, form: Form, status: int = 200, sentence: str = "") -> Response:
        kinds = [
            (id_, label.zh if pages.language(request) == "zh" else label.en)
            for id_, label in self._desk.flow.attributes["kind"].values.items()
        ]
        problems = [(name, text.in_(pages.language(request))) for name, text in form.problems.items()]
        return pages.page(
            self._desk,
            request,
            "file.html",
            status,
            here="file",
            form=form,
            kinds=kinds,
            problems=dict(problems),
            sentence=sentence,
        )

    async def file(self, request: Request) -> Response:
        """File what was written; the answer shows the number and the code."""
        try:
            form = read_form(await form_pairs(request), self._desk.flow)
        except Refused as refused:
            return plain(refused.status, refused.description)
        if form.problems:
            return self._form(request, form, 422)
        try:
            self._desk.count_post(address(request))
            filed = await self._desk.intake.file(filing_from(form))
        except YunnaoError as error:
            return self._form(request, form, status_of(error), str(error))
        fields = {"token": form.token, **form.written}
        return pages.page(self._desk, request, "filed.html", here="file", filed=filed, fields=fields)

    async def ask(self, request: Request) -> Response:
        """The form that asks for number and code."""
        return self._ask(request, request.query_params.get("number", "")[:40])

    def _ask(self, request: Request, number: str, status: int = 200, sentence: str = "") -> Response:
        return pages.page(
            self._desk, request, "ask.html", status, here="follow", number=number, sentence=sentence, code=""
        )

    async def follow(self, request: Request) -> Response:
        """The appeal that a number and a code open."""
        opened = await self._opened(request)
        if isinstance(opened, Response):
            return opened
        view, written = opened
        return self._followed(request, view, written.get("code", ""))

    async def _opened(self, request: Request) -> tuple[FiledView, dict[str, str]] | Response:
        """The appeal that the form's number and code open, and the form; or what to answer instead."""
        try:
            written = dict(await form_pairs(request))
        except Refused as refused:
            return plain(refused.status, refused.description)
        number = written.get("number", "")[:40]
        try:
            return await self._desk.opened(number, written.get("code", ""), address(request)), written
        except YunnaoError as error:
            return self._ask(request, number, status_of(error), str(error))

    def _followed(
        self, request: Request, view: FiledView, code: str, status: int = 200, sentence: str = "", done: bool = False
    ) -> Response:
        district = self._desk.district
        today = district.clock().astimezone(CHINA).date()
        with district.records.read() as connection:
            moves = moves_of(connection, view.case.case_id)
        seen = followed(view, district.departments, district.calendar, today, pages.language(request), moves)
        return pages.page(
            self._desk,
            request,
            "followed.html",
            status,
            here="follow",
            seen=seen,
            code=code,
            sentence=sentence,
            done=done,
        )

    async def step(self, request: Request) -> Response:
        """A step of the citizen's own, then the appeal as it stands."""
        opened = await self._opened(request)
        if isinstance(opened, Response):
            return opened
        view, written = opened
        code = written.get("code", "")
        step = view.flow.step(written.get("step", ""))
        seen = written.get("seen", "")
        if step is None or not (seen.isascii() and seen.isdigit() and len(seen) < 7):
            return plain(400, "表单不完整；请回到查询页重新填写", "Incomplete form")
        asked = Asked(
            step=step.id,
            actor=CITIZEN,
            at=self._desk.district.clock(),
            reason=written.get("reason", "").replace("\r\n", "\n").strip() or None,
            given=given_from(step, written),
            seen=int(seen),
        )
        try:
            await run_in_threadpool(self._desk.cases.take, view.case.case_id, asked)
        except YunnaoError as error:
            return self._followed(request, view, code, status_of(error), str(error))
        view = await run_in_threadpool(self._desk.cases.get, view.case.case_id, CITIZEN)
        return self._followed(request, view, code, done=True)

    async def stylesheet(self, request: Request) -> Response:
        """One of our stylesheets."""
        name = request.path_params["name"]
        if name not in pages.STYLESHEETS:
            return plain(404, "没有这个文件", "Not found")
        return PlainTextResponse(
            pages.stylesheet(name), media_type="text/css", headers={"cache-control": "max-age=3600"}
        )
