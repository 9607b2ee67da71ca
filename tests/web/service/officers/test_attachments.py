"""Photos at the desk over real HTTP: shown to whom the case is, once they have said what for; removed with a reason; counted in Excel."""

import datetime as dt
import io
import re
from dataclasses import replace

import openpyxl
import pytest
import requests

from tests.capabilities.media.photographs import photo
from tests.web.service.officers.desk import AtDesk, hidden
from tests.web.service.served import Served
from tests.web.service.test_citizen_pages import follow, receipt
from tests.web.service.test_uploads import part, send, thumbnails
from yunnao.platforms.cases.filed.filing import Filing
from yunnao.platforms.cases.filed.media import media_of, note_medium


@pytest.fixture
def case(service: Served) -> tuple[str, str]:
    """An appeal with a photo, which ecology has: its number and code."""
    number, code = receipt(send(service, part(photo())))
    service.take(number, "dispatch", department="ecology")
    return number, code


def page_of(number: str) -> str:
    return f"/desk/cases/{number}"


def revealed(desk: AtDesk, number: str) -> requests.Response:
    return desk.send(page_of(number), f"{page_of(number)}/reveal", {"purpose": "contact"})


def whole(text: str) -> str:
    return str(re.findall(r'href="(/desk/cases/[^"]+/attachments/[0-9a-f]{64})"', text)[0])


def test_photos_are_shown_once_it_is_noted_what_for(service: Served, case: tuple[str, str]) -> None:
    number, _ = case
    handler, operator = AtDesk(service, "ecology.handler"), AtDesk(service, "operator")
    before = handler.get(page_of(number)).text
    assert "有 1 个附件" in before
    assert thumbnails(before) == []
    digest = service.district.filed.get(number).attachments[0].sha256
    path = f"{page_of(number)}/attachments/{digest}"
    first = handler.get(path)
    assert (first.status_code, first.headers["location"]) == (303, page_of(number))
    shown = revealed(handler, number).text
    assert [each.size for each in thumbnails(shown)] == [(320, 240)]
    assert whole(shown) == path
    answer = handler.get(path)
    assert answer.content == service.district.attachments.content(digest)
    assert [answer.headers[name] for name in ("content-type", "cache-control", "x-content-type-options")] == [
        "image/jpeg",
        "private, no-store",
        "nosniff",
    ]
    assert answer.headers["content-disposition"] == f'inline; filename="{number}-1.jpg"'
    assert "script" not in answer.headers["content-security-policy"]
    assert operator.get(path).status_code == 303  # a look is of one person
    assert handler.get(f"{page_of(number)}/attachments/{'0' * 64}").status_code == 404
    service.now += dt.timedelta(hours=8, seconds=1)
    again = AtDesk(service, "ecology.handler")
    assert again.get(path).status_code == 303
    (line,) = [
        each
        for each in service.district.audit.lines()
        if each["details"].get("case") == number and each["kind"] == "person_shown"
    ]
    assert line["actor"] == "ecology.handler"


def test_another_department_gets_the_answer_that_it_gets_for_the_case(service: Served, case: tuple[str, str]) -> None:
    number, _ = case
    digest = service.district.filed.get(number).attachments[0].sha256
    stranger = AtDesk(service, "health.handler")
    one, other = stranger.get(page_of(number)), stranger.get(f"{page_of(number)}/attachments/{digest}")
    assert (one.status_code, other.status_code) == (404, 404)
    assert hidden(one.text).keys() == hidden(other.text).keys()
    assert re.sub(r'value="[^"]*"', "", one.text) == re.sub(r'value="[^"]*"', "", other.text)


def test_the_department_of_the_lead_sees_photos_of_what_was_merged_into_it(
    service: Served, case: tuple[str, str]
) -> None:
    number, _ = case
    lead, _ = service.file()
    service.take(lead, "dispatch", department="health")
    service.take(number, "merge", reason="同一件事", into=lead)
    handler = AtDesk(service, "health.handler")
    assert page_of(number) in handler.get(page_of(lead)).text
    shown = revealed(handler, number).text
    assert len(thumbnails(shown)) == 1
    assert handler.get(whole(shown)).status_code == 200


def test_an_officer_removes_a_photo_and_everybody_sees_that_and_why(service: Served) -> None:
    number, code = receipt(send(service, part(photo(size=(123, 77)))))
    service.take(number, "dispatch", department="ecology")
    handler = AtDesk(service, "ecology.handler")
    digest = service.district.filed.get(number).attachments[0].sha256
    page = revealed(handler, number).text
    fields = {"form_token": hidden(page)["form_token"], "seen": "2", "step": "remove_attachment", "attachment": digest}
    refused = handler.post(f"{page_of(number)}/steps", {**fields, "reason": " "})
    assert (refused.status_code, "请写明理由" in refused.text) == (409, True)
    assert handler.post(f"{page_of(number)}/steps", {**fields, "reason": "拍到了别人的脸"}).status_code == 303
    after = revealed(handler, number).text
    assert thumbnails(after) == []
    assert "有 1 个附件已移除" in after
    assert "拍到了别人的脸" in after
    assert handler.get(f"{page_of(number)}/attachments/{digest}").status_code == 404
    told = follow(service, number, code).text
    assert thumbnails(told) == []
    assert "工作人员移除了一个附件" in told
    assert "拍到了别人的脸" in told
    assert not service.district.attachments.there(digest)
    assert service.district.audit.verify().broken is None


def test_what_wechat_has_not_handed_out_is_said(service: Served) -> None:
    operator = AtDesk(service, "operator")
    cases = service.district.filed
    filing = Filing(flow="appeal", channel="wechat", key="wechat:media", title="图片", body="图片", media=("m1",))
    number = cases.file([filing])[0].case_id
    assert "还没有取回" in operator.get(page_of(number)).text
    with service.district.records.write() as connection:
        (waiting,) = media_of(connection, number)
        note_medium(connection, replace(waiting, given_up=True, problem="微信素材接口答复 40007"), done=False)
    text = operator.get(page_of(number)).text
    assert "没有取到，不再试" in text
    assert "40007" in text


def test_the_inbox_as_excel_counts_them(service: Served, case: tuple[str, str]) -> None:
    without, _ = service.file()
    answer = AtDesk(service, "centre").get("/desk/inbox.xlsx?state=open")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    counts = {row[0]: row[rows[0].index("附件")] for row in rows[1:]}
    assert (counts[case[0]], counts[without]) == ("1", "0")
