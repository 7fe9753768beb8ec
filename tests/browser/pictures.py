"""Makes the pictures of the documentation from a running portal: ``python -m tests.browser.pictures FOLDER``.

They show only what the project ships: run it beside ``make demo``, without other reports.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PAGES = {
    "home": "/en/",
    "search": "/en/search?q=DLA",
    "entity": "/en/programme/dla",
    "sparql": "/en/sparql?example=1-operated-programmes",
}


def main() -> int:
    """Write one PNG a page; return 1 where a page is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--origin", default="http://127.0.0.1:8000", help="where the portal runs")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        failed = [name for name in PAGES if not _picture(browser, name, given.origin, given.folder)]
        if not _sentence(browser, given.origin, given.folder):
            failed.append("sentence")
        browser.close()
    for name in failed:
        print(f"no picture of {name}: its page did not answer as it should", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


def _picture(browser: Browser, name: str, origin: str, folder: Path) -> bool:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    response = page.goto(origin + PAGES[name])
    page.screenshot(path=folder / f"{name}.png")
    page.close()
    return response is not None and response.ok


def _sentence(browser: Browser, origin: str, folder: Path) -> bool:
    """The way the project is about: from a fact to the sentence it comes from."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(origin + PAGES["entity"])
    link = page.locator("a.open").first
    if not link.count():
        return False
    link.click()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / "sentence.png")
    page.close()
    return True


if __name__ == "__main__":
    sys.exit(main())
