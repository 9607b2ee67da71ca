"""The citizens' pages over real HTTP: filing, filing twice, following, the call-back, both languages, and what pages must not do."""

import re
from pathlib import Path

import pytest
import requests

from tests.web.html_page import Page
from tests.web.service.served import Served, make_district, served
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.web.service.guards import HEADERS, MOST_BYTES, SCRIPT_POLICY

WRITTEN = {
    "body": "小区旁工地凌晨仍在施工。",
    "place": "望海路 18 号",
    "kind": "complaint",
    "telephone": "0532-12345678",
}


def token(service: Served) -> str:
    return str(re.findall(r'name="token" value="([^"]+)"', service.get("/").text)[0])


def receipt(answer: requests.Response) -> tuple[str, str]:
    number = re.findall(r'id="number">([^<]+)<', answer.text)[0]
    return number, re.findall(r'id="code">([^<]+)<', answer.text)[0]


def filed(service: Served, **more: str) -> tuple[str, str]:
    answer = service.post("/appeals", {**WRITTEN, "token": token(service), **more})
    assert answer.status_code == 200, answer.text
    return receipt(answer)


def follow(service: Served, number: str, code: str, lang: str = "") -> requests.Response:
    return service.post(f"/follow{lang}", {"number": number, "code": code})


def checked(text: str, tmp_path: Path, language: str = "zh-CN") -> Page:
    """A page that is well-formed, labelled, and without scripts but the one that shows chosen photos."""
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    page = Page(path)
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert page.all("html")[0].attributes["lang"] == language
    assert len(page.all("h1")) == 1
    assert {e.attributes.get("src") for e in page.all("script")} <= {"/static/photos.js"}
    assert not [e for e in page.elements if any(name.startswith("on") or name == "style" for name in e.attributes)]
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        assert control.attributes.get("type") == "hidden" or control.attributes["id"] in labelled
    for form in page.all("form"):
        assert form.attributes["action"].startswith("/")
    for name in ("aria-describedby", "aria-labelledby"):
        for element in page.elements:
            assert set(element.attributes.get(name, "").split()) <= set(page.ids), element
    return page


def test_every_page_is_well_formed_in_both_languages(service: Served, tmp_path: Path) -> None:
    number, code = filed(service)
    service.answered(number)
    for lang, tag in (("", "zh-CN"), ("?lang=en", "en")):
        for answer in (
            service.get(f"/{lang}"),
            service.post(f"/appeals{lang}", {"body": ""}),
            service.post(f"/appeals{lang}", {**WRITTEN, "token": token(service)}),
            service.get(f"/follow{lang}"),
            follow(service, number, "wrong", lang),
            follow(service, number, code, lang),
        ):
            checked(answer.text, tmp_path, tag)
            policy = {"content-security-policy": SCRIPT_POLICY} if "<script" in answer.text else {}
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS | policy
            assert answer.headers["cache-control"] == "no-store"
            assert "set-cookie" not in answer.headers


def test_an_appeal_is_filed_as_written(service: Served) -> None:
    number, code = filed(service, coordinates="36.0671，120.3826", system="wgs84", name="示例市民")
    view = service.district.filed.get(number)
    assert (view.case.channel, view.body, view.title) == ("web", WRITTEN["body"], WRITTEN["body"])
    assert (view.person.name, view.person.contact) == ("示例市民", WRITTEN["telephone"])
    assert dict(view.standing.attributes) == {
        "coordinates": "36.067100,120.382600",
        "kind": "complaint",
        "place": "望海路 18 号",
    }
    assert service.district.filed.opens(number, code)


def test_coordinates_of_chinese_maps_are_converted(service: Served) -> None:
    number, _ = filed(service, coordinates="36.0671,120.3826")
    assert service.district.filed.get(number).standing.attributes["coordinates"] != "36.067100,120.382600"


def test_a_form_sent_twice_is_one_appeal_with_the_same_code(service: Served) -> None:
    form = {**WRITTEN, "token": token(service)}
    first, second = (service.post("/appeals", form) for _ in range(2))
    assert receipt(first) == receipt(second)
    assert "没有重复登记" in second.text
    assert "没有重复登记" not in first.text
    changed = service.post("/appeals", form | {"body": "另一件事"})
    assert receipt(changed)[0] != receipt(first)[0]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"body": " "}, "请写明什么事"),
        ({"body": "长" * 8001}, "最多 8000 个字"),
        ({"telephone": "call me"}, "电话只能有"),
        ({"coordinates": "somewhere"}, "请写成“纬度"),
        ({"coordinates": "91,0"}, "请写成“纬度"),
        ({"kind": "magic"}, "选一个"),
        ({"place": "a\x07"}, "控制字符"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    service: Served, more: dict[str, str], words: str
) -> None:
    answer = service.post("/appeals", {**WRITTEN, "token": token(service), **more})
    assert answer.status_code == 422
    assert answer.text.count(words) == 2  # in the summary and at the field
    assert WRITTEN["telephone"] in answer.text or "telephone" in more


def test_following_shows_who_has_it_what_happened_and_every_day(service: Served) -> None:
    number, code = filed(service)
    service.answered(number)
    text = follow(service, f" {number.lower()} ", f"{code[:4]} {code[4:].lower()}").text
    assert "已答复，待核实" in text
    assert "生态环境分局" in text
    assert "已修好，请查看。" in text
    for words in ("2026-10-09", "法定节假日，不计", "第 5 个工作日", "到期日", "（待核）"):
        assert words in text, words
    assert text.count("法定节假日，不计") == 10  # three of Mid-Autumn, seven of the National Day
    assert "签收" not in text  # officers' own steps stay inside


