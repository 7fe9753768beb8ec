"""Assertions and where they were read: from the quads of a description to numbered sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_api.portal.labels import Text, known_language
from graph_api.portal.views import Qualifier, Reference, Source, Support
from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import (
    DCTERMS_LANGUAGE,
    OA_EXACT,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
)

__all__ = [
    "Assertion",
    "Description",
    "PassageName",
    "SourceList",
    "is_reviewed",
    "merge_qualifiers",
    "qualifier_terms",
    "read_confidence",
    "read_passage_name",
]

QUALIFIERS = (
    mln.year, mln.since, mln.amount, mln.currency, mln.role, mln.scope, mln.asOf, mln.via,
)  # fmt: skip
"""Properties of an assertion that narrow its statement, in the order they are shown."""


class Description:
    """The quads around an entity, by subject and predicate, in a stable order."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[Iri, dict[Iri, list[Term]]] = {}
        self.quads = sorted(set(quads), key=_quad_key)
        for quad in self.quads:
            values = self._values.setdefault(quad.subject, {}).setdefault(quad.predicate, [])
            if quad.object not in values:
                values.append(quad.object)

    def values(self, subject: Iri, predicate: Iri) -> list[Term]:
        """All objects, without repetition."""
        return self._values.get(subject, {}).get(predicate, [])

    def iris(self, subject: Iri, predicate: Iri) -> list[Iri]:
        """The objects that are IRIs."""
        return [value for value in self.values(subject, predicate) if isinstance(value, Iri)]

    def literals(self, subject: Iri, predicate: Iri) -> list[Literal]:
        """The objects that are literals."""
        return [value for value in self.values(subject, predicate) if isinstance(value, Literal)]

    def first(self, subject: Iri, predicate: Iri) -> str:
        """The text of the first object, or ``""``."""
        for value in self.values(subject, predicate):
            return value.value if isinstance(value, Literal) else str(value)
        return ""

    def subjects(self) -> list[Iri]:
        """All subjects, in a stable order."""
        return list(self._values)

    def predicates(self, subject: Iri) -> list[Iri]:
        """The predicates of a subject."""
        return list(self._values.get(subject, {}))

    def assertions(self) -> "list[Assertion]":
        """The reified statements in the description, sorted by their IRI."""
        found = []
        for node in self.subjects():
            subject = self.iris(node, RDF_SUBJECT)
            predicate = self.iris(node, RDF_PREDICATE)
            value = self.values(node, RDF_OBJECT)
            if subject and predicate and value:
                found.append(Assertion(node, subject[0], predicate[0], value[0]))
        return found


@dataclass(frozen=True, slots=True)
class Assertion:
    """A statement with an IRI of its own, to which evidence is attached."""

    iri: Iri
    subject: Iri
    predicate: Iri
    object: Term


@dataclass(frozen=True, slots=True)
class PassageName:
    """What the IRI of a passage says: document, start and end."""

    document: str
    start: int
    end: int


def read_passage_name(iri: str, iris: Iris) -> PassageName | None:
    """Read ``{base}/id/document/{sha}/p/{start}-{end}``; None for any other IRI."""
    prefix = f"{iris.base}/id/document/"
    if not iri.startswith(prefix):
        return None
    sha256, _, span = iri[len(prefix) :].partition("/p/")
    start, _, end = span.partition("-")
    if not (start.isdecimal() and end.isdecimal() and len(start) < 12 and len(end) < 12):
        return None
    return PassageName(sha256, int(start), int(end))


Said = tuple[Text, Text]
"""A statement in words: property and value, as the page of its entity reads it."""


@dataclass
class _Draft:
    passage: PassageName | None = None
    passage_iri: Iri | None = None
    publication: Iri | None = None
    place: str = ""
    reanchored: bool = False
    supports: list[tuple[Said, Assertion]] = field(default_factory=list)


