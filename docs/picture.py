"""Takes the README's screenshot from a demonstration: `python docs/picture.py demo-home`. Needs Debian's Chromium (`make system`)."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"


def main(home: Path) -> None:
    """Photograph the first screen of the policy dictionary in ``home`` as ``docs/picture.png``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 760}, locale="zh-CN")
        page.goto((home / "dictionary" / "index.html").resolve().as_uri())
        page.screenshot(path=Path(__file__).with_suffix(".png"))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
