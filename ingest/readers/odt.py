"""ODT files: headings by their outline level, numbers of lists and headings, tables, notes, pages.

OpenDocument 1.2 and later; elements are told by their local names. Headers and footers, comments
and deleted text are left out. Repeated rows and cells, which need no room in a file, count once.
"""

from collections.abc import Iterator

from ingest.readers.archive import Archive
from ingest.readers.base import Limits, RawText, ReadError
from ingest.readers.flow import PAGE, Flow, link, raised
from ingest.readers.markup import MOST_BYTES, Element, attribute, children, local, parse_xml
from ingest.readers.numbering import Counters, LevelFormat

__all__ = ["OdtReader"]

_MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_CONTENT = "content.xml"
_CELL = 1_200  # characters: a longer cell means that the table only places text on the page
_MOST_SPACES = 80
_SKIPPED = frozenset({"tracked-changes", "annotation", "annotation-end", "sequence-decls", "forms"})
_FORMATS = {
    "1": "decimal",
    "a": "lower-letter",
    "A": "upper-letter",
    "i": "lower-roman",
    "I": "upper-roman",
    "": "none",
}
_OUTLINE = "outline"


class OdtReader:
    """Text documents of LibreOffice and others; encrypted ones are refused."""

    name = "odt/1"
    media_type = _MEDIA_TYPE

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the media type that opens the archive, and on the extension."""
        # An archive may hold such a file as it is: then something else is the first in it.
        first = data[:200] if data.startswith(b"PK\x03\x04") else b""
        if first[30:38] == b"mimetype" and _MEDIA_TYPE.encode() in first:
            return 0.9
        return 0.8 if name.lower().endswith((".odt", ".ott")) else 0.0

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return text and headings.

        Raises :class:`ReadError` (``encrypted``, ``truncated``, ``damaged``, ``hostile``,
        ``too-large``).
        """
        archive = Archive(data, limits)
        manifest = "META-INF/manifest.xml"
        if manifest in archive and b"encryption-data" in archive.read(manifest, MOST_BYTES):
            raise ReadError(
                "encrypted", "The file is protected by a password.", "Save a copy without it."
            )
        body = _Body(archive, limits)
        body.read()
        title = _read_properties(archive, body.flow)
        return body.flow.finish(title)


