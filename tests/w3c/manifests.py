"""Reads the manifests of the W3C's SPARQL 1.1 suite (../shared/conformance/sparql11).

A file of the suite goes by the IRI ``BASE`` + its path: that is the graph its data is published in,
and the base of its relative IRIs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

__all__ = ["BASE", "MF", "Case", "read_cases", "read_entries"]

BASE = "http://w3c.example/sparql11/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
_UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True)
class Case:
    """One test: the files are paths below the suite's folder."""

    name: str
    """Folder and fragment, ``aggregates/agg01``."""
    kind: str
    """Local name of its class, ``QueryEvaluationTest``."""
    query: str
    """The file with the query or update."""
    data: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    result: str = ""


def read_cases(root: Path, manifest: str) -> list[Case]:
    """Return the cases of a manifest, and of those it includes, in their order."""
    return [_read_case(graph, entry) for graph, entry in read_entries(root, manifest)]


def read_entries(root: Path, manifest: str) -> Iterator[tuple[Graph, URIRef]]:
    """Yield each entry of a manifest and of those it includes, with the graph that describes it."""
    graph = Graph().parse(root / manifest, format="turtle", publicID=BASE + manifest)
    for manifest_iri in graph.subjects(RDF.type, MF.Manifest):
        for included in graph.objects(manifest_iri, MF.include):
            for each in graph.items(included):
                yield from read_entries(root, _path(each))
        for entries in graph.objects(manifest_iri, MF.entries):
            for entry in graph.items(entries):
                assert isinstance(entry, URIRef)
                yield graph, entry


def _read_case(graph: Graph, entry: URIRef) -> Case:
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    assert action is not None
    query = graph.value(action, _QT.query) or graph.value(action, _UT.request) or action
    folder = _path(query).rpartition("/")[0]
    return Case(
        name=f"{folder}/{entry.fragment}",
        kind=str(graph.value(entry, RDF.type)).rpartition("#")[2],
        query=_path(query),
        data=tuple(sorted(_path(each) for each in graph.objects(action, _QT.data))),
        named=tuple(sorted(_path(each) for each in graph.objects(action, _QT.graphData))),
        result=_path(result) if isinstance(result, URIRef) else "",
    )


def _path(iri: Node) -> str:
    assert str(iri).startswith(BASE), iri
    return str(iri).removeprefix(BASE)