class SourceList:
    """Numbers the sources of one page in the order in which its facts refer to them.

    The same passage, or the same place of the same publication, is one source with several
    statements. ``refused`` holds the documents whose text may not be shown.
    """

    def __init__(self, description: Description, iris: Iris) -> None:
        self._description = description
        self._iris = iris
        self._drafts: dict[tuple[str, ...], _Draft] = {}

    def cite(self, assertion: Assertion, said: Said) -> list[int]:
        """Return the numbers of the sources of an assertion, sorted."""
        cited = self._cited(assertion)
        keys, found = self._passages(assertion, cited)
        keys += self._citations([each for each in cited if each[0] not in found])
        numbers = list(self._drafts)
        for key in keys:
            self._drafts[key].supports.append((said, assertion))
        return sorted(numbers.index(key) + 1 for key in keys)

    def references(self) -> set[Iri]:
        """The IRIs whose labels :meth:`sources` needs: documents and publications."""
        found: set[Iri] = set()
        for draft in self._drafts.values():
            if draft.passage:
                found.add(self._iris.document(draft.passage.document))
            if draft.publication:
                found.add(draft.publication)
        return found

    def sources(
        self, labels: Mapping[Iri, Text], refused: frozenset[str] = frozenset()
    ) -> tuple[Source, ...]:
        """Return the sources in the order of their numbers."""
        return tuple(
            self._source(number, draft, labels, refused)
            for number, draft in enumerate(self._drafts.values(), start=1)
        )

    def _passages(
        self, assertion: Assertion, cited: list[tuple[Iri | None, str]]
    ) -> tuple[list[tuple[str, ...]], set[Iri | None]]:
        """Return the keys of the passages, and the cited publications they were found again in."""
        keys: list[tuple[str, ...]] = []
        found: set[Iri | None] = set()
        for iri in self._description.iris(assertion.iri, mln.passage):
            name = read_passage_name(iri, self._iris)
            if name is None:
                continue
            key = ("passage", iri)
            draft = self._drafts.setdefault(key, _Draft(name, iri))
            document = self._iris.document(name.document)
            for publication in self._description.iris(document, mln.fileOf):
                draft.publication = publication
                for cited_publication, place in cited:
                    if cited_publication == publication:
                        draft.place, draft.reanchored = place, True
                        found.add(publication)
            keys.append(key)
        return keys, found

    def _citations(self, cited: list[tuple[Iri | None, str]]) -> list[tuple[str, ...]]:
        keys: list[tuple[str, ...]] = []
        for publication, place in cited:
            key = ("place", publication or "", place)
            self._drafts.setdefault(key, _Draft(publication=publication, place=place))
            keys.append(key)
        return keys

    def _cited(self, assertion: Assertion) -> list[tuple[Iri | None, str]]:
        found: list[tuple[Iri | None, str]] = []
        for citation in self._description.iris(assertion.iri, mln.citation):
            publications = self._description.iris(citation, mln.citedPublication)
            place = self._description.first(citation, mln.place)
            found.append((publications[0] if publications else None, place))
        return found

    def _source(
        self, number: int, draft: _Draft, labels: Mapping[Iri, Text], refused: frozenset[str]
    ) -> Source:
        publication = None
        if draft.publication is not None:
            publication = Reference(draft.publication, labels[draft.publication], "publication")
        supports = tuple(self._support(said, assertion) for said, assertion in draft.supports)
        if draft.passage is None or draft.passage_iri is None:
            return Source(number, publication=publication, place=draft.place, supports=supports)
        withheld = draft.passage.document in refused
        return Source(
            number,
            document=draft.passage.document,
            title=labels[self._iris.document(draft.passage.document)],
            start=draft.passage.start,
            end=draft.passage.end,
            page=self._description.first(draft.passage_iri, mln.page),
            section=self._description.first(draft.passage_iri, mln.section),
            quote=None if withheld else self._quote(draft.passage_iri),
            withheld=withheld,
            publication=publication,
            place=draft.place,
            reanchored=draft.reanchored,
            supports=supports,
        )

    def _quote(self, passage: Iri) -> Text | None:
        exact = self._description.literals(passage, OA_EXACT)
        if not exact:
            return None
        lang = exact[0].lang or self._description.first(passage, DCTERMS_LANGUAGE)
        return Text(" ".join(exact[0].value.split()), known_language(lang))

    def _support(self, said: Said, assertion: Assertion) -> Support:
        node = assertion.iri
        return Support(
            claim=node,
            relation=said[0],
            value=said[1],
            rule=self._description.first(node, mln.rule),
            confidence=read_confidence(self._description, node),
            reviewed=is_reviewed(self._description, node),
        )


def qualifier_terms(description: Description, assertion: Assertion) -> list[tuple[Iri, Term]]:
    """Return the pairs that narrow an assertion, in a fixed order."""
    return [
        (predicate, value)
        for predicate in QUALIFIERS
        for value in description.values(assertion.iri, predicate)
    ]


def is_reviewed(description: Description, assertion: Iri) -> bool:
    """Whether a person has accepted or corrected an assertion."""
    return description.first(assertion, mln.reviewState) in (mln.accepted, mln.corrected)


def read_confidence(description: Description, assertion: Iri) -> float | None:
    """How sure the rule was, between 0 and 1; None where it does not say, or not in a number."""
    try:
        return float(description.first(assertion, mln.confidence))
    except ValueError:
        return None


def merge_qualifiers(several: Iterable[Iterable[Qualifier]]) -> tuple[Qualifier, ...]:
    """Return the qualifiers of several assertions of one statement, each once."""
    found: dict[tuple[str, str], Qualifier] = {}
    for qualifiers in several:
        for each in qualifiers:
            found.setdefault((each.label.text, fold(each.value.text) or each.value.text), each)
    return tuple(found.values())


def _quad_key(quad: Quad) -> tuple[str, str, bool, str, str, str]:
    value = quad.object
    if isinstance(value, Literal):
        return quad.subject, quad.predicate, True, value.value, value.lang or "", quad.graph
    return quad.subject, quad.predicate, False, value, "", quad.graph
