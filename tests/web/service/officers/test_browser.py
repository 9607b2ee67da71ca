"""Officers in a real browser, on a phone and at a desk: dispatch, handle, look at a contact, enter a call; by keyboard, without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.capabilities.media.photographs import photo
from tests.web.chromium import IN_A_BROWSER, PHONE, enter, fits_a_phone, follow
from tests.web.service.officers.desk import password_of, sign_in
from tests.web.service.served import Served

pytestmark = IN_A_BROWSER
DESK = 1280


class Browsers:
    """Opens a browser of its own for each officer; notes what styles, scripts and requests complain of."""

    def __init__(self, browser: Browser, service: Served) -> None:
        self._browser = browser
        self._service = service
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def officer(self, actor: str, width: int = DESK, to: str = "/desk") -> Page:
        """An officer who has signed in, at the page they asked for."""
        page = self.page(width)
        sign_in(page, self._service.url + to, actor)
        return page

    def page(self, width: int) -> Page:
        """A browser that nobody has signed in with; it runs no scripts of pages, as none are needed."""
        context = self._browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=False)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith((self._service.url, "data:")) else self._note(r.url))
        page.on("console", lambda m: self._note(m.text) if "Failed to load resource" not in m.text else None)
        return page

    def _note(self, what: str) -> None:
        self.complaints.append(what)


@pytest.fixture
def browsers(browser: Browser, service: Served) -> Iterator[Browsers]:
    opened = Browsers(browser, service)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.complaints == []


def step(page: Page, name: str) -> None:
    """Send the form of a step, unfolded first if it is not."""
    details = page.locator(f"#step-{name}")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    follow(details.locator("button"))


def test_from_dispatch_to_answer_with_two_officers(browsers: Browsers, service: Served) -> None:
    number, _ = service.file(text="路灯不亮，电话 13812345678。", title="望海路路灯不亮", telephone="13812345678")
    operator = browsers.officer("operator", to=f"/desk/cases/{number}")
    operator.locator("#dispatch-department").select_option("ecology")
    step(operator, "dispatch")
    assert operator.get_by_role("status").inner_text() == "已办理：分派"
    handler = browsers.officer("ecology.handler", PHONE)
    handler.goto(f"{service.url}/desk?number={number}")
    follow(handler.get_by_role("link", name="望海路路灯不亮"))
    assert "13812345678" not in handler.inner_text("main")
    handler.locator("#purpose").select_option("contact")
    follow(handler.get_by_role("button", name="显示联系方式和全文"))
    assert "13812345678" in handler.inner_text("main")
    handler.goto(f"{service.url}/desk/cases/{number}")
    step(handler, "sign_in")
    handler.locator("#step-answer summary").click()
    handler.fill("#answer-answer", "已修好。")
    step(handler, "answer")
    assert handler.locator(".case-head .badge.now").inner_text() == "待回访"
    assert service.district.filed.get(number).standing.state == "answered"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_goes_from_a_phone_to_the_desk(
    browser: Browser, browsers: Browsers, service: Served, tmp_path: Path, scripts: bool
) -> None:
    files = [tmp_path / name for name in ("one.jpg", "two.png", "three.jpg")]
    for file, content in zip(files, (photo(orientation=6), photo("PNG"), photo(size=(90, 60))), strict=True):
        file.write_bytes(content)
    context = browser.new_context(viewport={"width": PHONE, "height": 844}, java_script_enabled=scripts)
    browsers.contexts.append(context)
    phone = context.new_page()
    phone.on("console", lambda message: browsers.complaints.append(message.text))
    phone.goto(service.url)
    phone.fill("#body", "路灯不亮，见照片。")
    phone.set_input_files("#photos", files[:2])
    if scripts:
        previews = phone.locator(".photos img")
        assert previews.count() == 2
        assert previews.first.evaluate("e => e.decode().then(() => [e.naturalWidth, e.naturalHeight])") == [300, 400]
        phone.set_input_files("#photos", files[2])  # chosen one after the other, as telephones offer it
        assert previews.count() == 3
        fits_a_phone(phone)
        phone.get_by_role("button", name="去掉 three.jpg").click()
        phone.set_input_files("#photos", [files[2], files[2]])
        assert phone.get_by_role("status").inner_text() == "最多 3 张，多的没有加上"
        phone.get_by_role("button", name="去掉 three.jpg").click()
    follow(phone.get_by_role("button", name="提交", exact=True))
    number = phone.inner_text("#number")
    follow(phone.get_by_role("button", name="现在就看进度"))
    assert phone.locator(".photos img").count() == 2
    phone.locator("details summary").click()
    fits_a_phone(phone)
    with context.expect_page() as opened:
        phone.get_by_role("button", name="图片 1").click()
    assert opened.value.url.endswith("/follow/attachment")
    service.take(number, "dispatch", department="ecology")
    handler = browsers.officer("ecology.handler", PHONE, to=f"/desk/cases/{number}")
    assert "有 2 个附件" in handler.inner_text("main")
    handler.locator("#purpose").select_option("contact")
    follow(handler.get_by_role("button", name="显示联系方式"))
    shown = handler.locator(".photos img")
    assert shown.count() == 2
    with handler.context.expect_page() as whole:
        shown.first.click()
    assert "/attachments/" in whole.value.url
    assert "(300×400)" in whole.value.title()


def test_every_page_fits_a_phone(browser: Browser, browsers: Browsers, service: Served) -> None:
    number, _ = service.file(text="a" * 300, title="b" * 60, telephone="13812345678")
    service.file(text="a" * 290, title="b" * 60, telephone="13812345678")
    cookies = browsers.officer("operator", PHONE).context.cookies()
    for lang in ("", "?lang=en"):
        context = browser.new_context(
            viewport={"width": PHONE, "height": 844}
        )  # with scripts, by which the test measures
        page = context.new_page()
        page.goto(f"{service.url}/desk/sign-in{lang}")
        fits_a_phone(page)
        context.add_cookies(cookies)  # type: ignore[arg-type]
        for path in ("/desk", f"/desk/cases/{number}", "/desk/new", "/desk/cases/SQ19990101-00001"):
            page.goto(f"{service.url}{path}{lang}")
            page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
            fits_a_phone(page)
        page.goto(f"{service.url}/desk/new{lang}")
        page.fill("#body", "a" * 300)
        page.fill("#telephone", "13812345678")
        follow(page.locator("main button.main"))
        fits_a_phone(page)
        follow(page.locator("main button.main"))
        fits_a_phone(page)
        context.close()


def test_by_keyboard_alone(browser: Browser, browsers: Browsers, service: Served) -> None:
    number, _ = service.file(title="键盘办理")
    service.take(number, "dispatch", department="health")
    page = browser.new_context(viewport={"width": DESK, "height": 844}).new_page()

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))

    def tab_to(what: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if focused() == what:
                return
        raise AssertionError(f"{what} is not reached by Tab")

    page.goto(f"{service.url}/desk/cases/{number}")
    page.keyboard.press("Tab")
    assert focused() == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == "name"
    page.keyboard.type("health.handler")
    page.keyboard.press("Tab")
    page.keyboard.type(password_of("health.handler"))
    enter(page)
    assert page.url.endswith(f"/desk/cases/{number}")
    tab_to("联系市民")  # a folded form
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == "contact-note"
    page.keyboard.type("已联系")
    page.keyboard.press("Tab")
    enter(page)
    assert page.url.endswith("done=contact")
    assert [event.step for event in service.district.filed.get(number).events][-1] == "contact"
    page.context.close()


def test_a_call_is_entered_and_read_out(browsers: Browsers, service: Served) -> None:
    page = browsers.officer("operator", to="/desk/new")
    page.fill("#telephone", "13600002222")
    page.fill("#body", "公交站牌倒了，请扶起来。")
    follow(page.get_by_role("button", name="下一步：核对"))
    follow(page.get_by_role("button", name="登记为新的一件"))
    number, code = page.inner_text("#number"), page.inner_text("#code")
    assert service.district.filed.opens(number, code)
    follow(page.get_by_role("link", name="打开这一件"))
    assert "热线" in page.inner_text(".case-head")


def test_signing_out_ends_it(browsers: Browsers, service: Served) -> None:
    page = browsers.officer("operator")
    follow(page.get_by_role("link", name="English"))
    assert page.locator("h1").inner_text() == "Inbox"
    follow(page.get_by_role("button", name="Sign out"))
    assert page.url.endswith("/desk/sign-in")
    page.go_back()
    page.reload()
    assert page.url.endswith("/desk/sign-in?to=/desk&lang=en")
