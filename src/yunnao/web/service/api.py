"""The JSON interface: file an appeal, follow it by number and code, take the citizen's own steps."""

import re
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.web.service.citizen_pages import status_of
from yunnao.web.service.desk import CITIZEN, FLOW, Desk, coordinates_text, key_of, title_of
from yunnao.web.service.following import followed
from yunnao.web.service.plain import address

_UNSAVED = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def _saved(text: str) -> str:
    if _UNSAVED.search(text):
        raise ValueError("有不能保存的控制字符；请删去")
    return text


_Said = Annotated[str, AfterValidator(_saved)]
"""Text that can be kept."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AppealIn(_Closed):
    """An appeal as it is brought; coordinates in degrees, WGS84."""

    text: Annotated[_Said, Field(min_length=1, max_length=8000)]
    title: Annotated[_Said, Field(max_length=60)] = ""
    kind: Annotated[_Said, Field(max_length=40)] = ""
    place: Annotated[_Said, Field(max_length=200)] = ""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    name: Annotated[_Said, Field(max_length=60)] = ""
    telephone: Annotated[_Said, Field(max_length=20)] = ""


class AppealFiled(_Closed):
    """The number and the follow-up code; keep both."""

    number: str
    code: str
    new: bool


class StepIn(_Closed):
    """A step of the citizen's own; `seen`: how many events they have seen."""

    step: Annotated[_Said, Field(min_length=1, max_length=60)]
    given: dict[Annotated[str, Field(max_length=60)], bool | Annotated[_Said, Field(max_length=8000)]] = {}
    reason: Annotated[_Said, Field(max_length=2000)] = ""
    seen: Annotated[int, Field(ge=1, le=1_000_000)]


class EventOut(_Closed):
    """Something that has happened, in the citizen's words."""

    when: str
    words: str
    details: list[tuple[str, str]]


class ClockOut(_Closed):
    """A time limit; `days`: every day that was counted or not, and why."""

    title: str
    due: str
    light: str
    provisional: bool
    ground: str
    days: list[tuple[str, str]]


class AppealOut(_Closed):
    """An appeal as its citizen sees it; `attachments`: how many photos and recordings it has."""

    number: str
    title: str
    text: str
    state: str
    closed: bool
    department: str | None
    seen: int
    clocks: list[ClockOut]
    events: list[EventOut]
    steps: list[str]
    attachments: int


class Problem(_Closed):
    """Why a request was refused, in a sentence."""

    problem: str


_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": what}
    for status, what in (
        (400, "not readable"),
        (404, "number and code do not belong together"),
        (409, "the step is not possible now"),
        (413, "too large"),
        (422, "something is missing or not usable"),
        (429, "too often"),
        (503, "busy; nothing has been filed"),
    )
}
_LINKS = {
    name: {
        "operationId": name,
        "parameters": {"number": "$response.body#/number", "Follow-Up-Code": "$response.body#/code"},
    }
    for name in ("follow_appeal", "take_step")
}
"""Where a client goes on from an appeal that it filed."""
_Code = Annotated[str, Header(alias="Follow-Up-Code", max_length=40)]
_Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern="^[A-Za-z0-9_-]{16,80}$")]


def api_router(desk: Desk) -> APIRouter:
    """The routes of the interface."""
    router = APIRouter(prefix="/api/v1", tags=["api"])

    @router.post(
        "/appeals",
        status_code=201,
        response_model=AppealFiled,
        responses={201: {"links": _LINKS}, **_only(400, 413, 422, 429, 503)},
        operation_id="file_appeal",
    )
    async def file_appeal(request: Request, appeal: AppealIn, idempotency_key: _Key = None) -> Any:
        """File an appeal; answered when it has been committed. Sent again with the same `Idempotency-Key`, it is the same one."""
        try:
            desk.count_post(address(request))
            filed = await desk.intake.file(_filing(appeal, idempotency_key))
        except YunnaoError as error:
            return refusal(error)
        return AppealFiled(number=filed.case_id, code=filed.code or "", new=filed.new)

    @router.get(
        "/appeals/{number}",
        response_model=AppealOut,
        responses=_only(404, 422, 429, 503),
        operation_id="follow_appeal",
    )
    async def follow_appeal(request: Request, number: str, code: _Code) -> Any:
        """How an appeal stands, who has it, what has happened, and how its deadline was counted."""
        try:
            return _out(desk, await desk.opened(number, code, address(request)))
        except YunnaoError as error:
            return refusal(error)

    @router.post(
        "/appeals/{number}/steps",
        response_model=AppealOut,
        responses=_only(400, 404, 409, 413, 422, 429, 503),
        operation_id="take_step",
    )
    async def take_step(request: Request, number: str, code: _Code, step: StepIn) -> Any:
        """Take a step of the citizen's own: the call-back, reopening."""
        try:
            view = await desk.opened(number, code, address(request))
            asked = Asked(
                step=step.step,
                actor=CITIZEN,
                at=desk.district.clock(),
                reason=step.reason or None,
                given=step.given,
                seen=step.seen,
            )
            await run_in_threadpool(desk.cases.take, view.case.case_id, asked)
            return _out(desk, await run_in_threadpool(desk.cases.get, view.case.case_id, CITIZEN))
        except YunnaoError as error:
            return refusal(error)

    return router


def refusal(error: YunnaoError) -> JSONResponse:
    """A refusal as an answer."""
    status = status_of(error)
    headers = {"retry-after": "60"} if status in (429, 503) else None
    return JSONResponse({"problem": str(error)}, status, headers)


def _only(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: _REFUSALS[status] for status in statuses}


def _filing(appeal: AppealIn, idempotency_key: str | None) -> Filing:
    attributes: dict[str, Any] = {
        name: value for name, value in (("kind", appeal.kind), ("place", appeal.place)) if value
    }
    if appeal.latitude is not None and appeal.longitude is not None:
        attributes["coordinates"] = coordinates_text(appeal.latitude, appeal.longitude)
    return Filing(
        flow=FLOW,
        channel="api",
        key=key_of("api", idempotency_key or secrets.token_urlsafe(18), appeal.model_dump()),
        title=title_of(appeal.title, appeal.text),
        body=appeal.text,
        person=Person(name=appeal.name or None, contact=appeal.telephone or None),
        attributes=attributes,
        repeatable=True,
    )


def _out(desk: Desk, view: FiledView) -> AppealOut:
    district = desk.district
    today = district.clock().astimezone(CHINA).date()
    seen = followed(view, district.departments, district.calendar, today, "zh")
    return AppealOut(
        number=seen.number,
        title=seen.title,
        text=seen.body,
        state=seen.state,
        closed=seen.closed,
        department=seen.department,
        seen=seen.seen,
        clocks=[
            ClockOut(
                title=clock.title,
                due=clock.due,
                light=clock.light,
                provisional=clock.provisional,
                ground=clock.ground,
                days=[(day.day, day.words) for day in clock.days],
            )
            for clock in seen.clocks
        ],
        events=[EventOut(when=event.when, words=event.words, details=list(event.details)) for event in seen.events],
        steps=[step.id for step in seen.steps if not step.attaches],  # photos come by the form
        attachments=seen.attachments,
    )
