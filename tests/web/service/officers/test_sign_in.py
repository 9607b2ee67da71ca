"""Signing in and out over real HTTP: who gets in, for how long, and what is told to whom."""

import datetime as dt
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.web.service.officers.desk import AtDesk, give_password, hidden, password_of
from tests.web.service.served import Served, make_district, served
from tests.web.service.test_citizen_pages import checked
from yunnao.access.passwords import FILE, Passwords
from yunnao.access.sessions import SESSIONS
from yunnao.audit.log import LINES

COOKIE = "yunnao-desk"


def audited(service: Served) -> list[tuple[str, str]]:
    with service.district.records.read() as connection:
        rows = connection.execute(sa.select(LINES.c.kind, LINES.c.actor).order_by(LINES.c.number))
        return [(row.kind, row.actor) for row in rows]


def test_an_officer_signs_in_works_and_signs_out(service: Served) -> None:
    desk = AtDesk(service)
    turned = desk.get("/desk")
    assert (turned.status_code, turned.headers["location"]) == (303, "/desk/sign-in?to=/desk")
    before = len(audited(service))
    assert desk.sign_in("ecology.handler").headers["location"] == "/desk"
    page = desk.get("/desk")
    assert page.status_code == 200
    assert "示例经办人" in page.text
    assert page.headers["cache-control"] == "no-store"
    out = desk.send("/desk", "/desk/sign-out", {})
    assert (out.status_code, out.headers["location"]) == (303, "/desk/sign-in")
    assert desk.get("/desk").status_code == 303
    assert audited(service)[before:] == [("signed_in", "ecology.handler"), ("signed_out", "ecology.handler")]


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(service: Served) -> None:
    desk = AtDesk(service, "operator")
    stolen = {COOKIE: desk.session.cookies[COOKIE]}
    assert service.get("/desk", cookies=stolen, allow_redirects=False).status_code == 200
    desk.send("/desk", "/desk/sign-out", {})
    assert service.get("/desk", cookies=stolen, allow_redirects=False).status_code == 303


def test_only_a_hash_of_the_token_is_kept(service: Served) -> None:
    token = str(AtDesk(service, "operator").session.cookies[COOKIE])
    with service.district.records.read() as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(SESSIONS))]
    assert rows
    assert not [value for row in rows for value in row if token in str(value)]
    assert token.encode() not in (service.district.home / "records.sqlite").read_bytes()


def test_unknown_officer_and_wrong_password_are_answered_alike(service: Served) -> None:
    desk = AtDesk(service)
    before = len(audited(service))
    wrong, unknown = desk.sign_in("operator", "wrong password"), desk.sign_in("operators", "wrong password")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("operator", "-") == unknown.text.replace("operators", "-")
    assert "用户名或密码不对" in wrong.text
    assert audited(service)[before:] == [("sign_in_failed", "operator"), ("sign_in_failed", "unknown")]
    assert "operators" not in str(audited(service))
    # somebody without a password, and an enterprise, which acts without signing in
    assert desk.sign_in("ecology.publisher", "wrong password").status_code == 403
    assert desk.sign_in("91370200MA3N0XYZ12", "wrong password").status_code == 403


def test_unknown_officer_and_wrong_password_take_as_long(service: Served) -> None:
    Passwords(service.district.home / FILE).set("operator", password_of("operator"))
    desk = AtDesk(service)

    def seconds(name: str) -> float:
        started = time.perf_counter()
        desk.sign_in(name, "wrong password")
        return time.perf_counter() - started

    # the least of several, by turns: the machine may be busy
    taken = [(seconds("operator"), seconds("nobody")) for _ in range(6)]
    known, unknown = min(each[0] for each in taken), min(each[1] for each in taken)
    assert unknown > known / 2
    assert unknown < known * 2


