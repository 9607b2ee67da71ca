"""Every page that people look at, in a real browser: no barrier that axe-core calls serious, nothing wider than a phone, headings in order.

In English, whatever is still Chinese (the words of citizens) says so to screen readers; a name inside a sentence need not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.scenarios.plan.made import TEXT, rows
from tests.scenarios.plan.reporting.plans import basis
from tests.web.chromium import IN_A_BROWSER, PHONE, follow
from tests.web.service.officers import figures, test_plan_page
from tests.web.service.officers.desk import give_password, sign_in
from tests.web.service.officers.drg_office import settled_district
from tests.web.service.served import served
from yunnao.platforms.indicators.assessment.definition import load_assessment
from yunnao.platforms.indicators.assessment.sensitivity import stability
from yunnao.platforms.indicators.assessment.service import assess
from yunnao.platforms.indicators.assessment.values import gathered
from yunnao.scenarios.assessment.definitions import EXAMPLE
from yunnao.scenarios.assessment.sample import sample_values, sample_workbook
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.reporting.skeleton import skeleton
from yunnao.scenarios.plan.review import remarks
from yunnao.web.assessment_page import assessment_page
from yunnao.web.figures.computing import compute
from yunnao.web.plan_report_page import report_page
from yunnao.web.plan_review import review_page

pytestmark = IN_A_BROWSER
EVERYTHING = "everything"
"""An officer who may see every page."""
NUMBER, TOPIC = "{number}", "{topic}"
SERVED = (
    "/",
    "/follow",
    "/nowhere",
    "/desk/nowhere",
    "/desk",
    "/desk?number=none",
    f"/desk/cases/{NUMBER}",
    "/desk/cases/none",
    "/desk/new",
    "/desk/topics",
    f"/desk/topics/{TOPIC}",
    "/desk/topics/none",
    "/desk/measures",
    "/desk/messages/undeliverable",
    "/desk/files",
    "/desk/plan",
    "/desk/assessment",
    "/desk/drg",
    "/desk/drg/hospital/H0001",
    "/desk/drg/hospital/none",
    "/desk/drg/group/0000",
    "/desk/drg/stay/S0000001",
    "/desk/drg/questions",
    "/desk/drg/simulate",
)
FILES = (
    "dictionary/index.html",
    "dictionary/facts.html",
    "dictionary/en/index.html",
    "review.html",
    "assessment.html",
    "plan.html",
)
UNMARKED = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const chinese = node.data.replace(/[^\\u3400-\\u9fff]/g, '').length, latin = node.data.replace(/[^A-Za-z]/g, '').length;
    if (chinese > latin && !node.parentElement.closest('[lang^=zh], svg')) found.push(node.data.trim());
  }
  return found;
}"""
JUMPS = """() => {
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(each => +each.tagName[1]);
  return levels.filter((level, place) => level - (place ? levels[place - 1] : 0) > 1);
}"""


@dataclass(frozen=True)
class Office:
    """A browser in which `EVERYTHING` has signed in; ``folder`` holds pages that are files."""

    page: Page
    url: str
    folder: Path
    names: dict[str, str]


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[Office]:
    """Every page with something on it: appeals with topics and measures, a plan half followed, an assessment, a settled year."""
    folder = tmp_path_factory.mktemp("barriers")
    home = folder / "home"
    settled_district(home)
    with (home / "actors.yaml").open("a", encoding="utf-8") as actors:
        actors.write(f"- {{id: {EVERYTHING}, name: 示例, roles: [operator, centre], department: centre}}\n")
    made = load_assessment(EXAMPLE)
    (folder / "values.xlsx").write_bytes(sample_workbook(made, sample_values(made)))
    (folder / "dictionary").symlink_to(site)
    found = rows()
    (folder / "review.html").write_text(
        review_page(Document(text=TEXT, source="报告.txt"), found, [], remarks(found)), encoding="utf-8"
    )
    result = assess(made, gathered(made, sample_values(made)))
    (folder / "assessment.html").write_text(assessment_page(result, stability(result)), encoding="utf-8")
    with served(home) as service:
        numbers = figures.fill(service.district, 12)
        test_plan_page.fill(service.district)
        service.district.registry.load("assessment_values", [folder / "values.xlsx"])
        (folder / "plan.html").write_text(report_page(skeleton(basis(service.district))), encoding="utf-8")
        compute(service.district)
        give_password(home, EVERYTHING)
        page = browser.new_page()
        sign_in(page, f"{service.url}/desk/sign-in", EVERYTHING)
        page.goto(f"{service.url}/desk/topics")
        topic = page.locator(".topics h2 a").first.get_attribute("href") or ""
        yield Office(page, service.url, folder, {"number": numbers[0], "topic": topic.rpartition("/")[2]})
        page.close()


def free_of_barriers(page: Page) -> None:
    """What holds of every page."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert page.title()
    assert page.locator("h1").count() == 1
    assert page.evaluate(JUMPS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("path", SERVED)
def test_pages_that_are_served(office: Office, path: str) -> None:
    address = office.url + path.format(**office.names)
    office.page.set_viewport_size({"width": PHONE, "height": 844})
    office.page.goto(address)
    free_of_barriers(office.page)
    office.page.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
    assert office.page.locator("html").get_attribute("lang") == "en"
    assert office.page.evaluate(UNMARKED) == []


@pytest.mark.parametrize("name", FILES)
def test_pages_that_are_files(office: Office, name: str) -> None:
    office.page.set_viewport_size({"width": PHONE, "height": 844})
    office.page.goto((office.folder / name).as_uri())
    free_of_barriers(office.page)


def test_what_a_citizen_gets_back(office: Office) -> None:
    page = office.page
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto(f"{office.url}/")
    follow(page.locator("main button"))
    free_of_barriers(page)
    page.fill("#body", "小区旁工地凌晨两点仍在施工，请处理。")
    follow(page.locator("button.main"))
    free_of_barriers(page)
    follow(page.locator("main button"))
    free_of_barriers(page)
