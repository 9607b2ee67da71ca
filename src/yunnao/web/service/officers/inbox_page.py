"""The inbox: what waits for an officer, most urgent first; the messages they have not read; the list as Excel."""

from dataclasses import replace
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from yunnao.access.scope import sees_everything
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.inbox import Inbox, Row, Waiting
from yunnao.platforms.cases.filed.named_files import attachment_counts
from yunnao.platforms.cases.filed.rounds.undelivered import Undelivered
from yunnao.platforms.cases.filed.unread import Unread
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.inbox_list import (
    ASKED,
    ENDED,
    EVERY,
    MINE,
    MOST_EXPORTED,
    SeenRow,
    asked_for,
    light_words,
    place_from,
    place_text,
    seen_row,
    workbook,
)
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.responsible import InCharge
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, posted, signed_in
from yunnao.web.service.officers.words import officer_labels
from yunnao.web.service.pages import language
from yunnao.web.service.plain import plain

PAGE = 50
_MOST_MARKED = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class InboxPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk, undelivered: Undelivered) -> None:
        self._desk = desk
        self._undelivered = undelivered
        self._in_charge = InCharge(desk.district)
        self._unread = Unread(desk.district.records, lambda: desk.district.clock())

    def routes(self) -> list[Route]:
        """Every page."""
        return [
            Route(FOLDER, self.inbox, methods=["GET"]),
            Route(f"{FOLDER}/inbox.xlsx", self.download, methods=["GET"]),
            Route(f"{FOLDER}/read", self.read, methods=["POST"]),
        ]

    def _inbox(self) -> Inbox:
        district = self._desk.district
        today = district.clock().astimezone(CHINA).date()
        return Inbox(district.records, self._desk.flow, district.calendar, today)

    async def inbox(self, request: Request) -> Response:
        """What waits, the most urgent first."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        try:
            return await run_in_threadpool(self._page, request, officer)
        except YunnaoError as error:
            return plain(503, str(error))

    def _page(self, request: Request, officer: Officer) -> Response:
        said, query, flow, inbox = language(request), request.query_params, self._desk.flow, self._inbox()
        wanted = asked_for(query, officer.actor, flow)
        rows = inbox.page(wanted, place_from(query.get("after", "")), PAGE + 1)
        counts = inbox.counts(wanted)
        asked = {name: query.get(name, "").strip()[:60] for name in ASKED}
        t = officer_labels(said)
        states = [(id_, s.title.zh if said == "zh" else s.title.en) for id_, s in flow.states.items()]
        return officer_page(
            request,
            officer,
            "inbox.html",
            here="inbox",
            rows=[self._seen(row, request) for row in rows[:PAGE]],
            next_page=place_text(rows[PAGE - 1].place) if len(rows) > PAGE else "",
            first_page="after" not in query,
            asked=asked,
            filtered=any(asked.values()),
            lights=[(light, light_words(light, said), n) for light, n in counts.items()],
            states=[(MINE, t.waits_for_me), (EVERY, t.every_open), (ENDED, t.ended), *states],
            categories=list(self._in_charge().categories),
            streets=self._desk.district.settings.appeals.streets,
            everywhere=sees_everything(officer.actor),
            department=self._department(officer, request),
            unread=self._unread.of(officer.actor),
            undelivered=self._undelivered.count() if sees_everything(officer.actor) else 0,
            files_wrong=self._files_wrong() if sees_everything(officer.actor) else 0,
            when=lambda moment: moment.astimezone(CHINA).strftime("%m-%d %H:%M"),
        )

    def _files_wrong(self) -> int:
        return sum(bool(file.problem) for file in self._desk.district.follow_files())

    def _seen(self, row: Row, request: Request) -> SeenRow:
        return seen_row(row, self._desk.flow, self._desk.district.departments, language(request))

    def _department(self, officer: Officer, request: Request) -> str:
        found = self._desk.district.departments.get(officer.actor.department or "")
        return found.in_(language(request)) if found else ""

    async def download(self, request: Request) -> Response:
        """The list that the same query shows, as Excel."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        wanted = asked_for(request.query_params, officer.actor, self._desk.flow)
        try:
            content = await run_in_threadpool(self._workbook, request, officer, wanted)
        except YunnaoError as error:
            return plain(503, str(error))
        day = self._desk.district.clock().astimezone(CHINA).date()
        name = quote(f"收件箱-{day}.xlsx")
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
        return Response(content, media_type=_XLSX, headers=headers)

    def _workbook(self, request: Request, officer: Officer, wanted: Waiting) -> bytes:
        day = self._desk.district.clock().astimezone(CHINA).date()
        found = self._inbox().page(wanted, limit=MOST_EXPORTED)
        with self._desk.district.records.read() as connection:
            attachments = attachment_counts(connection, [row.case_id for row in found])
        rows = [replace(self._seen(row, request), attachments=str(attachments.get(row.case_id, 0))) for row in found]
        audit = self._desk.district.audit
        with audit.writing() as connection:
            audit.append(connection, AuditEvent.LIST_EXPORTED, officer.actor.id, {"rows": len(rows)})
        return workbook(rows, language(request), day)

    async def read(self, request: Request) -> Response:
        """Mark messages as read."""
        found = await posted(request)
        if isinstance(found, Response):
            return found
        officer, written = found
        try:
            await run_in_threadpool(
                self._unread.mark, officer.actor, written.get("messages", "").split()[:_MOST_MARKED]
            )
        except YunnaoError as error:
            return plain(503, str(error))
        return RedirectResponse(f"{FOLDER}{'?lang=en' if language(request) == 'en' else ''}", 303)
