"""The review page: the text as it is with its rows in place, nothing that runs but its own script; then in a real browser."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.scenarios.plan.made import TEXT, made, rows
from tests.web.chromium import IN_A_BROWSER
from yunnao.scenarios.plan.corrections import corrected, from_file
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.quantities import Defect
from yunnao.scenarios.plan.review import remarks
from yunnao.web.plan_review import review_page

DEFECT = Defect(
    start=TEXT.index("全区"),
    end=TEXT.index("全区") + 2,
    line=2,
    kind="injected",
    text="全区",
    likely="",
    confidence=0.9,
)


def page_of(text: str = TEXT, source: str = "报告.txt") -> str:
    found = rows() if text == TEXT else []
    return review_page(Document(text=text, source=source), found, [DEFECT] if found else [], remarks(found))


@given(st.text(max_size=40))
@settings(max_examples=30)
def test_any_text_is_shown_and_nothing_of_it_runs(text: str) -> None:
    page = page_of(text, source="</script><script>alert(1)</script>")
    assert page.count("<script") == 2
    assert "<script>alert" not in page
    shown = "".join(
        html.unescape(re.sub("<[^>]*>", "", line))
        for line in re.findall(r'<p class="line".*?>(.*?)</p>', page, re.DOTALL)
    )
    kept = "".join(line for line in re.split(r"\r\n|\r|\n", text) if line.strip())
    assert len(shown) == len(kept)


def test_no_handler_and_no_address_stands_in_the_page() -> None:
    page = page_of()
    marks = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", marks)
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", marks)
    assert "unsafe-inline" not in page
    assert "default-src &#39;none&#39;" in page


@pytest.fixture
def page(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page opened from a file; no complaint in the console and no request may have come of it."""
    path = tmp_path / "review.html"
    path.write_text(page_of(), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": getattr(request, "param", 1280), "height": 844}, accept_downloads=True
    )
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request",
        lambda asked: complaints.append(asked.url) if not asked.url.startswith(("file:", "data:", "blob:")) else None,
    )
    opened.goto(path.as_uri())
    yield opened
    context.close()
    assert complaints == []


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="保存修改").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


class TestInABrowser:
    pytestmark = IN_A_BROWSER

    def test_what_is_corrected_in_the_page_is_replayed(self, page: Page, tmp_path: Path) -> None:
        page.get_by_role("button", name="固定资产投资增速").click()
        page.locator("#indicator").fill("固定资产投资增长率")
        page.locator("#estimate").check()
        page.get_by_role("button", name="改好了").click()
        page.get_by_role("button", name="新增企业数").click()
        page.get_by_role("button", name="删掉这一行").click()
        page.get_by_role("button", name="加一行").click()
        page.locator("#add-line").fill("5")
        page.locator("#add-numeral").fill("8000")
        page.get_by_role("button", name="加这一行").click()
        assert page.evaluate("document.activeElement.id") == "indicator"
        page.locator("#indicator").fill("培训人数")
        assert page.locator("#unit").input_value() == "人"
        page.locator("#period").fill("2023年")
        page.get_by_role("button", name="改好了").click()
        assert "2022、2021-2025" in page.locator("#problem").inner_text()
        page.locator("#period").fill("2023")
        page.get_by_role("button", name="改好了").click()
        path = saved(page, tmp_path)
        assert path.name == "报告.corrections.jsonl"
        assert "--corrections" in page.get_by_role("status").inner_text()
        assert [json.loads(line)["do"] for line in path.read_text(encoding="utf-8").splitlines()] == [
            "change",
            "change",
            "remove",
            "add",
        ]
        result = corrected(rows(), from_file(path), TEXT)
        assert result.problems == ()
        assert [row.indicator for row in result.rows if row.confidence == 1] == ["固定资产投资增长率", "培训人数"]
        assert len(result.rows) == len(rows())
        assert result.rows[-1].start == made(TEXT, "8000", "").start

    def test_filters_walk_and_lists(self, page: Page) -> None:
        page.locator("#by-status").select_option("target")
        page.locator("#by-confidence").select_option("0.6")
        assert page.locator("#shown").inner_text() == "1"
        assert page.locator(".line:visible").count() == 1
        page.get_by_role("button", name="下一个").click()
        assert page.locator("#value").input_value() == "7"
        page.get_by_role("button", name="提示 3").click()
        page.get_by_role("button", name="第 2 行").first.click()  # hidden by the filters until now
        assert page.locator("#value").input_value() == "8"
        page.get_by_role("button", name="毛病 1").click()
        assert "插入的外来文字" in page.locator("#tab-defects").inner_text()
        page.get_by_role("button", name="English").click()
        assert page.get_by_role("button", name="Save corrections").is_visible()

    def test_by_keyboard_alone(self, page: Page) -> None:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.dataset.row") == "0"
        page.keyboard.press("Enter")
        assert page.locator("#indicator").input_value() == "地区生产总值增速"
        page.locator("#indicator").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("生产总值增速")
        page.keyboard.press("Enter")
        assert page.locator("#edits").inner_text() == "1"

    @pytest.mark.parametrize("page", [390], indirect=True)
    def test_it_fits_a_phone(self, page: Page) -> None:
        page.get_by_role("button", name="固定资产投资增速").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        controls = "[...document.querySelectorAll('button:not(.row), select, input:not([type=checkbox])')]"
        small = f"{controls}.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        assert page.evaluate(small) == []
        nameless = "[...document.querySelectorAll('input, select')].filter(e => !e.labels.length).map(e => e.outerHTML)"
        assert page.evaluate(nameless) == []
