"""DOCX files: paragraphs by their styles, numbers of lists and headings, tables, notes, page breaks.

Read as the archive of XML that they are (ECMA-376), in the transitional and the strict form alike:
elements and attributes are told by their local names. Headers, footers, comments and deleted text
are left out, inserted text is in.
"""

import posixpath
from collections.abc import Iterator

from ingest.readers.archive import Archive, list_names
from ingest.readers.base import Limits, RawText, ReadError
from ingest.readers.docx_styles import Numbering, Styles
from ingest.readers.flow import PAGE, Flow, link, raised
from ingest.readers.markup import MOST_BYTES, Element, attribute, children, local, parse_xml

__all__ = ["DocxReader"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file: an old or an encrypted document
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAIN = "word/document.xml"
_CELL = 1_200  # characters: a longer cell means that the table only places text on the page
_SKIPPED = frozenset({"del", "moveFrom", "Fallback", "rPr", "pPr", "instrText", "delText"})
_PLAIN = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "lastRenderedPageBreak": PAGE}


class DocxReader:
    """Word files since 2007; old and encrypted ones are refused with a reason."""

    name = "docx/1"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the extension, and on the main part of the archive under any name."""
        named = name.lower().endswith((".docx", ".docm", ".dotx"))
        if _MAIN in list_names(data):
            return 0.9
        return 0.8 if named or (data.startswith(_OLE) and _ENCRYPTED in data) else 0.0

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return text and headings.

        Raises :class:`ReadError` (``encrypted``, ``unsupported``, ``truncated``, ``damaged``,
        ``hostile``, ``too-large``).
        """
        if data.startswith(_OLE):
            raise _refuse_compound(data)
        archive = Archive(data, limits)
        body = _Body(archive, limits)
        body.read()
        title = _read_properties(archive, body.flow)
        return body.flow.finish(title)


def _refuse_compound(data: bytes) -> ReadError:
    if _ENCRYPTED in data:
        return ReadError(
            "encrypted", "The file is protected by a password.", "Save a copy without it."
        )
    return ReadError("unsupported", "The file is in Word's old format.", "Save it as DOCX.")


