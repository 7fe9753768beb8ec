"""The lines of a text and what each looks like on its own, before its neighbours are asked."""

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Line", "LineKind", "is_all_caps", "is_continuation", "is_finished", "scan_lines"]

MAX_LEVEL = 9
_WIDEST_INDENT = 80


class LineKind(StrEnum):
    """The mark that a line carries; ``PLAIN`` carries none."""

    PLAIN = "plain"
    MARKED_HEADING = "marked heading"  # Markdown: "## Title"
    NUMBERED = "numbered"  # "5.2.1. Title", "3. Title": a heading or an item
    ITEM = "item"
    ROW = "row"
    FOOTNOTE = "footnote"
    QUOTE = "quote"
    RULE = "rule"  # no letter and no digit in it


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: ``text`` is its slice without the white space around it.

    ``gap`` says that a blank line or a page break is before it; ``level`` is the depth of a heading
    mark or number, or of an item's indentation.
    """

    start: int
    end: int
    text: str
    kind: LineKind
    level: int
    gap: bool


_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+")
_MARKED_HEADING = re.compile(r"(#{1,6})\s+\S")
_SECTION_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,5})\.?\s+[^\W_]")
_ITEM = re.compile(
    r"(?:[-*+•▪◦‣–—●○■□◼➢➤➔→✓❖·]\s+\S"
    r"|[•▪◦‣●○■□◼➢➤➔✓❖]\S"
    r"|(?:\*\*)?\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{2,5})[.)](?:\*\*)?\s+\S"
    r"|\d{1,2}°\)?\s+\S)"
)
_SUB_ITEM = re.compile(r"[-*+•]\s+[o◦▪‣]\s")  # a bullet of the second depth behind one of the first
_ROW = re.compile(r"[^\t]+\t+[^\t]|\|.*\|$")
_FOOTNOTE = re.compile(
    r"(?:[⁰¹²³⁴-⁹]{1,3}\s*\S|\[\^?\d{1,3}\]:?\s+\S|<sup>\[?\d{1,3}\]?</sup>\s*\S)"
)
_FINISHED = re.compile(r"[.!?…:;][\s\"”’»)\]*_⁰¹²³⁴-⁹]*(?:</\w+>|\[\d+\])*$")
_OPENING = re.compile(r"[\s\"«“‘'(\[*_]*")
_LETTER = re.compile(r"[^\W\d_]")


def scan_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that are not blank, in order. Linear in its length."""
    lines: list[Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        raw = match[0]
        bare = raw.strip()
        if not bare:
            continue
        start = match.start() + raw.index(bare[0])
        between = text[previous_end:start]
        gap = not lines or between.count("\n") > 1 or between.count("\r") > 1 or "\f" in between
        indent = len(raw[: min(start - match.start(), _WIDEST_INDENT)].expandtabs(4))
        kind, level = _look(bare, indent)
        lines.append(Line(start, start + len(bare), bare, kind, level, gap))
        previous_end = start + len(bare)
    return lines


def _look(bare: str, indent: int) -> tuple[LineKind, int]:
    kind, level = LineKind.PLAIN, 0
    if heading := _MARKED_HEADING.match(bare):
        kind, level = LineKind.MARKED_HEADING, len(heading[1])
    elif bare[0] == ">":
        kind = LineKind.QUOTE
    elif _FOOTNOTE.match(bare):
        kind = LineKind.FOOTNOTE
    elif not any(c.isalnum() for c in bare):
        kind = LineKind.ROW if bare[0] == "|" else LineKind.RULE
    elif number := _SECTION_NUMBER.match(bare):
        depth = number[1].count(".") + 1
        if depth > 1 or bare[number.end(1)] == ".":
            kind, level = LineKind.NUMBERED, depth
    elif _ITEM.match(bare):
        below = _SUB_ITEM.match(bare) is not None
        kind, level = LineKind.ITEM, min(indent // 2 + 1 + below, MAX_LEVEL)
    if kind in (LineKind.PLAIN, LineKind.NUMBERED) and _ROW.match(bare):
        kind, level = LineKind.ROW, 0
    return kind, level


def is_finished(line: str) -> bool:
    """Tell whether a line ends in a mark that ends a sentence, a clause of a list or an announcement."""
    return bool(_FINISHED.search(line[-40:]))


def is_continuation(line: str) -> bool:
    """Tell whether a line can only go on with what was said before: it begins in lower case."""
    opening = _OPENING.match(line)
    rest = line[opening.end() if opening else 0 :]
    return rest[:1].islower() and not rest.startswith(("http", "www."))


def is_all_caps(line: str) -> bool:
    """Tell whether all letters are capitals, and there are enough of them to mean it."""
    return line == line.upper() and len(_LETTER.findall(line[:200])) >= 4
