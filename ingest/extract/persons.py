"""Names of persons, by their given name, and the role and body that stand beside them.

Only name, role and body are read of a person, never anything else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.extract.data import load_table
from ontology.folding import fold

__all__ = ["ROLE", "Tenure", "find_persons", "find_tenures", "is_given_name", "is_person"]

_WORD = r"(?:[A-ZÀ-ÞŒ][\w’']*(?:-[A-ZÀ-ÞŒ][\w’']*)*)"
_PARTICLE = r"(?:(?:de|du|des|la|le|van|von|der|den|di|da|el|al|ben|dos)\s+|[dl][’'])"
_PERSON = re.compile(
    rf"(?<![\w’'-])(?P<given>{_WORD})(?:\s+(?=[A-ZÀ-Þ]))?"
    rf"(?P<rest>(?:[ \u00a0]+(?:{_PARTICLE}){{0,2}}{_WORD}){{1,4}}|(?<=\s){_WORD}"
    rf"(?:[ \u00a0]+(?:{_PARTICLE}){{0,2}}{_WORD}){{0,3}})(?![\w’'-])"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Tenure:
    """A person's role at a body, as printed: all three are slices ``(start, end)`` of the text."""

    person: tuple[int, int]
    role: tuple[int, int]
    body: tuple[int, int]


def find_persons(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the slices of ``text[start:end]`` that are a person's name: given name and surname.

    The given name is in the table; streets, schools and bodies named after somebody are not persons.
    """
    found: list[tuple[int, int]] = []
    position = start
    while match := _PERSON.search(text, position, end):
        span = _name_at(text, match)
        if span is None:
            position = match.end("given")
        else:
            found.append(span)
            position = span[1]
    return found


def is_person(text: str) -> bool:
    """Tell whether ``text`` is a person's name and nothing else."""
    return find_persons(text, 0, len(text)) == [(0, len(text))]


def find_tenures(text: str, start: int, end: int, lang: str) -> Iterator[Tenure]:
    """Yield what "Name, role of Body" and "the role of Body, Name" say, in one sentence.

    The body is what follows the preposition, up to the next comma or bracket; whether it is one is
    for who links it to tell.
    """
    for person in find_persons(text, start, end):
        behind = _behind(lang).match(text, person[1], end)
        if behind:
            yield Tenure(person, behind.span("role"), behind.span("body"))
            continue
        before = _before(lang).search(text, max(start, person[0] - 160), person[0])
        if before and text[before.end() : person[0]].strip(" ,") == "":
            yield Tenure(person, before.span("role"), before.span("body"))


def _name_at(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    if fold(match["given"]).split()[:1] == [] or fold(match["given"]).split()[0] not in _given():
        return None
    start, end = match.start(), min(match.end(), match.start() + _LONGEST)
    if _guards()[0].search(text[max(0, start - 30) : start]):
        return None
    if _guards()[1].match(text, end) or _guards()[1].search(text[start:end]):
        return None
    joined = re.search(r"\s+(?:ET|AND|OU)\s", text[start:end])
    if joined:
        end = start + joined.start()
    capitals = text[start:end].isupper()
    if match["given"].isupper() and not capitals:
        return None  # an acronym, or a heading before something else
    surname = text[match.end("given") : end].strip()
    # A single letter or an acronym behind a name in small letters is no surname.
    if len(surname) < 2 or (surname.isupper() and not capitals and len(surname) < 4):
        return None
    return start, end


def is_given_name(word: str) -> bool:
    """Tell whether a word is a given name of the table."""
    return fold(word) in _given()


@cache
def _given() -> frozenset[str]:
    return frozenset(fold(str(name)) for name in load_table("persons")["given"])


@cache
def _guards() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_table("persons")
    return (
        re.compile(rf"(?<!\w){table['not_after']}\Z", re.IGNORECASE),
        re.compile(table["not_before"]),
    )


@cache
def ROLE(lang: str) -> re.Pattern[str]:  # noqa: N802 - reads as the pattern it returns
    """Return the pattern of a word that names a role in ``lang`` (English where it has none)."""
    words = load_table("persons")["roles"]["fr" if lang == "fr" else "en"]
    return re.compile(
        r"\b(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")s?\b",
        re.IGNORECASE,
    )


_STOP = r"[^,;:.()\n«»“”]"
_DETERMINER = r"(?:(?:l[’']|le|la|les|the|its)\s*)?"


@cache
def _behind(lang: str) -> re.Pattern[str]:
    role = ROLE(lang).pattern
    link = (
        r"(?:\b(?:chez|de\s+la|de|du|des|à\s+la|à|au|aux)\s+|\b(?:de\s+l|à\s+l|d)[’']|,\s*)"
        if lang == "fr"
        else r"(?:\b(?:of|at|for)\s+(?:the\s+)?|,\s*)"
    )
    return re.compile(
        rf"\s*(?:,|\(|–|—|-)\s*(?i:{_DETERMINER})(?P<role>(?:{_STOP}{{0,60}}?\s)?(?i:{role})"
        rf"{_STOP}{{0,80}}?)\s*(?i:{link}){_DETERMINER}(?P<body>[A-ZÀ-Þ«“\"]{_STOP}{{1,80}})"
    )


@cache
def _before(lang: str) -> re.Pattern[str]:
    role = ROLE(lang).pattern
    link = (
        r"(?:(?:de\s+la|de|du|des)\s+|(?:de\s+l|d)[’'])" if lang == "fr"
        else r"(?:of|at)\s+(?:the\s+)?"
    )  # fmt: skip
    return re.compile(
        rf"(?P<role>(?i:{role})(?:\s+[\w’'-]+){{0,4}}?)\s+{link}(?P<body>[A-ZÀ-Þ]{_STOP}{{1,60}}?),?\s+\Z"
    )