class _Body:
    """The walk over the main part. Nesting is bounded by :func:`parse_xml`, so it may recurse."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.flow = Flow(limits)
        self._archive = archive
        self._main = _main_part(archive)
        self._links = self._relations()
        self._styles = Styles(self._part("styles.xml"))
        self._numbering = Numbering(self._part("numbering.xml"))
        self._notes = {
            kind: {
                attribute(note, "id"): note for note in children(self._part(f"{kind}s.xml"), kind)
            }
            for kind in ("footnote", "endnote")
        }
        self._pending: list[tuple[str, Element]] = []  # notes referred to since the last block
        self._boxes: list[Element] = []
        self._marks = 0

    def read(self) -> None:
        root = parse_xml(self._archive.read(self._main, MOST_BYTES), self._main)
        for body in children(root, "body"):
            self._blocks(body)

    def _part(self, name: str) -> Element | None:
        path = posixpath.join(posixpath.dirname(self._main), name)
        if path not in self._archive:
            return None
        return parse_xml(self._archive.read(path, MOST_BYTES), path)

    def _relations(self) -> dict[str, str]:
        folder, file = posixpath.split(self._main)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self._archive:
            return {}
        root = parse_xml(self._archive.read(path, MOST_BYTES), path)
        return {
            str(each.get("Id")): str(each.get("Target"))
            for each in children(root, "Relationship")
            if each.get("TargetMode") == "External"
        }

    def _blocks(self, parent: Element) -> None:
        for child in parent:
            kind = local(child)
            if kind == "p":
                self._paragraph(child)
            elif kind == "tbl":
                self._table(child)
            elif kind not in _SKIPPED and kind != "sectPr":
                self._blocks(child)  # content controls, custom XML, insertions

    def _paragraph(self, paragraph: Element) -> None:
        properties = next(children(paragraph, "pPr"), None)
        style = attribute(next(children(properties, "pStyle"), None), "val") or ""
        text = "".join(self._inline(paragraph))
        for page_break in children(properties, "pageBreakBefore"):
            if attribute(page_break, "val") not in ("0", "false"):
                text = PAGE + text
        level = self._styles.heading_level(style, properties)
        label, depth = ("", 0)
        if text.replace(PAGE, "").strip():
            label, depth = self._numbering.label(self._styles.numbering(style, properties))
        if level:
            self.flow.heading(f"{label} {text}", level)
        elif depth:
            self.flow.item(text, depth, label or "•")
        elif self._styles.is_quote(style):
            self.flow.quote(text)
        else:
            self.flow.paragraph(f"{label} {text}" if label else text)
        self._after_block()

    def _after_block(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._blocks(box)
        notes, self._pending = self._pending, []
        for mark, note in notes:
            self.flow.note(mark, self._flat(note))
        self._pending = []  # a note cannot have notes

    def _inline(self, parent: Element) -> Iterator[str]:
        for child in parent:
            kind = local(child)
            if kind == "t":
                yield (child.text or "").replace("\n", " ")
            elif kind in _PLAIN:
                yield _PLAIN[kind]
            elif kind == "br":
                yield PAGE if attribute(child, "type") == "page" else "\n"
            elif kind == "r":
                yield self._run(child)
            elif kind in ("footnoteReference", "endnoteReference"):
                yield self._note_mark(kind.removesuffix("Reference"), child)
            elif kind == "hyperlink":
                yield link(
                    "".join(self._inline(child)), self._links.get(attribute(child, "id") or "")
                )
            elif kind == "txbxContent":
                self._boxes.append(child)
            elif kind and kind not in _SKIPPED:
                yield from self._inline(child)

    def _run(self, run: Element) -> str:
        text = "".join(self._inline(run))
        properties = next(children(run, "rPr"), None)
        if next(children(properties, "vanish"), None) is not None:
            return ""
        place = attribute(next(children(properties, "vertAlign"), None), "val")
        return raised(text) if place == "superscript" else text

    def _note_mark(self, kind: str, reference: Element) -> str:
        note = self._notes[kind].get(attribute(reference, "id"))
        if note is None:
            return ""
        self._marks += 1
        self._pending.append((str(self._marks), note))
        return raised(str(self._marks))

    def _flat(self, parent: Element) -> str:
        """Return all text of a cell or note, its paragraphs parted by spaces."""
        texts = ("".join(self._inline(p)).strip(" \t") for p in _paragraphs(parent))
        return " ".join(text for text in texts if text)

    def _table(self, table: Element) -> None:
        rows = [list(_descend(row, "tc")) for row in _descend(table, "tr")]
        if max(map(len, rows), default=0) < 2 or any(
            sum(len(t.text or "") for t in cell.iter() if local(t) == "t") > _CELL
            for row in rows
            for cell in row
        ):
            for row in rows:
                for cell in row:
                    self._blocks(cell)
            return
        self.flow.rows([self._flat(cell) for cell in row] for row in rows)
        self._after_block()


def _descend(parent: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, those inside content controls too."""
    for child in parent:
        kind = local(child)
        if kind == name:
            yield child
        elif kind in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _descend(child, name)


def _paragraphs(parent: Element) -> Iterator[Element]:
    """Yield the paragraphs of a cell or note, those of tables in it too, but not of its boxes."""
    for child in parent:
        kind = local(child)
        if kind == "p":
            yield child
        elif kind not in _SKIPPED:
            yield from _paragraphs(child)


def _main_part(archive: Archive) -> str:
    if _MAIN not in archive and "_rels/.rels" in archive:
        root = parse_xml(archive.read("_rels/.rels", MOST_BYTES), "_rels/.rels")
        for each in children(root, "Relationship"):
            if str(each.get("Type")).endswith("/officeDocument"):
                return str(each.get("Target")).lstrip("/")
    return _MAIN


def _read_properties(archive: Archive, flow: Flow) -> str:
    """Note the file's properties, and return the title among them."""
    values: dict[str, str] = {}
    for path in ("docProps/core.xml", "docProps/app.xml"):
        if path in archive:
            root = parse_xml(archive.read(path, MOST_BYTES), path)
            values |= {local(each): each.text for each in root if each.text}
    title = values.get("title", "")
    flow.property("title", title, "dc:title")
    for author in values.get("creator", "").split(";"):
        flow.property("authors", author, "dc:creator")
    flow.property("publisher", values.get("Company"), "Company")
    flow.property("date", values.get("created"), "dcterms:created")
    flow.property("language", values.get("language"), "dc:language")
    flow.property("rights", values.get("rights"), "dc:rights")
    return title
