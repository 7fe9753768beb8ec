"""HTML files: their main content, without menus and banners where a page has such."""

import re
from pathlib import PurePath

from ingest.document import MetadataField
from ingest.readers.base import Limits, RawText, ReadError
from ingest.readers.flow import Flow
from ingest.readers.hypertext import Walk, mark_notes
from ingest.readers.markup import Element, local, parse_html
from ingest.readers.text import decode

__all__ = ["HtmlReader"]

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_OPENING = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)\b", re.I
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}>")
_HEAD = 4096
_CHROME = frozenset({"nav", "aside", "footer", "menu", "form"})
_CHROME_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_CHROME_NAMES = re.compile(r"\b(?:nav|navbar|menu|sidebar|footer|breadcrumbs?|cookie\S*)\b", re.I)
_MOST_ELEMENTS = 200_000  # given to trafilatura, which takes a second for 15,000
_LITTLE = 0.3  # of a page's letters: so small a content is worth a warning
_PROPERTIES: dict[str, MetadataField] = {
    "dc.title": "title",
    "dcterms.title": "title",
    "citation_title": "title",
    "og:title": "title",
    "author": "authors",
    "dc.creator": "authors",
    "dcterms.creator": "authors",
    "citation_author": "authors",
    "article:author": "authors",
    "dc.publisher": "publisher",
    "dcterms.publisher": "publisher",
    "citation_publisher": "publisher",
    "publisher": "publisher",
    "og:site_name": "publisher",
    "dc.date": "date",
    "dcterms.date": "date",
    "dcterms.issued": "date",
    "citation_publication_date": "date",
    "article:published_time": "date",
    "date": "date",
    "dc.language": "language",
    "dcterms.language": "language",
    "dc.rights": "rights",
    "dcterms.rights": "rights",
    "dcterms.license": "rights",
    "copyright": "rights",
}


class HtmlReader:
    """Web pages saved as a file, and reports exported as HTML."""

    name = "html/1"
    media_type = "text/html"

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the extension, and on how the file begins."""
        if PurePath(name).suffix.lower() in (".html", ".htm", ".xhtml"):
            return 0.8
        return 0.4 if _OPENING.match(data[:_HEAD]) else 0.0

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return text and headings.

        Raises :class:`ReadError` (``empty``, ``binary``, ``damaged``, ``hostile``, ``too-large``).
        """
        text, warnings = _decode(data)
        root = parse_html(_DECLARATION.sub("", text, count=1), "the page")
        if root is None:
            raise ReadError("empty", "The page has no text.", "Save the page again, whole.")
        flow = Flow(limits)
        flow.warnings.extend(warnings)
        title = _read_properties(root, flow)
        mark_notes({"": root})
        body = next(root.iter("body"), root)
        if sum(1 for _ in body.iter("*")) > _MOST_ELEMENTS:
            flow.warnings.append("The page is too large to tell its content from its menus.")
        elif _has_chrome(body):
            body = _main_content(root, body, flow)
        Walk(flow).add(body)
        return flow.finish(title)


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the page's characters: by its mark or its own word, else as any text is decoded."""
    named = _CHARSET.search(data[:_HEAD])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = named[1].decode("ascii").lower()
        # Browsers read both as Windows-1252 (WHATWG Encoding, labels).
        encoding = "cp1252" if encoding in ("iso-8859-1", "latin1", "us-ascii") else encoding
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            return decode(data)
        if "\0" not in text:
            return text, ()
    return decode(data)


def _has_chrome(body: Element) -> bool:
    """Tell whether a page has menus, banners, forms: what a report exported as HTML has not."""
    return any(
        local(element) in _CHROME
        or element.get("role") in _CHROME_ROLES
        or _CHROME_NAMES.search(f"{element.get('class', '')} {element.get('id', '')}"[:500])
        for element in body.iter("*")
        if element is not body and not element.get("data-note")
    )


def _main_content(root: Element, body: Element, flow: Flow) -> Element:
    """Return the content of a page as trafilatura finds it, or the whole page where it finds none."""
    # Imported when needed: it takes longer to load than most files to read.
    import lxml.html
    import trafilatura
    from lxml import etree
    from trafilatura.htmlprocessing import convert_to_html

    # A tree of lxml.html: a copy, because trafilatura changes what it is given.
    tree = lxml.html.document_fromstring(etree.tostring(root, encoding="unicode", method="html"))
    found = trafilatura.bare_extraction(
        tree,
        favor_recall=True,
        include_comments=False,
        include_formatting=True,
        include_links=True,
        include_tables=True,
        fast=True,
    )
    content = getattr(found, "body", None)
    if content is None or not "".join(content.itertext()).strip():
        flow.warnings.append("The page's main content could not be told from its menus.")
        return body
    kept = len("".join("".join(content.itertext()).split()))
    share = kept / max(1, len("".join("".join(body.itertext()).split())))
    if share < _LITTLE:
        flow.warnings.append(f"Only {share:.0%} of the page was taken for its content.")
    converted: Element = convert_to_html(content)
    return converted


def _read_properties(root: Element, flow: Flow) -> str:
    """Note what the page's head says, and return its title."""
    title = " ".join("".join(next(root.iter("title"), root).itertext()).split())
    title = title if next(root.iter("title"), None) is not None else ""
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        field = _PROPERTIES.get(name)
        if field is not None:
            flow.property(field, meta.get("content"), name)
    flow.property("title", title, "title")
    flow.property("language", root.get("lang"), "html lang")
    for element in root.iter("a", "link"):
        if "license" in (element.get("rel") or "").lower().split():
            flow.property("rights", element.get("href"), "rel=license")
    return title[:300]
