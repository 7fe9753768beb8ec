"""Cuts a document into the passages that search finds: groups of paragraphs with exact offsets."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Block, BlockKind, Document

__all__ = ["PASSAGE_LENGTH", "Span", "passage_spans"]

PASSAGE_LENGTH = 900
"""Characters that a passage has at most, unless one sentence alone is longer."""

_SHORT_ITEM = 160
"""Characters up to which an item belongs to its list, whatever language it seems to be in."""

_APART = (BlockKind.HEADING, BlockKind.FURNITURE, BlockKind.CONTENTS)


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of the text in one language."""

    start: int
    end: int
    lang: str


def passage_spans(document: Document) -> Iterator[Span]:
    """Yield slices in reading order, disjoint.

    Headings, running headers and tables of contents end a passage and are in none; a change of
    language ends one, but for short items, which stay with what introduces them. A paragraph longer
    than a passage is cut between sentences.
    """
    start = end = 0
    lang = ""
    for block in document.blocks:
        piece_lang = block.lang or document.lang
        if block.kind is BlockKind.ITEM and end > start and block.end - block.start <= _SHORT_ITEM:
            piece_lang = lang  # names in a list say little of its language
        pieces = [] if block.kind in _APART else list(_pieces(document, block))
        fits = pieces and pieces[0][1] - start <= PASSAGE_LENGTH and piece_lang == lang
        if end > start and not fits:
            yield Span(start, end, lang)
            start = end = 0
        for piece_start, piece_end in pieces:
            if end > start and piece_end - start > PASSAGE_LENGTH:
                yield Span(start, end, lang)
                start = end = 0
            if end == start:
                start = piece_start
            end, lang = piece_end, piece_lang
    if end > start:
        yield Span(start, end, lang)


def _pieces(document: Document, block: Block) -> Iterator[tuple[int, int]]:
    if block.end - block.start <= PASSAGE_LENGTH:
        yield block.start, block.end
        return
    start = end = block.start
    for _, sentence_end in document.sentences(block):
        if end > start and sentence_end - start > PASSAGE_LENGTH:
            yield start, end
            start = _next_word(document.text, end)
        end = sentence_end
    if block.end > start:
        yield start, block.end


def _next_word(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset
