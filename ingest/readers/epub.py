"""EPUB books: their chapters in reading order (EPUB 2 and 3)."""

import posixpath
from urllib.parse import unquote

from ingest.document import MetadataField
from ingest.readers.archive import Archive
from ingest.readers.base import Limits, RawText, ReadError
from ingest.readers.flow import Flow
from ingest.readers.hypertext import Walk, mark_notes
from ingest.readers.markup import MOST_BYTES, Element, attribute, local, parse_html, parse_xml
from ingest.readers.text import decode

__all__ = ["EpubReader"]

_MEDIA_TYPE = "application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_PROPERTIES: dict[str, MetadataField] = {
    "title": "title",
    "creator": "authors",
    "publisher": "publisher",
    "date": "date",
    "language": "language",
    "rights": "rights",
}


class EpubReader:
    """Electronic books without copy protection."""

    name = "epub/1"
    media_type = _MEDIA_TYPE

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the media type that opens the archive, and on the extension."""
        # An archive may hold such a file as it is: then something else is the first in it.
        first = data[:200] if data.startswith(b"PK\x03\x04") else b""
        if first[30:38] == b"mimetype" and _MEDIA_TYPE.encode() in first:
            return 0.9
        return 0.8 if name.lower().endswith(".epub") else 0.0

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return text and headings, and page starts where the book marks those of its print.

        Raises :class:`ReadError` (``encrypted``, ``truncated``, ``damaged``, ``hostile``,
        ``too-large``).
        """
        archive = Archive(data, limits)
        path = _package_path(archive)
        package = parse_xml(archive.read(path, MOST_BYTES), path, doctype=True)
        flow = Flow(limits)
        title = _read_properties(package, flow)
        chapters = _chapters(package, path)
        _refuse_encrypted(archive, chapters)
        # All trees at once, because notes may stand in another file than the links to them: together
        # they may be as large as one piece of markup.
        room = MOST_BYTES
        roots: dict[str, Element] = {}
        for chapter in chapters:
            if chapter not in archive:
                flow.warnings.append(f"The chapter {chapter[:80]!r} is missing.")
                continue
            raw = archive.read(chapter, room)
            room -= len(raw)
            root = _parse(raw, chapter, flow)
            if root is not None:
                roots[chapter] = root
        mark_notes(roots)
        for root in roots.values():
            for body in (e for e in root.iter("{*}body") if local(e) == "body"):
                Walk(flow).add(body)
        return flow.finish(title)


def _package_path(archive: Archive) -> str:
    root = parse_xml(archive.read(_CONTAINER, MOST_BYTES), _CONTAINER, doctype=True)
    for element in root.iter("*"):
        if local(element) == "rootfile" and element.get("full-path"):
            return str(element.get("full-path"))
    raise ReadError("damaged", "The book does not say where its parts are.", "Get the file again.")


def _chapters(package: Element, path: str) -> list[str]:
    """Return the paths of the chapters in reading order, each once."""
    folder = posixpath.dirname(path)
    items: dict[str, str] = {}
    order: dict[str, None] = {}
    for element in package.iter("*"):
        kind = local(element)
        if kind == "item" and element.get("media-type") in _CHAPTERS:
            target = unquote(element.get("href") or "")
            items[element.get("id") or ""] = posixpath.normpath(posixpath.join(folder, target))
        elif kind == "itemref" and element.get("idref") in items:
            order[items[str(element.get("idref"))]] = None
    return list(order)


def _refuse_encrypted(archive: Archive, chapters: list[str]) -> None:
    """Refuse copy protection; encrypted fonts alone (they are in many books) do no harm."""
    if _ENCRYPTION not in archive:
        return
    root = parse_xml(archive.read(_ENCRYPTION, MOST_BYTES), _ENCRYPTION, doctype=True)
    for element in root.iter("*"):
        if local(element) == "CipherReference" and unquote(element.get("URI") or "") in chapters:
            raise ReadError(
                "encrypted",
                "The book has a copy protection.",
                "Ask its publisher for a copy without it.",
            )


def _parse(raw: bytes, chapter: str, flow: Flow) -> Element | None:
    try:
        return parse_xml(raw, chapter, doctype=True)
    except ReadError as error:
        if error.problem != "damaged":
            raise
    text, _ = decode(raw)
    flow.warnings.append(f"The chapter {chapter[:80]!r} is not sound XHTML; it was read as HTML.")
    return parse_html(text, chapter)


def _read_properties(package: Element, flow: Flow) -> str:
    """Note what the package says, and return the book's title."""
    title = ""
    for element in package.iter("*"):
        field = _PROPERTIES.get(local(element))
        namespace = str(element.tag).rpartition("}")[0]
        if field is None or "purl.org/dc/" not in namespace:
            continue
        if field == "date" and attribute(element, "event") == "modification":
            continue
        flow.property(field, element.text, f"dc:{local(element)}")
        if field == "title" and not title:
            title = " ".join((element.text or "").split())
    return title
