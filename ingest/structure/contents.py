"""Tables of contents: where they are, and which titles they announce.

Three shapes are met: a title, dotted leaders, a page number; cells parted by a tab, the last one a
page; a number alone on its line, its title on the next one.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import clean_heading
from ingest.structure.lines import Line, LineKind
from ontology.folding import fold

__all__ = ["Contents", "find_contents", "title_key"]

_ENTRY = re.compile(
    r"(?P<title>\S.{0,300}?)\s*(?:\.{3,}|…+|(?:\.\s){3,}|\t+|\s{3,}|\|)\s*"
    r"(?:[Pp](?:age|\.)?\s*)?(?P<page>\d{1,4})\s*\|?$"
)
_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,5}\.)\s+")
_LONE_NUMBER = re.compile(r"#{1,6}\s+\d{1,3}$|\d{1,3}$")
_TITLES = frozenset(
    ["sommaire", "table des matieres", "contents", "table of contents", "sommaire detaille"]
)
_LEAST_ENTRIES = 3
_WIDEST_HOLE = 6  # lines between two entries: wrapped titles, part titles
_LONGEST_ENTRY = 400


@dataclass(frozen=True, slots=True)
class Contents:
    """``lines`` are positions of lines that belong to a table of contents, ``depths`` maps the key
    of each title in it (see :func:`title_key`) to its depth, 0 where the table does not tell."""

    lines: frozenset[int]
    depths: dict[str, int]


def title_key(raw: str) -> str:
    """Return a title without number, marks, case and accents, as two prints of it are compared."""
    return fold(_NUMBER.sub("", clean_heading(raw), count=1))


def find_contents(lines: list[Line]) -> Contents:
    """Return the tables of contents among ``lines``. Linear in their number."""
    members: set[int] = set()
    depths: dict[str, int] = {}
    for run in _runs(lines):
        _take_entries(lines, run, members, depths)
    _take_number_titles(lines, members, depths)
    depths.pop("", None)
    return Contents(frozenset(members), depths)


def _entry(line: Line) -> re.Match[str] | None:
    if len(line.text) > _LONGEST_ENTRY or not line.text[-8:].strip("*</b>| ")[-1:].isdigit():
        return None
    return _ENTRY.match(re.sub(r"</?[a-zA-Z]{1,6}>|\*\*", "", line.text))


def _runs(lines: list[Line]) -> list[list[tuple[int, re.Match[str]]]]:
    runs: list[list[tuple[int, re.Match[str]]]] = []
    for position, line in enumerate(lines):
        entry = _entry(line)
        if entry is None:
            continue
        if runs and position - runs[-1][-1][0] <= _WIDEST_HOLE:
            runs[-1].append((position, entry))
        else:
            runs.append([(position, entry)])
    return [run for run in runs if _is_table(lines, run)]


def _is_table(lines: list[Line], run: list[tuple[int, re.Match[str]]]) -> bool:
    first = run[0][0]
    announced = any(title_key(line.text) in _TITLES for line in lines[max(0, first - 3) : first])
    if len(run) < (2 if announced else _LEAST_ENTRIES):
        return False
    pages = [int(entry["page"]) for _, entry in run]
    rising = sum(a <= b for a, b in pairwise(pages))
    # Pages rise; the figures of an ordinary table do not. One OCR slip in five is forgiven.
    return rising >= 0.8 * (len(pages) - 1)


def _take_entries(
    lines: list[Line],
    run: list[tuple[int, re.Match[str]]],
    members: set[int],
    depths: dict[str, int],
) -> None:
    for position in range(run[0][0], run[-1][0] + 1):
        line = lines[position]
        members.add(position)
        if line.kind is LineKind.MARKED_HEADING:
            depths.setdefault(title_key(line.text), 0)
    for _, entry in run:
        number = re.match(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s", entry["title"])
        depth = number[1].count(".") + 1 if number else 0
        depths[title_key(entry["title"])] = depth


def _take_number_titles(lines: list[Line], members: set[int], depths: dict[str, int]) -> None:
    numbers = [
        position
        for position, line in enumerate(lines)
        if line.kind is LineKind.MARKED_HEADING and _LONE_NUMBER.match(line.text)
    ]
    for index, position in enumerate(numbers):
        nearest = min(
            (
                abs(position - other)
                for other in numbers[max(0, index - 1) : index + 2]
                if other != position
            ),
            default=1_000,
        )
        if nearest > 2 * _WIDEST_HOLE and position not in members:
            continue
        members.add(position)
        following = position + 1
        if following < len(lines) and lines[following].kind is LineKind.MARKED_HEADING:
            members.add(following)
            depths.setdefault(title_key(lines[following].text), 0)
