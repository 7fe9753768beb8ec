"""What can be wrong with an ontology or a vocabulary and needs no reasoner to see.

Each check takes a graph and yields problems, so that the same checks serve the shipped files, an
operator's extension and the tests that plant a fault.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from ontology.iris import ONTOLOGY
from ontology.outside import missing_terms
from ontology.releases import deprecation_faults

__all__ = ["Problem", "check_ontology", "check_vocabulary"]

LANGUAGES = frozenset({"fr", "en"})
_NAMESPACE = f"{ONTOLOGY}#"
_OBJECT_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: ``check`` names what was looked at, ``subject`` the term, ``detail`` what is wrong."""

    check: str
    subject: str
    detail: str


def check_ontology(ontology: Graph) -> list[Problem]:
    """Return the problems of an ontology graph, sorted; none for a sound one."""
    return _run(
        ontology,
        (
            _unlabelled, _undefined, _outside, _unconnected, _class_loops, _property_loops,
            _open_ended, _one_sided_inverses, _dead_ends,
        ),
    )  # fmt: skip


def check_vocabulary(vocabulary: Graph) -> list[Problem]:
    """Return the problems of one SKOS graph, sorted. Concepts that are terms of the ontology
    have their labels there: the graph must then hold the ontology too.
    """
    return _run(
        vocabulary, (_unlabelled_concepts, _loose_concepts, _repeated_labels, _role_clashes)
    )


Check = Callable[[Graph], Iterator[Problem]]


def _run(graph: Graph, checks: tuple[Check, ...]) -> list[Problem]:
    return sorted({problem for check in checks for problem in check(graph)})


def _terms(graph: Graph) -> set[URIRef]:
    return {s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(_NAMESPACE)}


def _languages(graph: Graph, subject: Node, predicate: URIRef) -> set[str]:
    values = (v for v in graph.objects(subject, predicate) if isinstance(v, RdfLiteral))
    return {value.language or "" for value in values if str(value).strip()}


def _unlabelled(graph: Graph) -> Iterator[Problem]:
    for term in _terms(graph):
        for name, predicate in (("label", RDFS.label), ("definition", SKOS.definition)):
            for lang in LANGUAGES - _languages(graph, term, predicate):
                yield Problem("labels", str(term), f"has no {name} in {lang}")


def _undefined(graph: Graph) -> Iterator[Problem]:
    known = _terms(graph)
    for node in {n for triple in graph for n in triple if isinstance(n, URIRef)} - known:
        if node.startswith(_NAMESPACE):
            yield Problem("terms", str(node), "is named and never defined")


def _outside(graph: Graph) -> Iterator[Problem]:
    nodes = {str(n) for triple in graph for n in triple if isinstance(n, URIRef)}
    for iri in missing_terms(nodes):
        yield Problem("outside", iri, "does not exist in its vocabulary")


def _unconnected(graph: Graph) -> Iterator[Problem]:
    for cls in _terms(graph) & set(graph.subjects(RDF.type, OWL.Class)):
        if str(cls) != f"{_NAMESPACE}Entity" and (cls, RDFS.subClassOf, None) not in graph:
            yield Problem("classes", str(cls), "stands alone: it has no superclass")


def _class_loops(graph: Graph) -> Iterator[Problem]:
    yield from _loops(graph, RDFS.subClassOf)


def _property_loops(graph: Graph) -> Iterator[Problem]:
    yield from _loops(graph, RDFS.subPropertyOf)


def _loops(graph: Graph, predicate: URIRef) -> Iterator[Problem]:
    for subject in set(graph.subjects(predicate)):
        above = {
            a for p in graph.objects(subject, predicate) for a in _closure(graph, p, predicate)
        }
        if subject in above:
            yield Problem("loops", str(subject), "is above itself")


def _closure(graph: Graph, node: Node, predicate: URIRef) -> set[Node]:
    return {above for above in graph.transitive_objects(node, predicate) if above is not None}


def _open_ended(graph: Graph) -> Iterator[Problem]:
    for kind in _OBJECT_PROPERTIES:
        for prop in _terms(graph) & set(graph.subjects(RDF.type, kind)):
            for name, predicate in (("domain", RDFS.domain), ("range", RDFS.range)):
                if (prop, predicate, None) not in graph:
                    yield Problem("properties", str(prop), f"has no {name}")


def _one_sided_inverses(graph: Graph) -> Iterator[Problem]:
    for prop, inverse in graph.subject_objects(OWL.inverseOf):
        if (inverse, OWL.inverseOf, prop) not in graph:
            yield Problem("inverses", str(prop), f"is not the inverse of its inverse {inverse}")


def _dead_ends(graph: Graph) -> Iterator[Problem]:
    for term in deprecation_faults(graph):
        yield Problem("deprecation", term, "is deprecated and leads to no living term")


def _concepts(graph: Graph) -> set[Node]:
    return set(graph.subjects(SKOS.inScheme))


def _unlabelled_concepts(graph: Graph) -> Iterator[Problem]:
    for concept in _concepts(graph):
        for name, predicate in (("label", SKOS.prefLabel), ("definition", SKOS.definition)):
            for lang in LANGUAGES - _languages(graph, concept, predicate):
                yield Problem("labels", str(concept), f"has no {name} in {lang}")


def _loose_concepts(graph: Graph) -> Iterator[Problem]:
    for concept in _concepts(graph):
        above = _closure(graph, concept, SKOS.broader)
        if not any((other, SKOS.topConceptOf, None) in graph for other in above):
            yield Problem("hierarchy", str(concept), "hangs on no top concept")
        for other in set(graph.objects(concept, SKOS.related)) & above:
            yield Problem("hierarchy", str(concept), f"is related to {other}, which is above it")
    yield from _loops(graph, SKOS.broader)


def _repeated_labels(graph: Graph) -> Iterator[Problem]:
    concepts = _concepts(graph)
    for label in set(graph.objects(None, SKOS.prefLabel)):
        bearers = sorted(str(c) for c in graph.subjects(SKOS.prefLabel, label) if c in concepts)
        for bearer in bearers[1:]:
            yield Problem("labels", bearer, f'shares its name "{label}" with {bearers[0]}')


def _role_clashes(graph: Graph) -> Iterator[Problem]:
    for concept in _concepts(graph):
        for label in set(graph.objects(concept, SKOS.prefLabel)) & set(
            graph.objects(concept, SKOS.altLabel)
        ):
            yield Problem("labels", str(concept), f'has "{label}" both as name and as other name')
