"""A report as ingestion sees it: one text, the blocks it is made of, and exact offsets for everything.

Offsets count code points of :attr:`Document.text` and ends are exclusive, here and in all that is
made from it. The text is what the reader yielded and is never rewritten.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath
from typing import Any, Literal

from ingest.sentences import split_sentences
from ontology.model import Passage

__all__ = [
    "Block",
    "BlockKind",
    "Document",
    "MetadataField",
    "Proposal",
    "Section",
    "clean_heading",
    "hash_text",
]

MetadataField = Literal["title", "authors", "publisher", "date", "language", "rights"]
"""What may be proposed about a document; see :class:`Proposal` for the form of the values."""

LAYOUT_VERSION = 1

_MARKS = re.compile(r"</?[a-zA-Z]{1,6}>|\*\*|__|^\s*#{1,6}\s+|\s+#+\s*$|\\(?=[_*#])", re.MULTILINE)


class BlockKind(StrEnum):
    """What a block of text is on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    FOOTNOTE = "footnote"
    CONTENTS = "contents"  # a table of contents: never a source of facts
    FURNITURE = "furniture"  # running headers and footers, page numbers
    QUOTE = "quote"


SKIPPED = (BlockKind.CONTENTS, BlockKind.FURNITURE)
"""Blocks that are never read for facts."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of one kind: ``text[start:end]`` without the blank space around it.

    ``level`` is the depth of a heading (1 is the highest) or of a list item (1 is the outermost),
    else 0. ``lang`` is a BCP 47 tag, ``page`` 1-based and ``None`` where the source has no pages.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    lang: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all that stands under it, headings of deeper levels included.

    ``start`` is the heading's, ``end`` the start of the next heading of the same or a higher level.
    """

    title: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something the file seems to say about itself, for a curator to accept: never a fact as such.

    ``value`` is a text; for ``date`` ISO 8601 as exact as the source (``2021``, ``2021-06``), for
    ``language`` a BCP 47 tag; several authors are several proposals. ``evidence`` names a property
    of the file ("file property dc:creator") or a rule; where the evidence is in the text,
    ``text[start:end]`` holds it, else both are ``None``. The first proposal of a field is the best.
    """

    field: MetadataField
    value: str
    evidence: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Document:
    """A document as read: its text, blocks (sorted, disjoint) and pages (start offsets).

    ``sha256`` names the original bytes, ``text_sha256`` the text, ``reader`` what read it
    (``"pdf/1"``); ``warnings`` are plain English sentences for the ingest report; ``metadata`` is
    proposed, with evidence.
    """

    sha256: str
    name: str
    media_type: str
    text: str
    text_sha256: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...]
    lang: str
    title: str
    reader: str
    warnings: tuple[str, ...] = ()
    metadata: tuple[Proposal, ...] = ()

    @property
    def display_title(self) -> str:
        """The title, or the file's name where the text has none: a name is never kept as a title,
        because the same bytes may come under another one tomorrow."""
        return self.title or PurePath(self.name).stem

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections that the headings open, in the order of the text, nested by level."""
        open_: list[tuple[int, Block]] = []
        found: list[Section] = []

        def close(level: int, end: int) -> None:
            while open_ and open_[-1][1].level >= level:
                position, heading = open_.pop()
                found[position] = Section(
                    self.heading_text(heading), heading.level, heading.start, end
                )

        for block in self._headings:
            close(block.level, block.start)
            open_.append((len(found), block))
            found.append(Section("", 0, 0, 0))  # holds the place until its end is known
        close(0, len(self.text))
        return tuple(found)

    def heading_text(self, block: Block) -> str:
        """Return a heading without its marks (``#``, bold, tags), on one line."""
        return clean_heading(self.text[block.start : block.end])

    def sentences(self, block: Block | None = None) -> list[tuple[int, int]]:
        """Return the sentences of ``block``, or of the whole document, as exact slices.

        A sentence runs on over soft line breaks, and over a page break inside its block. Furniture
        and tables of contents have none; a table's rows and a heading count as one sentence each.
        """
        if block is None:
            return [span for each in self.blocks for span in self.sentences(each)]
        if block.kind in (BlockKind.FURNITURE, BlockKind.CONTENTS):
            return []
        return split_sentences(
            self.text,
            block.start,
            block.end,
            block.lang or self.lang,
            by_line=block.kind is BlockKind.TABLE,
            whole=block.kind is BlockKind.HEADING,
        )

    def block_at(self, offset: int) -> Block | None:
        """Return the block that holds ``offset``, or ``None`` for the blank space between two."""
        position = bisect_right(self._block_starts, offset) - 1
        if position < 0 or offset >= self.blocks[position].end:
            return None
        return self.blocks[position]

    def page_at(self, offset: int) -> int | None:
        """Return the 1-based page that holds ``offset``, or ``None`` without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None

    def section_at(self, offset: int) -> Section | None:
        """Return the innermost section that holds ``offset``."""
        position = bisect_right(self._heading_starts, offset) - 1
        return self.sections[position] if position >= 0 else None

    def passage(self, start: int, end: int) -> Passage:
        """Return the slice as evidence, with its page, nearest heading and language.

        Raises ``ValueError`` for a slice that is empty or not in the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no text at {start}-{end}: the text has {len(self.text)} characters")
        block = self.block_at(start)
        section = self.section_at(start)
        return Passage(
            document=self.sha256,
            start=start,
            end=end,
            quote=self.text[start:end],
            lang=(block.lang if block else "") or self.lang,
            page=self.page_at(start),
            section=section.title if section else None,
        )

    def layout(self) -> dict[str, Any]:
        """Return everything but the text as JSON values; :meth:`from_layout` reads it back."""
        return {
            "version": LAYOUT_VERSION,
            "sha256": self.sha256,
            "name": self.name,
            "media_type": self.media_type,
            "text_sha256": self.text_sha256,
            "blocks": [
                [b.kind.value, b.start, b.end, b.level, b.lang, b.page] for b in self.blocks
            ],
            "pages": list(self.pages),
            "lang": self.lang,
            "title": self.title,
            "reader": self.reader,
            "warnings": list(self.warnings),
            "metadata": [[p.field, p.value, p.evidence, p.start, p.end] for p in self.metadata],
        }

    @classmethod
    def from_layout(cls, text: str, layout: Mapping[str, Any]) -> "Document":
        """Return the document that :meth:`layout` described.

        Raises ``ValueError`` when the layout has another version or belongs to another text.
        """
        if layout.get("version") != LAYOUT_VERSION:
            raise ValueError(f"layout version {layout.get('version')!r}, not {LAYOUT_VERSION}")
        if layout["text_sha256"] != hash_text(text):
            raise ValueError("the layout belongs to another text")
        return cls(
            sha256=layout["sha256"],
            name=layout["name"],
            media_type=layout["media_type"],
            text=text,
            text_sha256=layout["text_sha256"],
            blocks=tuple(
                Block(BlockKind(kind), start, end, level, lang, page)
                for kind, start, end, level, lang, page in layout["blocks"]
            ),
            pages=tuple(layout["pages"]),
            lang=layout["lang"],
            title=layout["title"],
            reader=layout["reader"],
            warnings=tuple(layout["warnings"]),
            # Layouts stored before metadata was proposed have none.
            metadata=tuple(Proposal(*fields) for fields in layout.get("metadata", ())),
        )

    @cached_property
    def _headings(self) -> tuple[Block, ...]:
        return tuple(b for b in self.blocks if b.kind is BlockKind.HEADING)

    @cached_property
    def _heading_starts(self) -> tuple[int, ...]:
        return tuple(b.start for b in self._headings)

    @cached_property
    def _block_starts(self) -> tuple[int, ...]:
        return tuple(b.start for b in self.blocks)


def hash_text(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, the form in which it is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def clean_heading(raw: str) -> str:
    """Return the text of a heading without Markdown marks and tags, single-spaced."""
    return " ".join(_MARKS.sub("", raw).split())
