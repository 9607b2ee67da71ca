"""Pages for citizens: the form, the answer to it, and following an appeal by number and code. No cookie; a script only shows photos."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from yunnao.capabilities.media.medium import NotUsable
from yunnao.capabilities.open311.documents import Refused
from yunnao.kernel.errors import HomeBusy, StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.rounds.calendars import moves_of
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.web.service import pages
from yunnao.web.service.desk import CITIZEN, Desk, NotOpened, TooMany
from yunnao.web.service.filing_form import Form, empty_form, filing_from, read_form
from yunnao.web.service.following import followed
from yunnao.web.service.guards import SCRIPT_POLICY
from yunnao.web.service.own_steps import given_from
from yunnao.web.service.plain import address, form_pairs, plain
from yunnao.web.service.shown_files import file_answer, shown_files
from yunnao.web.service.uploads import PostedForm, kept_photos, posted_form

UPLOAD_PATHS = ("/appeals", "/follow/step")
"""Where forms with photos go."""
FORM_PATHS = (*UPLOAD_PATHS, "/follow", "/follow/attachment")
_JAVASCRIPT, _CSS = "text/javascript", "text/css"


_CHOOSE_AGAIN = Text("图片要重新选择：浏览器不会替您保留", "Please choose the photos again: browsers do not keep them")


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
            Route("/follow/attachment", self.attachment, methods=["POST"]),
            Route("/static/{name}", self.static, methods=["GET"]),
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
        return self._with_photos(
            request,
            "file.html",
            status,
            here="file",
            form=form,
            kinds=kinds,
            problems=dict(problems),
            sentence=sentence,
        )

    def _with_photos(
        self, request: Request, template: str, status: int, *, chooses: bool = True, **values: Any
    ) -> Response:
        """A page; where photos can be chosen on it (``chooses``), a script shows them before they are sent."""
        web = self._desk.district.settings.web
        answer = pages.page(
            self._desk, request, template, status, photos=web.photos, megabytes=web.photo_megabytes, **values
        )
        if web.photos and chooses:
            answer.headers["content-security-policy"] = SCRIPT_POLICY
        return answer

    async def file(self, request: Request) -> Response:
        """File what was written; the answer shows the number and the code."""
        try:
            async with posted_form(request) as posted:
                return await self._file(request, posted)
        except Refused as refused:
            return plain(refused.status, refused.description)

    async def _file(self, request: Request, posted: PostedForm) -> Response:
        form = read_form(posted.pairs, self._desk.flow)
        if form.problems:
            again = {"photos": _CHOOSE_AGAIN} if posted.files else {}
            return self._form(request, replace(form, problems={**form.problems, **again}), 422)
        try:
            self._desk.count_post(address(request))
            attachments = await self._kept(posted)
            filed = await self._desk.intake.file(filing_from(form, attachments=attachments))
        except NotUsable as refused:
            both = Text(f"{refused.text.zh}。{_CHOOSE_AGAIN.zh}", f"{refused.text.en}. {_CHOOSE_AGAIN.en}")
            return self._form(request, replace(form, problems={"photos": both}), 422)
        except YunnaoError as error:
            return self._form(request, form, status_of(error), str(error))
        photos = ",".join(each.sha256 for each in attachments) or ",".join(form.photos)
        fields = {"token": form.token, **form.written, **({"photos": photos} if photos else {})}
        many = photos.count(",") + 1 if photos else 0
        return pages.page(self._desk, request, "filed.html", here="file", filed=filed, fields=fields, photos=many)

    async def _kept(self, posted: PostedForm) -> tuple[Attachment, ...]:
        """The photos of a form, kept.

        Raises:
            NotUsable: one is not usable; none is kept.
        """
        web = self._desk.district.settings.web
        return await kept_photos(self._desk.district.attachments, posted.files, web.photos, web.photo_bytes)

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
        return await self._followed(request, view, written.get("code", ""))

    async def attachment(self, request: Request) -> Response:
        """The whole file of an attachment of the appeal that number and code open."""
        opened = await self._opened(request)
        if isinstance(opened, Response):
            return opened
        view, written = opened
        return await run_in_threadpool(
            file_answer, view, self._desk.district.attachments, written.get("attachment", "")
        )

    async def _opened(
        self, request: Request, pairs: Sequence[tuple[str, str]] | None = None
    ) -> tuple[FiledView, dict[str, str]] | Response:
        """The appeal that the form's number and code open, and the form (``pairs``, if read by now); or what to answer instead."""
        try:
            written = dict(await form_pairs(request) if pairs is None else pairs)
        except Refused as refused:
            return plain(refused.status, refused.description)
        number = written.get("number", "")[:40]
        try:
            return await self._desk.opened(number, written.get("code", ""), address(request)), written
        except YunnaoError as error:
            return self._ask(request, number, status_of(error), str(error))

    async def _followed(
        self, request: Request, view: FiledView, code: str, status: int = 200, sentence: str = "", done: bool = False
    ) -> Response:
        district = self._desk.district
        today = district.clock().astimezone(CHINA).date()
        with district.records.read() as connection:
            moves = moves_of(connection, view.case.case_id)
        said = pages.language(request)
        seen = followed(view, district.departments, district.calendar, today, said, moves)
        return self._with_photos(
            request,
            "followed.html",
            status,
            chooses=any(step.attaches for step in seen.steps),
            here="follow",
            seen=seen,
            files=await run_in_threadpool(shown_files, view.attachments, district.attachments, said),
            code=code,
            sentence=sentence,
            done=done,
        )

    async def step(self, request: Request) -> Response:
        """A step of the citizen's own, then the appeal as it stands."""
        try:
            async with posted_form(request) as posted:
                return await self._step(request, posted)
        except Refused as refused:
            return plain(refused.status, refused.description)

    async def _step(self, request: Request, posted: PostedForm) -> Response:
        opened = await self._opened(request, posted.pairs)
        if isinstance(opened, Response):
            return opened
        view, written = opened
        code = written.get("code", "")
        step = view.flow.step(written.get("step", ""))
        seen = written.get("seen", "")
        if step is None or not (seen.isascii() and seen.isdigit() and len(seen) < 7):
            return plain(400, "表单不完整；请回到查询页重新填写", "Incomplete form")
        try:
            if posted.files:
                self._desk.count_post(address(request))
            attachments = await self._kept(posted) if step.attaches else ()
        except NotUsable as error:
            return await self._followed(request, view, code, 422, error.text.in_(pages.language(request)))
        except YunnaoError as error:
            return await self._followed(request, view, code, status_of(error), str(error))
        asked = Asked(
            step=step.id,
            actor=CITIZEN,
            at=self._desk.district.clock(),
            reason=written.get("reason", "").replace("\r\n", "\n").strip() or None,
            given=given_from(step, written),
            seen=int(seen),
            attachments=attachments,
        )
        try:
            await run_in_threadpool(self._desk.cases.take, view.case.case_id, asked)
        except YunnaoError as error:
            return await self._followed(request, view, code, status_of(error), str(error))
        view = await run_in_threadpool(self._desk.cases.get, view.case.case_id, CITIZEN)
        return await self._followed(request, view, code, done=True)

    async def static(self, request: Request) -> Response:
        """One of our stylesheets and scripts."""
        name = request.path_params["name"]
        if name not in (*pages.STYLESHEETS, *pages.SCRIPTS):
            return plain(404, "没有这个文件", "Not found")
        kind = _JAVASCRIPT if name in pages.SCRIPTS else _CSS
        return PlainTextResponse(pages.static_file(name), media_type=kind, headers={"cache-control": "max-age=3600"})
