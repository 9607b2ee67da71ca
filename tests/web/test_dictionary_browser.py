"""The dictionary in a real browser, from a file: search, filters, keyboard, phone, and no request to any network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.web.chromium import IN_A_BROWSER, follow

pytestmark = IN_A_BROWSER

Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Open]:
    """Opens a page of the dictionary; at the end, nothing may have left the disk and no script or style have failed."""
    contexts = []
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith(("file://", "data:")):
            complaints.append(f"request to {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def visit_page(name: str, *, width: int = 1280, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("request", note_request)
        page.on("console", note_message)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto((site / name).as_uri())
        return page

    yield visit_page
    for context in contexts:
        context.close()
    assert complaints == []


def shown(page: Page) -> list[str]:
    """Titles of the policies that are visible."""
    return [title.split("<")[0] for title in page.locator("#policies > li:visible h3").all_inner_texts()]


def test_search_narrows_the_list_and_says_how_many(visit: Open) -> None:
    page = visit("index.html")
    assert len(shown(page)) == 5
    page.fill("#query", "贴息")
    assert shown(page) == ["创业贷款贴息"]
    assert page.get_by_role("status").inner_text() == "找到 1 条政策"
    page.fill("#query", "裁员率 ５号")  # a condition, and a full-width digit of the document number
    assert shown(page) == ["招用补助"]
    page.fill("#query", "创业担保贷款贴息")
    assert shown(page) == ["创业贷款贴息"]
    assert "相近" in page.get_by_role("status").inner_text()
    page.fill("#query", "不存在的词")
    assert shown(page) == []
    assert "没有找到" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="清除条件").click()
    # expect polls from outside of the page: its policy lets nobody evaluate a string, a test included
    expect(page.locator("#policies > li:visible")).to_have_count(5)
    assert page.get_by_role("status").inner_text() == "共 5 条政策"


def test_filters_work_alone_and_together(visit: Open) -> None:
    page = visit("index.html")
    page.fill("#day", "2021-06-01")
    assert shown(page) == ["创业贷款贴息"]
    page.fill("#day", "")
    page.get_by_label("核实情况").select_option(label="含待核内容")
    assert shown(page) == ["招用补助", "水电缓缴"]
    page.get_by_label("适用地区").select_option("全国")
    assert shown(page) == ["水电缓缴"]
    page.get_by_label("兑现方式").select_option("confirm")
    assert shown(page) == []


def test_a_search_survives_going_to_a_policy_and_back(visit: Open) -> None:
    page = visit("index.html")
    page.fill("#query", "贴息")
    page.get_by_label("兑现方式").select_option("confirm")
    follow(page.get_by_role("link", name="创业贷款贴息"))
    assert page.locator("h1").inner_text() == "创业贷款贴息"
    page.go_back()
    assert page.input_value("#query") == "贴息"
    assert shown(page) == ["创业贷款贴息"]


def test_everything_is_reachable_by_keyboard_alone(visit: Open) -> None:
    page = visit("index.html")

    def focused() -> str:
        return str(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))

    page.keyboard.press("Tab")
    assert focused() == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == "query"
    page.keyboard.type("贴息")
    page.keyboard.press("Enter")  # submits nothing
    for _ in range(30):
        page.keyboard.press("Tab")
        if focused() == "创业贷款贴息":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/benefits-loan.html")
    assert page.locator("h1").inner_text() == "创业贷款贴息"


@pytest.mark.parametrize("name", ["index", "facts", "benefits-hiring", "benefits-hostile", "en/benefits-hiring"])
def test_a_phone_needs_no_sideways_scrolling_and_large_targets(visit: Open, name: str) -> None:
    page = visit(f"{name}.html", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "[...document.querySelectorAll('header a:not(.skip), button, select, input, summary, .card h3 a')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []


def test_without_javascript_the_whole_list_is_there_and_no_dead_form(visit: Open) -> None:
    page = visit("index.html", scripts=False)
    assert len(shown(page)) == 5
    assert not page.locator("#finder").is_visible()
    follow(page.get_by_role("link", name="招用补助"))
    assert page.locator("h1").inner_text() == "招用补助"


def test_the_other_language_is_one_click_away_and_back(visit: Open) -> None:
    page = visit("benefits-hiring.html")
    follow(page.get_by_role("link", name="English"))
    assert page.locator("h1").inner_text() == "Hiring reward"
    assert page.evaluate("document.documentElement.lang") == "en"
    follow(page.get_by_role("link", name="中文"))
    assert page.locator("h1").inner_text() == "招用补助"


def test_the_stylesheet_is_in_force_in_both_folders(visit: Open) -> None:
    for name in ("index.html", "en/index.html"):
        header = visit(name).locator("header.top")
        assert header.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(11, 74, 143)"


def test_a_chinese_reader_on_paper_gets_no_controls(visit: Open) -> None:
    page = visit("index.html")
    page.emulate_media(media="print")
    assert not page.locator("#finder").is_visible()
    assert len(shown(page)) == 5
