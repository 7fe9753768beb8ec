"""Atom feeds (RFC 4287): what is new, errata, calls and events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

__all__ = ["ATOM", "News", "atom_feed", "plain_text"]

ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class News:
    """An entry of a feed; ``href`` begins with a slash."""

    iri: str
    when: datetime
    title: str
    href: str
    text: str = ""


def atom_feed(
    *, lang: str, iri: str, title: str, author: str, origin: str, own: str, page: str,
    updated: datetime, entries: Iterable[News],
) -> ET.Element:  # fmt: skip
    """Return a feed; ``own`` and ``page`` are its address and that of its page below ``origin``."""
    root = ET.Element(f"{{{ATOM}}}feed", {_LANG: lang})
    _text(root, "id", iri)
    _text(root, "title", title)
    _text(root, "updated", updated.isoformat())
    _text(ET.SubElement(root, f"{{{ATOM}}}author"), "name", author)
    self_link = {"rel": "self", "type": "application/atom+xml", "href": f"{origin}{own}"}
    ET.SubElement(root, f"{{{ATOM}}}link", self_link)
    ET.SubElement(root, f"{{{ATOM}}}link", {"rel": "alternate", "href": f"{origin}{page}"})
    for each in entries:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "id", each.iri)
        _text(entry, "title", each.title)
        _text(entry, "updated", each.when.isoformat())
        link = {"rel": "alternate", "href": f"{origin}{each.href}"}
        ET.SubElement(entry, f"{{{ATOM}}}link", link)
        if each.text:
            _text(entry, "summary", each.text)
    return root


def plain_text(text: str) -> str:
    """Leave out control characters, which XML cannot hold, whatever a title has."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = plain_text(text)
