"""Names in an enumeration: "the funds (A, B and C)", "Private stakeholders: A, B".

The noun before says what they are. Every item must look like a name, or none counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.extract.data import load_table, small_words
from ontology.folding import fold

__all__ = ["ListedName", "find_bare_list", "find_examples", "find_listed_names"]

_CAP = r"[A-ZÀ-ÞŒ0-9][\w’'&.+-]*"
_LINK = r"(?:(?:de\s+la|de|du|des|la|le|les|en|à|au|aux|pour|of|the|for|in)\s+|(?:de\s+l|d|l)[’'])"
_NAME = rf"{_CAP}(?:\s+(?:{_LINK}){{0,2}}{_CAP}){{0,6}}"
_ITEM = rf"(?:(?:l[’']|la\s+|le\s+|les\s+|the\s+))?(?:\*\*)?(?P<name>{_NAME})(?:\*\*)?"
_JOINT = re.compile(r"\s*(?:,\s*(?:et|and|ainsi que)\s+|,\s*|;\s*|\s+(?:et|and|ainsi\s+que)\s+)")
_LOOSE = re.compile(r"(?:l[’']|la\s+|le\s+|les\s+|the\s+)?(?P<name>[A-ZÀ-ÞŒ0-9][^,;:()\n.]{1,50})")
_PLACE = re.compile(r"\s+(?:in|en)\s+(?=[A-ZÀ-ÞŒ])")
_FEWEST = 2
_MOST_WORDS = 6
_BARE = 5


@dataclass(frozen=True, slots=True)
class ListedName:
    """An item of an enumeration, and the class that the noun before it gives."""

    start: int
    end: int
    cls: str


def find_listed_names(text: str, start: int, end: int) -> list[ListedName]:
    """Return the names in the enumerations of ``text[start:end]``, in reading order."""
    found: list[ListedName] = []
    pattern, classes = _leads()
    for match in pattern.finditer(text, start, end):
        leads = [word for word in _nouns().findall(match[0]) if word]
        cls = classes[fold(leads[-1])]  # "schemes of incubators such as A and B": incubators
        opening = match["open"].strip(" *\n")
        limit = text.find(")", match.end(), end) if opening == "(" else end
        spans: list[tuple[int, int]] = []
        if opening == ":":
            spans = list(_loose_items(text, match.end(), end))
        if len(spans) < _FEWEST:
            spans = list(_items(text, match.end(), limit if limit >= 0 else end))
        if len(spans) >= _FEWEST:
            found += [ListedName(*span, cls) for span in spans]
    return found


def find_examples(text: str, start: int, end: int) -> list[ListedName]:
    """Return single names behind "schemes such as": the noun says what kind of thing the name is."""
    found: list[ListedName] = []
    pattern, classes = _examples()
    for match in pattern.finditer(text, start, end):
        spans = list(_items(text, match.end(), end))[:1]
        cls = classes[fold(match["noun"])]
        for begin, stop in spans:
            place = _PLACE.search(text, begin, stop)  # "the X in Y": where it is, not its name
            found.append(ListedName(begin, place.start() if place else stop, cls))
    return found


def find_bare_list(text: str, start: int, end: int) -> list[ListedName]:
    """Return the names of a block that is nothing but an enumeration of bodies ("A, B 78, C et D").

    Some of them must be printed as bodies are: with an acronym or in two words.
    """
    lead = re.compile(r"[\W\d_]*(?=[A-ZÀ-Þ])").match(text, start, end)
    at = lead.end() if lead else start
    spans = list(_items(text, at, end))
    if len(spans) < _BARE or re.search(r"\w", text[spans[-1][1] : end]):
        return []
    telling = sum(bool(re.search(r"[A-ZÀ-Þ]{2}| ", text[slice(*span)])) for span in spans)
    return [ListedName(*span, "Actor") for span in spans] if telling >= len(spans) / 2 else []


def _items(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    item = _item()
    while match := item.match(text, at, end):
        stop = match.start("name") + len(match["name"].rstrip(".’'-"))
        behind = text[match.end() : match.end() + 1]
        if behind and re.match(r"[\w]", behind):
            return
        if _is_own(match["name"]):
            yield match.start("name"), stop
        at = match.end()
        note = re.compile(r"\s*\([^()\n]{1,80}\)").match(text, at, end)
        at = note.end() if note else at
        joint = _JOINT.match(text, at, end)
        if joint is None:
            return
        at = joint.end()


def _loose_items(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield items up to the full stop, names in small letters too, if all begin with a capital."""
    stop = text.find(".", at, end)
    stop = end if stop < 0 else stop
    spans: list[tuple[int, int]] = []
    position = at
    for piece in re.split(r"(,\s+|;\s+)", text[at:stop]):
        lead = len(piece) - len(piece.lstrip())
        match = _LOOSE.fullmatch(piece.strip())
        if piece.strip(" ,;"):
            if match is None or len(match["name"].split()) > _MOST_WORDS:
                return
            if _is_own(match["name"]):
                begin = position + lead + match.start("name")
                spans.append((begin, begin + len(match["name"].rstrip())))
        position += len(piece)
    yield from spans


def _is_own(printed: str) -> bool:
    words = fold(printed).split()
    return (
        any(any(c.isalpha() for c in w) for w in words)
        and " ".join(words) not in _common()
        and not all(w in small_words() or w in _common() for w in words)
    )


@cache
def _item() -> re.Pattern[str]:
    return re.compile(_ITEM)


@cache
def _common() -> frozenset[str]:
    return frozenset(load_table("enumerations")["common"])


@cache
def _nouns() -> re.Pattern[str]:
    table = load_table("enumerations")["leads"]
    nouns = sorted((re.escape(n) for ns in table.values() for n in ns), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(nouns)})\b", re.IGNORECASE)


@cache
def _examples() -> tuple[re.Pattern[str], dict[str, str]]:
    table = load_table("enumerations")["examples"]
    classes = {fold(noun): cls for cls, nouns in table.items() for noun in nouns}
    nouns = sorted((re.escape(n) for ns in table.values() for n in ns), key=len, reverse=True)
    return (
        re.compile(
            rf"\b(?P<noun>(?i:{'|'.join(nouns)}))"
            r",?\s+(?:such\s+as|like|tel(?:le)?s?\s+que)\s+(?:the\s+|le\s+|la\s+|les\s+|l[’'])?(?:\*\*|[“\"«]\s?)?"
        ),
        classes,
    )


@cache
def _leads() -> tuple[re.Pattern[str], dict[str, str]]:
    table = load_table("enumerations")["leads"]
    classes = {fold(noun): cls for cls, nouns in table.items() for noun in nouns}
    return (
        re.compile(
            rf"(?i:{_nouns().pattern})(?:(?:\s+[\w’'-]+){{0,12}}?(?=\s*:)|(?:\s+[\w’'-]+){{0,5}}?)"
            r"(?P<open>\s*\(|\s*:\s*(?:\*\*)?\s*|,?\s+such\s+as\s+|,?\s+tels?\s+que\s+|,?\s+telles?\s+que\s+"
            r"|,?\s+including\s+|,?\s+dont\s+|,?\s+notamment\s+|,?\s+comme\s+)(?:\*\*)?"
        ),
        classes,
    )
