"""The ontology as plain data, read from its Turtle files: what everything generated is made of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ontology.iris import ONTOLOGY

__all__ = ["NAMESPACE", "describe"]

NAMESPACE = f"{ONTOLOGY}#"
KIND = URIRef(NAMESPACE + "kind")
INVERSE_LABEL = URIRef(NAMESPACE + "inverseLabel")
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def describe(graphs: Mapping[str, Graph]) -> dict[str, Any]:
    """Return the ontology as plain data, in the order of modules and of terms' names."""
    whole = Graph()
    for graph in graphs.values():
        whole += graph
    modules = {term: module for module, graph in graphs.items() for term in _defined(graph)}
    terms = sorted(modules, key=lambda term: (list(graphs).index(modules[term]), str(term)))
    return {
        "iri": ONTOLOGY,
        "version": str(whole.value(URIRef(ONTOLOGY), OWL.versionInfo)),
        "classes": [
            _common(whole, term, modules) | _class_row(whole, term)
            for term in terms
            if (term, RDF.type, OWL.Class) in whole
        ],
        "properties": [
            _common(whole, term, modules) | _property_row(whole, term)
            for term in terms
            if any((term, RDF.type, cls) in whole for cls in PROPERTY_TYPES)
        ],
        "individuals": [
            _common(whole, term, modules) | _individual_row(whole, term)
            for term in terms
            if (term, RDF.type, OWL.NamedIndividual) in whole
        ],
        "datatypes": [
            _common(whole, term, modules)
            for term in terms
            if (term, RDF.type, RDFS.Datatype) in whole
        ],
    }


def _defined(graph: Graph) -> Iterator[URIRef]:
    for term in graph.subjects(RDFS.isDefinedBy, URIRef(ONTOLOGY)):
        if isinstance(term, URIRef):
            yield term


def _common(graph: Graph, term: URIRef, modules: Mapping[URIRef, str]) -> dict[str, Any]:
    return {
        "iri": str(term),
        "name": _local(term),
        "module": modules[term],
        "labels": _texts(graph, term, RDFS.label),
        "definitions": _texts(graph, term, SKOS.definition),
    }


def _class_row(graph: Graph, term: URIRef) -> dict[str, Any]:
    above = list(graph.objects(term, RDFS.subClassOf))
    ancestors = _ancestors(graph, term)
    kinds = [str(k) for cls in (term, *ancestors) for k in graph.objects(cls, KIND)]
    return {
        "parents": _sorted(cls for cls in above if _is_ours(cls)),
        "ancestors": [str(cls) for cls in ancestors],
        "outside": _sorted(cls for cls in above if not _is_ours(cls)),
        "kind": kinds[0] if kinds else None,
    }


def _ancestors(graph: Graph, term: URIRef) -> list[URIRef]:
    """Breadth first, so nearest first; only ours."""
    found: list[URIRef] = []
    front = [term]
    while front:
        parents = {p for cls in front for p in graph.objects(cls, RDFS.subClassOf)}
        front = [URIRef(p) for p in _sorted(p for p in parents if _is_ours(p))]
        front = [p for p in front if p not in found]
        found.extend(front)
    return found


def _property_row(graph: Graph, term: URIRef) -> dict[str, Any]:
    symmetric = (term, RDF.type, OWL.SymmetricProperty) in graph
    inverse = term if symmetric else graph.value(term, OWL.inverseOf)
    own_inverse = _texts(graph, term, INVERSE_LABEL)
    inverse_labels = own_inverse or _texts(graph, inverse, RDFS.label) if inverse else own_inverse
    return {
        "parents": _sorted(graph.objects(term, RDFS.subPropertyOf)),
        "domain": _union(graph, term, RDFS.domain),
        "range": _union(graph, term, RDFS.range),
        "inverse": str(inverse) if inverse else None,
        "inverseLabels": inverse_labels or _texts(graph, term, RDFS.label),
        "symmetric": symmetric,
        "transitive": (term, RDF.type, OWL.TransitiveProperty) in graph,
        "literal": (term, RDF.type, OWL.ObjectProperty) not in graph,
    }


def _individual_row(graph: Graph, term: URIRef) -> dict[str, Any]:
    classes = _sorted(cls for cls in graph.objects(term, RDF.type) if _is_ours(cls))
    return {"class": classes[0]}


def _union(graph: Graph, term: URIRef, side: URIRef) -> list[str]:
    """The classes of a domain or range: one name, or the members of an anonymous union."""
    found: list[str] = []
    for node in graph.objects(term, side):
        members = graph.value(node, OWL.unionOf)
        parts: Iterable[Node] = [node] if members is None else Collection(graph, members)
        found.extend(str(part) for part in parts)
    return found


def _texts(graph: Graph, term: Node, predicate: URIRef) -> dict[str, str]:
    found = {
        str(text.language): str(text)
        for text in graph.objects(term, predicate)
        if isinstance(text, Literal) and text.language
    }
    return dict(sorted(found.items()))


def _is_ours(node: Node) -> bool:
    return str(node).startswith(NAMESPACE)


def _local(term: URIRef) -> str:
    return str(term).removeprefix(NAMESPACE)


def _sorted(nodes: Iterable[Node]) -> list[str]:
    return sorted(str(node) for node in nodes)
