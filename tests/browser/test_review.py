"""The curators' pages in a browser: rules of accessibility, widths, keys, and without JavaScript."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from graph_api.access import TokenFile
from graph_api.error_reports import ReportLog
from graph_api.folder import DataFolder
from tests.browser.conftest import Site
from tests.browser.test_pages import RULES, SCHEMES, WIDTHS, Watch, open_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACES = (
    "review", "review/batch", "review/log", "review/reports", "review/entities", "review/add",
    "review/figures",
)  # fmt: skip


def log_in(page: Page, site: Site, secret: str = "") -> None:
    page.goto(f"{site.origin}/fr/review")
    page.fill("#token", secret or site.bench.secret)
    page.press("#token", "Enter")
    page.wait_for_selector("article.judged")


@pytest.fixture
def jobs(site: Site) -> Iterator[list[dict[str, object]]]:
    site.bench.keeper.jobs.clear()
    yield site.bench.keeper.jobs
    site.bench.keeper.jobs.clear()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, site: Site, width: int, scheme: str
) -> None:
    with open_page(browser, width, color_scheme=scheme, bypass_csp=True) as page:
        watch = Watch(page)
        folder = DataFolder(site.bench.services.settings.data)
        secret, _ = TokenFile(folder).create("Dominique", ("review", "ingest"))
        log_in(page, site, secret)
        reports = ReportLog(folder.decisions)
        reports.add("actor/relais-pays-bleu", "", "Une adresse est fausse. " * 9, 100)
        for place in PLACES:
            page.goto(f"{site.origin}/fr/{place}?did=accept&done=job-1")
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            options = {"runOnly": {"type": "tag", "values": RULES}}
            found = Axe().run(page, options=options).response["violations"]
            assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], place
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) <= 0, place
        assert watch.errors == []
        assert watch.hosts == {site.origin.split("/")[2]}


def test_one_letter_decides(browser: Browser, site: Site, jobs: list[dict[str, object]]) -> None:
    with open_page(browser) as page:
        log_in(page, site)
        page.keyboard.press("n")
        page.keyboard.type("ras")  # letters of a note are letters
        page.keyboard.press("Escape")
        page.locator("h1").click()
        for key in ("a", "r", "s"):
            with page.expect_navigation():
                page.keyboard.press(key)
        assert "C'était la dernière" in page.inner_text("main")
        with page.expect_navigation():
            page.go_back()
        with page.expect_navigation():
            page.keyboard.press("u")
    said = [job["arguments"] for job in jobs]
    assert [each.get("action") for each in said] == ["accept", "reject", None]  # type: ignore[attr-defined]
    assert said[0]["why"] == "ras"  # type: ignore[index]
    assert said[2]["job"] == "job-2"  # type: ignore[index]


def test_keys_can_be_switched_off(
    browser: Browser, site: Site, jobs: list[dict[str, object]]
) -> None:
    with open_page(browser) as page:
        log_in(page, site)
        page.uncheck("#keys")
        page.reload()
        assert not page.is_checked("#keys")
        page.keyboard.press("a")
        page.wait_for_timeout(300)
    assert jobs == []


def test_without_javascript_buttons_do_the_same(
    browser: Browser, site: Site, jobs: list[dict[str, object]]
) -> None:
    with open_page(browser, 320, java_script_enabled=False) as page:
        log_in(page, site)
        assert not page.is_visible("#keys")
        page.click("button[value=accept]")
        page.click("button[value=reject]")
        page.goto(f"{site.origin}/fr/review/batch")
        page.uncheck("input[name=claim] >> nth=0")
        page.click("button[value=accept]")
        page.click("text=Se déconnecter")
        page.goto(f"{site.origin}/fr/review")
        assert page.url.endswith("/fr/review/login")
    claims = [job["arguments"]["claims"] for job in jobs]  # type: ignore[index]
    assert [len(each) for each in claims] == [1, 1, 2]
