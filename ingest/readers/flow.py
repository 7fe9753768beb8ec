"""Writes the text of formats that know their own structure, in the form that structure reads.

Blocks are parted by blank lines. Items begin with their bullet or number, two spaces of indent a
level; a table is a run of lines with tabs; a note begins with its raised number; ``>`` quotes.
"""

import re
from collections.abc import Iterable, Sequence

from ingest.document import MetadataField
from ingest.readers.base import Limits, RawText, ReadError

__all__ = ["PAGE", "Flow", "link", "raised"]

PAGE = "\f"
"""In a piece of text: a new page begins here. XML has no such character."""

BULLET = "•"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\r\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff\u00ad]")
_AROUND_BREAK = re.compile(r" *\n[ \n]*")
_BLANKS = re.compile(r" {2,}")
_OUTSIDE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_LONGEST_ADDRESS = 300
_MOST_DEPTH = 9


class Flow:
    """A text in the making. Pieces that are blank are dropped.

    Every method raises :class:`ReadError` (``too-large``) beyond the limit of text.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parts: list[str] = []
        self._size = 0
        self._offset = 0
        self._pages: list[int] = [0]
        self._headings: list[tuple[int, int, int]] = []
        self._last = ""
        self.warnings: list[str] = []
        self.properties: list[tuple[MetadataField, str, str]] = []

    def heading(self, text: str, level: int) -> None:
        """Add a heading, on one line."""
        start, end = self._add("heading", _one_line(text.replace("\t", " ")))
        if start < end:
            self._headings.append((start, end, max(1, min(level, _MOST_DEPTH))))

    def paragraph(self, text: str) -> None:
        """Add a paragraph; its line breaks are soft ones."""
        self._add("paragraph", text)

    def item(self, text: str, level: int = 1, label: str = BULLET) -> None:
        """Add a list item; ``level`` 1 is the outermost, ``label`` its bullet or number."""
        if text.replace(PAGE, "").strip():
            indent = "  " * (min(max(level, 1), _MOST_DEPTH) - 1)
            self._add("item", f"{label} {text.strip(' ')}", indent)

    def rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Add a table, one line a row; empty cells in front or at the end of a row are dropped."""
        lines = (
            "\t".join(_one_line(c).replace("\t", " ") for c in row).strip("\t ") for row in rows
        )
        self._add("table", "\n".join(line for line in lines if line.replace(PAGE, "").strip()))

    def note(self, mark: str, text: str) -> None:
        """Add a footnote with its number."""
        if text.replace(PAGE, "").strip():
            self._add("note", f"{raised(mark)} {_one_line(text)}")

    def quote(self, text: str) -> None:
        """Add a quotation."""
        if text.replace(PAGE, "").strip():
            self._add("quote", "> " + _clean(text).strip().replace("\n", "\n> "))

    def page(self) -> None:
        """Begin a page before what comes next."""
        self._pages.append(-1)

    def property(self, field: MetadataField, value: str | None, name: str) -> None:
        """Note what the file says about itself."""
        bare = " ".join(_NO_CHARACTER.sub("", value or "").split())[:500]
        if bare:
            self.properties.append((field, bare, name))

    def finish(self, title: str = "") -> RawText:
        """Return all that was added."""
        starts = sorted({p if p >= 0 else self._offset for p in self._pages})
        if len(starts) > self._limits.pages:
            raise ReadError(
                "too-large",
                f"The file has {len(starts):,} pages; the limit is {self._limits.pages:,}.",
                "Split it, or raise the limit in the settings.",
            )
        bare = " ".join(_NO_CHARACTER.sub("", title).split())
        return RawText(
            text="".join(self._parts),
            pages=tuple(starts) if len(starts) > 1 else (),
            headings=tuple(self._headings),
            title=bare,
            warnings=tuple(self.warnings),
            properties=tuple(self.properties),
        )

    def _add(self, kind: str, text: str, indent: str = "") -> tuple[int, int]:
        pieces = _clean(text).strip(" \n\t").split(PAGE)
        bare = "".join(pieces)
        if not bare.strip():
            self._pages.extend([-1] * (len(pieces) - 1))
            return self._offset, self._offset
        gap = "" if not self._parts else "\n" if kind == self._last == "item" else "\n\n"
        start = self._offset + len(gap) + len(indent)
        self._pages = [p if p >= 0 else start for p in self._pages]
        place = start
        for piece in pieces[:-1]:
            place += len(piece)
            self._pages.append(place)
        self._parts.append(f"{gap}{indent}{bare}")
        self._offset = start + len(bare)
        self._size += len(self._parts[-1].encode())
        self._last = kind
        if self._size > self._limits.text_bytes:
            raise ReadError(
                "too-large",
                f"The text has more than {self._limits.text_bytes:,} bytes, the limit.",
                "Split it, or raise the limit in the settings.",
            )
        return start, self._offset


def raised(mark: str) -> str:
    """Return a note's number as superscripts: as bare digits they would spoil the word before."""
    bare = mark.strip(" []()\u00a0")
    return bare.translate(_SUPERSCRIPTS) if bare.isdecimal() and bare.isascii() else mark


def link(text: str, address: str | None) -> str:
    """Return a link as text, with its address in brackets unless the text already is that."""
    target = (address or "").strip()
    if not _OUTSIDE.match(target) or len(target) > _LONGEST_ADDRESS or " " in target:
        return text
    if not text.strip() or _bare_address(target) in _bare_address(text):
        return text
    tail = text[len(text.rstrip()) :]
    return f"{text.rstrip()} ({target.removeprefix('mailto:')}){tail}"


def _bare_address(raw: str) -> str:
    bare = re.sub(r"^(?:https?://|mailto:)", "", raw.strip().lower())
    return bare.removeprefix("www.").rstrip("/")


def _clean(text: str) -> str:
    return _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", _NO_CHARACTER.sub("", text)))


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", _clean(text).replace("\n", " ")).strip(" ")
