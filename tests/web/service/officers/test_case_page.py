"""A case on an officer's page over real HTTP: what is shown to whom, every step by a form, conflicts, dispatch, what is noted."""

import io
import re
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import requests
import sqlalchemy as sa

from tests.web.service.officers.desk import AtDesk, hidden
from tests.web.service.served import Served
from tests.web.service.test_citizen_pages import checked
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.audit.log import LINES

HEALTH = Actor("health.handler", "示例", frozenset({Role.HANDLER}), "health")
TELEPHONE = "13812345678"


def page_of(number: str) -> str:
    return f"/desk/cases/{number}"


def take(desk: AtDesk, number: str, step: str, seen: int | None = None, **fields: str) -> requests.Response:
    """Fill in the form of a step on the case's page; `seen`: as the page said, if not given."""
    page = desk.get(page_of(number)).text
    shown = {"form_token": hidden(page)["form_token"], "seen": hidden(page)["seen"]}
    if seen is not None:
        shown["seen"] = str(seen)
    return desk.post(f"{page_of(number)}/steps", {**shown, "step": step, **fields})


def steps_on(page: str) -> list[str]:
    return re.findall(r'id="step-([a-z_]+)"', page)


def test_a_case_goes_from_dispatch_to_its_end_by_forms(service: Served, tmp_path: Path) -> None:
    number, _ = service.file(kind="complaint")
    operator, handler, centre = (AtDesk(service, id_) for id_ in ("operator", "ecology.handler", "centre"))
    assert steps_on(operator.get(page_of(number)).text)[:1] == ["dispatch"]
    done = take(operator, number, "dispatch", department="ecology")
    assert (done.status_code, done.headers["location"]) == (303, f"{page_of(number)}?done=dispatch")
    assert "已办理：分派" in operator.get(done.headers["location"]).text
    assert take(handler, number, "sign_in").status_code == 303
    assert take(handler, number, "contact", note="已电话联系").status_code == 303
    assert take(handler, number, "ask_extension", working_days="5", reason="要请专家").status_code == 303
    assert take(centre, number, "approve_extension", working_days="3", reason="同意三天").status_code == 303
    assert take(handler, number, "answer", answer="已修好，请查看。").status_code == 303
    assert take(operator, number, "call_back", solved="true", satisfied="fair", comment="").status_code == 303
    view = service.district.filed.get(number)
    assert view.standing.state == "closed"
    assert [event.step for event in view.events[1:]] == [
        "dispatch",
        "sign_in",
        "contact",
        "ask_extension",
        "approve_extension",
        "answer",
        "call_back",
    ]
    assert dict(view.events[5].given) == {"working_days": 3}
    assert dict(view.events[7].given) == {"solved": True, "satisfied": "fair"}
    for lang, tag in (("", "zh-CN"), ("?lang=en", "en")):
        for desk in (operator, handler, centre):
            page = checked(desk.get(page_of(number) + lang).text, tmp_path, tag)
            assert "要请专家" in page.source
            assert "示例经办人" in page.source
    assert service.district.audit.verify().broken is None


def test_every_event_names_its_audit_line(service: Served) -> None:
    number, _ = service.file()
    service.answered(number)
    page = AtDesk(service, "operator").get(page_of(number)).text
    lines = [int(n) for n in re.findall(r"审计第 (\d+) 行", page)]
    assert len(lines) == 4
    with service.district.records.read() as connection:
        rows = connection.execute(sa.select(LINES.c.details).where(LINES.c.number.in_(lines))).scalars().all()
    assert len([row for row in rows if number in row]) == 4


def test_another_departments_case_is_not_opened(service: Served) -> None:
    number, _ = service.file(text="只给生态环境分局看的内容")
    service.answered(number)
    desk = AtDesk(service, "health.handler")
    absent = desk.get(page_of("SQ19990101-00001"))
    for answer in (
        desk.get(page_of(number)),
        desk.send("/desk", f"{page_of(number)}/reveal", {"purpose": "contact"}),
        desk.send("/desk", f"{page_of(number)}/steps", {"step": "contact", "seen": "4", "note": "x"}),
        desk.send("/desk", f"{page_of(number)}/dispatch", {"seen": "4", "category": "x", "department": "health"}),
    ):
        assert answer.status_code == 404
        assert answer.text == absent.text
    assert len(service.district.filed.get(number).events) == 4
    undispatched, _ = service.file()
    assert desk.get(page_of(undispatched)).status_code == 404


