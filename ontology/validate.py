"""SHACL validation with pySHACL: a graph in, findings out, each with its words in both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pyshacl
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from ontology.load import ontology_graph, shapes_graph
from ontology.model import Iri, Literal, Quad, Term, Triple
from ontology.vocabularies import XSD_STRING

__all__ = ["Finding", "Severity", "Validator", "graph_of"]


class Severity(StrEnum):
    """What follows from a finding: must, should or could be mended."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


_SEVERITIES = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a validation.

    ``shape`` is the local name of the shape that says so; ``path`` the property concerned, as
    an IRI or, where a shape looks along several, in SPARQL's notation; ``value`` the offending one.
    """

    focus: str
    path: str | None
    value: str | None
    severity: Severity
    shape: str
    messages: Mapping[str, str]

    def message(self, lang: str) -> str:
        """Return the sentence in that language, else in English, else whatever there is."""
        for key in (lang, "en", *sorted(self.messages)):
            if key in self.messages:
                return self.messages[key]
        return self.shape


class Validator:
    """Checks graphs against our shapes. Shapes are parsed once, when the value is made.

    ``names`` are shape files (``core``, ``ranges``, ``partner`` …); without one, those that every
    graph of ours keeps to (``ontology.load.GENERAL_SHAPES``).
    """

    def __init__(self, *names: str) -> None:
        self._shapes = Graph() + shapes_graph(*names)  # pySHACL adds triples of its own
        self._hierarchy = _class_hierarchy(ontology_graph())

    def validate(self, data: Graph | Iterable[Quad | Triple]) -> list[Finding]:
        """Return the findings, worst first, then by node. The graph itself is not changed.

        Classes are followed upwards through our ontology (a Fund is checked as a Programme), and
        no further reasoning is done. Quads are taken as one graph. Blank nodes in ``data`` that
        stand in a finding are named by what rdflib calls them.
        """
        graph = data if isinstance(data, Graph) else graph_of(data)
        _, report, text = pyshacl.validate(
            graph + self._hierarchy, shacl_graph=self._shapes, advanced=False, inplace=True
        )
        if not isinstance(report, Graph):  # pySHACL hands back its own failure instead of raising
            raise ValueError(f"the shapes cannot be applied: {text}")
        found = [
            _finding(report, self._shapes, node)
            for node in report.subjects(RDF.type, SH.ValidationResult)
        ]
        return sorted(found, key=_order)


def graph_of(statements: Iterable[Quad | Triple]) -> Graph:
    """Return our statements as one rdflib graph, literals exactly as written."""
    graph = Graph()
    for statement in statements:
        graph.add(
            (
                URIRef(statement.subject),
                URIRef(statement.predicate),
                _node(statement.object),
            )
        )
    return graph


def _node(value: Term) -> Node:
    if isinstance(value, Iri):
        return URIRef(value)
    return _rdf_literal(value)


def _rdf_literal(value: Literal) -> RdfLiteral:
    if value.lang:
        return RdfLiteral(value.value, lang=value.lang)
    if value.datatype == XSD_STRING:
        return RdfLiteral(value.value)
    return RdfLiteral(value.value, datatype=URIRef(value.datatype), normalize=False)


def _class_hierarchy(ontology: Graph) -> Graph:
    """The classes and individuals a validator must see in the data: it looks in no second graph."""
    graph = Graph()
    for individual in ontology.subjects(RDF.type, OWL.NamedIndividual):
        for cls in ontology.objects(individual, RDF.type):
            graph.add((individual, RDF.type, cls))
    for subject, value in ontology.subject_objects(RDFS.subClassOf):
        graph.add((subject, RDFS.subClassOf, value))
        graph.add((subject, RDF.type, OWL.Class))
    return graph


def _finding(report: Graph, shapes: Graph, node: Node) -> Finding:
    shape = report.value(node, SH.sourceShape)
    severity = report.value(node, SH.resultSeverity)
    path = report.value(node, SH.resultPath)
    value = report.value(node, SH.value)
    messages = _messages(report, node, SH.resultMessage)
    if shape is not None:  # of a SPARQL constraint pySHACL repeats the words without their language
        messages = _messages(shapes, shape, SH.message) or messages
    return Finding(
        focus=str(report.value(node, SH.focusNode)),
        path=None if path is None else _path_text(report, path),
        value=None if value is None else str(value),
        severity=_SEVERITIES.get(URIRef(str(severity)), Severity.VIOLATION),
        shape=str(shape).rpartition("#")[2],
        messages=MappingProxyType(messages),
    )


def _messages(graph: Graph, node: Node, predicate: URIRef) -> dict[str, str]:
    return {
        str(text.language or "en"): str(text)
        for text in graph.objects(node, predicate)
        if isinstance(text, RdfLiteral)
    }


def _path_text(report: Graph, path: Node) -> str:
    """Return a SHACL path as SPARQL writes it: ``<a>``, ``<a>|^<b>``, ``<a>/<b>``."""
    if isinstance(path, URIRef):
        return str(path)
    inverse = report.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_path_text(report, inverse)}"
    alternatives = report.value(path, SH.alternativePath)
    steps = report.items(alternatives if alternatives is not None else path)
    sign = "/" if alternatives is None else "|"
    return sign.join(_path_text(report, step) for step in steps)


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return _RANK[finding.severity], finding.focus, finding.shape, finding.value or ""