def test_a_citizen_sees_that_it_was_merged_and_nothing_of_the_other_appeal(service: Served) -> None:
    other, _ = filed(service, body="另一位市民的话")
    number, code = filed(service)
    service.take(other, "dispatch", department="ecology")
    service.take(number, "merge", reason=f"与 {other} 是同一件事", into=other)
    text = follow(service, number, code).text
    assert "与同类诉求合并办理，一并答复" in text
    assert "生态环境分局" in text
    assert other not in text
    assert "是同一件事" not in text
    service.take(number, "unmerge", reason=f"与 {other} 不是一件事")
    text = follow(service, number, code).text
    assert "已恢复单独办理" in text
    assert other not in text


def test_what_departments_write_to_one_another_is_not_shown(service: Served) -> None:
    number, code = filed(service)
    handler = Actor("t", "示例", frozenset({Role.HANDLER}), "health")
    service.take(number, "dispatch", department="ecology")
    service.take(number, "ask_co_handler", reason="只给部门看", department="health", working_days=2)
    service.take(number, "co_answer", handler, answer="这是给主办的话")
    text = follow(service, number, code).text
    assert "这是给主办的话" not in text
    assert "只给部门看" not in text
    assert "协办" not in text


def test_a_make_up_day_is_named(service: Served) -> None:
    service.now = service.now.replace(month=10, day=8)
    number, code = filed(service)
    assert "调休上班，第 2 个工作日" in follow(service, number, code).text  # Saturday 10 October 2026
    service.now = service.now.replace(month=10, day=15)
    number, code = filed(service)
    assert "周末，不计" in follow(service, number, code).text


def test_the_citizen_answers_the_call_back_and_reopens_once(service: Served) -> None:
    number, code = filed(service)
    service.answered(number)
    keys = {"number": number, "code": code}
    seen = re.findall(r'name="seen" value="(\d+)"', follow(service, number, code).text)[0]
    call_back = {**keys, "step": "call_back", "seen": seen, "solved": "true", "satisfied": "fair"}
    answer = service.post("/follow/step", call_back)
    assert answer.status_code == 200
    assert "已办结" in answer.text
    assert "已收到，谢谢。" in answer.text
    again = service.post("/follow/step", call_back)
    assert again.status_code == 409  # somebody has acted since the page was shown
    seen = re.findall(r'name="seen" value="(\d+)"', follow(service, number, code).text)[0]
    reopen = {**keys, "step": "reopen", "seen": seen}
    assert service.post("/follow/step", reopen).status_code == 409  # a reason is needed
    answer = service.post("/follow/step", {**reopen, "reason": "又坏了"})
    assert "重新办理中" in answer.text
    assert "又坏了" in answer.text
    assert 'value="reopen"' not in answer.text


def test_a_citizen_cannot_take_an_officers_step(service: Served) -> None:
    number, code = filed(service)
    form = {"number": number, "code": code, "step": "dispatch", "seen": "1", "department": "ecology"}
    answer = service.post("/follow/step", form)
    assert answer.status_code == 409
    assert service.district.filed.get(number).standing.state == "received"
    assert service.post("/follow/step", form | {"code": "AAAAAAAA"}).status_code == 404
    assert service.post("/follow/step", form | {"step": "no_such"}).status_code == 400
    assert service.post("/follow/step", form | {"seen": "x"}).status_code == 400


def test_hostile_words_stay_words(service: Served, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\"'><b>&amp;"
    number, code = filed(service, body=hostile, place=hostile)
    page = checked(follow(service, number, code).text, tmp_path)
    assert hostile in page.all("main")[0].text
    checked(service.post("/appeals", {"body": hostile, "kind": hostile, "token": hostile}).text, tmp_path)


def test_forms_of_other_sites_are_refused(service: Served) -> None:
    form = {**WRITTEN, "token": token(service)}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert service.post("/appeals", form, headers=headers).status_code == 403
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": service.url}, {}):
        assert service.post("/appeals", form, headers=headers).status_code == 200


def test_bodies_are_limited_and_must_be_forms(service: Served) -> None:
    assert service.post("/appeals", b"x" * (MOST_BYTES + 1)).status_code == 413
    assert service.post("/appeals", json=WRITTEN).status_code == 400
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert service.post("/appeals", b"a=%ff", headers=kind).status_code == 400
    assert service.post("/appeals", b"a=1&" * 200, headers=kind).status_code == 400


def test_what_is_not_there(service: Served) -> None:
    assert service.get("/none").status_code == 404
    assert service.get("/static/none.css").status_code == 404
    assert service.get("/docs").status_code == 404
    assert service.get("/redoc").status_code == 404
    assert service.get("/appeals").status_code == 405
    assert "--brand" in service.get("/static/dictionary.css").text


def test_guessing_and_flooding_are_slowed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "yunnao.web")
    home = make_district(tmp_path / "home", posts_per_minute=3, wrong_codes_per_hour=2)
    with served(home) as service:
        number, code = filed(service)
        assert [follow(service, number, "AAAAAAAA").status_code for _ in range(3)] == [404, 404, 429]
        assert follow(service, number, code).status_code == 429
        assert service.get(f"/api/v1/appeals/{number}", headers={"Follow-Up-Code": code}).status_code == 429
        form = {**WRITTEN, "token": "t" * 20}
        assert [service.post("/appeals", form).status_code for _ in range(3)] == [200, 200, 429]
        assert service.post("/api/v1/appeals", json={"text": "x"}).status_code == 429
    lines = [record.getMessage() for record in caplog.records if record.name == "yunnao.web"]
    assert any("POST" in line and "429" in line for line in lines)
    for secret in (number, code, "127.0.0.1", WRITTEN["telephone"]):
        assert not [line for line in lines if secret in line]
