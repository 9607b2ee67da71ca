"""The service of one district as an ASGI application: every door, behind one guard."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from yunnao.app import District
from yunnao.audit import heads
from yunnao.kernel.declaration import problem_words
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.rounds.task import Task
from yunnao.settings import WebKeys
from yunnao.web.service.api import api_router, refusal
from yunnao.web.service.beside import BesideTheDoors
from yunnao.web.service.citizen_pages import FORM_PATHS, UPLOAD_PATHS, CitizenPages
from yunnao.web.service.desk import Desk
from yunnao.web.service.guards import MOST_BYTES, Guard
from yunnao.web.service.officers.routes import OfficerPages
from yunnao.web.service.officers.signed_in import FOLDER
from yunnao.web.service.open311 import UPLOAD_PATHS as OPEN311_UPLOADS
from yunnao.web.service.open311 import Open311
from yunnao.web.service.plain import plain
from yunnao.web.service.problems import problem_page
from yunnao.web.service.wechat import WeChat

_HEAD_SECONDS = 15
_FILES_SECONDS = 2


def application(district: District, keys: WebKeys, tasks: Sequence[Task] = ()) -> FastAPI:
    """The application; its description is at ``/openapi.json``, without pages that would load scripts from elsewhere.

    Args:
        tasks: what the house does beside the doors while the application runs.

    Raises:
        YunnaoError: there is nothing to file, or a key is not usable.
    """
    desk = Desk(district, keys)
    # built before threads ask for them
    _ = desk.flow, district.calendar, district.departments, district.follow_files()
    files = Task(name="files", title="本区的文件", every=_FILES_SECONDS, run=lambda _: _followed(district))
    officers = OfficerPages(desk)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        desk.intake.start()
        officers.start()
        keeping = asyncio.create_task(_keep_heads())
        beside = BesideTheDoors((files, *tasks), lambda: desk.intake.crowded)
        beside.start()
        yield
        await beside.stop()
        keeping.cancel()
        await desk.intake.stop()
        await officers.stop()
        heads.keep()

    app = FastAPI(title="云脑 Yunnao", version="1", docs_url=None, redoc_url=None, lifespan=running)
    most = district.settings.web.photos * district.settings.web.photo_bytes + MOST_BYTES
    uploads = dict.fromkeys((*UPLOAD_PATHS, *OPEN311_UPLOADS), most)
    app.add_middleware(Guard, form_paths=FORM_PATHS, form_folder=FOLDER, uploads=uploads)
    app.include_router(api_router(desk))
    WeChat(desk).add_to(app)
    Open311(desk).add_to(app)
    app.router.routes.extend(CitizenPages(desk).routes())
    officers.add_to(app)
    app.state.problem_page = problem_page
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(YunnaoError, _refused)
    return app


def _followed(district: District) -> Mapping[str, int]:
    """Go by what the district's files say now."""
    return {"wrong": sum(bool(file.problem) for file in district.follow_files())}


async def _keep_heads() -> None:
    """Keep the audit log's head outside of the table while the service runs, as each command does at its end."""
    while True:
        await asyncio.sleep(_HEAD_SECONDS)
        await run_in_threadpool(heads.keep)


async def _not_valid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = " → ".join(str(part) for part in first["loc"] if part != "body") or "正文"
    status = 400 if first["type"] == "json_invalid" else 422
    return JSONResponse({"problem": f"{where}：{problem_words(first)}（格式见 /openapi.json）"}, status)


_HTTP_WORDS = {
    400: ("读不懂发来的内容；请用 UTF-8 编码的 JSON", "Not readable"),
    404: ("没有这个页面", "Not found"),
    405: ("这个地址不接受这种请求", "Method not allowed"),
}


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = _HTTP_WORDS.get(error.status_code, (str(error.detail), ""))
    if request.url.path.startswith("/api/"):
        return JSONResponse({"problem": " ".join(words).rstrip()}, error.status_code, error.headers)
    answer = plain(error.status_code, *words)
    answer.headers.update(error.headers or {})
    return answer


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, YunnaoError)
    return refusal(error)
