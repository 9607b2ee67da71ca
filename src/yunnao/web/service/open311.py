"""The door of Open311 (GeoReport v2): other systems file appeals with a key and read how they stand, in XML and JSON."""

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from yunnao.capabilities.media.medium import NotUsable
from yunnao.capabilities.open311 import shapes
from yunnao.capabilities.open311.arguments import read_brought, read_wanted
from yunnao.capabilities.open311.documents import MEDIA_TYPES, Format, Refused, document, error_document
from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.web.service import open311_description as description
from yunnao.web.service.desk import FLOW, Desk
from yunnao.web.service.open311_requests import cases_wanted, filing_of, key_of, request_of, services
from yunnao.web.service.plain import address
from yunnao.web.service.uploads import PostedForm, kept_photos, posted_form

ROOT = "/open311/v2"
_TOO_MANY = "密钥输错的次数太多；请一小时后再试"
UPLOAD_PATHS = (f"{ROOT}/requests.xml", f"{ROOT}/requests.json")
"""Where requests with files go."""
_CHANGESET = "2026-09-24T00:00:00+08:00"
"""When services or their definitions last changed."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,80}")

_Found = tuple[str, Sequence[Any] | dict[str, Any]]
_Handler = Callable[["Open311", Request], Awaitable[_Found]]


def _in_form(handler: _Handler) -> Callable[["Open311", Request], Awaitable[Response]]:
    """Answers what a handler finds, or why it refuses, as XML or JSON as the path says."""

    @wraps(handler)
    async def answer(self: "Open311", request: Request) -> Response:
        given = request.path_params["form"]
        form: Format = "json" if given == "json" else "xml"
        try:
            if given not in MEDIA_TYPES:
                raise Refused(404, f"没有格式 {given}；可选：xml、json")
            root, content = await handler(self, request)
        except Refused as refused:
            return Response(error_document(refused, form), refused.status, media_type=MEDIA_TYPES[form])
        except YunnaoError as error:
            status = 503 if isinstance(error, HomeBusy) else 400
            return Response(error_document(Refused(status, str(error)), form), status, media_type=MEDIA_TYPES[form])
        return Response(document(root, content, form), media_type=MEDIA_TYPES[form])

    answer.__annotations__ = {"request": Request, "return": Response}
    return answer


class Open311:
    """The handlers of this door. Reading is open to all; posting, and reading what citizens wrote, needs a key."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: FastAPI) -> None:
        """Every resource of the specification, with its description."""
        for path, handler, method, described in (
            ("/open311/discovery.{form}", self.discovery, "GET", description.DISCOVERY),
            (f"{ROOT}/discovery.{{form}}", self.discovery, "GET", description.DISCOVERY),
            (f"{ROOT}/services.{{form}}", self.services, "GET", description.SERVICES),
            (f"{ROOT}/services/{{code}}.{{form}}", self.definition, "GET", description.DEFINITION),
            (f"{ROOT}/requests.{{form}}", self.requests, "GET", description.REQUESTS),
            (f"{ROOT}/requests.{{form}}", self.post, "POST", description.POST),
            (f"{ROOT}/requests/{{number}}.{{form}}", self.request, "GET", description.REQUEST),
            (f"{ROOT}/tokens/{{token}}.{{form}}", self.token, "GET", description.TOKEN),
        ):
            app.add_api_route(
                path,
                handler,
                methods=[method],
                response_model=None,
                response_class=Response,
                tags=["open311"],
                **described,
            )

    @_in_form
    async def discovery(self, request: Request) -> _Found:
        """Where this endpoint is and what it speaks."""
        web = self._desk.district.settings.web
        url = (web.public_url or str(request.base_url).rstrip("/")) + ROOT
        formats = [kind.partition(";")[0] for kind in MEDIA_TYPES.values()]
        return "discovery", shapes.discovery_object(url, web.contact, _CHANGESET, formats)

    @_in_form
    async def services(self, request: Request) -> _Found:
        """What can be asked for."""
        return "services", [shapes.service_object(service) for service in services(self._desk.flow).values()]

    @_in_form
    async def definition(self, request: Request) -> _Found:
        """What a service asks."""
        code = request.path_params["code"]
        service = services(self._desk.flow).get(code)
        if service is None:
            raise Refused(404, f"没有 service_code {code}；可选的见 services")
        return "service_definition", shapes.definition_object(service)

    @_in_form
    async def requests(self, request: Request) -> _Found:
        """Requests that fit, the newest first."""
        pairs = request.query_params.multi_items()
        trusted = await self._system(dict(pairs).get("api_key", ""), request) is not None
        wanted = read_wanted(pairs, self._desk.district.clock())
        views = await run_in_threadpool(self._desk.cases.search, cases_wanted(wanted))
        return "service_requests", self._objects(views, trusted, wanted.extensions)

    @_in_form
    async def request(self, request: Request) -> _Found:
        """One request, as a list of one."""
        number = request.path_params["number"]
        trusted = await self._system(request.query_params.get("api_key", ""), request) is not None
        views = await run_in_threadpool(self._desk.cases.search, Wanted(flow=FLOW, ids=(number,)))
        if not views:
            raise Refused(404, f"没有 service_request_id {number}；请核对编号")
        extensions = request.query_params.get("extensions", "").lower() == "true"
        return "service_requests", self._objects(views, trusted, extensions)

    def _objects(self, views: Sequence[FiledView], trusted: bool, extensions: bool) -> list[dict[str, Any]]:
        district = self._desk.district
        today = district.clock().astimezone(CHINA).date()
        return [
            shapes.request_object(
                request_of(view, district.departments, district.calendar, today, trusted=trusted, extensions=extensions)
            )
            for view in views
        ]

    @_in_form
    async def post(self, request: Request) -> _Found:
        """File an appeal; acknowledged when it has been committed. `Idempotency-Key` makes a repeated post the same one.

        Photos may come with it, as files called `media` of a multipart form; what `media_url` points at is never fetched.
        """
        async with posted_form(request) as posted:
            return await self._post(request, posted)

    async def _post(self, request: Request, posted: PostedForm) -> _Found:
        pairs, district = posted.pairs, self._desk.district
        given = request.query_params.get("api_key") or dict(pairs).get("api_key", "")
        system = await self._system(given, request)
        if system is None:
            raise Refused(403, "缺少 api_key；请向本区申请密钥")
        token = request.headers.get("idempotency-key") or secrets.token_urlsafe(18)
        if not _TOKEN.fullmatch(token):
            raise Refused(400, "Idempotency-Key 要是 16 到 80 个字母、数字、短横或下划线")
        filing, web = filing_of(read_brought(pairs), self._desk.flow, system, token), district.settings.web
        try:
            photos = await kept_photos(district.attachments, posted.files, web.photos, web.photo_bytes)
        except NotUsable as error:
            raise Refused(400, str(error)) from None
        filed = await self._desk.intake.file(replace(filing, attachments=photos))
        notice = f"查询码 {filed.code}：请转告市民，凭编号和查询码查询进度"
        return "service_requests", [shapes.receipt_object(filed.case_id, notice)]

    @_in_form
    async def token(self, request: Request) -> _Found:
        """The request that was posted with an `Idempotency-Key`: so a client whose line broke learns whether it got through."""
        token = request.path_params["token"]
        for system in self._desk.keys.open311.values():
            number = await run_in_threadpool(self._desk.cases.filed_as, key_of(system, token))
            if number is not None:
                return "service_requests", [shapes.token_object(number, token)]
        raise Refused(404, f"没有 token {token}；请稍后再查，或重新提交")

    async def _system(self, key: str, request: Request) -> str | None:
        """The system whose key it is; none where no key is given.

        Raises:
            Refused: the key is wrong (403), or too many wrong ones came from there.
        """
        if not key:
            return None
        came_from = address(request)
        if not await run_in_threadpool(self._desk.may_guess, came_from):
            raise Refused(403, _TOO_MANY)
        for known, name in self._desk.keys.open311.items():
            if secrets.compare_digest(known.encode(), key.encode(errors="replace")):
                return name
        if not await run_in_threadpool(self._desk.wrong_guess, came_from):
            raise Refused(403, _TOO_MANY)
        raise Refused(403, "api_key 不对；请向本区核对密钥")
