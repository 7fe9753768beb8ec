"""HTML and XHTML trees to text: headings, paragraphs, lists, tables, notes, quotations, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.readers.flow import PAGE, Flow, link, raised
from ingest.readers.markup import Element, attribute, local
from ingest.readers.numbering import format_number

__all__ = ["Walk", "mark_notes"]

_SKIPPED = frozenset(
    """
    head script style template noscript svg math iframe object audio video canvas map button select
    textarea datalist dialog rp rt nav menu
    """.split()  # noqa: SIM905 - a list of words is read and changed more easily as words
)
_BLOCKS = frozenset(
    """
    html body main article section div p header footer aside address figure figcaption details
    summary fieldset legend form dl dt dd center hgroup hr pre ul ol li blockquote table caption
    thead tbody tfoot tr td th h1 h2 h3 h4 h5 h6
    """.split()  # noqa: SIM905
)
_HEADING = re.compile(r"h[1-6]$")
_WHITE = re.compile(r"[ \t\r\n\f]+")
_CELL = 1_200  # characters: a longer cell means that the table only places text on the page
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STYLES = {"a": "lower-letter", "A": "upper-letter", "i": "lower-roman", "I": "upper-roman"}
_NOTE_NUMBER = re.compile(r"[\[(]?\d{1,3}[\])]?$")
_BACK_LINK = " \n\t↩↑⤴^\ufe0e\ufe0f"
_OWN_NUMBER = re.compile(r"\s*[\[(]?\d{1,3}[\])]?[.:]?\s*")


@dataclass(slots=True)
class _List:
    """A list that is open: ``label`` is that of the item whose first text is still to come."""

    depth: int
    numbered: str
    count: int
    label: str = ""


class Walk:
    """Adds the blocks of a tree to a flow. The depth of the tree must be bounded: it recurses."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._buffer: list[str] = []
        self._lists: list[_List] = []
        self._quotes = 0
        self._notes: list[str] = []

    def add(self, root: Element) -> None:
        """Add all blocks below ``root``."""
        self._block(root)
        self._flush()

    def _block(self, element: Element) -> None:
        self._text(element.text)
        for child in element:
            kind = local(child)
            if kind and kind not in _SKIPPED and not _is_hidden(child):
                self._child(child, kind)
            self._text(child.tail)

    def _child(self, child: Element, kind: str) -> None:
        if kind not in _BLOCKS:
            if _has_block(child):
                self._block(child)
            else:
                self._buffer.append(_inline(child))
            return
        self._flush()
        if _is_page(child):
            self._flow.page()
        elif mark := child.get(_MARK):
            self._notes.append(mark)
            self._block(child)
            self._flush()
            self._notes = []
        elif _HEADING.match(kind):
            self._flow.heading(_inline(child), int(kind[1]))
        elif kind in ("ul", "ol"):
            self._open_list(child, kind)
        elif kind == "li":
            self._item(child)
        elif kind == "table":
            self._table(child)
        elif kind == "pre":
            self._flow.paragraph("".join(child.itertext()).replace(PAGE, " "))
        else:
            self._quotes += kind == "blockquote"
            self._block(child)
            self._flush()
            self._quotes -= kind == "blockquote"

    def _open_list(self, element: Element, kind: str) -> None:
        style = _STYLES.get(element.get("type", ""), "decimal") if kind == "ol" else ""
        start = element.get("start", "1")
        first = int(start) if start.isdecimal() and len(start) < 6 else 1
        self._lists.append(_List(len(self._lists) + 1, style, first))
        self._block(element)
        self._flush()
        self._lists.pop()

    def _item(self, element: Element) -> None:
        if not self._lists:
            self._lists.append(_List(1, "", 1))
            self._item(element)
            self._lists.pop()
            return
        own = self._lists[-1]
        own.label = f"{format_number(own.count, own.numbered)}." if own.numbered else "•"
        own.count += 1
        self._block(element)
        self._flush()
        own.label = ""

    def _table(self, table: Element) -> None:
        rows = [list(_cells(row)) for row in _rows(table)]
        for caption in table:
            if local(caption) == "caption":
                self._block(caption)
                self._flush()
        if (
            max(map(len, rows), default=0) < 2
            or next((True for row in rows for c in row for _ in c.iter("{*}table")), False)
            or any(len("".join(cell.itertext())) > _CELL for row in rows for cell in row)
        ):
            for row in rows:
                for cell in row:
                    self._block(cell)
                    self._flush()
            return
        self._flow.rows([_inline(cell) for cell in row] for row in rows)

    def _text(self, raw: str | None) -> None:
        if raw:
            self._buffer.append(_WHITE.sub(" ", raw))

    def _flush(self) -> None:
        text = "".join(self._buffer)
        self._buffer = []
        if not text.strip():
            if PAGE in text:
                self._flow.page()
            return
        own = self._lists[-1] if self._lists else None
        if self._notes:
            # One note may have several paragraphs; only the first has its number.
            mark, self._notes = self._notes[0], [""]
            self._note(mark, text)
        elif own is not None and own.label:
            self._flow.item(text, own.depth, own.label)
            own.label = ""
        elif self._quotes:
            self._flow.quote(text)
        else:
            self._flow.paragraph(text)

    def _note(self, mark: str, text: str) -> None:
        bare = text.rstrip(_BACK_LINK)
        number = _OWN_NUMBER.match(bare)
        if number and mark and mark in number[0]:
            bare = bare[number.end() :]
        bare = bare.removeprefix(raised(mark)) if mark else bare
        if mark:
            self._flow.note(mark, bare.strip())
        else:
            self._flow.paragraph(bare)


