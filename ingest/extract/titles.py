"""Titles of publications in running text and reading lists: quoted or in italics, behind a noun.

"the book entitled “…”", "le guide « … »", "*…* report". The noun gives the class.
"""

import re
from dataclasses import dataclass
from functools import cache

from ingest.extract.data import load_table
from ontology.folding import fold

__all__ = ["Title", "find_titles"]

_QUOTED = (
    r"(?:«[\s\u00a0\u202f]*(?P<guillemets>[^«»\n]{6,200}?)[\s\u00a0\u202f]*»"
    r"|“(?P<curly>[^“”\n]{6,200}?)”|\"(?P<straight>[^\"\n]{6,200}?)\""
    r"|(?<!\*)\*(?P<italic>[^*\n]{6,200}?)\*(?!\*))"
)
_GROUPS = ("guillemets", "curly", "straight", "italic")


@dataclass(frozen=True, slots=True)
class Title:
    """A title, without its marks, and its class."""

    start: int
    end: int
    cls: str


def find_titles(text: str, start: int, end: int) -> list[Title]:
    """Return the titles in ``text[start:end]``, in reading order."""
    before, after, classes = _patterns()
    found: dict[tuple[int, int], Title] = {}
    for pattern in (before, after):
        for match in pattern.finditer(text, start, end):
            group = next(g for g in _GROUPS if match[g] is not None)
            printed = match[group]
            if printed[:1].isupper() or printed[:1].isdigit():
                span = match.span(group)
                found.setdefault(span, Title(*span, classes[fold(match["noun"])]))
    return [found[span] for span in sorted(found)]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    table = load_table("heads")["publications"]
    classes = {fold(noun): cls for cls, nouns in table.items() for noun in nouns}
    nouns = "|".join(
        sorted((re.escape(n) for ns in table.values() for n in ns), key=len, reverse=True)
    )
    noun = rf"\b(?P<noun>(?i:{nouns}))\b"
    linked = (
        r"(?:\s+(?:[\w’'&-]+\s+)?(?:intitulée?s?|titrée?s?|entitled|titled|called|sur)?)?"
        r"[\s:,*]*?"
    )
    return (
        re.compile(noun + linked + r"\s*" + _QUOTED),
        re.compile(_QUOTED + r"\s+" + noun),
        classes,
    )
