"""All names of a document that need no list: each form of print that makes a name, tried in turn."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ingest.document import Block, BlockKind, Document
from ingest.extract.acronyms import find_pairs
from ingest.extract.data import load_table
from ingest.extract.enumerations import find_bare_list, find_examples, find_listed_names
from ingest.extract.heads import HeadedName, find_headed_names
from ingest.extract.persons import find_persons
from ingest.extract.proper import find_proper_names
from ingest.extract.titles import find_titles
from ingest.spotted import SpottedName, name_key
from ingest.templates.filling import fill_templates
from ontology.folding import fold

__all__ = ["spot_names"]

_OPENS = re.compile(r"\s*\(\s*[A-ZÀ-Þ][\w’'&.-]{1,11}\s*\)")
_QUOTE = re.compile(r"[«“\"]\s*\w?\Z")
_LISTED = re.compile(r"\s*(?:,|;|•|\n|et\b|and\b|\))")
_OFTEN = 2
_SHORT_TITLE = 4
_THE = re.compile(r"(?:\b[Tt]he|\()\s*[*“\"]*\Z")
_OWNED = re.compile(
    r"\s+(?:for|of|leaders?|owners?|managers?|holders?|teams?|members?|programmes?|network|and)\b|-"
)
_CLOSES = re.compile(
    r"[*»”\"]*(?:[,.;:)»”\"]|\s*$|\s*\n|\s+(?:qui|which|that|est|is|a|has|se|s[’']|propose|offers|vise|aims)\b)"
)
_SKIPPED = (BlockKind.CONTENTS, BlockKind.FURNITURE)
_PROGRAMMES = frozenset(("Programme", "Fund", "Label", "Award", "CallForProjects", "Project"))


def spot_names(document: Document) -> tuple[SpottedName, ...]:
    """Return the names that ``document`` prints in a form that makes them names, in reading order.

    The forms of templates come first; of two names that overlap, the earlier form's counts.
    """
    found: list[SpottedName] = sorted(fill_templates(document).names, key=lambda n: n.start)
    weak: list[SpottedName] = []
    for block in document.blocks:
        if block.kind in _SKIPPED:
            continue
        sure, unsure = _headed(document, block)
        found += [*_in_block(document, block), *sure]
        weak += unsure
    counts = Counter(name_key(name.text) for name in weak)
    found += [n for n in weak if counts[name_key(n.text)] >= _OFTEN or _beside(document.text, n)]
    return tuple(_bound(document, name) for name in _without_overlaps(found))


def _in_block(document: Document, block: Block) -> Iterator[SpottedName]:
    text, lang = document.text, block.lang or document.lang
    span = block.start, block.end
    pairs = find_pairs(text, *span, lang)
    for title in find_titles(text, *span):
        yield _name(document, title.start, title.end, title.cls, lang, "title")
    for name in find_proper_names(text, *span, lang):
        if name.strong:
            yield _name(document, name.start, name.end, name.cls, lang, "proper-head")
    listed_names = (*find_listed_names(text, *span), *find_bare_list(text, *span))
    for listed in (*listed_names, *find_examples(text, *span)):
        printed = text[listed.start : listed.end]
        if any(p.start < listed.end and listed.start < max(p.end, p.acronym_end) for p in pairs):
            continue  # "(Sociétés …, SCOP)" explains an acronym
        if " " not in printed and re.search(
            rf"(?<![\w’'-]){re.escape(printed.lower())}(?!\w)", text
        ):
            continue  # a common word that is capitalised in a list
        yield _name(document, listed.start, listed.end, listed.cls, lang, "enumeration")
    for start, end in find_persons(text, *span):
        yield _name(document, start, end, "Person", lang, "person-name")
    for headed in find_headed_names(text, *span, lang):
        if headed.cls in _PROGRAMMES and _QUOTE.search(text[headed.start - 3 : headed.start + 1]):
            yield _name(document, headed.start, headed.end, headed.cls, lang, "quoted-head")


def _headed(document: Document, block: Block) -> tuple[list[SpottedName], list[SpottedName]]:
    """Return the names beside generic nouns that are sure, and what needs a second sign."""
    sure: list[SpottedName] = []
    weak: list[SpottedName] = []
    text, lang = document.text, block.lang or document.lang
    for name in find_proper_names(text, block.start, block.end, lang):
        if not name.strong:
            weak.append(_name(document, name.start, name.end, name.cls, lang, "proper-head"))
    for headed in find_headed_names(text, block.start, block.end, lang):
        # "association Graine d'…": where the name ends is not sure.
        first = fold(text[headed.start : headed.end].split()[0])
        if first in _adjectives():
            continue  # "Dispositif Local …" is one name with its head
        behind = text[headed.end : headed.end + 12]
        if not re.match(r"\s+(?:de|du|des)\s|\s+d[’']|[’'-]\w", behind):
            fitting = sure if _is_sure(text, headed) else weak
            fitting.append(
                _name(document, headed.start, headed.end, headed.cls, lang, "generic-head")
            )
    return sure, weak


def _is_sure(text: str, headed: HeadedName) -> bool:
    """Tell whether one print is enough: "the X programme", "l'association X, qui …"."""
    printed = text[headed.start : headed.end]
    if headed.cls == "Project" or "\n" in printed:
        return False
    before = text[max(0, headed.start - 24) : headed.start]
    if printed.split()[-1][:1].islower():  # the head is behind: "the X fund"
        return bool(_THE.search(before)) and not _OWNED.match(text, headed.end)
    head = re.search(r"([\w-]+)[\s*«“\"]+\Z", before)
    return bool(head and head[1].islower() and _CLOSES.match(text, headed.end))


@cache
def _adjectives() -> frozenset[str]:
    return frozenset(fold(word) for word in load_table("heads")["proper"]["adjectives"])


def _beside(text: str, name: SpottedName) -> bool:
    """Tell whether an acronym in brackets follows."""
    return bool(_OPENS.match(text, name.end))


def _name(document: Document, start: int, end: int, cls: str, lang: str, rule: str) -> SpottedName:
    printed = " ".join(re.sub(r"\*\*|</?\w+>|[«»“”\"]", "", document.text[start:end]).split())
    return SpottedName(printed, cls, lang, start, end, rule)


def _bound(document: Document, name: SpottedName) -> SpottedName:
    """Bind a name to its place where the same words are also a common phrase."""
    words = name.text.split()
    if name.cls == "Person" or (len(words) == 1 and name.rule != "title"):
        return name
    small = name.text[0] + name.text[1:].lower()
    title = name.rule in ("title", "quoted-head", "template-readings")
    common = len(words) <= _SHORT_TITLE and title and small == name.text
    return replace(name, here=True) if common else name


def _without_overlaps(names: list[SpottedName]) -> tuple[SpottedName, ...]:
    taken: list[SpottedName] = []
    for name in names:
        if name.text and all(name.end <= t.start or name.start >= t.end for t in taken):
            taken.append(name)
    return tuple(sorted(taken, key=lambda n: (n.start, n.end)))
