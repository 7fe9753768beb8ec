"""Segmentation: text, page starts and heading hints in, blocks with exact offsets out."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import Block, BlockKind, clean_heading
from ingest.language import UNDETERMINED, detect_language, majority_language
from ingest.structure.contents import find_contents
from ingest.structure.furniture import find_furniture
from ingest.structure.groups import Group, group_lines
from ingest.structure.headings import find_headings
from ingest.structure.lines import Line, is_continuation, is_finished, scan_lines

__all__ = ["Structure", "segment"]

_RUNNING = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_LONGEST_TITLE = 200
_LEAST_CUT = 60  # characters: shorter ones are labels and lines of an address, not cut sentences
_TITLE_WITHIN = 12  # blocks from the start in which a title is looked for


@dataclass(frozen=True, slots=True)
class Structure:
    """The blocks of a text (sorted, disjoint), its language and its title (``""`` without any)."""

    blocks: tuple[Block, ...]
    lang: str
    title: str


def segment(
    text: str,
    pages: tuple[int, ...] = (),
    headings: Sequence[tuple[int, int, int]] = (),
) -> Structure:
    """Return the structure of ``text``. Linear in its length.

    ``pages`` are the start offsets of its pages, ``headings`` are (start, end, level) of what the
    source prints as headings. Every character that is not white space lies in exactly one block.
    """
    lines = scan_lines(text)
    furniture = find_furniture(lines, pages)
    contents = find_contents(lines)
    groups = group_lines(lines, furniture, contents, _typeset_lines(lines, headings))
    find_headings(groups, contents, typeset=bool(headings))
    blocks = [_block(text, group, pages) for group in _joined(groups)]
    lang = majority_language((b.lang, b.end - b.start) for b in blocks)
    fallback = lang if lang != UNDETERMINED else ""
    named = tuple(b if b.lang else replace(b, lang=fallback) for b in blocks)
    return Structure(named, lang, _title(text, named))


def _typeset_lines(lines: list[Line], headings: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """Map the starts of the lines in the hinted ranges to their levels."""
    starts = [start for start, _, _ in headings]
    found: dict[int, int] = {}
    for line in lines if headings else ():
        position = bisect_right(starts, line.start) - 1
        if position >= 0 and line.end <= headings[position][1]:
            found[line.start] = headings[position][2]
    return found


def _joined(groups: list[Group]) -> list[Group]:
    """Join a paragraph or item that a page break cut: no final mark, then lower case."""
    joined: list[Group] = []
    for group in groups:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind in _RUNNING
            and group.kind is BlockKind.PARAGRAPH
            and len(before.text) >= _LEAST_CUT
            and is_continuation(group.first.text)
            and not is_finished(before.lines[-1].text)
        ):
            before.lines.extend(group.lines)
        else:
            joined.append(group)
    return joined


def _block(text: str, group: Group, pages: tuple[int, ...]) -> Block:
    start, end = group.first.start, group.lines[-1].end
    page = max(1, bisect_right(pages, start)) if pages else None
    furniture = group.kind in (BlockKind.FURNITURE, BlockKind.CONTENTS)
    lang = "" if furniture else detect_language(text[start:end])
    return Block(group.kind, start, end, group.level, lang, page)


def _title(text: str, blocks: Sequence[Block]) -> str:
    """Return the first heading near the start, else the first short block."""
    near = [
        b
        for b in blocks[:_TITLE_WITHIN]
        if b.kind not in (BlockKind.FURNITURE, BlockKind.CONTENTS)
        and b.end - b.start <= _LONGEST_TITLE
    ]
    ranked = sorted(near, key=lambda b: b.kind is not BlockKind.HEADING)
    return clean_heading(text[ranked[0].start : ranked[0].end]) if ranked else ""
