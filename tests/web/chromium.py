"""What tests of pages share that look through the system's Chromium; the browser itself is a fixture."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import pytest
from playwright.sync_api import Locator, Page

CHROMIUM = Path("/usr/bin/chromium")
PHONE = 390
P = ParamSpec("P")
IN_A_BROWSER = [
    pytest.mark.needs_chromium,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: `make system` installs it"),
]


def in_a_browser(test: Callable[P, None]) -> Callable[P, None]:
    """Mark one test of a module that is otherwise without a browser."""
    for mark in IN_A_BROWSER:
        test = mark(test)
    return test


def follow(what: Locator) -> None:
    """Click a link or a button that leads to another page, and be there.

    A click alone does not wait: what is read next may still be of the page before, or of none.
    """
    with what.page.expect_navigation():
        what.click()


def enter(page: Page) -> None:
    """Press Enter where it leads to another page, and be there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fits_a_phone(page: Page) -> None:
    """No sideways scrolling, targets large enough for a thumb, every control named."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    small = page.evaluate(
        "[...document.querySelectorAll('header a:not(.skip), button, select, textarea, input:not([type=radio]), .choice label, summary')]"
        ".filter(e => e.checkVisibility() && e.type !== 'hidden' && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    nameless = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
        ".filter(e => !e.labels || !e.labels.length).map(e => e.outerHTML)"
    )
    assert nameless == []
