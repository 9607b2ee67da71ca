"""One stay: how its points came about line by line, how it was grouped, and a form by which a hospital's objection is filed.

A hospital opens its own stays; of any other number it is told that it is not theirs, whether there is such a stay or not.

Diagnoses stand in the path of grouping, so every look is written to the audit log; the insured person is never shown.
"""

from typing import get_args

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.audit.events import AuditEvent
from yunnao.capabilities.drg.one import Grouped, group_stay
from yunnao.capabilities.drg.scheme import Scheme
from yunnao.capabilities.drg.stay import COLUMNS, Stay
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, OUTCOMES, title_of
from yunnao.scenarios.drg.review.filings import FLOWS, TITLES, ReviewKind, first_steps, review_filing
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme
from yunnao.scenarios.drg.settlement.erasing import PREFIX
from yunnao.scenarios.drg.settlement.explanation import Line, explain_stay
from yunnao.scenarios.drg.settlement.running import SCHEME
from yunnao.scenarios.drg.settlement.runs import Run
from yunnao.scenarios.drg.settlement.stored_words import stored
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers import drg_views as views
from yunnao.web.service.officers.drg_access import WITH_HOSPITALS, may_see_drg
from yunnao.web.service.officers.drg_door import Seen, seen
from yunnao.web.service.officers.drg_reviews_view import reviews_grid, reviews_of
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER, posted, signed_in

_STAY = f"{FOLDER}/drg/stay/{{stay}}"


class DrgStayPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._scheme: tuple[object, Scheme] | None = None

    def routes(self) -> list[Route]:
        """The page and its form."""
        return [
            Route(_STAY, self.stay, methods=["GET"]),
            Route(f"{_STAY}/review", self.review, methods=["POST"]),
        ]

    async def stay(self, request: Request) -> Response:
        """The page; that it was looked at is noted."""
        officer = await signed_in(request, WITH_HOSPITALS)
        if isinstance(officer, Response):
            return officer
        if not _may_ask(officer):
            return officer_page(request, officer, "barred.html", 403)
        return await run_in_threadpool(lambda: self._page(seen(request, officer, self._desk)))

    async def review(self, request: Request) -> Response:
        """A special-case review or an objection filed for the hospital, then the page with its number."""
        found = await posted(request, WITH_HOSPITALS)
        if isinstance(found, Response):
            return found
        officer, form = found
        if not _may_ask(officer):
            return officer_page(request, officer, "barred.html", 403)
        return await run_in_threadpool(lambda: self._filed(seen(request, officer, self._desk), form))

    def _page(self, asked: Seen, status: int = 200, *, told: str = "", refused: str = "") -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        stay = self._found(asked, asked.run)
        if stay is None and asked.of_hospital:
            return asked.barred()
        if stay is None:
            return asked.page("drg_absent.html", 404, sentence=asked.say.no_stay)
        audit = self._desk.cases.audit
        with audit.writing() as connection:
            details = {"run": asked.run.manifest.number, "stay": str(stay["case_id"])}
            audit.append(connection, AuditEvent.STAY_SHOWN, asked.officer.actor.id, details)
        say, tongue = asked.say, asked.tongue
        grouped, note = self._grouped(asked, asked.run, stay)
        return asked.page(
            "drg_stay.html",
            status,
            stay=stay,
            stay_class=title_of(CLASS_TITLES, str(stay["class"]), tongue),
            hospital_path=views.path(views.HOSPITAL, str(stay["hospital_id"])),
            group_path=views.path(views.GROUP, str(stay["drg"] or "")),
            lines=self._lines(asked, asked.run, stay),
            grouped_as=say.grouping_as.format(
                drg=stay["drg"],
                outcome=title_of(OUTCOMES, str(stay["outcome"]), tongue),
                reason=stored(str(stay["reason"] or ""), tongue),
            ),
            steps=[stored(step, tongue) for step in grouped.path] if grouped else (),
            note=note,
            matters=self._matters(tongue == "zh"),
            reviews=self._reviews(asked, str(stay["case_id"])),
            told=told,
            refused=refused,
        )

    def _reviews(self, asked: Seen, stay: str) -> views.Grid:
        """What was filed about the stay, and what came of it."""
        district = self._desk.district
        today = district.clock().astimezone(CHINA).date()
        own = {stay} if asked.of_hospital else None
        found = reviews_of(self._desk.cases, "stay", stay)
        if asked.of_hospital:  # what another hospital asked about the same person is not theirs
            found = [each for each in found if asked.sees(str(each.standing.attributes.get("hospital", "")))]
        return reviews_grid(found, today, district.calendar, asked.say, asked.tongue, own)

    def _found(self, asked: Seen, run: Run) -> dict[str, object] | None:
        """The stay that the path names; none if there is none, or it is not for who asks."""
        return _stay_for(asked, run, str(asked.request.path_params["stay"]))

    def _lines(self, asked: Seen, run: Run, stay: dict[str, object]) -> list[Line]:
        """Line by line; where the person came back to another hospital, that hospital's stay has no number here."""
        later = str(stay["readmitted_as"] or PREFIX)  # an erased number tells nobody anything
        name_later = later.startswith(PREFIX) or not asked.of_hospital or _stay_for(asked, run, later) is not None
        return explain_stay(run, str(stay["case_id"]), asked.tongue, name_later=name_later)

    def _filed(self, asked: Seen, form: dict[str, str]) -> Response:
        wanted, _, ground = form.get("matter", "").partition(":")
        kind = next((each for each in get_args(ReviewKind) if each == wanted), None)
        stay = self._found(asked, asked.run) if asked.run else None
        words = form.get("words", "").replace("\r\n", "\n").strip()
        if asked.run is None or stay is None or kind is None:
            return self._page(asked, 400)
        try:
            filing = review_filing(kind, stay, asked.run.manifest.number, ground, words)
        except YunnaoError as error:
            return self._page(asked, 422, refused=str(error))
        if asked.of_hospital and _stay_for(asked, asked.run, str(filing.attributes["stay"])) is None:
            return self._page(asked, 422, refused=asked.say.readmitted_elsewhere)
        district = self._desk.district
        try:
            (filed,) = self._desk.cases.file(
                [filing], asked.officer.actor.id, {filing.key: first_steps(district.clock())}
            )
        except YunnaoError as error:
            return self._page(asked, 422, refused=str(error))
        template = asked.say.filed if filed.new else asked.say.known
        return self._page(asked, told=template.format(case=filed.case_id))

    def _matters(self, chinese: bool) -> list[tuple[str, list[tuple[str, str]]]]:
        """Kind of review, and the grounds of its flow: one choice, so that they always fit together."""
        found = []
        for kind, flow in FLOWS.items():
            values = self._desk.district.filed_flows[flow].attributes["ground"].values
            title = TITLES[kind].zh if chinese else TITLES[kind].en
            found.append((title, [(f"{kind}:{id_}", each.zh if chinese else each.en) for id_, each in values.items()]))
        return found

    def _grouped(self, asked: Seen, run: Run, stay: dict[str, object]) -> tuple[Grouped | None, str]:
        """The stay grouped once more by the scheme of today, and what has to be said about it."""
        if str(stay["case_id"]).startswith(PREFIX):
            return None, str(asked.say.erased)
        try:
            scheme = self._of_today()
        except YunnaoError as error:
            return None, str(error)
        if scheme.digest != run.manifest.scheme:
            return None, str(asked.say.no_path)
        grouped = group_stay(Stay(**{name: stay[name] for name in COLUMNS}), scheme)  # type: ignore[arg-type]
        differs = grouped.drg != stay["drg"]
        return grouped, asked.say.path_differs.format(drg=grouped.drg) if differs else ""

    def _of_today(self) -> Scheme:
        """The district's scheme, read again when a file of it has changed."""
        own = self._desk.district.home / SCHEME
        folder = own if own.is_dir() else SAMPLE_SCHEME
        mark = (folder, tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())))
        if self._scheme is None or self._scheme[0] != mark:
            self._scheme = (mark, load_scheme(folder))
        return self._scheme[1]


def _may_ask(officer: Officer) -> bool:
    """Whether there are stays that ``officer`` may see; of which hospital, is found with the stay."""
    return may_see_drg(officer.actor) or officer.actor.hospital is not None


def _stay_for(asked: Seen, run: Run, case_id: str) -> dict[str, object] | None:
    rows = run.stays.filter(pl.col("case_id") == case_id).collect()
    stay = rows.row(0, named=True) if rows.height else None
    return stay if stay is not None and asked.sees(str(stay["hospital_id"])) else None
