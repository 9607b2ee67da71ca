"""Refusals as a browser sees them: a page that says what is wrong and where to go on."""

from starlette.requests import Request
from starlette.responses import Response

from yunnao.web.service import pages
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.signed_in import FOLDER


def problem_page(request: Request, status: int, sentence: str, english: str) -> Response:
    """The page, in the dress of the desk or of the citizens' pages, by where it was asked for."""
    told = english if english and pages.language(request) == "en" else sentence
    path = request.url.path
    if path == FOLDER or path.startswith(f"{FOLDER}/"):
        return officer_page(request, None, "problem.html", status, path=FOLDER, told=told)
    return pages.page(request.app.state.desk, request, "problem.html", status, here="", told=told)
