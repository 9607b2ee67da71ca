"""Messages that nobody took, for operator and centre: to whom, why not, and another attempt."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from yunnao.access.roles import TITLES, Role
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import parse_instant
from yunnao.platforms.cases.filed.rounds.undelivered import Undelivered
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.case_view import when
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, posted, signed_in
from yunnao.web.service.pages import language
from yunnao.web.service.plain import plain

PATH = f"{FOLDER}/messages/undeliverable"
WHO = frozenset({Role.OPERATOR, Role.CENTRE})
EVERY = "every"
_SHOWN = 100


class UndeliveredPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk, undelivered: Undelivered) -> None:
        self._desk = desk
        self._undelivered = undelivered

    def routes(self) -> list[Route]:
        """Every page."""
        return [Route(PATH, self.messages, methods=["GET"]), Route(PATH, self.retry, methods=["POST"])]

    async def messages(self, request: Request) -> Response:
        """The newest of them."""
        officer = await signed_in(request, WHO)
        if isinstance(officer, Response):
            return officer
        try:
            return await run_in_threadpool(self._page, request, officer)
        except YunnaoError as error:
            return plain(503, str(error))

    def _page(self, request: Request, officer: Officer) -> Response:
        said, count = language(request), request.query_params.get("again", "")
        return officer_page(
            request,
            officer,
            "undelivered.html",
            path=PATH,
            messages=self._undelivered.newest(_SHOWN),
            count=self._undelivered.count(),
            again=int(count) if count.isascii() and count.isdigit() and len(count) < 7 else None,
            every=EVERY,
            departments={id_: title.in_(said) for id_, title in self._desk.district.departments.items()},
            recipients={str(role): title.in_(said) for role, title in TITLES.items()},
            mask=masked,
            when=lambda instant: when(parse_instant(instant)),
        )

    async def retry(self, request: Request) -> Response:
        """Put one of them, or every one, back among those to be sent."""
        found = await posted(request, WHO)
        if isinstance(found, Response):
            return found
        officer, form = found
        wanted = form.get("message", "")
        if not wanted:
            return plain(400, "表单不完整；请回到上一页，刷新后再试", "Incomplete form")
        try:
            count = await run_in_threadpool(
                self._undelivered.try_again, officer.actor.id, None if wanted == EVERY else [wanted]
            )
        except YunnaoError as error:
            return plain(503, str(error))
        lang = "&lang=en" if language(request) == "en" else ""
        return RedirectResponse(f"{PATH}?again={count}{lang}", 303, {"cache-control": "no-store"})
