"""The hotline's desk: an appeal filed on behalf of a caller, after a look at what may be the same matter."""

from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.access.roles import Role
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.filing import Filed
from yunnao.platforms.cases.filed.recent import Written, of_person, written
from yunnao.web.service.citizen_pages import status_of
from yunnao.web.service.desk import Desk, title_of
from yunnao.web.service.filing_form import FIELDS, Form, empty_form, filing_from, read_form
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.repeats import Repeat, Repeats
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, posted, signed_in
from yunnao.web.service.officers.words import officer_labels
from yunnao.web.service.pages import language

CHANNEL = "hotline"
ROLES = frozenset({Role.OPERATOR})
_MOST_OF_CALLER = 5
_PATH = f"{FOLDER}/new"


@dataclass(frozen=True, kw_only=True)
class Before:
    """What was filed before: of the caller, and similar matters of anybody, unless these cannot be told yet."""

    of_caller: tuple[Written, ...]
    similar: tuple[Repeat, ...]
    ready: bool


class EntryPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk, repeats: Repeats) -> None:
        self._desk = desk
        self._repeats = repeats

    def routes(self) -> list[Route]:
        """Every page."""
        return [Route(_PATH, self.form, methods=["GET"]), Route(_PATH, self.send, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        """The empty form."""
        officer = await signed_in(request, ROLES)
        return officer if isinstance(officer, Response) else self._form(request, officer, empty_form())

    async def send(self, request: Request) -> Response:
        """What was written: checked against what was filed before, changed again, or filed."""
        found = await posted(request, ROLES)
        if isinstance(found, Response):
            return found
        officer, pairs = found
        form = read_form(list(pairs.items()), self._desk.flow)
        if form.problems or pairs.get("do") == "change":
            return self._form(request, officer, form, 422 if form.problems else 200)
        if pairs.get("do") != "file":
            return await run_in_threadpool(self._check, request, officer, form)
        try:
            filed = await run_in_threadpool(self._file, officer, form)
        except YunnaoError as error:
            return self._form(request, officer, form, status_of(error), str(error))
        return officer_page(request, officer, "read_out.html", here="new", path=_PATH, filed=filed)

    def _file(self, officer: Officer, form: Form) -> Filed:
        return self._desk.cases.file([filing_from(form, CHANNEL)], officer.actor.id)[0]

    def _form(self, request: Request, officer: Officer, form: Form, status: int = 200, sentence: str = "") -> Response:
        said = language(request)
        kinds = self._desk.flow.attributes["kind"].values
        return officer_page(
            request,
            officer,
            "entry.html",
            status,
            here="new",
            path=_PATH,
            form=form,
            kinds=[(id_, label.zh if said == "zh" else label.en) for id_, label in kinds.items()],
            problems={name: text.in_(said) for name, text in form.problems.items()},
            sentence=sentence,
        )

    def _check(self, request: Request, officer: Officer, form: Form) -> Response:
        said, flow = language(request), self._desk.flow
        kind = flow.attributes["kind"].values.get(form["kind"])
        return officer_page(
            request,
            officer,
            "entry_check.html",
            here="new",
            path=_PATH,
            form=form,
            fields={name: form[name] for name in FIELDS},
            title=title_of(form["title"], form["body"]),
            kind=(kind.zh if said == "zh" else kind.en) if kind else officer_labels(said).kind_unknown,
            before=self._before(form),
            states={id_: s.title.zh if said == "zh" else s.title.en for id_, s in flow.states.items()},
            departments={id_: title.in_(said) for id_, title in self._desk.district.departments.items()},
            mask=masked,
        )

    def _before(self, form: Form) -> Before:
        records, telephone = self._desk.district.records, form["telephone"]
        person = self._desk.cases.contact_hash(telephone) if telephone else None
        own = written(records, of_person(records, person, _MOST_OF_CALLER)) if person else []
        new = Written(
            case_id="",
            title=title_of(form["title"], form["body"]),
            body=form["body"],
            opened_on=self._desk.district.clock().astimezone(CHINA).date(),
            person=person,
            state=self._desk.flow.starts,
            department=None,
        )
        # the place often stands in a field of its own
        asked = replace(new, body=f"{form['place']}\n{new.body}") if form["place"] else new
        known = {each.case_id for each in own}
        ready = self._repeats.ready
        similar = tuple(each for each in self._repeats.of(asked) if each.written.case_id not in known)
        return Before(of_caller=tuple(own), similar=similar, ready=ready)
