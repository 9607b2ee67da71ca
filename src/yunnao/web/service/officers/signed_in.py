"""The door of every page under /desk: who has signed in, whether they have a role there, whether a form is their own.

A page of the desk begins with ``officer = await signed_in(request)`` (or ``posted`` for a form) and answers what it gets if that
is a `Response`.
"""

import hmac
import re
from collections.abc import Collection
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from yunnao.access.roles import Role
from yunnao.access.sessions import form_token
from yunnao.capabilities.open311.documents import Refused
from yunnao.kernel.errors import YunnaoError
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import Officer, SignIn
from yunnao.web.service.plain import form_pairs, plain

FOLDER = "/desk"
ROLES = frozenset({Role.HANDLER, Role.OPERATOR, Role.CENTRE})
"""Who has something to do at the desk."""
FORM_TOKEN = "form_token"
"""The hidden field that every form carries."""

_INSIDE = re.compile(r"/desk(?:/[A-Za-z0-9_-]+)*")


def cookie_name(request: Request) -> str:
    """The session's cookie; where the district is reached by https, browsers keep it to that."""
    return "__Secure-yunnao-desk" if request.app.state.secure_cookies else "yunnao-desk"


def set_cookie(request: Request, answer: Response, token: str) -> None:
    """Give the browser a session's token, or take it away (an empty one)."""
    answer.set_cookie(
        cookie_name(request),
        token,
        max_age=None if token else 0,
        path=FOLDER,
        secure=request.app.state.secure_cookies,
        httponly=True,
        samesite="strict",
    )


def inside(path: str) -> str:
    """``path`` if it is a page of the desk, else the inbox: nobody is sent elsewhere after signing in."""
    return path if _INSIDE.fullmatch(path) else FOLDER


async def signed_in(request: Request, roles: Collection[Role] = ROLES) -> Officer | Response:
    """Who asks for a page, or what to answer instead: the way to the sign-in page, or that their roles have no business here."""
    door: SignIn = request.app.state.sign_in
    token = request.cookies.get(cookie_name(request), "")
    try:
        officer = await run_in_threadpool(door.found, token)
    except YunnaoError as error:
        return plain(503, str(error))
    if officer is None:
        here = request.url.path if request.method == "GET" else FOLDER
        lang = "&lang=en" if request.query_params.get("lang") == "en" else ""
        return RedirectResponse(f"{FOLDER}/sign-in?to={quote(inside(here))}{lang}", 303, {"cache-control": "no-store"})
    if not officer.actor.roles & set(roles):
        return officer_page(request, officer, "barred.html", 403)
    return officer


async def posted(request: Request, roles: Collection[Role] = ROLES) -> tuple[Officer, dict[str, str]] | Response:
    """Who sends a form, and the form; or what to answer instead. Who was signed out meanwhile gets back what they wrote."""
    try:
        written = dict(await form_pairs(request))
    except Refused as refused:
        return plain(refused.status, refused.description)
    officer = await signed_in(request, roles)
    if isinstance(officer, RedirectResponse):
        words = {name: text for name, text in written.items() if name != FORM_TOKEN and len(text) > 1}
        return officer_page(request, None, "expired.html", 403, path=FOLDER, words=words)
    if isinstance(officer, Response):
        return officer
    if not is_own(written, officer.session.token):
        return plain(403, "表单已失效；请返回上一页，刷新后再提交", "The form has run out")
    return officer, written


def is_own(written: dict[str, str], token: str) -> bool:
    """Whether a form was made for the browser that holds ``token``."""
    return hmac.compare_digest(written.get(FORM_TOKEN, "").encode(), form_token(token).encode())
