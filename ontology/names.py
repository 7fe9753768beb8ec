"""Labels to names: what the recogniser's Lexicon and the search thesaurus are made of."""

import re
from collections.abc import Iterable, Iterator

from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import Iris
from ontology.load import scheme_names, scheme_triples
from ontology.model import Iri, LabelRole, Literal, Name, Term, Triple, sorted_names
from ontology.vocabularies import (
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_BROADER,
    SKOS_CLOSE_MATCH,
    SKOS_CONCEPT,
    SKOS_EXACT_MATCH,
    SKOS_HIDDEN_LABEL,
    SKOS_NARROWER,
    SKOS_PREF_LABEL,
    SKOS_RELATED,
    SKOS_RELATED_MATCH,
)

__all__ = [
    "concept_names",
    "concept_relations",
    "is_acronym",
    "is_common_word",
    "is_short_acronym",
    "name",
    "names",
]

_ROLES = {
    SKOS_PREF_LABEL: LabelRole.PREFERRED,
    SKOS_ALT_LABEL: LabelRole.ALTERNATIVE,
    SKOS_HIDDEN_LABEL: LabelRole.SPELLING,
}

_MUTUAL = frozenset((SKOS_RELATED, SKOS_RELATED_MATCH, SKOS_CLOSE_MATCH, SKOS_EXACT_MATCH))

_ACRONYM = re.compile(r"[^\W_][\w&+.'’\-]{1,14}")

_FRENCH_WORDS = """
acces acte action aide appui article assise axe base but cap centre chance cite cle coup cube defi
eco ecole elan ensemble entreprise fabrique faire fil fonds frise gens habitat horizon impact
innover label levier lien lieu maison merci monde nous ouvert pacte part pause place plan
plateforme point pole pont relais reseau rive ruche sens soli solidaire tandem terre territoire
toit trait union utile vie ville voie
"""
_ENGLISH_WORDS = """
act aid arc bridge care change city community cross do east engine fair fast fit fund future good
help hub idea in invest it joint lab lead link loop make map mobile nest net north one open or our
path people pilot place port project raise rise root scale seed share sharing smart social source
space spark start step supply switch tool transfer up us village way we west wise work world
"""
_COMMON_WORDS = frozenset(_FRENCH_WORDS.split() + _ENGLISH_WORDS.split())
"""Folded words that are also names or acronyms of the field: those count only as printed."""


def names(entity: Iri, cls: str, labels: Iterable[Triple]) -> Iterator[Name]:
    """Yield a name for each SKOS label triple of ``entity`` among ``labels``.

    ``cls`` is the local name of its class. A text that is a label in several languages with the
    same role becomes one name of language ``""``; empty labels are left out.
    """
    by_text: dict[tuple[str, LabelRole], set[str]] = {}
    for subject, predicate, value in labels:
        if subject == entity and predicate in _ROLES and isinstance(value, Literal):
            text = " ".join(value.value.split())
            if fold(text):
                by_text.setdefault((text, _ROLES[predicate]), set()).add(value.lang or "")
    for (text, role), langs in by_text.items():
        lang = langs.pop() if len(langs) == 1 else ""
        yield name(text, lang, entity, cls, role)


def name(text: str, lang: str, entity: Iri, cls: str, role: LabelRole) -> Name:
    """Return a name, its role and context refined by what the text looks like.

    An alternative label that reads as an acronym gets that role. Acronyms of two or three letters
    and names that are common words count only with their capitals (context ``"capital"``) where
    running text is read. Search may take "dla" for DLA: see :func:`is_common_word` for the rest.
    """
    if role is LabelRole.ALTERNATIVE and is_acronym(text):
        role = LabelRole.ACRONYM
    return Name(text, lang, entity, cls, role, _context(text))


def is_acronym(text: str) -> bool:
    """Tell whether a name is an acronym or initialism: ESS, P'INS, ESF+, R&D, S.C.I.C.

    One word of at most 15 characters with two capitals or more, at least six tenths of its
    letters; a capitalised word, a number or a name in small letters is none.
    """
    if not _ACRONYM.fullmatch(text):
        return False
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return capitals >= 2 and capitals * 10 >= len(letters) * 6


def is_short_acronym(text: str) -> bool:
    """Tell whether a name is an acronym of at most three letters: DLA, CE&A, ESS."""
    return is_acronym(text) and sum(char.isalnum() for char in fold(text)) <= 3


def is_common_word(text: str) -> bool:
    """Tell whether a name is also a word of everyday French or English: Toit, Switch, Horizon.

    Such a name stays doubtful in a query too; an acronym that is none (DLA, ESS) does not.
    """
    return fold(text) in _COMMON_WORDS


def concept_names(iris: Iris) -> tuple[Name, ...]:
    """Return the names of all concepts of our vocabularies, sorted, with class ``"Concept"``.

    Labels in a language that nobody checked (``mln:uncheckedLanguage``) are left out: they are
    there to be shown, and a wrong one must not find anything.
    """
    found: list[Name] = []
    for scheme in scheme_names():
        rows = scheme_triples(scheme, iris)
        unchecked = {
            (row.subject, row.object.value)
            for row in rows
            if row.predicate == mln.uncheckedLanguage and isinstance(row.object, Literal)
        }
        checked = [row for row in rows if (row.subject, _language(row.object)) not in unchecked]
        concepts = [s for s, p, o in rows if p == RDF_TYPE and o == SKOS_CONCEPT]
        for concept in concepts:
            found.extend(names(concept, "Concept", checked))
    return sorted_names(found)


def concept_relations(iris: Iris) -> tuple[tuple[Iri, Iri], ...]:
    """Return pairs of concepts of which the second helps to find what the first is about, sorted.

    Related and matching concepts help each other, narrower ones help broader ones.
    """
    found: set[tuple[Iri, Iri]] = set()
    for scheme in scheme_names():
        for subject, predicate, other in scheme_triples(scheme, iris):
            if not isinstance(other, Iri):
                continue
            if predicate in _MUTUAL:
                found |= {(subject, other), (other, subject)}
            elif predicate == SKOS_BROADER:
                found.add((other, subject))
            elif predicate == SKOS_NARROWER:
                found.add((subject, other))
    return tuple(sorted(found))


def _language(value: Term) -> str | None:
    return value.lang if isinstance(value, Literal) else None


def _context(text: str) -> str:
    return "capital" if is_short_acronym(text) or is_common_word(text) else ""
