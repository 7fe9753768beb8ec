"""Linking: which known entity a name, an acronym or a citation of a law stands for.

Exact names only. Where two entities share a name, the document's own definition decides, then the
language, then the words around it; else the mention stays a candidate. Nothing is linked by
likeness, and nothing is merged.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.extract.acronyms import AcronymPair
from ingest.extract.classes import family_of
from ingest.extract.data import cue_patterns
from ingest.extract.laws import LawReference, find_laws, law_slug
from ingest.extract.lexicon import Lexicon, Match
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, Name

__all__ = ["LawIndex", "LinkedLaw", "choose_name", "definitions_of", "link_laws"]

_LOCATIVE = re.compile(
    r"(?:\b(?:in|at|near|across|around|from|à|en|dans|sur|vers|depuis|chez)\s+(?:the\s+|le\s+|la\s+|l[’'])?)$",
    re.IGNORECASE,
)
_AGENTIVE = re.compile(
    r"(?:\b(?:by|with|par|avec|et|and)\s+(?:the\s+|le\s+|la\s+|l[’'])?)$", re.IGNORECASE
)
_SO_CALLED = re.compile(
    r"[\s,(]*(?:dite?s?|known\s+as|called|or|aussi\s+appelée|the\s+so-called)\s*[«\"“*]*\s*"
    r"(?:la\s+|the\s+)?\Z",
    re.IGNORECASE,
)


def definitions_of(pairs: Iterable[AcronymPair], lexicon: Lexicon) -> Mapping[str, frozenset[Iri]]:
    """Return folded acronym → the entities that the document's own long forms of it name."""
    found: dict[str, set[Iri]] = defaultdict(set)
    for pair in pairs:
        found[fold(pair.acronym)].update(name.entity for name in lexicon.named(pair.long_form))
    return {acronym: frozenset(entities) for acronym, entities in found.items() if entities}


def choose_name(
    text: str, match: Match, lang: str, defined: Mapping[str, frozenset[Iri]]
) -> Name | None:
    """Return the name, and so the entity, that a match stands for, or None where that is open."""
    names: Sequence[Name] = match.names
    meant = defined.get(fold(text[match.start : match.end]))
    for narrowed in (
        [n for n in names if meant is None or n.entity in meant],
        [n for n in names if n.lang in (lang, "")],
    ):
        if narrowed:
            names = [n for n in names if n in narrowed] or names
        if len({n.entity for n in names}) == 1:
            return _best(names, lang)
    names = _by_context(text, match, names)
    return _best(names, lang) if len({n.entity for n in names}) == 1 else None


def _best(names: Sequence[Name], lang: str) -> Name:
    return min(names, key=lambda n: (n.lang != lang, n.lang, n.text, n.role))


def _by_context(text: str, match: Match, names: Sequence[Name]) -> Sequence[Name]:
    before = text[max(0, match.start - 60) : match.start]
    after = text[match.end : match.end + 24]
    families = {family_of(name.cls) or "" for name in names}
    if families == {"Actor", "Territory"}:
        wanted = (
            "Territory" if _LOCATIVE.search(before)
            else "Actor" if _AGENTIVE.search(before) or not before.strip()
            else ""
        )  # fmt: skip
        return [n for n in names if family_of(n.cls) == wanted] or names
    announced = {
        family
        for family, (cue_before, cue_after) in cue_patterns().items()
        if family in families and (cue_before.search(before) or cue_after.match(after))
    }
    return [n for n in names if family_of(n.cls) in announced] or names


