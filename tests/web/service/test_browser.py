"""A citizen with a phone in a real browser: files an appeal, follows it, answers the call-back; by keyboard, without scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.web.chromium import IN_A_BROWSER, PHONE, enter, fits_a_phone, follow
from tests.web.service.served import Served

pytestmark = IN_A_BROWSER
Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, service: Served) -> Iterator[Open]:
    """Opens a page as a phone does; at the end, nothing may have left the origin, and no style or script have failed."""
    contexts, complaints = [], []

    def note_request(request: Request) -> None:
        if not request.url.startswith((service.url, "data:")):
            complaints.append(f"request to {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        expected = "Failed to load resource" in message.text  # a refusal that the test provokes
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    def visit_page(path: str, *, width: int = PHONE, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("request", note_request)
        page.on("console", note_message)
        page.goto(service.url + path)
        return page

    yield visit_page
    for context in contexts:
        context.close()
    assert complaints == []


def filed(page: Page) -> tuple[str, str]:
    page.fill("#body", "小区旁工地凌晨两点仍在施工，请处理。")
    page.fill("#place", "望海路 18 号")
    page.select_option("#kind", "complaint")
    page.fill("#telephone", "0532-12345678")
    follow(page.get_by_role("button", name="提交", exact=True))
    return page.inner_text("#number"), page.inner_text("#code")


@pytest.mark.parametrize("scripts", [True, False])
def test_file_follow_and_answer_the_call_back(visit: Open, service: Served, scripts: bool) -> None:
    page = visit("/", scripts=scripts)
    number, code = filed(page)
    follow(page.get_by_role("button", name="现在就看进度"))
    assert page.locator("h1").inner_text().endswith("已受理")
    service.answered(number)
    follow(page.get_by_role("link", name="查询进度"))
    page.fill("#number", number)
    page.fill("#code", code.lower())
    follow(page.get_by_role("button", name="查询", exact=True))
    assert "已修好，请查看。" in page.inner_text("main")
    assert page.locator(".days .due").inner_text().startswith("2026-10-09")
    page.get_by_label("否", exact=True).check()
    page.get_by_label("不满意").check()
    page.get_by_label("意见").fill("还在施工")
    follow(page.get_by_role("button", name="提交", exact=True))
    assert page.get_by_role("status").inner_text() == "已收到，谢谢。"
    assert page.locator("h1").inner_text().endswith("重新办理中")
    assert "还在施工" in page.inner_text(".history li.own")


def test_every_page_fits_a_phone(visit: Open, service: Served) -> None:
    for lang in ("", "?lang=en"):
        page = visit(f"/{lang}")
        fits_a_phone(page)
        follow(page.locator("button.main"))  # nothing written
        assert page.locator("[role=alert]").is_visible()
        fits_a_phone(page)
        page.locator("[role=alert] a").click()
        page.fill("#body", "a" * 300)
        follow(page.locator("button.main"))
        number = page.inner_text("#number")
        fits_a_phone(page)
        service.answered(number)
        follow(page.locator("main button"))
        fits_a_phone(page)
        fits_a_phone(visit(f"/follow{lang}"))


def test_the_other_language_is_one_click_away_and_loses_nothing(visit: Open) -> None:
    page = visit("/")
    follow(page.get_by_role("link", name="English"))
    assert page.locator("h1").inner_text() == "File an appeal"
    follow(page.get_by_role("link", name="中文"))
    number, code = filed(page)
    follow(page.get_by_role("button", name="English"))
    assert (page.inner_text("#number"), page.inner_text("#code")) == (number, code)
    follow(page.get_by_role("button", name="Follow it now"))
    assert page.locator("h1").inner_text().endswith("received")
    follow(page.get_by_role("button", name="中文"))
    assert page.locator("h1").inner_text().endswith("已受理")


def test_by_keyboard_alone(visit: Open) -> None:
    page = visit("/", width=1280)

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))

    page.keyboard.press("Tab")
    assert focused() == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == "body"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.type("路灯不亮")
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused() == "提交":
            break
    enter(page)
    assert page.locator("h1").inner_text().endswith("已受理")


def test_days_are_legible_on_a_wide_screen(visit: Open) -> None:
    page = visit("/", width=1280)
    filed(page)
    follow(page.get_by_role("button", name="现在就看进度"))
    assert page.locator(".days th span").first.evaluate("e => getComputedStyle(e).visibility") == "visible"
