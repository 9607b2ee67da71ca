"""Pages for citizens: the template engine, the language asked for, stylesheets; every page works without scripts."""

from functools import cache
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from yunnao.kernel.text import Language
from yunnao.web.engine import asset, engine
from yunnao.web.languages import LANGUAGE_TAG, language_of
from yunnao.web.service.desk import Desk
from yunnao.web.service.words import labels

SCRIPTS = ("photos.js",)
STYLESHEETS = ("dictionary.css", "service.css", "officers.css", "charts.css", "plan.css", "drg.css")


def language(request: Request) -> Language:
    """Chinese, or English where ``?lang=en`` asks for it."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


@cache
def _environment() -> Environment:
    return engine("service")


def render(desk: Desk, said: Language, template: str, **values: Any) -> str:
    """A template in one language, with what every base page needs; ``values`` go first."""
    other: Language = "en" if said == "zh" else "zh"
    shared = {
        "t": labels(said),
        "lang": LANGUAGE_TAG[said],
        "other_lang": LANGUAGE_TAG[other],
        "query": "?lang=en" if said == "en" else "",
        "other_query": "?lang=en" if said == "zh" else "",
        "district": desk.district.settings.title.zh if said == "zh" else desk.district.settings.title.en,
        "contact": desk.district.settings.web.contact,
        "language_of": language_of,
    }
    return _environment().get_template(template).render(shared | values)


def page(desk: Desk, request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page; nobody keeps it, since it may hold somebody's words."""
    headers = {"cache-control": "no-store"} | ({"retry-after": "60"} if status in (429, 503) else {})
    return HTMLResponse(render(desk, language(request), template, **values), status, headers)


def static_file(name: str) -> str:
    """One of `STYLESHEETS` or `SCRIPTS`."""
    return asset(name)
