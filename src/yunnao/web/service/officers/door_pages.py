"""Signing in and out."""

import secrets

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from yunnao.access.roles import Role
from yunnao.access.sessions import form_token
from yunnao.capabilities.open311.documents import Refused
from yunnao.kernel.errors import YunnaoError
from yunnao.web.service.citizen_pages import status_of
from yunnao.web.service.desk import TooMany
from yunnao.web.service.officers.drg_access import landing
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import NotSignedIn, SignIn
from yunnao.web.service.officers.signed_in import FOLDER, inside, is_own, posted, set_cookie
from yunnao.web.service.plain import address, form_pairs, plain

_DOOR = "yunnao-door"
_LONGEST_NAME = 61


class DoorPages:
    """The handlers of these pages."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    def routes(self) -> list[Route]:
        """Every page."""
        return [
            Route(f"{FOLDER}/sign-in", self.form, methods=["GET"]),
            Route(f"{FOLDER}/sign-in", self.enter, methods=["POST"]),
            Route(f"{FOLDER}/sign-out", self.leave, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        """The form that asks for name and password."""
        return self._form(request, inside(request.query_params.get("to", "")))

    def _form(self, request: Request, to: str, name: str = "", status: int = 200, sentence: str = "") -> Response:
        """The form; before there is a session, its token is held against a cookie of its own."""
        token = request.cookies.get(_DOOR) or secrets.token_urlsafe(16)
        answer = officer_page(
            request,
            None,
            "sign_in.html",
            status,
            path=f"{FOLDER}/sign-in",
            form_token=form_token(token),
            to=to,
            name=name,
            sentence=sentence,
        )
        secure = request.app.state.secure_cookies
        answer.set_cookie(_DOOR, token, path=f"{FOLDER}/sign-in", secure=secure, httponly=True, samesite="strict")
        return answer

    async def enter(self, request: Request) -> Response:
        """Begin a session and go to the page that was asked for."""
        try:
            written = dict(await form_pairs(request))
        except Refused as refused:
            return plain(refused.status, refused.description)
        to, name = inside(written.get("to", "")), written.get("name", "").strip()[:_LONGEST_NAME]
        if not is_own(written, request.cookies.get(_DOOR, "")):
            return self._form(request, to, name, 403, "登录页已过期；请再输一次")
        try:
            token = await self._sign_in.begin(name, written.get("password", ""), address(request))
            officer = await run_in_threadpool(self._sign_in.found, token)
        except (TooMany, NotSignedIn) as refused_in:
            return self._form(request, to, name, 429 if isinstance(refused_in, TooMany) else 403, str(refused_in))
        except YunnaoError as error:
            return self._form(request, to, name, status_of(error), str(error))
        lang = "?lang=en" if request.query_params.get("lang") == "en" else ""
        at = landing(officer.actor, to) if officer else to
        answer = RedirectResponse(at + lang, 303, {"cache-control": "no-store"})
        set_cookie(request, answer, token)
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session."""
        found = await posted(request, frozenset(Role))  # whoever got in may leave
        if isinstance(found, Response):
            return found
        officer, _ = found
        await run_in_threadpool(self._sign_in.end, officer.session, "signed out")  # it may wait for another writer
        answer = RedirectResponse(f"{FOLDER}/sign-in", 303, {"cache-control": "no-store"})
        set_cookie(request, answer, "")
        return answer
