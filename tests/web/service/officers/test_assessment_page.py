"""The page of the assessment over real HTTP and in a browser: periods, who sees what, the same as a workbook, both languages, a phone."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser

from tests.web.chromium import PHONE, fits_a_phone, in_a_browser
from tests.web.service.officers.desk import AtDesk, give_password, sign_in
from tests.web.service.served import Served, make_district, served
from yunnao.platforms.indicators.assessment.definition import load_assessment
from yunnao.scenarios.assessment.definitions import EXAMPLE, FOLDER
from yunnao.scenarios.assessment.sample import sample_values, sample_workbook


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = make_district(tmp_path_factory.mktemp("assessment") / "home", public_url="")
    with served(home) as service:
        give_password(home, "centre")
        give_password(home, "ecology.handler")
        yield service


def load(office: Served, folder: Path) -> None:
    made = load_assessment(EXAMPLE)
    path = folder / "values.xlsx"
    path.write_bytes(sample_workbook(made, sample_values(made)))
    office.district.registry.load("assessment_values", [path])


def test_without_values_the_page_says_what_to_do(office: Served) -> None:
    answer = AtDesk(office, "centre").get("/desk/assessment")
    assert answer.status_code == 200
    assert "yunnao load HOME assessment_values" in answer.text
    assert "yunnao load" in AtDesk(office, "centre").get("/desk/assessment.xlsx").text


def test_ranks_flags_periods_and_the_mark_of_an_example(office: Served, tmp_path: Path) -> None:
    load(office, tmp_path)
    desk = AtDesk(office, "centre")
    text = desk.get("/desk/assessment").text
    assert "示例权重" in text
    assert "真抓实干、勇当排头" in text
    assert "2023年三季度" in text
    first = desk.get("/desk/assessment", params={"period": "2023Q1"}).text
    assert "优化营商环境 星" in text
    assert "优化营商环境 星" not in first
    assert desk.get("/desk/assessment", params={"period": "soon"}).text.count("<h2") == text.count("<h2")
    assert "Example weights" in desk.get("/desk/assessment", params={"lang": "en"}).text


def test_how_scores_came_about_is_for_those_who_see_every_department(office: Served, tmp_path: Path) -> None:
    load(office, tmp_path)
    books = {}
    for name in ("centre", "ecology.handler"):
        desk = AtDesk(office, name)
        assert ("怎样算出" in desk.get("/desk/assessment").text) == (name == "centre")
        answer = desk.get("/desk/assessment.xlsx")
        assert answer.headers["content-disposition"] == 'attachment; filename="assessment-2023Q3.xlsx"'
        books[name] = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "明细" in books["centre"].sheetnames
    assert "明细" not in books["ecology.handler"].sheetnames
    assert books["centre"]["综合"]["B4"].value == books["ecology.handler"]["综合"]["B4"].value


def test_a_correction_and_a_broken_definition_show_at_once(office: Served, tmp_path: Path) -> None:
    load(office, tmp_path)
    desk = AtDesk(office, "centre")
    before = desk.get("/desk/assessment").text
    fixed = tmp_path / "fixed.csv"
    fixed.write_text("考核对象,指标,时期,完成值\n崂山区,地区生产总值增速,2023Q3,6.4321\n", encoding="utf-8")
    office.district.registry.load("assessment_values", [fixed])
    after = desk.get("/desk/assessment").text
    assert "6.4321" in after
    assert "6.4321" not in before
    folder = office.district.home / FOLDER
    folder.mkdir()
    own = folder / "own.yaml"
    own.write_text("id: own\ntitel: x\n", encoding="utf-8")
    try:
        assert "own.yaml" in desk.get("/desk/assessment").text
    finally:
        own.unlink()
        folder.rmdir()


@in_a_browser
def test_the_page_fits_a_phone_and_needs_no_script(browser: Browser, office: Served, tmp_path: Path) -> None:
    load(office, tmp_path)
    page = browser.new_context(viewport={"width": PHONE, "height": 844}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, f"{office.url}/desk/assessment", "centre")
    assert page.locator("section.panel").count() >= 8
    fits_a_phone(page)
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    fits_a_phone(page)
    page.goto(f"{office.url}/desk/assessment?lang=en")
    fits_a_phone(page)
    page.context.close()
    assert complaints == []
