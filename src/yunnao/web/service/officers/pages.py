"""Pages for officers: the template engine with what the desk's base page needs."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from yunnao.access.roles import TITLES
from yunnao.web.service.officers.drg_access import may_see_drg, own_page
from yunnao.web.service.officers.words import officer_labels
from yunnao.web.service.pages import language, render

if TYPE_CHECKING:
    from yunnao.web.service.officers.sign_in import Officer


def officer_page(
    request: Request,
    officer: "Officer | None",
    template: str,
    status: int = 200,
    *,
    here: str = "",
    path: str | None = None,
    form_token: str = "",
    **values: Any,
) -> Response:
    """A page of the desk from ``templates/service/officers``; nobody keeps it, since it holds other people's words.

    Args:
        officer: who has signed in; none at the door.
        here: the entry of the navigation that is current: ``inbox``, ``new``, ``topics``, ``measures``, ``plan``,
            ``assessment`` or ``drg``.
        path: where the page can be asked for again, if not where it was asked for; with the query that it was asked with.
        form_token: of the forms of the page; the officer's own, if they have signed in.
        values: for the template, beside ``t`` (labels), ``link`` (a path with the language), ``officer``, ``form_token``, ``roles``.
    """
    said = language(request)

    def link(to: str, **query: object) -> str:
        asked = {name: str(value) for name, value in query.items() if value not in (None, "")}
        asked |= {"lang": "en"} if said == "en" else {}
        return f"{to}?{urlencode(asked)}" if asked else to

    kept = {name: text for name, text in request.query_params.items() if name != "lang" and path is None}
    other = urlencode(kept | ({"lang": "en"} if said == "zh" else {}))
    at = path or request.url.path
    text = render(
        request.app.state.desk,
        said,
        f"officers/{template}",
        t=officer_labels(said),
        link=link,
        other_link=f"{at}?{other}" if other else at,
        here=here,
        officer=officer,
        own_page=own_page(officer.actor) if officer else "",
        sees_drg=officer is not None and may_see_drg(officer.actor),
        roles=[TITLES[role].in_(said) for role in sorted(officer.actor.roles)] if officer else [],
        form_token=officer.session.form_token if officer else form_token,
        **values,
    )
    headers = {"cache-control": "no-store"} | ({"retry-after": "60"} if status in (429, 503) else {})
    return HTMLResponse(text, status, headers)
