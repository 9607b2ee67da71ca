"""The hotline's desk over real HTTP: an appeal on behalf of a caller, after a look at what was filed before."""

import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.web.service.officers.desk import AtDesk, give_password, hidden
from tests.web.service.served import Served, make_district, served
from tests.web.service.test_citizen_pages import checked
from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.repeats import RecentMessages, prepare
from yunnao.web.service.officers import repeats

PREPARING, NOTHING = "相像的诉求正在准备", "没有发现同一人或相像的诉求"

CALL = {
    "telephone": "13700001111",
    "name": "赵一",
    "body": "海韵花园旁的搅拌站夜里施工，吵得睡不着。",
    "place": "海韵花园",
    "kind": "complaint",
}


def begin(desk: AtDesk, **more: str) -> dict[str, str]:
    return {**hidden(desk.get("/desk/new").text), **CALL, **more}


def test_a_call_is_filed_after_a_look_at_what_was_filed_before(service: Served, tmp_path: Path) -> None:
    service.file(text="海韵花园旁边的搅拌站夜里还在施工，太吵。", title="海韵花园搅拌站夜间施工")
    own, _ = service.file(text="路口的井盖松了。", telephone=CALL["telephone"])
    desk = AtDesk(service, "operator")
    form = begin(desk)
    check = desk.post("/desk/new", {**form, "do": "check"})
    assert check.status_code == 200
    while PREPARING in check.text:
        check = desk.post("/desk/new", {**form, "do": "check"})
    page = checked(check.text, tmp_path)
    assert own in page.source
    assert "海韵花园搅拌站夜间施工" in page.source
    changed = desk.post("/desk/new", {**hidden(check.text), "do": "change"})
    assert 'value="13700001111"' in changed.text
    filed = desk.post("/desk/new", {**hidden(check.text), "do": "file"})
    checked(filed.text, tmp_path)
    number = re.findall(r'id="number">([^<]+)<', filed.text)[0]
    code = re.findall(r'id="code">([^<]+)<', filed.text)[0]
    view = service.district.filed.get(number)
    assert (view.case.channel, view.events[0].actor) == ("hotline", "operator")
    assert (view.person.name, view.person.contact) == ("赵一", "13700001111")
    assert (view.standing.attributes["kind"], view.standing.attributes["place"]) == ("complaint", "海韵花园")
    assert service.district.filed.opens(number, code)
    again = desk.post("/desk/new", {**hidden(check.text), "do": "file"})
    assert re.findall(r'id="number">([^<]+)<', again.text) == [number]
    assert re.findall(r'id="code">([^<]+)<', again.text) == [code]
    assert "没有重复登记" in again.text


def test_what_is_not_known_yet_is_not_called_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = threading.Event()

    def prepare_late(messages: Sequence[Message]) -> RecentMessages:
        assert known.wait(60)
        return prepare(messages)

    monkeypatch.setattr(repeats, "prepare", prepare_late)
    with served(make_district(tmp_path / "home", public_url="")) as service:
        give_password(service.district.home, "operator")
        desk = AtDesk(service, "operator")
        text = desk.post("/desk/new", {**begin(desk), "do": "check"}).text
        assert PREPARING in text
        assert NOTHING not in text
        known.set()
        while PREPARING in text:
            text = desk.post("/desk/new", {**begin(desk), "do": "check"}).text
        assert NOTHING in text


def test_what_is_wrong_is_said_and_kept(service: Served, tmp_path: Path) -> None:
    desk = AtDesk(service, "operator")
    answer = desk.post("/desk/new", begin(desk, body="", telephone="call me", name="<b>"))
    assert answer.status_code == 422
    page = checked(answer.text, tmp_path)
    assert "请写明什么事" in page.source
    assert 'value="call me"' in page.source


def test_only_operators_file(service: Served) -> None:
    handler = AtDesk(service, "ecology.handler")
    assert handler.get("/desk/new").status_code == 403
    assert handler.send("/desk", "/desk/new", {**CALL, "do": "file"}).status_code == 403
    assert AtDesk(service).get("/desk/new").status_code == 303


def test_pages_in_both_languages(service: Served, tmp_path: Path) -> None:
    desk = AtDesk(service, "operator")
    for lang, tag in (("", "zh-CN"), ("?lang=en", "en")):
        checked(desk.get(f"/desk/new{lang}").text, tmp_path, tag)
        checked(desk.post(f"/desk/new{lang}", {**begin(desk), "do": "check"}).text, tmp_path, tag)
