"""The HTML of every type of page: no parse error (WHATWG), ids once, references that lead somewhere, content models.

The parser reports what the standard calls parse errors; it says nothing of what may stand in what, so the rest
is checked on the tree that it makes.
"""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import httpx
import pytest
from html5rdf import HTMLParser, getTreeBuilder

from tests.browser.conftest import Site
from tests.browser.test_pages import NAMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHRASING = frozenset({
    "a", "abbr", "b", "br", "button", "cite", "code", "dfn", "em", "i", "img", "input", "kbd", "label",
    "mark", "q", "s", "samp", "script", "select", "small", "span", "strong", "sub", "sup", "svg", "textarea",
    "time", "u", "var", "wbr",
})  # fmt: skip
ONLY_PHRASING = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "em", "strong", "cite", "code", "label", "button", "mark",
    "small", "time", "kbd", "b", "i", "q", "pre",
})  # fmt: skip
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"div", "dt", "dd"}, "select": {"option", "optgroup"},
    "table": {"caption", "thead", "tbody"}, "thead": {"tr"}, "tbody": {"tr"}, "tr": {"th", "td"},
}  # fmt: skip
INTERACTIVE = frozenset({"a", "button", "select", "textarea", "label", "summary"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")


def parse(html: str) -> tuple[Element, list[str]]:
    """Return the tree and the parse errors, with line and column."""
    parser = HTMLParser(tree=getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(html)
    return tree, [f"{line}:{column} {what}" for (line, column), what, _ in parser.errors]


def walk(
    element: Element, inside: tuple[str, ...] = ()
) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each element of HTML with the names of those around it; SVG is entered no further."""
    yield element, inside
    if element.tag.rpartition("}")[2] != "svg":
        for child in element:
            if isinstance(child.tag, str):
                yield from walk(child, (*inside, element.tag))


def faults(html: str) -> list[str]:
    """What is wrong with a page, in the order of its elements."""
    tree, found = parse(html)
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    found += [f"id {each!r} is there {count} times" for each, count in ids.items() if count > 1]
    for element, inside in walk(tree):
        name = element.tag.rpartition("}")[2]
        around = inside[-1] if inside else ""
        if name not in PHRASING and around in ONLY_PHRASING:
            found.append(f"<{name}> in <{around}>")
        if around in CHILDREN and name not in CHILDREN[around]:
            found.append(f"<{name}> in <{around}>")
        if name in INTERACTIVE - {"label"} and set(inside) & INTERACTIVE - {"label"}:
            found.append(f"<{name}> inside {sorted(set(inside) & INTERACTIVE)}")
        for attribute in REFERENCES:
            for target in element.get(attribute, "").split():
                if target not in ids:
                    found.append(f"{attribute} names {target!r}, which is not there")
        target = element.get("href", "")
        if name == "a" and target.startswith("#") and target[1:] not in ids:
            found.append(f"{target} leads nowhere")
        if name == "img" and element.get("alt") is None:
            found.append("<img> without alt")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_markup_of_every_type_of_page_is_sound(site: Site, name: str) -> None:
    answer = httpx.get(
        site.origin + site.pages()[name], headers={"Accept": "text/html"}, timeout=30
    )
    assert answer.text.lower().startswith("<!doctype html>")
    assert faults(answer.text) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>one</div>", "end-tag-too-early"),
        ("<table><div>x</div></table>", "unexpected-start-tag-implies-table-voodoo"),
        ("<b id=a></b><i id=a></i>", "id 'a' is there 2 times"),
        ("<a href='#nowhere'>x</a>", "#nowhere leads nowhere"),
        ("<label for=x>x</label>", "for names 'x', which is not there"),
        ("<span><div></div></span>", "<div> in <span>"),
        ("<ul><p>x</p></ul>", "<p> in <ul>"),
        ("<a href=/><button>x</button></a>", "<button> inside ['a']"),
        ("<img src=x>", "<img> without alt"),
    ],
)
def test_faults_are_found(body: str, fault: str) -> None:
    page = f"<!doctype html><html lang=en><head><title>x</title></head><body>{body}</body></html>"
    assert any(fault in each for each in faults(page))
    assert faults(page.replace(body, "<p>sound</p>")) == []