def test_nothing_is_shown_without_a_session(service: Served) -> None:
    number, _ = service.file()
    nobody = AtDesk(service)
    answer = nobody.get(page_of(number))
    assert (answer.status_code, unquote(answer.headers["location"])) == (303, f"/desk/sign-in?to={page_of(number)}")
    for to in ("steps", "dispatch", "reveal"):
        refused = nobody.post(f"{page_of(number)}/{to}", {"reason": "一段写了很久的理由", "step": "dispatch"})
        assert refused.status_code == 403
        assert "一段写了很久的理由" in refused.text
        assert number not in refused.text
    operator = AtDesk(service, "operator")
    assert operator.post(f"{page_of(number)}/reveal", {"purpose": "contact"}).status_code == 403
    assert operator.post(f"{page_of(number)}/steps", {"step": "dispatch", "seen": "1"}).status_code == 403


def test_personal_data_is_shown_for_a_purpose_that_is_noted(service: Served) -> None:
    number, _ = service.file(
        text=f"路灯坏了，请打我电话 {TELEPHONE}。", name="王小明", telephone=TELEPHONE, place="望海路"
    )
    service.take(number, "dispatch", department="ecology")
    desk = AtDesk(service, "ecology.handler")
    page = desk.get(page_of(number)).text
    assert TELEPHONE not in page
    assert "王小明" not in page
    assert page.count("138****5678") == 3  # title, text, contact
    assert desk.send("/desk", f"{page_of(number)}/reveal", {"purpose": "curiosity"}).status_code == 400
    shown = desk.send("/desk", f"{page_of(number)}/reveal", {"purpose": "contact"}).text
    assert shown.count(TELEPHONE) == 3
    assert "王小明" in shown
    assert "已记入审计日志" in shown
    with service.district.records.read() as connection:
        last = connection.execute(sa.select(LINES).order_by(LINES.c.number.desc())).mappings().first()
    assert last is not None
    assert (last["kind"], last["actor"]) == ("person_shown", "ecology.handler")
    assert number in last["details"]
    assert TELEPHONE not in last["details"]
    page = desk.get(page_of(number)).text
    assert TELEPHONE not in page
    assert "联系诉求人" in page
    assert f"审计第 {last['number']} 行" in page
    assert service.district.audit.verify().broken is None


def test_what_officers_wrote_is_masked_too(service: Served) -> None:
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    desk = AtDesk(service, "ecology.handler")
    take(desk, number, "contact", note=f"已拨打 {TELEPHONE}")
    assert TELEPHONE not in desk.get(page_of(number)).text


def test_the_second_of_two_officers_is_told_and_loses_nothing(service: Served) -> None:
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    desk = AtDesk(service, "ecology.handler")
    seen = int(hidden(desk.get(page_of(number)).text)["seen"])
    service.take(number, "contact", Actor("other", "另一人", frozenset({Role.HANDLER}), "ecology"), note="先联系了")
    late = take(desk, number, "send_back", seen, reason="不归我们管，写了很久", proposed_department="health")
    assert late.status_code == 409
    assert "在您打开之后已有变动" in late.text
    assert f'href="{page_of(number)}"' in late.text
    assert "不归我们管，写了很久</textarea>" in late.text
    assert re.search('value="health" selected', late.text)
    assert "先联系了" in late.text
    # the form stands as it was written, over what is now known: sent again, it is taken
    again = {**hidden(late.text), "step": "send_back", "reason": "不归我们管", "proposed_department": "health"}
    assert desk.post(f"{page_of(number)}/steps", again).status_code == 303


def test_what_was_written_is_kept_when_the_step_is_gone(service: Served) -> None:
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    desk = AtDesk(service, "ecology.handler")
    seen = int(hidden(desk.get(page_of(number)).text)["seen"])
    service.take(number, "sign_in", Actor("other", "另一人", frozenset({Role.HANDLER}), "ecology"))
    late = take(desk, number, "sign_in", seen, reason="附上一段很长的说明")
    assert late.status_code == 409
    assert "sign_in" not in steps_on(late.text)
    assert "附上一段很长的说明" in late.text


