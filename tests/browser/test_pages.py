"""What only a browser can tell: rules of accessibility, width, keyboard, console, no JavaScript."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
NAMES = [
    "home", "search", "search-filtered", "search-empty", "list", "list-empty", "entity",
    "publication", "document", "document-pages", "document-quotes", "document-metadata", "reading", "sparql",
    "sparql-form", "sparql-error", "ontology",
    "listing", "listing-empty", "figures", "compare", "coverage",
    "territory", "territory-empty", "territories", "territories-form",
    "map", "map-departments", "map-eu", "themes", "theme", "theme-empty", "guide", "guide-place", "guide-results",
    "report", "report-sent", "errata", "changes", "quality", "usage",
    "partners", "partner", "partner-record", "partner-run",
    "cite", "review-login",
    "missing", "help", "about", "legal", "receipt", "accessibility",
]  # fmt: skip
WIDTHS = (1280, 320)
PSEUDO_LANGUAGE = """() => {
  const accents = {a: 'à', e: 'é', i: 'î', o: 'ô', u: 'ü', y: 'ÿ'};
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    if (!node.parentElement.closest('script, pre, code, textarea, svg')) {
      node.data = node.data.replace(/[aeiouy]/gi, v => accents[v.toLowerCase()] + v);
    }
  }
  return document.body.innerText.length;
}"""
"""Makes each word longer by its vowels, about a third of a text, as other languages of the Union do."""
FEW_TERMS = """() => document.querySelectorAll('section').forEach(section => {
  section.querySelectorAll(':scope > details.term').forEach((term, n) => { if (n > 5) term.remove() })
})"""
"""Leaves six terms of each module of the ontology: the others are of the same form."""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@contextmanager
def open_page(browser: Browser, width: int = 1280, **options: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="fr-FR", **options
    )
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


class Watch:
    """Notes what a page says on the console and which hosts it asks."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        self.errors.append(message.text)

    def _error(self, error: Error) -> None:
        self.errors.append(str(error))

    def _request(self, request: Request) -> None:
        self.hosts.add(request.url.split("/")[2])


def test_every_type_of_page_is_named(site: Site) -> None:
    assert list(site.pages()) == NAMES


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_in_any_width_or_scheme(
    browser: Browser, site: Site, name: str, soak: int
) -> None:
    """Both widths and both schemes; with ``--soak`` each width in each scheme."""
    every = itertools.product(WIDTHS, SCHEMES)
    # axe is injected, which our policy rightly refuses: the console test keeps the policy.
    with open_page(browser, bypass_csp=True) as page:
        page.goto(site.origin + site.pages()[name])
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page.evaluate(FEW_TERMS)
        for width, scheme in every if soak > 1 else zip(WIDTHS, SCHEMES, strict=True):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            options = {"runOnly": {"type": "tag", "values": RULES}}
            found = Axe().run(page, options=options).response["violations"]
            said = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
            assert said == [], (width, scheme)


@pytest.mark.parametrize("name", NAMES)
def test_no_sideways_scroll_no_console_error_no_other_host(
    browser: Browser, site: Site, name: str
) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    with open_page(browser, 320) as page:
        watch = Watch(page)
        page.goto(site.origin + site.pages()[name])
        for width in (320, 375, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(wide) <= 0, width
        before = page.evaluate("document.body.innerText.length")
        assert page.evaluate(PSEUDO_LANGUAGE) > 1.1 * before
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(wide) <= 0, f"{width}, in a language with longer words"
        # The browser itself notes the status of a page that is an error.
        assert [e for e in watch.errors if "the server responded with a status of 4" not in e] == []
        assert watch.hosts == {site.origin.split("/")[2]}


def test_from_search_to_the_sentence_without_javascript(browser: Browser, site: Site) -> None:
    with open_page(browser, 375, java_script_enabled=False) as page:
        page.goto(site.origin + "/fr/")
        page.fill("input[name=q]", "dispositif tremplin")
        page.press("input[name=q]", "Enter")
        page.click(".hits a:has-text('Tremplin local')")
        page.click("a.note >> nth=0")
        assert page.url.endswith("#source-1")
        page.click("#source-1 a.open")
        assert page.url.endswith("#mark")
        mark = page.locator("#mark")
        assert mark.inner_text() == "Le Relais du Pays bleu pilote le Tremplin local depuis 2002."
        box = mark.bounding_box()
        assert box is not None
        assert -5 <= box["y"] < 800, "the sentence is not in sight"


def test_filters_without_javascript_give_an_address_that_can_be_shared(
    browser: Browser, site: Site
) -> None:
    with open_page(browser, 1280, java_script_enabled=False) as page:
        page.goto(site.origin + "/fr/search?q=tremplin")
        page.check("input[name=type][value=programme]")
        page.click("button.apply")
        assert "type=programme" in page.url
        assert page.locator(".hits > li").count() == 1
        page.click(".chips a >> nth=0")
        assert "type=programme" not in page.url


def test_on_a_phone_filters_are_folded_before_the_results(browser: Browser, site: Site) -> None:
    with open_page(browser, 375) as page:
        page.goto(site.origin + "/fr/search?q=tremplin")
        assert not page.locator("input[name=type]").first.is_visible()
        first = page.locator(".hits > li").first.bounding_box()
        assert first is not None
        assert first["y"] < 700
        page.click(".filterset > summary")
        assert page.locator("input[name=type]").first.is_visible()


@pytest.mark.parametrize("name", ["home", "search", "entity", "document", "sparql"])
def test_the_keyboard_reaches_the_end_of_every_page(
    browser: Browser, site: Site, name: str
) -> None:
    with open_page(browser) as page:
        page.goto(site.origin + site.pages()[name])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('footer') !== null"):
                return
        pytest.fail("the footer was not reached with 200 presses of Tab")


def test_the_skip_link_leads_to_the_content(browser: Browser, site: Site) -> None:
    with open_page(browser) as page:
        page.goto(site.origin + "/fr/programme/tremplin-local")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_controls_are_large_enough_to_hit(browser: Browser, site: Site) -> None:
    with open_page(browser, 320) as page:
        page.goto(site.origin + "/fr/search?q=tremplin")
        for selector in ("input[type=search]", "button[type=submit]"):
            box = page.locator(selector).first.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        page.goto(site.origin + "/fr/programme/tremplin-local")
        notes = page.locator("a.note")
        for number in range(notes.count()):
            box = notes.nth(number).bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24


def test_the_page_prints_without_its_menus(browser: Browser, site: Site) -> None:
    with open_page(browser) as page:
        page.goto(site.origin + "/fr/programme/tremplin-local")
        page.emulate_media(media="print")
        assert not page.locator("header nav").first.is_visible()
        assert not page.locator("footer").is_visible()
        assert page.locator("h1").is_visible()
        assert page.locator("blockquote").first.is_visible()
