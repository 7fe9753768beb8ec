"""What a document seems to say about itself: title, authors, publisher, date, language, rights.

Proposals with evidence, for a curator. Properties of the file come first, then what is printed near
the start or the end of the text behind words that announce it.
"""

import re
from collections.abc import Iterable, Iterator

from ingest.document import Block, BlockKind, MetadataField, Proposal, clean_heading
from ingest.language import UNDETERMINED
from ingest.structure.blocks import Structure

__all__ = ["normal_date", "propose_metadata"]

_FRONT, _BACK = 8_000, 4_000  # characters: title pages and colophons
_MOST = 12  # proposals of a field
_ISO_DATE = re.compile(
    r"(?:D:)?((?:19|20)\d\d)(?:[-/.]?(0[1-9]|1[0-2])(?:[-/.]?([0-2]\d|3[01]))?)?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january", "février fevrier february", "mars march", "avril april", "mai may",
            "juin june", "juillet july", "août aout august", "septembre september",
            "octobre october", "novembre november", "décembre decembre december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WHEN = rf"(?:(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s+)?{_MONTH},?\s+(?:\d{{1,2}},\s+)?)?{_YEAR}\b"
_NAME = r"[^\W\d_][\w.'’-]{0,30}"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_RULES: tuple[tuple[MetadataField, str, re.Pattern[str]], ...] = (
    (
        "date",
        "a date on its own line",
        re.compile(rf"^[ \t#*]*(?P<value>{_WHEN})[ \t*]*$", re.IGNORECASE | re.MULTILINE),
    ),
    (
        "date",
        "date of the copyright",
        re.compile(rf"(?:©|\bcopyright\b)[^\n.]{{0,60}}?\b(?P<value>{_WHEN})", re.IGNORECASE),
    ),
    (
        "date",
        "announced as the date of publication",
        re.compile(
            r"^[ \t*]*(?:publi(?:é|ée|cation)|paru|parution|published|released|date de publication"
            r"|publication date|édition|dépôt légal)[ \t:–-]{1,4}"
            rf"(?:en|in|le|on|du|de|of)?[ \t]*(?P<value>{_WHEN})",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (
        "publisher",
        "announced as the publisher",
        re.compile(
            r"^[ \t*]*(?i:éditeur|édité par|publié par|publisher|published by|une publication de"
            rf"|a publication of)\s*:?[ \t*]*(?P<value>{_CAPITAL}[^\n.;,(]{{1,80}})",
            re.MULTILINE,
        ),
    ),
    (
        "publisher",
        "holder of the copyright",
        re.compile(
            rf"(?:©|\b[Cc]opyright\b)[ \t]*(?:(?:19|20)\d\d)?[ \t,–-]{{0,3}}"
            rf"(?P<value>{_CAPITAL}[^\n.;,(|]{{1,60}})"
        ),
    ),
    (
        "authors",
        "announced as an author",
        re.compile(
            r"^[ \t*#]*(?i:auteurs?|autrices?|auteur·e?·?s|auteur\(e?s?\)|authors?|rédaction"
            r"|rédigé par|written by|rapporteure?s?)\s*:?[ \t*]*\n?[ \t*]*"
            rf"(?P<value>{_CAPITAL}{_NAME}(?:[ \t]+(?:et[ \t]+|and[ \t]+|&[ \t]+|,[ \t]*)?"
            rf"{_NAME}|,[ \t]*{_NAME}){{1,20}})",
            re.MULTILINE,
        ),
    ),
    (
        "rights",
        "words of a licence",
        re.compile(
            r"(?P<value>\bCC[ -]BY(?:-(?:NC|SA|ND)){0,2}(?:[ -]\d\.\d)?|\bCC0\b"
            r"|\bCreative Commons(?:[ \t]+[\w.–-]{1,25}){0,5}"
            r"|\bLicence Ouverte(?:[ \t]+(?:Etalab|\d\.\d)){0,2}"
            r"|\bTous droits réservés\b|\bAll rights reserved\b"
            r"|\bReproduction (?:interdite|autorisée|is authorised|prohibited)[^\n.]{0,120})",
            re.IGNORECASE,
        ),
    ),
)
_TRAILING_DATE = re.compile(rf"[ \t]+(?:{_MONTH}[ \t]+)?(?:19|20)\d\d.*$", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:,|;|&|\bet\b|\band\b)\s*")


def propose_metadata(
    text: str, structure: Structure, properties: Iterable[tuple[MetadataField, str, str]] = ()
) -> tuple[Proposal, ...]:
    """Return the proposals, the best of each field first. Linear in the length of the text.

    ``properties`` are what the file says: (field, value, name of the property).
    """
    found = [*_from_properties(properties), *_title(text, structure), *_language(structure)]
    for field, rule, pattern in _RULES:
        found.extend(_from_text(text, field, rule, pattern))
    kept: dict[tuple[str, str], Proposal] = {}
    counts: dict[str, int] = {}
    for proposal in found:
        key = (proposal.field, proposal.value.casefold())
        if key not in kept and counts.get(proposal.field, 0) < _MOST:
            kept[key] = proposal
            counts[proposal.field] = counts.get(proposal.field, 0) + 1
    return tuple(kept.values())


def normal_date(raw: str) -> str:
    """Return a date as ISO 8601, as exact as it is given; ``""`` for what is none.

    Reads ISO 8601, that of PDF (``D:20210615…``), and months in French and English words.
    """
    bare = raw.strip().lower()
    if iso := _ISO_DATE.match(bare.upper()):
        return "-".join(part for part in iso.groups() if part)
    if words := re.search(_WHEN, bare):
        month = _MONTHS.get(words["month"] or "")
        return f"{words['year']}-{month:02}" if month else words["year"]
    return ""


def _from_properties(
    properties: Iterable[tuple[MetadataField, str, str]],
) -> Iterator[Proposal]:
    for field, value, name in properties:
        bare = normal_date(value) if field == "date" else value
        if bare:
            yield Proposal(field, bare, f"file property {name}")


def _title(text: str, structure: Structure) -> Iterator[Proposal]:
    block = next((b for b in structure.blocks if _is_title(text, b, structure.title)), None)
    if block is not None:
        yield Proposal("title", structure.title, "first title in the text", block.start, block.end)


def _is_title(text: str, block: Block, title: str) -> bool:
    return (
        bool(title)
        and block.kind not in (BlockKind.FURNITURE, BlockKind.CONTENTS)
        and block.end - block.start < 4 * len(title) + 40
        and clean_heading(text[block.start : block.end]) == title
    )


def _language(structure: Structure) -> Iterator[Proposal]:
    if structure.lang not in ("", UNDETERMINED):
        yield Proposal("language", structure.lang, "language of most of the text")


def _from_text(
    text: str, field: MetadataField, rule: str, pattern: re.Pattern[str]
) -> Iterator[Proposal]:
    back = max(_FRONT, len(text) - _BACK)
    for begin, end in ((0, _FRONT), (back, len(text))):
        for match in pattern.finditer(text, begin, min(end, len(text))):
            yield from _proposals(field, rule, match)


def _proposals(field: MetadataField, rule: str, match: re.Match[str]) -> Iterator[Proposal]:
    start, end = match.span("value")
    value = " ".join(match["value"].split())
    if field == "date":
        yield Proposal(field, normal_date(value), rule, start, end)
    elif field == "authors":
        position = start
        for name in _PARTS.split(match["value"]):
            at = match.string.index(name, position, end) if name else position
            position = at + len(name)
            if 2 <= len(name.split()) <= 5 and name[0].isupper():
                yield Proposal(field, " ".join(name.split()), rule, at, position)
    elif value.strip(" *_"):
        # The year and month of a copyright may stand behind its holder.
        bare = _TRAILING_DATE.sub("", match["value"]).rstrip(" \t*_-–")
        yield Proposal(field, " ".join(bare.split()), rule, start, start + len(bare))