@pytest.mark.parametrize(
    ("step", "fields", "sentence"),
    [
        ("send_back", {"proposed_department": "health"}, "请写明理由"),
        ("send_back", {"proposed_department": "moon", "reason": "不归我们管"}, "没有部门"),
        ("contact", {}, "缺少“联系情况”"),
        ("contact", {"note": "a\x07"}, "控制字符"),
        ("answer", {"answer": "x"}, "现在不能“答复”"),
    ],
)
def test_a_refusal_is_said_at_the_form(service: Served, step: str, fields: dict[str, str], sentence: str) -> None:
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    answer = take(AtDesk(service, "ecology.handler"), number, step, None, **fields)
    assert answer.status_code == 409
    assert "--reason" not in answer.text
    if step in steps_on(answer.text):
        form = answer.text.split(f'id="step-{step}"')[1].split("</details>")[0]
        assert sentence in form
    else:
        assert sentence in answer.text
    assert len(service.district.filed.get(number).events) == 2


@pytest.mark.parametrize("form", [{"step": "magic", "seen": "1"}, {"step": "dispatch", "seen": "x"}, {"seen": "1"}])
def test_forms_that_no_page_made_are_refused(service: Served, form: dict[str, str]) -> None:
    number, _ = service.file()
    answer = AtDesk(service, "operator").send(page_of(number), f"{page_of(number)}/steps", form)
    assert answer.status_code == 400


