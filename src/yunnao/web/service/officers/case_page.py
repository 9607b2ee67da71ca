"""One case: what is known, what may be done, what it may repeat, who should have it; and the forms by which it is done.

Beside appeals, these are the special-case reviews and objections of DRG payment.
"""

import datetime as dt
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from yunnao.access.scope import may_see, sees_everything
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.attaching import brought
from yunnao.platforms.cases.filed.looking import audit_lines, has_looked, looks_at, note_look
from yunnao.platforms.cases.filed.media import WaitingMedium, media_of
from yunnao.platforms.cases.filed.recent import Written, written
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.scenarios.drg.review.filings import FLOWS
from yunnao.web.service.citizen_pages import status_of
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.case_view import Around, seen_case
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.proposals import Proposals, Proposer
from yunnao.web.service.officers.repeats import Repeat, Repeats
from yunnao.web.service.officers.responsible import InCharge
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, posted, signed_in
from yunnao.web.service.officers.step_forms import Suggestions, Tried, step_forms
from yunnao.web.service.officers.words import PURPOSES, officer_labels
from yunnao.web.service.own_steps import given_from
from yunnao.web.service.pages import language
from yunnao.web.service.plain import plain
from yunnao.web.service.shown_files import file_answer, shown_files

_CASE = f"{FOLDER}/cases/{{number}}"
_LOOK_LASTS = dt.timedelta(hours=8)
"""How long after a noted look attachments are shown to whom it was; a session lasts no longer."""
_UNDISPATCHED = ("dispatch", "classify")