_MARK = "data-note"  # set by mark_notes on the element that holds a note


def mark_notes(roots: "dict[str, Element]") -> None:
    """Tell notes from lists: set their numbers on them, and on the links that refer to them.

    ``roots`` maps the paths of the files of one document to their trees; a note may stand in
    another file than the link. References become raised numbers, notes become ``div`` elements with
    ``data-note``; links back from the notes are dropped.
    """
    targets: dict[tuple[str, str], Element] = {
        (path, str(element.get("id"))): element
        for path, root in roots.items()
        for element in root.iter(etree.Element)
        if element.get("id")
    }
    for path, root in roots.items():
        for anchor in [a for a in root.iter("{*}a") if a.get("href")]:
            file, _, fragment = str(anchor.get("href")).partition("#")
            target = targets.get((_resolve(path, file), fragment)) if fragment else None
            number = "".join(anchor.itertext()).strip()
            if target is None or not _NOTE_NUMBER.match(number) or not _is_reference(anchor):
                continue
            _mark(anchor, target, number.strip("[]()"))


def _resolve(path: str, file: str) -> str:
    return f"{path.rpartition('/')[0]}/{file}".lstrip("/") if file else path


def _is_reference(anchor: Element) -> bool:
    parent = anchor.getparent()
    hints = " ".join(
        filter(None, (attribute(anchor, "type"), anchor.get("role"), anchor.get("class")))
    )
    return (
        "noteref" in hints
        or "footnote-ref" in hints
        or (parent is not None and local(parent) == "sup")
        or any(local(child) == "sup" for child in anchor)
    )


def _mark(anchor: Element, target: Element, number: str) -> None:
    if local(target) not in ("li", "p", "div", "aside", "section", "dd") or target is anchor:
        return
    if target.get(_MARK) is None:
        prefix = target.tag.rpartition("}")[0]
        target.tag = f"{prefix}}}div" if prefix else "div"
        target.set(_MARK, number)
        for back in [a for a in target.iter("{*}a") if str(a.get("href")).find("#") >= 0]:
            if re.fullmatch(r"[\W\d_]{0,6}", "".join(back.itertext())):
                for child in list(back):
                    back.remove(child)
                back.text = None
    for child in list(anchor):
        anchor.remove(child)
    parent = anchor.getparent()
    lifted = parent is not None and local(parent) == "sup"
    anchor.text = number if lifted else raised(number)


def _inline(element: Element) -> str:
    """Return the text of an element on one line but for its ``br``, raised numbers as superscripts."""
    text = "".join(_pieces(element))
    return _wrap(element, text)


def _pieces(element: Element) -> Iterator[str]:
    yield _WHITE.sub(" ", element.text or "")
    for child in element:
        kind = local(child)
        if kind and kind not in _SKIPPED and not _is_hidden(child):
            piece = _inline(child)
            yield f" {piece} " if kind in _BLOCKS else piece
        yield _WHITE.sub(" ", child.tail or "")


def _wrap(element: Element, text: str) -> str:
    kind = local(element)
    if _is_page(element):
        return PAGE
    if kind == "br":
        return "\n"
    if kind == "sup":
        return raised(text)
    if kind == "a":
        return link(text, element.get("href"))
    if kind == "q":
        return f"“{text}”"
    return text


def _is_page(element: Element) -> bool:
    return attribute(element, "type") == "pagebreak" or element.get("role") == "doc-pagebreak"


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _has_block(element: Element) -> bool:
    return any(local(below) in _BLOCKS for below in element.iter())


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        kind = local(child)
        if kind == "tr":
            yield child
        elif kind in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if local(row) == "tr")


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in row if local(cell) in ("td", "th"))
