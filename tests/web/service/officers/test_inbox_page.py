"""The inbox over real HTTP: whose cases, in which order, filters, pages, Excel, messages."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.web.service.officers.desk import AtDesk, give_password, hidden
from tests.web.service.officers.test_case_page import page_of, take
from tests.web.service.served import THURSDAY, Served, make_district, served
from tests.web.service.test_citizen_pages import checked

NUMBER = re.compile(r'<p class="row-number small">([^<]+)</p>')


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with cases in every light: eight of health, one of ecology, one that nobody has."""
    home = make_district(tmp_path_factory.mktemp("inbox") / "home", public_url="")
    with served(home) as service:
        for actor in ("operator", "ecology.handler", "health.handler"):
            give_password(home, actor)
        for place in range(8):
            service.now = THURSDAY.replace(day=10 + place)
            number, _ = service.file(text=f"第{place}件，电话13812345678", kind="complaint")
            service.take(number, "classify", category="卫生计生" if place % 2 else "环境保护")
            service.take(number, "dispatch", department="health")
        service.now = THURSDAY
        number, _ = service.file()
        service.take(number, "dispatch", department="ecology")
        service.file(title="=1+2")
        yield service


def numbers(text: str) -> list[str]:
    return NUMBER.findall(text)


def test_a_handler_sees_what_waits_for_their_department_most_urgent_first(full: Served) -> None:
    page = AtDesk(full, "health.handler").get("/desk").text
    assert numbers(page) == [f"SQ202609{10 + place}-00001" for place in range(8)]
    assert "13812345678" not in page
    assert "138****5678" in page
    assert len(numbers(AtDesk(full, "ecology.handler").get("/desk").text)) == 1


def test_an_operator_sees_what_waits_for_them_and_everything_on_demand(full: Served) -> None:
    desk = AtDesk(full, "operator")
    assert len(numbers(desk.get("/desk").text)) == 1
    assert len(numbers(desk.get("/desk?state=open").text)) == 10
    assert len(numbers(desk.get("/desk?state=dispatched").text)) == 9
    assert numbers(desk.get("/desk?state=ended").text) == []


def test_lights_are_counted_and_filter(full: Served) -> None:
    desk = AtDesk(full, "health.handler")
    counts = {
        light: int(n)
        for light, n in re.findall(r'class="light-(\w+)" href="[^"]*"><b>(\d+)</b>', desk.get("/desk").text)
    }
    assert sum(counts.values()) == 8
    assert counts["red"] > 0
    for light, count in counts.items():
        page = desk.get(f"/desk?light={light}").text
        assert len(numbers(page)) == count
        assert len(re.findall(f'row-light"><span class="badge light-{light}"', page)) == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=卫生计生", 4),
        ("category=交通运输", 0),
        ("number=SQ20260912", 1),
        ("number=20260912-0", 1),
        ("number=sq20260912-00001", 1),
        ("number=SQ2026", 8),
        ("number=%25", 0),
        ("street=x", 0),
        ("light=purple&state=magic&after=nonsense", 8),
    ],
)
def test_filters(full: Served, query: str, found: int, tmp_path: Path) -> None:
    answer = AtDesk(full, "health.handler").get(f"/desk?{query}")
    assert len(numbers(answer.text)) == found
    checked(answer.text, tmp_path)


def test_pages_hold_every_case_once(full: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yunnao.web.service.officers.inbox_page.PAGE", 3)
    desk, seen, path = AtDesk(full, "operator"), [], "/desk?state=open"
    while path:
        page = desk.get(path).text
        seen += numbers(page)
        further = re.findall(r'class="button" href="([^"]*after=[^"]*)"', page)
        path = further[0].replace("&amp;", "&") if further else ""
    assert len(seen) == len(set(seen)) == 10


def test_the_list_as_excel_holds_text_alone_and_is_noted(full: Served) -> None:
    answer = AtDesk(full, "operator").get("/desk/inbox.xlsx?state=open")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 11
    assert "=1+2" in [row[4] for row in rows]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} == {"s"}
    assert "13812345678" not in str(rows)
    with_line = full.district.audit
    assert with_line.verify().broken is None
    assert AtDesk(full).get("/desk/inbox.xlsx").status_code == 303


def test_messages_are_for_role_and_department_and_are_marked_as_read(service: Served) -> None:
    number, _ = service.file()
    take(AtDesk(service, "operator"), number, "dispatch", department="health")
    own, others = AtDesk(service, "health.handler"), AtDesk(service, "ecology.handler")
    message = f"{number}:2:handler"
    assert message in own.get("/desk").text
    assert message not in others.get("/desk").text
    # what is not for them cannot be marked by others
    others.send("/desk", "/desk/read", {"messages": message})
    assert message in own.get("/desk").text
    assert own.send("/desk", "/desk/read", {"messages": f"{message} nonsense"}).status_code == 303
    assert message not in own.get("/desk").text
    assert own.send("/desk", "/desk/read", {"messages": message}).status_code == 303
    take(own, number, "send_back", proposed_department="ecology", reason="不归我们管")
    assert f"{number}:3:operator" in AtDesk(service, "operator").get("/desk").text
    assert f"{number}:3:operator" not in own.get("/desk").text


def test_forms_and_links_keep_the_language(full: Served, tmp_path: Path) -> None:
    desk = AtDesk(full, "operator")
    page = checked(desk.get("/desk?lang=en&state=open&light=red").text, tmp_path, "en")
    own = [e.attributes["href"] for e in page.all("a") if e.attributes["href"].startswith("/desk")]
    assert [href for href in own if "lang=en" not in href] == ["/desk?state=open&light=red"]
    assert hidden(page.source)["lang"] == "en"
    assert page_of("SQ") in " ".join(own)