class _Styles:
    """What is needed of the styles of ``styles.xml`` and of the content's own."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self.raised: set[str] = set()
        self.breaks: set[str] = set()
        self.lists: dict[str, dict[int, LevelFormat]] = {}

    def add(self, root: Element) -> None:
        """Take in the styles of a part."""
        for element in root.iter():
            kind = local(element)
            if kind == "style":
                self._add_style(element)
            elif kind == "list-style":
                self.lists[attribute(element, "name") or ""] = _levels(element)
            elif kind == "outline-style":
                self.lists[_OUTLINE] = _levels(element)

    def _add_style(self, style: Element) -> None:
        name = attribute(style, "name") or ""
        self.parents[name] = attribute(style, "parent-style-name") or ""
        for properties in style:
            if (attribute(properties, "text-position") or "").startswith(("super", "3", "5")):
                self.raised.add(name)
            if attribute(properties, "break-before") == "page":
                self.breaks.add(name)

    def named(self, style: str) -> str:
        """Return the lasting style behind an automatic one."""
        for _ in range(20):
            if style not in self.parents or not self.parents[style]:
                break
            if style in ("Title", "Quotations"):
                break
            style = self.parents[style]
        return style


class _Body:
    """The walk over the content. Nesting is bounded by :func:`parse_xml`, so it may recurse."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.flow = Flow(limits)
        self._root = parse_xml(archive.read(_CONTENT, MOST_BYTES), _CONTENT)
        self._styles = _Styles()
        if "styles.xml" in archive:
            self._styles.add(parse_xml(archive.read("styles.xml", MOST_BYTES), "styles.xml"))
        self._styles.add(self._root)
        self._counters = Counters()
        self._pending: list[tuple[str, Element]] = []
        self._boxes: list[Element] = []
        self._lists = 0

    def read(self) -> None:
        for body in children(self._root, "body"):
            for text in children(body, "text"):
                self._blocks(text)

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            kind = local(child)
            if kind == "h":
                self._heading(child)
            elif kind == "p":
                self._paragraph(child)
            elif kind == "list":
                self._list(child, 0, "", {})
            elif kind == "table":
                self._table(child)
            elif kind == "soft-page-break":
                self.flow.page()
            elif kind not in _SKIPPED:
                self._blocks(child)  # sections, indexes, frames

    def _heading(self, heading: Element) -> None:
        raw = attribute(heading, "outline-level") or "1"
        level = int(raw) if raw.isdecimal() and len(raw) < 3 else 1
        formats = self._styles.lists.get(_OUTLINE, {})
        text = self._text(heading)
        label = ""
        if text.replace(PAGE, "").strip() and attribute(heading, "is-list-header") != "true":
            label = self._counters.next(_OUTLINE, level - 1, formats)
        self.flow.heading(f"{label} {text}", level)
        self._after_block()

    def _paragraph(self, paragraph: Element) -> None:
        style = self._styles.named(attribute(paragraph, "style-name") or "")
        text = self._text(paragraph)
        if style == "Title":
            self.flow.heading(text, 1)
        elif style == "Quotations":
            self.flow.quote(text)
        else:
            self.flow.paragraph(text)
        self._after_block()

    def _list(self, parent: Element, depth: int, style: str, above: dict[int, LevelFormat]) -> None:
        own = attribute(parent, "style-name") or style
        formats = self._styles.lists.get(own, above)
        if not depth:
            going_on = attribute(parent, "continue-numbering") == "true"
            self._lists += not going_on
        key = f"list {self._lists}"
        for entry in parent:
            if local(entry) not in ("list-item", "list-header"):
                continue
            counted = local(entry) == "list-item"
            for child in entry:
                kind = local(child)
                if kind == "list":
                    self._list(child, depth + 1, own, formats)
                elif kind == "h":
                    self._heading(child)
                elif kind == "p" and counted:
                    text = self._text(child)
                    if text.replace(PAGE, "").strip():
                        label = self._counters.next(key, depth, formats)
                        self.flow.item(text, depth + 1, label or "•")
                        counted = False
                    self._after_block()
                else:
                    self._blocks([child])

    def _table(self, table: Element) -> None:
        rows = [list(_descend(row, "table-cell")) for row in _descend(table, "table-row")]
        if max(map(len, rows), default=0) < 2 or any(
            len("".join(cell.itertext())) > _CELL for row in rows for cell in row
        ):
            for row in rows:
                for cell in row:
                    self._blocks(cell)
            return
        self.flow.rows([self._flat(cell) for cell in row] for row in rows)
        self._after_block()

    def _after_block(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._blocks(box)
        notes, self._pending = self._pending, []
        for mark, body in notes:
            self.flow.note(mark, self._flat(body))
        self._pending = []  # a note cannot have notes

    def _flat(self, parent: Element) -> str:
        texts = (self._text(p).strip(" \t") for p in _paragraphs(parent))
        return " ".join(text for text in texts if text)

    def _text(self, paragraph: Element) -> str:
        page = PAGE if attribute(paragraph, "style-name") in self._styles.breaks else ""
        return page + "".join(self._inline(paragraph))

    def _inline(self, parent: Element) -> Iterator[str]:
        yield _spaced(parent.text)
        for child in parent:
            yield from self._inline_of(child)
            yield _spaced(child.tail)

    def _inline_of(self, child: Element) -> Iterator[str]:
        kind = local(child)
        if kind == "s":
            count = attribute(child, "c") or "1"
            yield " " * min(int(count) if count.isdecimal() and len(count) < 4 else 1, _MOST_SPACES)
        elif kind == "tab":
            yield "\t"
        elif kind == "line-break":
            yield "\n"
        elif kind == "soft-page-break":
            yield PAGE
        elif kind == "note":
            yield self._note(child)
        elif kind == "a":
            yield link("".join(self._inline(child)), attribute(child, "href"))
        elif kind == "text-box":
            self._boxes.append(child)
        elif kind == "span":
            text = "".join(self._inline(child))
            yield raised(text) if attribute(child, "style-name") in self._styles.raised else text
        elif kind == "ruby-text":
            return
        elif kind and kind not in _SKIPPED:
            yield from self._inline(child)

    def _note(self, note: Element) -> str:
        citation = next(children(note, "note-citation"), None)
        body = next(children(note, "note-body"), None)
        mark = "".join(citation.itertext()).strip() if citation is not None else ""
        if body is None or not mark:
            return ""
        self._pending.append((mark, body))
        return raised(mark)


def _spaced(raw: str | None) -> str:
    return " ".join((raw or "").replace("\n", " ").replace("\t", " ").split(" "))


def _descend(parent: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, those in groups too."""
    for child in parent:
        kind = local(child)
        if kind == name:
            yield child
        elif kind in ("table-header-rows", "table-rows", "table-row-group", "table-header-columns"):
            yield from _descend(child, name)


def _paragraphs(parent: Element) -> Iterator[Element]:
    for child in parent:
        kind = local(child)
        if kind in ("p", "h"):
            yield child
        elif kind not in _SKIPPED:
            yield from _paragraphs(child)


def _levels(style: Element) -> dict[int, LevelFormat]:
    levels: dict[int, LevelFormat] = {}
    for each in style:
        raw = attribute(each, "level") or ""
        if not raw.isdecimal() or len(raw) > 2 or int(raw) < 1:
            continue
        level = int(raw)
        if local(each) == "list-level-style-bullet":
            levels[level - 1] = LevelFormat("bullet", "")
            continue
        shown = attribute(each, "display-levels") or "1"
        count = min(int(shown), level) if shown.isdecimal() and len(shown) < 3 else 1
        places = ".".join(f"%{n}" for n in range(level - count + 1, level + 1) if n < 10)
        start = attribute(each, "start-value") or "1"
        levels[level - 1] = LevelFormat(
            style=_FORMATS.get(attribute(each, "num-format") or "", "decimal"),
            pattern=(attribute(each, "num-prefix") or "")
            + places
            + (attribute(each, "num-suffix") or ""),
            start=int(start) if start.isdecimal() and len(start) < 6 else 1,
        )
    return levels


def _read_properties(archive: Archive, flow: Flow) -> str:
    """Note the file's properties, and return the title among them."""
    if "meta.xml" not in archive:
        return ""
    root = parse_xml(archive.read("meta.xml", MOST_BYTES), "meta.xml")
    values: dict[str, str] = {}
    for each in root.iter():
        if each.text:
            values.setdefault(local(each), each.text)
    flow.property("title", values.get("title"), "dc:title")
    author = "initial-creator" if "initial-creator" in values else "creator"
    flow.property("authors", values.get(author), f"{author}")
    flow.property("date", values.get("creation-date"), "meta:creation-date")
    flow.property("language", values.get("language"), "dc:language")
    flow.property("rights", values.get("rights"), "dc:rights")
    return values.get("title", "")
