"""One sheet: what we say of an entity, and the statements the graph holds of it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from corpus.names import without_repeated_spellings
from corpus.values import Part, Reference, Value
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name, Quad, Term
from ontology.names import name
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_HIDDEN_LABEL,
    SKOS_PREF_LABEL,
)

__all__ = ["Citation", "Fact", "Sheet", "SheetError", "SheetName"]


class SheetError(Exception):
    """A sheet, or one line of it, cannot be used; the other sheets can.

    ``file`` is the path as it was reached, ``line`` is 1-based (None for the whole file),
    ``problem`` a plain sentence.
    """

    def __init__(self, file: str, line: int | None, problem: str) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SheetName:
    """Another name than the preferred ones; ``lang`` is empty where it is the same everywhere."""

    text: str
    lang: str
    role: LabelRole
    context: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a publication says a fact: its slug, section or page, and the sentence's fingerprint."""

    publication: str
    place: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about the sheet's entity; it has at least one citation."""

    predicate: Iri
    value: Value
    citations: tuple[Citation, ...]
    qualifiers: tuple[tuple[Iri, Value], ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file says of one entity. ``labels`` and ``prose`` hold ``fr`` and ``en``.

    ``context`` says when a preferred label that is also a common word counts as the name.
    """

    kind: str
    slug: str
    cls: str
    labels: Mapping[str, str]
    alternatives: tuple[SheetName, ...]
    facts: tuple[Fact, ...]
    prose: Mapping[str, str]
    context: str = ""
    file: str = field(default="", compare=False)

    @property
    def path(self) -> str:
        """How other sheets refer to the entity: ``programme/dla``."""
        return f"{self.kind}/{self.slug}"

    def claims(self, iris: Iris) -> Iterator[tuple[Iri, Fact]]:
        """Yield every fact with the IRI of its assertion.

        The name is a hash of subject, predicate, object and, where there are any, qualifiers: it
        survives a change of citation or of wording.
        """
        subject = iris.entity(self.kind, self.slug)
        for fact in self.facts:
            said = [subject, fact.predicate, *_hashable(_term(fact.value, subject, iris))]
            for qualifier, value in fact.qualifiers:
                said += [qualifier, *_hashable(_term(value, subject, iris))]
            key = json.dumps(["sheet", *said], ensure_ascii=False)
            yield iris.claim(hashlib.sha256(key.encode()).hexdigest()[:32]), fact

    def quads(self, iris: Iris) -> Iterator[Quad]:
        """Yield what the graph ``corpus`` holds of this sheet: labels, text, facts, citations."""
        graph = iris.graph("corpus")
        subject = iris.entity(self.kind, self.slug)
        yield Quad(subject, RDF_TYPE, mln_class(self.cls), graph)
        for lang, text in self.labels.items():
            yield Quad(subject, SKOS_PREF_LABEL, Literal(text, lang=lang), graph)
        for other in self.alternatives:
            hidden = other.role is LabelRole.SPELLING
            label = SKOS_HIDDEN_LABEL if hidden else SKOS_ALT_LABEL
            yield Quad(subject, label, Literal(other.text, lang=other.lang or None), graph)
        for lang, text in self.prose.items():
            yield Quad(subject, DCTERMS_DESCRIPTION, Literal(text, lang=lang), graph)
        for claim, fact in self.claims(iris):
            yield from _fact_quads(subject, claim, fact, iris)

    def names(self, iris: Iris) -> Iterator[Name]:
        """Yield every name for the recogniser and the thesaurus.

        Where the sheet does not say when a name counts, its form does: see :func:`ontology.names.name`.
        """
        same = self.labels["fr"] == self.labels["en"]
        preferred = {"": self.labels["fr"]} if same else self.labels
        stated = [
            SheetName(text, lang, LabelRole.PREFERRED, self.context)
            for lang, text in preferred.items()
        ]
        yield from without_repeated_spellings(
            self._name(other, iris) for other in (*stated, *self.alternatives)
        )

    def _name(self, stated: SheetName, iris: Iris) -> Name:
        entity = iris.entity(self.kind, self.slug)
        guessed = name(stated.text, stated.lang, entity, self.cls, stated.role)
        return replace(guessed, context=stated.context) if stated.context else guessed


def mln_class(name: str) -> Iri:
    """Return the IRI of a class of ours by its local name."""
    found: Iri = getattr(mln, name)
    return found


def _term(value: Value, subject: Iri, iris: Iris) -> Term:
    if isinstance(value, Part):
        return value.iri(subject)
    return value.iri(iris) if isinstance(value, Reference) else value


def _hashable(term: Term) -> list[str]:
    return [term, ""] if isinstance(term, Iri) else [term.value, term.lang or term.datatype]


def _fact_quads(subject: Iri, claim: Iri, fact: Fact, iris: Iris) -> Iterator[Quad]:
    graph = iris.graph("corpus")
    value = _term(fact.value, subject, iris)
    yield Quad(subject, fact.predicate, value, graph)
    if isinstance(fact.value, Part):
        node = fact.value.iri(subject)
        yield Quad(node, RDF_TYPE, mln_class(fact.value.cls), graph)
        for predicate, said in fact.value.facts:
            yield Quad(node, predicate, _term(said, subject, iris), graph)
    yield Quad(claim, RDF_TYPE, mln.Assertion, graph)
    yield Quad(claim, RDF_SUBJECT, subject, graph)
    yield Quad(claim, RDF_PREDICATE, fact.predicate, graph)
    yield Quad(claim, RDF_OBJECT, value, graph)
    yield Quad(claim, mln.reviewState, mln.accepted, graph)
    for qualifier, said in fact.qualifiers:
        yield Quad(claim, qualifier, _term(said, subject, iris), graph)
    for number, citation in enumerate(fact.citations, start=1):
        node = Iri(f"{claim}#citation-{number}")
        yield Quad(claim, mln.citation, node, graph)
        yield Quad(node, RDF_TYPE, mln.Citation, graph)
        publication = iris.entity("publication", citation.publication)
        yield Quad(node, mln.citedPublication, publication, graph)
        yield Quad(node, mln.place, Literal(citation.place), graph)
        yield Quad(node, mln.fingerprint, Literal(citation.fingerprint), graph)
