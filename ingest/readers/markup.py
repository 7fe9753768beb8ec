"""XML and HTML from anywhere, parsed into trees of bounded size and depth, entities left alone."""

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TypeAlias

from lxml import etree

from ingest.readers.base import ReadError

__all__ = ["MOST_BYTES", "Element", "attribute", "children", "local", "parse_html", "parse_xml"]

Element: TypeAlias = etree._Element

MOST_BYTES = 64_000_000
"""The largest piece of markup that is parsed; its tree may take ten times that."""

_MOST_ELEMENTS = 2_000_000  # a 5,000-page report has fewer
_MOST_DEPTH = 200  # libxml2 itself gives up, or cuts silently, at 256
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def parse_xml(data: bytes, part: str, *, doctype: bool = False) -> Element:
    """Return the root of an XML document. HTML's named characters are read; ``part`` names it.

    No entity is expanded, nothing is loaded. Raises :class:`ReadError`: ``hostile`` for declared
    entities (any document type declaration without ``doctype``) and deep nesting, ``too-large``,
    ``damaged``.
    """
    _refuse_large(len(data), part)
    bare = data.replace(b"\0", b"")  # also in UTF-16
    if b"<!ENTITY" in bare or (b"<!DOCTYPE" in bare and not doctype):
        raise _declared(part)
    if doctype:
        data = _NAMED_ENTITY.sub(_character, data)
    events = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        _run(events, part)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise _deep(part) from error
        raise ReadError(
            "damaged",
            f"The part {part!r} is not sound XML: {str(error)[:200]}.",
            "Get the file again.",
        ) from error
    root: Element = events.root
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and next(iter(subset.iterentities()), None) is not None:
        raise _declared(part)
    return root


def parse_html(text: str, part: str) -> Element | None:
    """Return the root of whatever HTML there is, or ``None`` where there is none at all.

    Raises :class:`ReadError` (``hostile``, ``too-large``).
    """
    data = text.encode("utf-8", "replace")
    _refuse_large(len(data), part)
    events = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        html=True,
        encoding="utf-8",
        no_network=True,
        huge_tree=False,
    )
    try:
        _run(events, part)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise _deep(part) from error
        return None
    return events.root


def local(element: Element) -> str:
    """Return an element's name without its namespace; ``""`` for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute by its local name."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of that local name; none of nothing."""
    for child in element if element is not None else ():
        if local(child) == name:
            yield child


def _run(events: "etree.iterparse[tuple[str, Element]]", part: str) -> None:
    depth = count = 0
    for event, _ in events:
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > _MOST_DEPTH:
            raise _deep(part)
        if count > _MOST_ELEMENTS:
            raise ReadError(
                "too-large", f"The part {part!r} has over {_MOST_ELEMENTS:,} elements.", "Split it."
            )


def _refuse_large(size: int, part: str) -> None:
    if size > MOST_BYTES:
        raise ReadError(
            "too-large",
            f"The part {part!r} has {size:,} bytes of markup; the limit is {MOST_BYTES:,}.",
            "Split the file, or save it as text.",
        )


def _character(match: re.Match[bytes]) -> bytes:
    if match[1] in _XML_ENTITIES:
        return match[0]
    named = html.unescape(match[0].decode("ascii"))
    if named == match[0].decode("ascii"):
        return match[0]
    return "".join(f"&#{ord(char)};" for char in named).encode("ascii")


def _deep(part: str) -> ReadError:
    return ReadError(
        "hostile",
        f"The part {part!r} nests its elements more than {_MOST_DEPTH} deep, as no report does.",
        "Save it again with another program.",
    )


def _declared(part: str) -> ReadError:
    return ReadError(
        "hostile",
        f"The part {part!r} declares entities, which reports never do and bombs are made of.",
        "Save it again with another program.",
    )
