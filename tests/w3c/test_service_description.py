"""The W3C's suite for service descriptions: three sentences, each a test here.

https://www.w3.org/TR/sparql11-service-description/#sd-sparql-service-description
"""

from pathlib import Path

import httpx
import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.w3c.manifests import read_entries

pytestmark = pytest.mark.service

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
# Domain and range of the vocabulary's properties; None: any resource.
SCHEMA: dict[URIRef, tuple[URIRef, URIRef | None]] = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.defaultSupportedEntailmentProfile: (SD.Service, SD.EntailmentProfile),
    SD.entailmentRegime: (SD.NamedGraph, SD.EntailmentRegime),
    SD.supportedEntailmentProfile: (SD.NamedGraph, SD.EntailmentProfile),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.extensionAggregate: (SD.Service, SD.Aggregate),
    SD.languageExtension: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.propertyFeature: (SD.Service, SD.Feature),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.GraphCollection, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
SUBCLASSES = {SD.Dataset: SD.GraphCollection, SD.Language: SD.Feature}
INSTANCES = {
    SD.Language: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
    SD.Feature: {
        SD.DereferencesURIs,
        SD.UnionDefaultGraph,
        SD.RequiresDataset,
        SD.EmptyGraphs,
        SD.BasicFederatedQuery,
    },
}
ONE = {SD.endpoint, SD.defaultDataset, SD.defaultGraph}


def described(service: httpx.Client, media_type: str = "text/turtle") -> Graph:
    response = service.get("/sparql", headers={"Accept": media_type})
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    return Graph().parse(data=response.text, format=media_type)


def test_all_cases_are_collected(suite: Path) -> None:
    names = [entry.fragment for _, entry in read_entries(suite, "service-description/manifest.ttl")]
    assert names == ["has-endpoint-triple", "returns-rdf", "conforms-to-schema"]


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/rdf+xml"]
)
def test_returns_rdf(service: httpx.Client, media_type: str) -> None:
    assert len(described(service, media_type)) > 10


def test_has_endpoint_triple(service: httpx.Client) -> None:
    graph = described(service)
    (endpoint,) = graph.objects(None, SD.endpoint)
    assert endpoint == URIRef(f"{str(service.base_url).rstrip('/')}/sparql")


def test_conforms_to_schema(service: httpx.Client) -> None:
    graph = described(service)
    used = [(s, p, o) for s, p, o in graph if str(p).startswith(str(SD))]
    assert {SD.endpoint, SD.supportedLanguage, SD.defaultDataset} <= {p for _, p, _ in used}
    for subject, predicate, value in used:
        assert isinstance(predicate, URIRef)
        domain, range_ = SCHEMA[predicate]
        assert is_a(graph, subject, domain), (subject, predicate)
        assert not isinstance(value, Literal), (predicate, value)
        if range_ is not None:
            assert is_a(graph, value, range_), (predicate, value)
        if predicate in ONE:
            assert len(list(graph.objects(subject, predicate))) == 1
    (service_node,) = graph.subjects(RDF.type, SD.Service)
    assert isinstance(service_node, URIRef | BNode)


def is_a(graph: Graph, node: Node, kind: URIRef) -> bool:
    """Whether the description, or the vocabulary, says that ``node`` is of this class."""
    kinds = set(graph.objects(node, RDF.type)) | {
        known for known, names in INSTANCES.items() if node in names
    }
    return kind in kinds or any(sub in kinds for sub, above in SUBCLASSES.items() if above == kind)
