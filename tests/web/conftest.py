"""The dictionary of a small scenario, written once; the browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.chromium import CHROMIUM
from tests.web.small_scenario import AS_OF, DISTRICT, hostile_policy, scenario
from yunnao.web.dictionary import write_dictionary


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a dictionary with a hostile policy among the others."""
    folder = tmp_path_factory.mktemp("dictionary")
    write_dictionary([scenario(hostile_policy())], folder, as_of=AS_OF, district=DISTRICT)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """No longer than a module: while playwright waits, nothing else in the process may run an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()
