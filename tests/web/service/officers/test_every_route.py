"""Every route under /desk, walked as the application has it: a page that is added and lets an outsider in fails here."""

import pytest
from starlette.routing import Route

from tests.web.service.officers.desk import AtDesk, hidden
from tests.web.service.served import Served
from yunnao.settings import WebKeys
from yunnao.web.service.application import application

DOOR = "/desk/sign-in"
HOTLINE = "/desk/new"
"""Open to desk operators alone."""
_WALKED_AT_LEAST = 14


def every_route(service: Served, number: str) -> list[tuple[str, str]]:
    """Method and path of every route under /desk but the door itself, with ``number`` for whatever a path names."""
    routes = application(service.district, WebKeys(wechat_token="token", open311={})).routes
    desk = [route for route in routes if isinstance(route, Route) and route.path.startswith("/desk")]
    names = {name: number for route in desk for name in route.param_convertors}
    found = [
        (method, route.path.format(**names))
        for route in desk
        for method in sorted((route.methods or set()) - {"HEAD"})
        if route.path != DOOR
    ]
    assert len(found) >= _WALKED_AT_LEAST
    return found


@pytest.fixture
def number(service: Served) -> str:
    """A case that ecology has."""
    case_id, _ = service.file(text="只给生态环境分局看的内容")
    service.take(case_id, "dispatch", department="ecology")
    return case_id


def test_nobody_gets_in_without_signing_in(service: Served, number: str) -> None:
    nobody, stranger = AtDesk(service), AtDesk(service)
    stranger.session.cookies.set("yunnao-desk", "made-up-token", path="/desk")
    for method, path in every_route(service, number):
        for desk in (nobody, stranger):
            answer = desk.get(path) if method == "GET" else desk.post(path, {"form_token": "x", "step": "sign_in"})
            refused = 303 if method == "GET" else 403
            assert (method, path, answer.status_code) == (method, path, refused)
            assert answer.headers.get("location", DOOR).startswith(DOOR)
            assert "只给生态环境分局看的内容" not in answer.text
    assert len(service.district.filed.get(number).events) == 2


def test_who_has_no_role_at_the_desk_gets_in_nowhere(service: Served, number: str) -> None:
    desk = AtDesk(service, "ecology.reviewer")
    for method, path in every_route(service, number):
        answer = desk.get(path) if method == "GET" else desk.post(path, {"step": "sign_in", "seen": "2"})
        assert (method, path, answer.status_code) == (method, path, 403)
    assert len(service.district.filed.get(number).events) == 2


@pytest.mark.parametrize("actor", ["operator", "centre", "ecology.handler"])
def test_no_form_is_taken_without_its_token_or_from_another_site(service: Served, number: str, actor: str) -> None:
    desk = AtDesk(service, actor)
    token = hidden(desk.get("/desk").text)["form_token"]
    other = AtDesk(service, "health.handler")
    foreign = hidden(other.get("/desk").text)["form_token"]
    fields = {"step": "sign_in", "seen": "2", "purpose": "contact", "category": "x", "department": "ecology"}
    for method, path in every_route(service, number):
        if method != "POST":
            continue
        assert (path, desk.post(path, fields).status_code) == (path, 403)
        assert (path, desk.post(path, {**fields, "form_token": foreign}).status_code) == (path, 403)
        for header in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
        ):
            answer = desk.post(path, {**fields, "form_token": token}, headers=header)
            assert (path, answer.status_code) == (path, 403)
    assert desk.get("/desk").status_code == 200  # nor was anybody signed out
    assert len(service.district.filed.get(number).events) == 2


def test_another_departments_case_is_shown_or_moved_by_no_route(service: Served, number: str) -> None:
    desk = AtDesk(service, "health.handler")
    token = hidden(desk.get("/desk").text)["form_token"]
    fields = {"step": "sign_in", "seen": "2", "purpose": "contact", "category": "x", "department": "health"}
    for method, path in every_route(service, number):
        if path == "/desk/sign-out":
            continue
        answer = desk.get(path) if method == "GET" else desk.post(path, {**fields, "form_token": token})
        assert answer.status_code < 500, path
        assert "只给生态环境分局看的内容" not in answer.text, path
        if number in path and "/cases/" in path:
            assert (path, answer.status_code) == (path, 404)
        if path == HOTLINE:
            assert (path, answer.status_code) == (path, 403)
    assert len(service.district.filed.get(number).events) == 2
