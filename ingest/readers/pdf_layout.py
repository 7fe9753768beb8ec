"""From measured lines of PDF pages to running text: paragraphs, hyphens, headings. No PDF in here."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["HYPHEN", "PdfLine", "assemble"]

HYPHEN = "\ufffe"  # what pdfium puts for a hyphen at the end of a line, the break dropped
_BROKEN = re.compile(rf"(\w*){HYPHEN}\s*(\w*)")
_TITLE_SIZE = 1.12  # times the body's: smaller differences are another font, not a title
_SAME_SIZE = 0.05
_LONGEST_TITLE = 200
_MOST_TITLE_LINES = 6
_MOST_LEVELS = 6
_PARAGRAPH_GAP = 1.3  # times the usual distance of two lines
_INDENT = 0.9  # times the size
_FINAL = re.compile(r"[.!?…:;][\s\"”’»)\]⁰¹²³⁴-⁹]*$")


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A printed line, measured in points; ``first_y`` and ``last_y`` are baselines of its first and
    last character (they differ where a hyphen joined two lines)."""

    text: str
    size: float
    bold: bool
    left: float
    right: float
    first_y: float
    last_y: float


def assemble(
    pages: Sequence[Sequence[PdfLine]],
) -> tuple[str, tuple[int, ...], tuple[tuple[int, int, int], ...]]:
    """Return the text, the start offset of each page, and (start, end, level) of each heading.

    Lines of a paragraph are parted by one line break, paragraphs, headings and pages by a blank
    line. Words broken at a line's end are joined again.
    """
    body = _body_size(pages)
    leading = _leading(pages, body)
    levels = _levels(pages, body)
    words = frozenset(
        w for page in pages for line in page for w in re.findall(r"\w+(?:-\w+)*", line.text)
    )
    parts: list[str] = []
    starts: list[int] = []
    headings: list[tuple[int, int, int]] = []
    offset = 0
    for page in pages:
        if parts:
            parts.append("\n\n")
            offset += 2
        starts.append(offset)
        for index, line in enumerate(page):
            if index:
                new = _is_new_paragraph(page[index - 1], line, leading, page)
                parts.append("\n\n" if new else "\n")
                offset += len(parts[-1])
            text = _BROKEN.sub(lambda m: _mend(m, words), line.text)
            level = levels.get(round(line.size, 1), 0) if _may_be_title(text) else 0
            if level:
                headings.append((offset, offset + len(text), level))
            parts.append(text)
            offset += len(text)
    return "".join(parts), tuple(starts), tuple(headings)


def _body_size(pages: Sequence[Sequence[PdfLine]]) -> float:
    weights: Counter[float] = Counter()
    for line in _all(pages):
        weights[round(line.size, 1)] += len(line.text)
    return min(weights, key=lambda size: (-weights[size], size)) if weights else 0.0


def _leading(pages: Sequence[Sequence[PdfLine]], body: float) -> float:
    """Return the usual distance of two lines of body text, as a multiple of their size."""
    distances = [
        (above.last_y - below.first_y) / body
        for page in pages
        for above, below in pairwise(page)
        if body and abs(above.size - body) < 0.3 and abs(below.size - body) < 0.3
    ]
    usual = [d for d in distances if 0.5 < d < 2.5]
    return median(usual) if usual else 1.2


def _levels(pages: Sequence[Sequence[PdfLine]], body: float) -> dict[float, int]:
    """Map the sizes of titles to levels, the largest being 1; near sizes share a level."""
    sizes = sorted(
        {
            round(line.size, 1)
            for line in _all(pages)
            if line.size > _TITLE_SIZE * body and _may_be_title(line.text)
        },
        reverse=True,
    )
    levels: dict[float, int] = {}
    level, previous = 0, 0.0
    for size in sizes:
        if not previous or size < previous * (1 - _SAME_SIZE):
            level, previous = level + 1, size
        levels[size] = min(level, _MOST_LEVELS)
    return levels


def _all(pages: Sequence[Sequence[PdfLine]]) -> Iterator[PdfLine]:
    for page in pages:
        yield from page


def _may_be_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and "\t" not in text and sum(c.isalpha() for c in text) >= 2


def _is_new_paragraph(
    above: PdfLine, below: PdfLine, leading: float, page: Sequence[PdfLine]
) -> bool:
    if "\t" in above.text or "\t" in below.text:  # rows of a table
        return ("\t" in above.text) != ("\t" in below.text)
    if abs(above.size - below.size) > 0.08 * max(above.size, below.size):
        return True
    distance = above.last_y - below.first_y
    if distance < 0:  # the top of the next column
        return bool(_FINAL.search(above.text)) and not below.text[:1].islower()
    if distance > _PARAGRAPH_GAP * leading * below.size:
        return True
    if above.bold != below.bold and not below.text[:1].islower():
        return True
    finished = bool(_FINAL.search(above.text))
    if finished and below.left > above.left + _INDENT * below.size:
        return True
    width = max(line.right for line in page) - min(line.left for line in page)
    return finished and above.right < max(above.right, below.right) - 0.25 * width


def _mend(match: re.Match[str], words: frozenset[str]) -> str:
    before, after = match[1], match[2]
    hyphened = f"{before}-{after}"
    if not after or not after[0].islower() or (hyphened in words and before + after not in words):
        return hyphened
    return before + after
