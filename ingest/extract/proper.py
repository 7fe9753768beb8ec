"""Names that carry their own head: "Fondation X", "Conseil régional de X", "the X Institute".

The head is capitalised and part of the name, and it gives the class. Where a name ends is decided
by its capitals: articles and prepositions count only between two capitalised words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.extract.boundaries import is_title_line
from ingest.extract.data import load_table
from ingest.extract.persons import is_given_name
from ontology.folding import fold

__all__ = ["ProperName", "find_proper_names"]

_CAP = r"(?:[A-ZÀ-ÞŒ](?:(?![’']s\b)[\w’'&.+-])*[\w&+]|[A-Z]{1,4})"
_LINK = (
    r"(?:(?:de\s+la|de|du|des|la|le|les|à\s+la|à|au|aux|pour|et\s+de\s+la|et\s+des|of\s+the|of|for|&)\s+"
    r"|(?:et\s+de\s+l|de\s+l|d|l|à\s+l)[’'])"
)
_LINK_EN = r"(?:(?:of\s+the|of|for\s+the|for|and|&|on)\s+)"
_ENDS = " .,'’-&"


@dataclass(frozen=True, slots=True)
class ProperName:
    """A name with its head; ``strong`` when the head alone makes it one, wherever it stands."""

    start: int
    end: int
    cls: str
    strong: bool


def find_proper_names(text: str, start: int, end: int, lang: str) -> list[ProperName]:
    """Return the names with a capitalised head in ``text[start:end]``, in order, none overlapping.

    French heads count in both languages, because English reports keep French names.
    """
    found = sorted(
        _all(text, start, end, lang), key=lambda name: (name.start, -name.end, not name.strong)
    )
    kept: list[ProperName] = []
    for name in found:
        if (not kept or name.start >= kept[-1].end) and not _in_title(text, name):
            kept.append(name)
    return kept


def _in_title(text: str, name: ProperName) -> bool:
    """Tell whether the name stands in a line of capitals that says more than it."""
    if not is_title_line(text, name.start):
        return False
    left = text.rfind("\n", 0, name.start) + 1
    right = text.find("\n", name.start)
    line = _ARTICLE.sub("", text[left : right if right >= 0 else len(text)].strip("#* \t"))
    return len(line) > name.end - name.start + 2


def _all(text: str, start: int, end: int, lang: str) -> Iterator[ProperName]:
    for kind, strong in (("strong", True), ("weak", False)):
        pattern, classes = _opening(kind)
        for match in pattern.finditer(text, start, end):
            yield _name(text, match, classes, strong=strong)
    if lang == "fr":
        return
    pattern, classes = _opening("of")
    for match in pattern.finditer(text, start, end):
        yield _name(text, match, classes, strong=True)
    pattern, classes = _closing()
    generic = frozenset(load_table("heads")["proper"]["generic"])
    for match in pattern.finditer(text, start, end):
        lead = _LEAD.match(match[0])
        begin = match.start() + (lead.end() if lead else 0)
        words = fold(text[begin : match.start("head")]).split()
        own = any(word not in generic and len(word) > 1 for word in words)
        cls = classes[fold(match["head"])]
        if words and (own or match["of"] or cls == "Event"):
            strong = own or bool(match["of"])
            stop = match.end()
            if match["of"] and _MINISTRY.match(match["head"]):
                portfolio = _PORTFOLIO.match(text, stop)
                stop = portfolio.end() if portfolio else stop
            yield ProperName(begin, stop, cls, strong)


def _name(
    text: str, match: re.Match[str], classes: Mapping[str, str], *, strong: bool
) -> ProperName:
    stop = match.start() + len(match[0].rstrip(_ENDS))
    couple = _COUPLE.match(text, stop)
    if couple and is_given_name(text[match.start() : stop].split()[-1]):
        stop = couple.end()  # "Fondation Daniel et Nina Carasso"
    if _MINISTRY.match(match["head"]):
        portfolio = _PORTFOLIO.match(text, stop)
        stop = portfolio.end() if portfolio else stop
    return ProperName(match.start(), stop, classes[fold(match["head"])], strong)


_MINISTRY = re.compile(r"Minist|Secr[eé]tary|Secr[eé]tariat", re.IGNORECASE)
# "Ministry of A, B and C": all of it is one portfolio.
_PORTFOLIO = re.compile(
    rf"(?:,[ \u00a0]{_CAP}(?:[ \u00a0]{_CAP})*)*[ \u00a0](?:and|et)[ \u00a0]"
    rf"(?:(?:de\s+la|des|du|la|the)[ \u00a0]|(?:de\s+l|l)[’'])?{_CAP}(?:[ \u00a0]{_CAP})*"
)
_COUPLE = re.compile(rf"[ \u00a0](?:et|and|&)[ \u00a0]{_CAP}(?:[ \u00a0]{_CAP}){{1,2}}")
_ARTICLE = re.compile(r"(?:The|Les?|La|L[’'])\s*")
_LEAD = re.compile(
    r"(?:(?:The|This|A|An|Our|Its|Each|In|Through|With|By|For|And|Both|Some|Many|All|Other|At|To|From"
    r"|Since|While|When|Under|As|Of|On|If|New)\s+)+"
)


@cache
def _opening(kind: str) -> tuple[re.Pattern[str], dict[str, str]]:
    heads, classes = _heads(kind)
    adjective = "|".join(load_table("heads")["proper"]["adjectives"])
    link = _LINK_EN if kind == "of" else _LINK
    first = (
        rf"(?:{_LINK_EN}){{1,2}}" if kind == "of" else rf"(?:(?:{adjective})\s+)?(?:{_LINK}){{0,3}}"
    )
    return (
        re.compile(
            rf"(?<![\w’'-])(?P<head>{heads})\s+{first}{_CAP}(?:[ \u00a0](?:{link}){{0,2}}{_CAP}){{0,5}}"
            rf"(?:[ \u00a0](?:{adjective})(?:\s+et\s+(?:{adjective}))?(?![\w’'-]))?"
        ),
        classes,
    )


@cache
def _closing() -> tuple[re.Pattern[str], dict[str, str]]:
    heads, classes = _heads("postposed")
    return (
        re.compile(
            rf"(?<![\w’'-])(?:{_CAP}[ \u00a0](?:(?:&|de|des|du|la)[ \u00a0]){{0,2}}){{1,5}}"
            rf"(?P<head>{heads})(?![\w-])"
            rf"(?P<of>[ \u00a0](?:of|for)[ \u00a0](?:the[ \u00a0])?{_CAP}(?:[ \u00a0](?:and[ \u00a0])?{_CAP}){{0,3}})?"
        ),
        classes,
    )


@cache
def _heads(kind: str) -> tuple[str, dict[str, str]]:
    table: Mapping[str, Any] = load_table("heads")["proper"][kind]
    classes = {fold(head): cls for cls, heads in table.items() for head in heads}
    words = sorted((h for heads in table.values() for h in heads), key=len, reverse=True)
    return "|".join(re.escape(word) for word in words), classes