class CasePage:
    """The handlers of this page."""

    def __init__(self, desk: Desk, repeats: Repeats) -> None:
        self._desk = desk
        self._repeats = repeats
        self._flows = {desk.flow.id, *FLOWS.values()}
        self._in_charge = InCharge(desk.district)
        self._proposer = Proposer(desk.district, self._in_charge)

    def routes(self) -> list[Route]:
        """Every page."""
        return [
            Route(_CASE, self.case, methods=["GET"]),
            Route(f"{_CASE}/steps", self.step, methods=["POST"]),
            Route(f"{_CASE}/dispatch", self.dispatch, methods=["POST"]),
            Route(f"{_CASE}/reveal", self.reveal, methods=["POST"]),
            Route(f"{_CASE}/attachments/{{digest}}", self.attachment, methods=["GET"]),
        ]

    async def case(self, request: Request) -> Response:
        """The case as it stands."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        return await run_in_threadpool(self._page, request, officer)

    async def reveal(self, request: Request) -> Response:
        """The case with contact and full text, once the purpose has been noted."""
        found = await posted(request)
        if isinstance(found, Response):
            return found
        officer, form = found
        if form.get("purpose") not in PURPOSES:
            return plain(400, "请选择用途", "Please choose a purpose")
        return await run_in_threadpool(self._revealed, request, officer, form["purpose"])

    def _revealed(self, request: Request, officer: Officer, purpose: str) -> Response:
        view = self._view(request, officer)
        if view is None:
            return self._absent(request, officer)
        try:
            note_look(self._desk.cases, view.case.case_id, officer.actor, purpose)
        except YunnaoError as error:
            return plain(503, str(error))
        return self._page(request, officer, shown=True)

    async def attachment(self, request: Request) -> Response:
        """The whole file of an attachment, to an officer who has said lately what they look at the case for."""
        officer = await signed_in(request)
        return officer if isinstance(officer, Response) else await run_in_threadpool(self._attachment, request, officer)

    def _attachment(self, request: Request, officer: Officer) -> Response:
        view, district = self._view(request, officer), self._desk.district
        if view is None:
            return self._absent(request, officer)
        if not has_looked(self._desk.cases, view.case.case_id, officer.actor, district.clock() - _LOOK_LASTS):
            return RedirectResponse(f"{FOLDER}/cases/{view.case.case_id}", 303, {"cache-control": "no-store"})
        return file_answer(view, district.attachments, str(request.path_params["digest"]))

    async def step(self, request: Request) -> Response:
        """A step, then the case as it stands; or the form again, with why not and with what was written."""
        found = await posted(request)
        if isinstance(found, Response):
            return found
        officer, form = found
        return await run_in_threadpool(self._step, request, officer, form, [form.get("step", "")])

    async def dispatch(self, request: Request) -> Response:
        """Classified and dispatched in one go, as proposed."""
        found = await posted(request)
        if isinstance(found, Response):
            return found
        officer, form = found
        return await run_in_threadpool(self._step, request, officer, form, ["classify", "dispatch"])

    def _step(self, request: Request, officer: Officer, form: dict[str, str], wanted: list[str]) -> Response:
        view = self._view(request, officer)
        if view is None:
            return self._absent(request, officer)
        steps = [view.flow.step(id_) for id_ in wanted]
        seen = form.get("seen", "")
        if None in steps or not (seen.isascii() and seen.isdigit() and len(seen) < 7):
            return plain(400, "表单不完整；请回到上一页，刷新后再试", "Incomplete form")
        for further, step in enumerate(each for each in steps if each is not None):
            asked = Asked(
                step=step.id,
                actor=officer.actor,
                at=self._desk.district.clock(),
                reason=form.get("reason", "").replace("\r\n", "\n").strip() or None,
                given=given_from(step, form) | self._in_charge.noted(step),
                seen=int(seen) + further,
                detach=form.get("attachment"),
            )
            try:
                self._desk.cases.take(view.case.case_id, asked)
            except YunnaoError as error:
                tried = Tried(step=step.id, written=form, sentence=_for_pages(str(error)))
                conflict = isinstance(error, StepRefused) and len(self._fresh(view).events) != int(seen) + further
                return self._page(request, officer, status_of(error), tried=tried, conflict=conflict)
        after = self._view(request, officer)
        lang = "&lang=en" if language(request) == "en" else ""
        to = f"{FOLDER}/cases/{view.case.case_id}?done={wanted[-1]}{lang}" if after else f"{FOLDER}?{lang[1:]}"
        return RedirectResponse(to, 303, {"cache-control": "no-store"})

    def _fresh(self, view: FiledView) -> FiledView:
        return self._desk.cases.get(view.case.case_id)

    def _view(self, request: Request, officer: Officer) -> FiledView | None:
        """The case, if it is one that this officer may open: their department has it, or co-handles it now."""
        number = str(request.path_params["number"]).upper()[:40]
        try:
            view = self._desk.cases.get(number, officer.actor)
        except YunnaoError:
            return None
        have_it = {share.department for share in view.shares if share.closed is None}
        have_it |= {view.standing.department} if view.standing.department else set()
        return view if view.flow.id in self._flows and may_see(officer.actor, have_it) else None

    def _absent(self, request: Request, officer: Officer) -> Response:
        return officer_page(request, officer, "absent.html", 404, path=FOLDER)

    def _page(
        self,
        request: Request,
        officer: Officer,
        status: int = 200,
        *,
        shown: bool = False,
        tried: Tried | None = None,
        conflict: bool = False,
    ) -> Response:
        view = self._view(request, officer)
        if view is None:
            return self._absent(request, officer)
        district, said = self._desk.district, language(request)
        around = Around(
            actors={actor.id: actor.name for actor in district.actors},
            departments=district.departments,
            calendar=district.calendar,
            today=district.clock().astimezone(CHINA).date(),
            language=said,
        )
        number, cases, appeal = view.case.case_id, self._desk.cases, view.flow.id == self._desk.flow.id
        forms = step_forms(
            view.flow,
            view.standing.state,
            tuple(step for step in view.allowed if not (step.attaches or step.detaches)),
            view.standing.attributes,
            district.departments,
            said,
            tried,
            self._suggestions(view) if appeal else Suggestions(),
        )
        if forms and forms[0].onward and tried is None:
            forms[0] = replace(forms[0], open=True)
        allowed = {step.id for step in view.allowed}
        everywhere = sees_everything(officer.actor)
        done = view.flow.step(request.query_params.get("done", "")) if request.method == "GET" else None
        return officer_page(
            request,
            officer,
            "case.html",
            status,
            path=f"{FOLDER}/cases/{number}",
            co_handles=not everywhere and view.standing.department != officer.actor.department,
            seen=seen_case(view, audit_lines(cases, number), looks_at(cases, number), around, shown=shown),
            forms=forms,
            files=shown_files(view.attachments, district.attachments, said) if shown else (),
            attachments=len(view.attachments),
            gone=brought(view.events) - len(view.attachments),
            waiting=self._waiting(number),
            removing=next((step.id for step in view.allowed if step.detaches), ""),
            tried=tried,
            tried_shown=tried is not None and tried.step in {form.id for form in forms},
            conflict=conflict,
            done=(done.title.zh if said == "zh" else done.title.en) if done else "",
            proposals=self._proposals(view) if set(_UNDISPATCHED) <= allowed else None,
            may_dispatch=set(_UNDISPATCHED) <= allowed,
            departments={id_: title.in_(said) for id_, title in district.departments.items()},
            states={id_: s.title.zh if said == "zh" else s.title.en for id_, s in view.flow.states.items()},
            repeats=self._suggested(view)
            if everywhere and appeal and view.standing.state not in view.flow.closed
            else None,
            repeats_ready=self._repeats.ready,
            may_merge="merge" in allowed,
            mask=masked,
            purposes=[(id_, text.in_(said)) for id_, text in PURPOSES.items()],
            follows=view.follows,
            followers=cases.followers(number),
            labels=officer_labels(said),
        )

    def _waiting(self, number: str) -> list[WaitingMedium]:
        """What WeChat keeps for the case and has not handed out (yet)."""
        with self._desk.district.records.read() as connection:
            return media_of(connection, number)

    def _suggestions(self, view: FiledView) -> Suggestions:
        """Categories of the catalogue, and who is in charge of that of the case; nothing where the catalogue is not usable now."""
        try:
            catalogue = self._in_charge()
        except YunnaoError:
            return Suggestions()
        department = catalogue.in_charge(str(view.standing.attributes.get("category", "")))
        return Suggestions(options={"category": tuple(catalogue.categories)}, department=department or "")

    def _proposals(self, view: FiledView) -> Proposals | None:
        return self._proposer.of(view.title, view.body)

    def _suggested(self, view: FiledView) -> list[Repeat]:
        found: list[Written] = written(self._desk.district.records, [view.case.case_id])
        return self._repeats.of(found[0]) if found else []


def _for_pages(sentence: str) -> str:
    """A refusal without the name of the command's option."""
    return sentence.replace("（--reason）", "")
