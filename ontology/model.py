"""The value types that packages exchange. All are frozen and hashable; none knows a store or a file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ontology.folding import fold

__all__ = [
    "Claim",
    "Iri",
    "LabelRole",
    "Literal",
    "Name",
    "Passage",
    "Quad",
    "Term",
    "Triple",
]

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Iri(str):
    """An absolute IRI."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self}>"


@dataclass(frozen=True, slots=True)
class Literal:
    """An RDF literal. With ``lang`` its datatype is ``rdf:langString``, whatever ``datatype`` says."""

    value: str
    datatype: Iri = Iri(XSD + "string")
    lang: str | None = None


Term = Iri | Literal


class Triple(NamedTuple):
    """A statement outside any graph. Data graphs hold no blank nodes: subjects are IRIs."""

    subject: Iri
    predicate: Iri
    object: Term


class Quad(NamedTuple):
    """A statement in a named graph."""

    subject: Iri
    predicate: Iri
    object: Term
    graph: Iri


class LabelRole(StrEnum):
    """What a name is to its entity: SKOS label properties, plus why an alternative one exists."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    ACRONYM = "acronym"
    TRANSLATION = "translation"
    FORMER = "former"
    SHORT = "short"
    SPELLING = "spelling"  # printed so by mistake or by OCR; recognised, never shown


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """One name of one entity: what the recogniser's Lexicon and the search thesaurus are made of.

    ``cls`` is the local name of the entity's class in the ontology (``"Actor"``, ``"Law"``,
    ``"Concept"``); ``lang`` a BCP 47 tag, ``""`` where the name is the same in every language.
    ``context`` says when a name shared with common words counts: ``""`` always, ``"capital"``
    only as printed (case kept), ``"cue"`` only behind a word that announces its class. It binds
    the recogniser, which reads running text; who types a query does not mind capitals.
    """

    text: str
    lang: str
    entity: Iri
    cls: str
    role: LabelRole
    context: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document's stored text: ``text[start:end] == quote``, always.

    ``document`` is the SHA-256 of the original file, offsets count code points of ``text.txt``,
    ``page`` is 1-based where the source has pages, ``section`` the nearest heading's text.
    """

    document: str
    start: int
    end: int
    quote: str
    lang: str
    page: int | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a document makes, with the passage it was read in.

    ``qualifiers`` are further (property, value) pairs of the assertion (a year, an amount, a role).
    ``rule`` names what read it, ``confidence`` is between 0 and 1.
    """

    subject: Iri
    predicate: Iri
    object: Term
    passage: Passage
    rule: str
    confidence: float
    qualifiers: tuple[tuple[Iri, Term], ...] = ()

    @property
    def hash(self) -> str:
        """The claim's name, 32 hexadecimal digits: what it says and where, never at which offset.

        Human decisions refer to it, so it must survive a new extractor or a shifted text.
        """
        value = self.object
        said = (
            [value, ""] if isinstance(value, Iri) else [value.value, value.lang or value.datatype]
        )
        key = [self.passage.document, self.subject, self.predicate, *said, fold(self.passage.quote)]
        return hashlib.sha256(json.dumps(key, ensure_ascii=False).encode()).hexdigest()[:32]


def sorted_names(names: Iterable[Name]) -> tuple[Name, ...]:
    """Return the names without repetition in an order that does not depend on the input's."""
    return tuple(sorted(set(names)))
