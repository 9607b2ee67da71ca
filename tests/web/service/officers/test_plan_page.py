"""The page of targets over real HTTP and in a browser: lights with words, filters, the same as a workbook, both languages, a phone."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser

from tests.scenarios.plan.sample_rows import TEXT, sample_rows
from tests.web.chromium import PHONE, enter, fits_a_phone, in_a_browser
from tests.web.service.officers.desk import AtDesk, give_password, sign_in
from tests.web.service.served import Served, make_district, served
from yunnao.app import District
from yunnao.kernel.moment import CHINA
from yunnao.platforms.indicators.targets.service import Reviewed
from yunnao.scenarios.plan.sample_plan import ACTUALS
from yunnao.scenarios.plan.tracking.actual_files import read_actuals
from yunnao.scenarios.plan.tracking.commitments import commitments
from yunnao.scenarios.plan.tracking.loading import load_plan
from yunnao.scenarios.plan.tracking.promises import OwnerLine, promises, series_of_promises

JULY = dt.datetime(2023, 7, 12, 9, tzinfo=CHINA)
OWNERS = [OwnerLine(department="ecology", names=["空气质量", "客运码头"])]


def fill(district: District) -> None:
    """The sample plan, half a year of results, and a quote that would break a careless page."""
    rows = sample_rows()
    promised = promises(rows)
    reviewed = Reviewed(name="目标.xlsx", sha256="a" * 64, report="报告.txt", report_sha256="b" * 64)
    pending = commitments(TEXT, rows, 2023)
    load_plan(district.targets, district.filed, "2023", promised, reviewed, pending, OWNERS, "centre", JULY)
    actuals, skipped = read_actuals(ACTUALS, series_of_promises(promised), JULY.date())
    assert skipped == []
    with district.targets.writing() as connection:
        district.targets.record(connection, actuals, "月报<b>.csv", "c" * 64, 0, "centre")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = make_district(tmp_path_factory.mktemp("plan") / "home", public_url="")
    with served(home) as service:
        service.now = JULY
        fill(service.district)
        give_password(home, "centre")
        give_password(home, "ecology.handler")
        yield service


def test_every_light_has_words_and_a_reason(full: Served) -> None:
    text = AtDesk(full, "centre").get("/desk/plan").text
    assert text.count('class="target-state"') == 12
    for words in (
        "绿：预计能完成",
        "黄：有风险",
        "红：预计完不成",
        "灰：缺数据",
        "灰：缺数据（过期）",
        "另列：力争值，不作底线",
    ):
        assert words in text
    assert "按以往年份从6月到年底的变动（2021、2022年）" in text
    assert "第 7 行，字符" in text
    assert text.count('class="spark"') >= 6
    assert "没有数字的承诺" in text
    assert "9月底前示例湾客运码头投入运营" in text


def test_filters_narrow_the_list_and_what_makes_no_sense_is_passed_over(full: Served) -> None:
    desk = AtDesk(full, "ecology.handler")
    assert desk.get("/desk/plan", params={"light": "red"}).text.count('class="target-state"') == 1
    assert desk.get("/desk/plan", params={"owner": "ecology"}).text.count('class="target-state"') == 1
    assert desk.get("/desk/plan", params={"owner": "nobody"}).text.count('class="target-state"') == 11
    assert desk.get("/desk/plan", params={"find": "外资"}).text.count('class="target-state"') == 1
    assert "没有符合条件的目标" in desk.get("/desk/plan", params={"find": "<b>没有</b>"}).text
    odd = desk.get("/desk/plan", params={"light": "purple", "day": "三月"})
    assert (odd.status_code, odd.text.count('class="target-state"')) == (200, 12)
    assert "还没有开始" in desk.get("/desk/plan", params={"day": "2022-12-31"}).text


def test_the_workbook_holds_what_the_page_shows(full: Served) -> None:
    answer = AtDesk(full, "centre").get("/desk/plan.xlsx", params={"light": "green"})
    assert answer.headers["content-disposition"] == 'attachment; filename="targets-20230712.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("灯", "状态", "指标")
    assert {row[0] for row in rows[1:]} == {"绿"}
    assert AtDesk(full).get("/desk/plan.xlsx").status_code == 303


def test_in_english_the_lights_are_english_and_chinese_words_are_marked(full: Served) -> None:
    text = AtDesk(full, "centre").get("/desk/plan", params={"lang": "en"}).text
    assert "Targets of the plan" in text
    assert "green: likely to be met" in text
    assert "grey: data missing" in text
    assert '<span lang="zh-CN">规上工业增加值增速</span>' in text


def test_without_targets_it_says_how_to_begin(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", public_url="")
    give_password(home, "centre")
    with served(home) as service:
        service.now = JULY
        text = AtDesk(service, "centre").get("/desk/plan").text
    assert "还没有目标" in text
    assert "目标跟踪" in text


@in_a_browser
def test_it_fits_a_phone_and_works_by_keyboard_without_scripts(browser: Browser, full: Served) -> None:
    page = browser.new_context(viewport={"width": PHONE, "height": 844}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, f"{full.url}/desk/plan", "centre")
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    fits_a_phone(page)
    page.goto(f"{full.url}/desk/plan?lang=en")
    fits_a_phone(page)
    page.goto(f"{full.url}/desk/plan")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "light":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator("#find").focus()
    enter(page)
    assert "light=red" in page.url
    assert page.locator(".target-state").count() == 1
    page.context.close()
    assert complaints == []