def test_what_people_write_never_becomes_markup(service: Served, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>"
    number, _ = service.file(text=evil, title=evil[:60], place=evil, name=evil[:60])
    service.take(number, "dispatch", department="ecology")
    handler = AtDesk(service, "ecology.handler")
    take(handler, number, "sign_in")
    take(handler, number, "answer", answer=evil)
    operator = AtDesk(service, "operator")
    for answer in (
        operator.get(page_of(number)),
        operator.send("/desk", f"{page_of(number)}/reveal", {"purpose": "contact"}),
        operator.get("/desk"),
        operator.get("/desk", params={"street": evil, "number": evil, "category": evil, "light": evil, "state": evil}),
        take(operator, number, "call_back", comment=evil, solved=evil),
        operator.get(f"{page_of(number)}?done={evil}"),
    ):
        page = checked(answer.text, tmp_path)
        assert not page.all("img", "b") or all(not element.attributes for element in page.all("b"))
        assert page.all("script", "img") == []


def test_a_case_is_dispatched_in_one_go_with_its_category(service: Served) -> None:
    number, _ = service.file()
    operator = AtDesk(service, "operator")
    fields = {"seen": "1", "category": "环境保护", "department": "ecology", "confidence": "812"}
    done = operator.send(page_of(number), f"{page_of(number)}/dispatch", fields)
    assert done.status_code == 303
    view = service.district.filed.get(number)
    assert (view.standing.state, view.standing.department) == ("dispatched", "ecology")
    assert view.standing.attributes["category"] == "环境保护"
    again = operator.send(page_of(number), f"{page_of(number)}/dispatch", fields)
    assert again.status_code == 409
    assert len(service.district.filed.get(number).events) == 3


def test_without_a_model_the_page_says_so(service: Served) -> None:
    number, _ = service.file()
    assert "没有设置分类模型" in AtDesk(service, "operator").get(page_of(number)).text


def test_a_repeat_is_suggested_with_evidence_merged_and_taken_out_again(service: Served) -> None:
    lead, _ = service.file(text="碧海家园门口的夜市油烟呛人，天天如此。", title="碧海家园夜市油烟", telephone=TELEPHONE)
    same, _ = service.file(
        text="碧海家园门口夜市油烟太大，没人管。", title="碧海家园夜市油烟没人管", telephone=TELEPHONE
    )
    operator = AtDesk(service, "operator")
    page = operator.get(page_of(same)).text
    while "正在准备，请稍后刷新" in page:
        page = operator.get(page_of(same)).text
    suggested = page.split('id="repeats"')[1].split("</section>")[0]
    assert lead in suggested
    assert "同一人" in suggested
    assert "碧海家园" in suggested
    assert TELEPHONE not in suggested
    assert take(operator, same, "merge", into=lead, reason="同一件事").status_code == 303
    assert service.district.filed.get(same).follows == lead
    assert f'href="{page_of(lead)}"' in operator.get(page_of(same)).text.split("<h1>")[1].split("</header>")[0]
    assert f'href="{page_of(same)}"' in operator.get(page_of(lead)).text.split("<h1>")[1].split("</header>")[0]
    assert take(operator, same, "unmerge", reason="不是一件事").status_code == 303
    assert service.district.filed.get(same).follows is None
    assert take(operator, same, "merge", into="SQ19990101-00001", reason="不存在").status_code == 409


def test_suggestions_are_for_those_who_see_every_department(service: Served) -> None:
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    assert 'id="repeats"' not in AtDesk(service, "ecology.handler").get(page_of(number)).text


def test_a_co_handling_department_opens_the_case_and_takes_its_steps(service: Served, tmp_path: Path) -> None:
    number, _ = service.file(title="噪声，13812345678", kind="complaint")
    service.take(number, "classify", category="环境保护")
    service.take(number, "dispatch", department="ecology")
    lead, other, operator = (AtDesk(service, id_) for id_ in ("ecology.handler", "health.handler", "operator"))
    assert take(lead, number, "sign_in").status_code == 303
    assert other.get(page_of(number)).status_code == 404
    done = take(lead, number, "ask_co_handler", department="health", working_days="2", reason="请一并核实")
    assert done.status_code == 303

    inbox = other.get("/desk?number=" + number).text
    assert '<span class="badge share">协办</span>' in inbox
    assert "主办：生态环境分局" in inbox
    assert "2026-09-29" in inbox  # its own day: two working days, the holidays of Mid-Autumn between
    assert "13812345678" not in inbox
    assert '<span class="badge share">协办</span>' not in lead.get("/desk?number=" + number).text
    sheet = openpyxl.load_workbook(io.BytesIO(other.get(f"/desk/inbox.xlsx?number={number}").content)).active
    assert sheet is not None
    (_, row) = sheet.iter_rows(values_only=True)
    assert (row[0], row[2], row[3], row[8], row[9]) == (number, "2026-09-29", "协办", "协办", "生态环境分局")

    for lang, tag in (("", "zh-CN"), ("?lang=en", "en")):
        checked(other.get(page_of(number) + lang).text, tmp_path, tag)
    page = other.get(page_of(number)).text
    assert "您的部门协办这一件，主办的是生态环境分局" in page
    assert steps_on(page) == ["co_sign_in", "co_answer"]
    assert take(other, number, "answer", answer="越权").status_code == 409
    assert take(other, number, "co_sign_in").status_code == 303
    assert steps_on(other.get(page_of(number)).text) == ["co_answer"]
    assert "卫生健康局 · 尚未答复" in operator.get(page_of(number)).text
    assert take(other, number, "co_answer", answer="已核实，同意。").headers["location"] == "/desk?"
    assert other.get(page_of(number)).status_code == 404  # its part has ended
    assert f'row-number small">{number}' not in other.get("/desk").text
    assert "卫生健康局 · 2026-09-24 结束" in lead.get(page_of(number)).text
    assert "已核实，同意。" in lead.get(page_of(number)).text
    assert take(lead, number, "answer", answer="已停工。").status_code == 303
    assert service.district.audit.verify().broken is None


def test_forms_ask_for_nothing_that_the_machine_alone_says(service: Served) -> None:
    number, _ = service.file()
    page = AtDesk(service, "operator").get(f"/desk/cases/{number}").text
    assert 'id="classify-category"' in page
    assert 'id="classify-street"' in page
    assert "classify-confidence" not in page
    assert "classify-category_2" not in page


def test_a_form_that_leads_nowhere_stays_folded(service: Served) -> None:
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    page = AtDesk(service, "operator").get(f"/desk/cases/{number}").text
    assert '<details id="step-classify">' in page