@pytest.mark.parametrize(
    ("to", "lands"),
    [
        ("/desk/topics", "/desk/topics"),
        ("/desk/cases/SQ20260924-00001", "/desk/cases/SQ20260924-00001"),
        ("https://example.com/", "/desk"),
        ("//example.com", "/desk"),
        ("/desk//example.com", "/desk"),
        ("/desk/../follow", "/desk"),
        ("/desk\\@example.com", "/desk"),
        ("/desk/\nlocation:x", "/desk"),
        ("javascript:alert(1)", "/desk"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(service: Served, to: str, lands: str) -> None:
    assert AtDesk(service).sign_in("operator", to=to).headers["location"] == lands


def test_a_session_ends_after_half_an_hour_without_use_and_after_eight_hours(service: Served) -> None:
    desk, began = AtDesk(service, "operator"), service.now
    service.now = began + dt.timedelta(minutes=29)
    assert desk.get("/desk").status_code == 200
    service.now += dt.timedelta(minutes=29)
    assert desk.get("/desk").status_code == 200
    service.now += dt.timedelta(minutes=30)
    assert desk.get("/desk").status_code == 303
    service.now = began
    desk = AtDesk(service, "operator")
    while service.now < began + dt.timedelta(hours=7, minutes=50):
        service.now += dt.timedelta(minutes=25)
        assert desk.get("/desk").status_code == (200 if service.now < began + dt.timedelta(hours=8) else 303)
    service.now = began + dt.timedelta(hours=8)
    assert desk.get("/desk").status_code == 303


def test_a_new_password_ends_every_session(service: Served, home: Path) -> None:
    desk = AtDesk(service, "health.handler")
    assert desk.get("/desk").status_code == 200
    give_password(home, "health.handler")  # the same one again, with a new salt
    assert desk.get("/desk").status_code == 303
    assert audited(service)[-1] == ("signed_out", "health.handler")


def test_who_leaves_the_actors_is_out_at_once_and_stays_out(service: Served, home: Path) -> None:
    desk, path = AtDesk(service, "health.handler"), home / "actors.yaml"
    everybody = path.read_text(encoding="utf-8")
    try:
        others = [line for line in everybody.splitlines() if "id: health.handler," not in line]
        path.write_text("\n".join(others), encoding="utf-8")
        assert desk.get("/desk").status_code == 303
        assert AtDesk(service).sign_in("health.handler").status_code == 403
    finally:
        path.write_text(everybody, encoding="utf-8")
    assert desk.get("/desk").status_code == 303


def test_who_has_no_role_at_the_desk_sees_nothing(service: Served) -> None:
    desk = AtDesk(service, "ecology.reviewer")
    answer = desk.get("/desk")
    assert answer.status_code == 403
    assert "没有要办的事" in answer.text


def test_a_form_without_the_sessions_token_is_refused(service: Served) -> None:
    desk = AtDesk(service, "operator")
    for forged in (
        {"other": "1"},
        {"form_token": "0" * 64},
        {"form_token": hidden(AtDesk(service, "centre").get("/desk").text)["form_token"]},
    ):
        assert desk.post("/desk/sign-out", forged).status_code == 403
    assert desk.get("/desk").status_code == 200
    fields = {"name": "operator", "password": password_of("operator")}
    assert desk.post("/desk/sign-in", fields).status_code == 403
    cross = desk.post("/desk/sign-out", hidden(desk.get("/desk").text), headers={"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403


def test_pages_are_well_formed_in_both_languages(service: Served, tmp_path: Path) -> None:
    desk = AtDesk(service)
    for lang, tag in (("", "zh-CN"), ("?lang=en", "en")):
        checked(desk.get(f"/desk/sign-in{lang}").text, tmp_path, tag)
    checked(desk.sign_in("operator", "wrong <b>password").text, tmp_path)
    checked(AtDesk(service, "ecology.reviewer").get("/desk").text, tmp_path)
    checked(desk.post("/desk/sign-out", {"reason": "一段写了很久的<答复>"}).text, tmp_path)


def test_cookies_of_a_district_that_is_reached_by_https(tmp_path: Path) -> None:
    with served(
        make_district(tmp_path / "home", public_url="https://example.org", wrong_passwords_per_hour=3)
    ) as service:
        give_password(service.district.home, "operator")
        form = service.get("/desk/sign-in")
        fields = {**hidden(form.text), "name": "operator", "password": password_of("operator")}
        door = {"cookie": form.headers["set-cookie"].partition(";")[0]}
        answer = service.post("/desk/sign-in", fields, headers=door, allow_redirects=False)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Secure-yunnao-desk=")
        assert {"HttpOnly", "Path=/desk", "SameSite=strict", "Secure"} <= set(cookie.split("; "))
        assert "Max-Age" not in cookie
        # three wrong ones, then not even the right one
        for _ in range(3):
            assert service.post("/desk/sign-in", fields | {"password": "wrong"}, headers=door).status_code == 403
        assert service.post("/desk/sign-in", fields, headers=door).status_code == 429
        fields["name"] = "centre"
        assert service.post("/desk/sign-in", fields, headers=door).status_code == 429


def test_wrong_passwords_are_counted_over_processes_and_restarts(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", public_url="", wrong_passwords_per_hour=4)
    give_password(home, "operator")
    with served(home) as one, served(home) as other:
        for service in (one, other, one, other):
            assert AtDesk(service).sign_in("operator", "wrong password").status_code == 403
        for service in (one, other):
            assert AtDesk(service).sign_in("operator").status_code == 429
            assert "一小时后再试" in AtDesk(service).sign_in("centre", "wrong password").text
    with served(home) as again:
        assert AtDesk(again).sign_in("operator").status_code == 429
        again.now += dt.timedelta(hours=1)  # by the house's own clock
        assert AtDesk(again).sign_in("operator").status_code == 303
