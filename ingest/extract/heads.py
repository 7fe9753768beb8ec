"""Names that no list has, announced by a generic head: "l'association X", "the X fund"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.extract.data import load_table, small_words
from ontology.folding import fold

__all__ = ["HeadedName", "find_headed_names"]

_CAPITAL = r"[A-ZÀ-ÞŒ]"
_WORD = rf"(?:{_CAPITAL}[\w’'&.+-]*|\d+)"
_LINK = (
    r"(?:de\s+la|de\s+l[’']|de|du|des|d[’']|la|le|les|l[’']|et|en|à|au|aux|of|the|and|for|&|pour)"
)
_NAME = rf"{_CAPITAL}[\w’'&.+-]*(?:\s+(?:{_LINK}\s*){{0,2}}{_WORD}){{0,5}}"
_QUOTED = r"[«\"“][\s\u00a0]*(?P<quoted>[^«»\"“”\n]{2,60}?)[\s\u00a0]*[»\"”]"
_ENGLISH_NAME = (
    rf"{_CAPITAL}[\w’'&+-]*(?:\s+(?:(?:of|the|and|for|&)\s+)?{_CAPITAL}[\w’'&+-]*){{0,4}}"
)


@dataclass(frozen=True, slots=True)
class HeadedName:
    """A capitalised or quoted name beside a generic head; ``cls`` is what the head says it is."""

    start: int
    end: int
    cls: str


def find_headed_names(text: str, start: int, end: int, lang: str) -> list[HeadedName]:
    """Return the names that generic heads announce in ``text[start:end]``, in reading order.

    In French, and before a name in English, the head stays outside; an English head that follows
    the name ("the X fund") is part of it.
    """
    found = [*_after_head(text, start, end)]
    if lang != "fr":
        found += _before_head(text, start, end)
    return sorted(set(found), key=lambda name: (name.start, name.end))


def _after_head(text: str, start: int, end: int) -> Iterator[HeadedName]:
    pattern, classes = _heads("before")
    for match in pattern.finditer(text, start, end):
        group = "quoted" if match["quoted"] else "name"
        if not match[group][0].isalnum():
            continue
        span = match.span(group)
        name = text[slice(*span)].rstrip(" .,'’-")
        if fold(name) not in small_words():
            yield HeadedName(span[0], span[0] + len(name), classes[fold(match["head"])])


def _before_head(text: str, start: int, end: int) -> Iterator[HeadedName]:
    pattern, classes = _heads("after")
    for match in pattern.finditer(text, start, end):
        begin = match.start()
        lead = re.match(r"(?:The|This|A|An|Our|Its|Each|In|Through|With|By|For)\s+", match[0])
        begin += lead.end() if lead else 0
        if text[begin : match.start("head")].strip():
            yield HeadedName(begin, match.end(), classes[fold(match["head"])])


@cache
def _heads(side: str) -> tuple[re.Pattern[str], dict[str, str]]:
    classes = {
        fold(noun): cls for cls, nouns in load_table("heads")[side].items() for noun in nouns
    }
    nouns = sorted(
        (re.escape(n) for nouns in load_table("heads")[side].values() for n in nouns),
        key=len,
        reverse=True,
    )
    heads = rf"(?P<head>(?i:{'|'.join(nouns)}))"
    if side == "before":
        return re.compile(rf"\b{heads}\s+(?:{_QUOTED}|(?:\*\*)?(?P<name>{_NAME}))"), classes
    quoted = r"[“\"«](?P<quoted>[^“”\"«»\n]{2,50})[”\"»]"
    return re.compile(rf"(?:{quoted}(?:\s+[a-z-]+){{0,2}}|\b{_ENGLISH_NAME})\s+{heads}\b"), classes
