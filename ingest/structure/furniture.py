"""Page furniture: running headers and footers, page numbers."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict

from ingest.structure.lines import Line, LineKind, is_continuation, is_finished

__all__ = ["find_furniture"]

_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|p\.?)\s*)?\d{1,4}(?:\s*(?:/|sur|of)\s*\d{1,4})?(?:\s*[-–—|])?$", re.I
)
_DIGITS = re.compile(r"\d+")
_LONGEST = 120
_EDGE = 2  # lines at the top and at the bottom of a page where furniture is looked for
_LEAST_PAGES = 3
_LEAST_SHARE = 0.3


def find_furniture(lines: list[Line], pages: tuple[int, ...]) -> frozenset[int]:
    """Return the positions of the lines that belong to the page and not to the text.

    With pages: what stands at their edges and comes back, numbers aside, on three pages and on
    three in ten. Without: short lines that come back and cut sentences more often than not;
    titles that come back (the questions of a form) cut none.
    """
    found = {p for p, line in enumerate(lines) if line.kind is LineKind.RULE}
    found |= _at_edges(lines, pages) if pages else _cutting(lines)
    return frozenset(found)


def _key(line: Line) -> str:
    return _DIGITS.sub("0", line.text).casefold()


def _at_edges(lines: list[Line], pages: tuple[int, ...]) -> set[int]:
    by_page: dict[int, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        by_page[bisect_right(pages, line.start)].append(position)
    edges: list[int] = []
    seen: Counter[str] = Counter()
    for positions in by_page.values():
        near = sorted(set(positions[:_EDGE] + positions[-_EDGE:]))
        near = [p for p in near if len(lines[p].text) <= _LONGEST]
        edges.extend(near)
        seen.update({_key(lines[p]) for p in near})
    needed = max(_LEAST_PAGES, _LEAST_SHARE * len(by_page))
    return {p for p in edges if _PAGE_NUMBER.match(lines[p].text) or seen[_key(lines[p])] >= needed}


def _cutting(lines: list[Line]) -> set[int]:
    alone: dict[str, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        if (
            line.kind is LineKind.PLAIN
            and len(line.text) <= _LONGEST
            and _is_alone(lines, position)
        ):
            alone[_key(line)].append(position)
    found: set[int] = set()
    for key, positions in alone.items():
        least = 1 if _PAGE_NUMBER.match(key) else _LEAST_PAGES
        cuts = sum(_cuts(lines, position) for position in positions)
        if len(positions) >= least and cuts * 2 > len(positions):
            found.update(positions)
    return found


def _is_alone(lines: list[Line], position: int) -> bool:
    if not lines[position].gap:
        return False
    return position + 1 == len(lines) or lines[position + 1].gap


def _cuts(lines: list[Line], position: int) -> bool:
    if not 0 < position < len(lines) - 1:
        return False
    return not is_finished(lines[position - 1].text) and is_continuation(lines[position + 1].text)