class LawIndex:
    """The laws that the Lexicon knows, by what texts cite of them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entities: dict[tuple[str, str], set[Iri]] = defaultdict(set)
        articles: list[tuple[LawReference, Iri]] = []
        for name in lexicon.names:
            if family_of(name.cls) != "LegalFramework":
                continue
            references = find_laws(name.text)
            for reference in references:
                if reference.article:
                    articles.append((reference, name.entity))
            if name.cls != "Article" and references and not any(r.article for r in references):
                self._add(references[0], name.entity)
        for reference, entity in articles:
            for law in self.find(_law_of(reference)):
                self._entities[(f"article {law}", fold(reference.article))].add(entity)

    def find(self, reference: LawReference) -> frozenset[Iri]:
        """Return the laws (or articles) that a citation can mean: number first, then date, name."""
        if reference.article:
            laws = self.find(_law_of(reference)) if _says_something(_law_of(reference)) else ()
            keys = [(f"article {law}", fold(reference.article)) for law in sorted(laws)]
            return frozenset(e for key in keys for e in self._entities.get(key, ()))
        for key in _keys(reference):
            entities = self._entities.get(key)
            if entities:
                return frozenset(entities)
        return frozenset()

    def of_year(self, kind: str, year: str) -> frozenset[Iri]:
        """Return the known laws of a year."""
        return frozenset(self._entities.get((f"{kind} of year", year), ()))

    def _add(self, reference: LawReference, entity: Iri) -> None:
        for key in _keys(reference):
            self._entities[key].add(entity)
        if reference.year:
            self._entities[(f"{reference.kind} of year", reference.year)].add(entity)


def _keys(reference: LawReference) -> list[tuple[str, str]]:
    keys = [
        (reference.kind, reference.number),
        (reference.kind, reference.date),
        (f"{reference.kind} named", fold(reference.nick)),
    ]
    return [key for key in keys if key[1]]


def _says_something(reference: LawReference) -> bool:
    return bool(reference.number or reference.date or reference.nick)


def _law_of(reference: LawReference) -> LawReference:
    return LawReference(
        reference.start, reference.end, reference.kind,
        reference.number, reference.date, reference.year, reference.nick,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkedLaw:
    """A citation with its entity; ``minted`` when the Lexicon knows it not.

    ``entity`` is None for a citation that says too little ("the 2014 law" without any other).
    """

    reference: LawReference
    entity: Iri | None
    minted: bool
    rule: str


def link_laws(
    text: str, references: Sequence[LawReference], index: LawIndex, iris: Iris
) -> list[LinkedLaw]:
    """Link the citations of one document, in reading order.

    A full citation mints a law that the index lacks; a short name or a year is resolved by the
    nearest full citation that goes with it, before looking at the index.
    """
    aliases = _aliases(text, references)
    linked: list[LinkedLaw] = []
    for reference in references:
        full = _completed(reference, references, aliases)
        known = index.find(full)
        if not known and full.year and not _says_something(full):
            laws = index.of_year(full.kind, full.year)
            known = laws if not full.article else frozenset()
        if len(known) == 1:
            rule = "law-completed" if full != reference else _rule(reference)
            linked.append(LinkedLaw(reference, next(iter(known)), minted=False, rule=rule))
            continue
        entity = None if known else _mint(full, index, iris)
        linked.append(LinkedLaw(reference, entity, minted=True, rule=_rule(full)))
    return linked


def _rule(reference: LawReference) -> str:
    if reference.article:
        return "law-article"
    if reference.number:
        return "law-number"
    if reference.date:
        return "law-date"
    return "law-name" if reference.nick else "law-year"


def _mint(reference: LawReference, index: LawIndex, iris: Iris) -> Iri | None:
    slug = law_slug(reference)
    if slug is None or (reference.kind == "code" and not reference.nick):
        return None
    parents = index.find(_law_of(reference)) if reference.article else frozenset()
    if len(parents) == 1:
        parent = iris.split(next(iter(parents)))
        if parent is not None:
            slug = f"{parent[1]}-article-{slug.rpartition('-article-')[2]}"
    return iris.entity("law", slug)


def _aliases(text: str, references: Sequence[LawReference]) -> Mapping[str, LawReference]:
    """Return short names that the document gives to a full citation ("…, dite « loi ESS »")."""
    found: dict[str, LawReference] = {}
    laws = [r for r in references if not r.article]
    for one, other in pairwise(laws):
        if (one.number or one.date) and other.nick and not other.number and not other.date:
            between = text[one.end : other.start]
            if len(between) < 40 and _SO_CALLED.search(between):
                found.setdefault(fold(other.nick), one)
    return found


def _completed(
    reference: LawReference,
    references: Sequence[LawReference],
    aliases: Mapping[str, LawReference],
) -> LawReference:
    """Return the citation with the number and date of the full one it is short for, if any."""
    if reference.number or reference.date or reference.kind == "code":
        return reference
    full = aliases.get(fold(reference.nick)) if reference.nick else None
    if full is None and not reference.nick and reference.year:
        same = [
            r for r in references
            if r.year == reference.year and r.kind == reference.kind and _says_something(r)
        ]  # fmt: skip
        full = min(same, key=lambda r: abs(r.start - reference.start), default=None)
    if full is None:
        return reference
    return LawReference(
        reference.start, reference.end, full.kind,
        full.number, full.date, full.year or reference.year, full.nick, reference.article,
    )  # fmt: skip
