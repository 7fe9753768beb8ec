"""A document as it is read on a page: parts of bearable length, with marked and cited passages.

Offsets are those of the document's stored text; what is shown is always a slice of it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Block, BlockKind, Document

__all__ = [
    "PART_LENGTH",
    "Part",
    "Piece",
    "Run",
    "Span",
    "join_spans",
    "part_at",
    "plain_quote",
    "plain_run",
    "read_parts",
    "read_pieces",
]

PART_LENGTH = 8_000
"""Most characters of a part; a page of the source that is longer is shown in several parts."""

_SOUGHT = PART_LENGTH // 3  # a part that has reached this may end before a heading
_LEADING_MARK = re.compile(r"(?:#{1,6}|[-*•▪–◦]|>)\s+")

_MARKUP = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|em|i|li|mark|p|q|s|small|span|strong|sub|sup|u|ul)(?:\s[^<>]*)?/?>"
    r"|\*{2,3}|(?<!\w)_{2}(?=\S)|(?<=\S)_{2}(?!\w)|`+",
    re.IGNORECASE,
)
_LINE_MARK = re.compile(r"\A\s*(?:#{1,6}|[-*+>])\s+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]+)(?<=\S)_(?!\w)"
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A slice of the text. ``page`` is 1-based, None without pages; ``title`` its first heading."""

    number: int
    start: int
    end: int
    page: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Run:
    """Text inside a block. ``marked``: looked for; ``cited``: the passage that facts rest on."""

    text: str
    marked: bool = False
    first: bool = False
    cited: Span | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, or what of it lies in the part. ``level`` is a heading's level on the page."""

    kind: str
    level: int
    lang: str
    runs: tuple[Run, ...]


def read_parts(document: Document) -> tuple[Part, ...]:
    """Cut a document into parts: its pages, else runs of blocks that begin at headings.

    The parts cover the text without gaps and depend on the document alone.
    """
    starts = _page_starts(document) if document.pages else _section_starts(document)
    ends = [*starts[1:], len(document.text)]
    return tuple(
        Part(number, start, end, document.page_at(start), _title(document, start, end))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def part_at(parts: tuple[Part, ...], offset: int) -> Part:
    """Return the part that holds ``offset``; the last one for anything behind the end."""
    return parts[max(0, bisect_right([part.start for part in parts], offset) - 1)]


def read_pieces(
    document: Document, part: Part, mark: Span | None, cited: Iterable[Span] = ()
) -> tuple[Piece, ...]:
    """Return the blocks of a part with their runs; furniture only where it is marked."""
    spans = sorted(span for span in cited if span[0] < part.end and span[1] > part.start)
    pieces = []
    above = 2
    anchored = mark is None or not part.start <= mark[0] < part.end
    for block in document.blocks:
        start, end = max(block.start, part.start), min(block.end, part.end)
        if start >= end or (block.kind is BlockKind.FURNITURE and not _overlap((start, end), mark)):
            continue
        if start == block.start:
            start = _after_mark(document.text, block, end)
        level = 0
        if block.kind is BlockKind.HEADING:
            level = above = min(block.level + 2, above + 1, 6)
        runs = _runs(document.text, (start, end), mark, spans, anchored)
        anchored = anchored or any(run.first for run in runs)
        pieces.append(Piece(block.kind.value, level, block.lang or document.lang, runs))
    return tuple(pieces)


def join_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans with those that overlap as one, so that no text is shown twice."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def plain_quote(text: str) -> str:
    """Return a quote without the signs of Markdown and HTML in it: for eyes; the data keeps them."""
    return plain_run(_LINE_MARK.sub("", text))


def plain_run(text: str) -> str:
    """Do the same for a piece of a line, whose beginning may be in the middle of a sentence."""
    text = _MARKUP.sub("", _LINK.sub(r"\1", text))
    return _EMPHASIS.sub(lambda found: found[1] or found[2], text)


def _runs(
    text: str, whole: Span, mark: Span | None, cited: list[Span], anchored: bool
) -> tuple[Run, ...]:
    start, end = whole
    near = [span for span in cited if _overlap(whole, span)]
    edges = {start, end}
    for span in [*near, *([mark] if mark else [])]:
        edges |= {edge for edge in span if start < edge < end}
    points = sorted(edges)
    runs = []
    for left, right in pairwise(points):
        marked = _overlap((left, right), mark)
        runs.append(
            Run(
                text[left:right],
                marked=marked,
                first=marked and not anchored,
                cited=next((span for span in near if _overlap((left, right), span)), None),
            )
        )
        anchored = anchored or marked
    return tuple(runs)


def _overlap(span: Span, other: Span | None) -> bool:
    return other is not None and span[0] < other[1] and other[0] < span[1]


def _after_mark(text: str, block: Block, end: int) -> int:
    """Leave out the sign that makes a heading or an item or a quote in a text file: the page shows it so."""
    if block.kind not in (BlockKind.HEADING, BlockKind.ITEM, BlockKind.QUOTE):
        return block.start
    found = _LEADING_MARK.match(text, block.start, end)
    return found.end() if found and found.end() < end else block.start


def _page_starts(document: Document) -> list[int]:
    starts = sorted({0, *(start for start in document.pages if start < len(document.text))})
    ends = [*starts[1:], len(document.text)]
    return [
        cut for start, end in zip(starts, ends, strict=True) for cut in _cuts(document, start, end)
    ]


def _section_starts(document: Document) -> list[int]:
    starts = [0]
    for block in document.blocks:
        size = block.start - starts[-1]
        ends_here = block.kind is BlockKind.HEADING and size >= _SOUGHT
        if size > 0 and (ends_here or block.end - starts[-1] > PART_LENGTH):
            starts.append(block.start)
        starts += _cuts(document, starts[-1], block.end)[1:]
    return starts


def _cuts(document: Document, start: int, end: int) -> list[int]:
    """Split a slice that is too long, at blank space where there is some."""
    cuts = [start]
    while end - cuts[-1] > PART_LENGTH:
        latest = cuts[-1] + PART_LENGTH
        space = document.text.rfind(" ", cuts[-1] + PART_LENGTH // 2, latest)
        cuts.append(space + 1 if space > 0 else latest)
    return cuts


def _title(document: Document, start: int, end: int) -> str:
    for block in document.blocks:
        if block.start >= end:
            break
        if block.start >= start and block.kind is BlockKind.HEADING:
            return document.heading_text(block)
    section = document.section_at(start)
    return section.title if section else ""
