"""Who may see DRG payment at the desk, and which settlement a page is about."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.scenarios.drg.review.filings import FLOWS
from yunnao.scenarios.drg.settlement.runs import Manifest, Run, Runs
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.drg_access import ROLES, WITH_HOSPITALS, may_see_drg, may_see_hospital
from yunnao.web.service.officers.drg_views import GROUP
from yunnao.web.service.officers.drg_words import drg_labels
from yunnao.web.service.officers.figure_words import figure_labels
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import signed_in
from yunnao.web.service.pages import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EVERY = 1_000_000


async def at_drg(request: Request) -> Officer | Response:
    """Who asks for a page about every hospital, or what to answer instead."""
    officer = await signed_in(request, ROLES)
    if isinstance(officer, Officer) and not may_see_drg(officer.actor):
        return officer_page(request, officer, "barred.html", 403)
    return officer


async def at_hospital(request: Request) -> Officer | Response:
    """Who asks for the page of the hospital that the path names, or what to answer instead: the same whether there is one or not."""
    officer = await signed_in(request, WITH_HOSPITALS)
    if isinstance(officer, Officer) and not may_see_hospital(officer.actor, str(request.path_params["hospital"])):
        return officer_page(request, officer, "barred.html", 403)
    return officer


@dataclass(frozen=True)
class Seen:
    """A request with its officer, language, labels, and the settlement it is about; ``why`` there is none."""

    request: Request
    officer: Officer
    tongue: Language
    say: SimpleNamespace
    run: Run | None
    why: str = ""

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page with what every page of DRG payment needs."""
        number = self.run.manifest.number if self.run else None
        wanted = number if "run" in self.request.query_params else None
        return officer_page(
            self.request,
            self.officer,
            template,
            status,
            here="drg",
            say=self.say,
            tongue=self.tongue,
            run=self.run.manifest if self.run else None,
            wanted=wanted,
            why=self.why,
            here_path=self.request.url.path,
            figure_words=figure_labels(self.tongue),
            may_open=lambda link: may_see_drg(self.officer.actor) or not link.startswith(f"{GROUP}/"),
            **values,
        )

    def sees(self, hospital: str) -> bool:
        """Whether the officer may see what is of ``hospital``."""
        return may_see_hospital(self.officer.actor, hospital)

    @property
    def of_hospital(self) -> bool:
        """Whether who looks is a hospital, not the office."""
        return self.officer.actor.hospital is not None

    def barred(self) -> Response:
        """That this is not theirs, whether it exists or not."""
        return officer_page(self.request, self.officer, "barred.html", 403)

    def workbook(self, content: bytes, name: str) -> Response:
        """A workbook to keep."""
        return self.file(content, f"{name}.xlsx", XLSX)

    def file(self, content: bytes, name: str, media_type: str) -> Response:
        """A file to keep."""
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(content, media_type=media_type, headers=headers)


def seen(request: Request, officer: Officer, desk: Desk) -> Seen:
    """What a page of ``request`` is about: the settlement that it names, else the latest clearing, else the latest prepayment.

    A hospital is shown no look into the past, which is never in force, and is not told why a settlement cannot be opened.
    """
    tongue, runs = language(request), Runs(desk.district.home)
    say, run, why = drg_labels(tongue), None, ""
    try:
        run = _run(runs, request.query_params.get("run", ""))
        if run is not None:
            _ = run.hospitals, run.stays, run.groups  # damaged files are found here
    except YunnaoError as error:
        run, why = None, str(error)
    if officer.actor.hospital is not None and (run is None or run.manifest.look):
        run, why = None, say.none_for_hospital
    return Seen(request, officer, tongue, say, run, why or ("" if run else say.none))


def every_run(desk: Desk) -> list[Manifest]:
    """Manifests of all settlements, the latest first; those that cannot be read are left out."""
    runs, found = Runs(desk.district.home), []
    for number in reversed(runs.numbers()):
        try:
            found.append(runs.manifest(number))
        except YunnaoError:
            continue
    return found


def handled(desk: Desk) -> list[FiledView]:
    """Every special-case review and objection."""
    return [view for flow in FLOWS.values() for view in desk.cases.search(Wanted(flow=flow, limit=_EVERY))]


def _run(runs: Runs, wanted: str) -> Run | None:
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 7:
        return runs.open(int(wanted))
    numbers = runs.numbers()
    manifests = [runs.manifest(number) for number in reversed(numbers)]
    best = next((each for each in manifests if each.kind == "year" and not each.look), None)
    chosen = best or next((each for each in manifests if not each.look), None)
    return runs.open(chosen.number) if chosen else None
