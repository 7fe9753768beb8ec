"""The catalogue under the EU's own shapes, and the VoID description beside the dumps."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import VOID, XSD, Graph, Literal, Namespace, URIRef

from graph_api.releases.catalogue import (
    Facts,
    describe_catalogue,
    describe_release,
    describe_void,
)
from tests.graph_api.releases.samples import BASE, Shelved
from tests.profiles import load_shapes, of_class, target_nodes, violations

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SHAPES = (
    "shapes.ttl",
    "range.ttl",
    "mdr-vocabularies.shape.ttl",
    "shapes_recommended.ttl",
    "deprecateduris.ttl",
)


@pytest.fixture
def facts(shelved: Shelved) -> Facts:
    return Facts(
        shelved.settings,
        "https://portal.example/maillon",
        2,
        datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC),
        (shelved.new, shelved.old),
        tuple((size.iri, size.triples) for size in shelved.new.graphs),
        (("https://w3id.org/maillon/ontology#Actor", 2),),
        (f"{BASE}/id/actor/a",),
    )


@pytest.mark.slow
def test_no_violation_of_dcat_ap(facts: Facts, conformance: Path) -> None:
    """With a contact and without; and the shapes do find what is wrong."""
    shapes = load_shapes(conformance / "dcat-ap-3.0.1", *SHAPES)
    everything = describe_catalogue(facts) + describe_release(facts.releases[0], facts)
    looked_at = target_nodes(everything, shapes)
    for cls in (
        DCAT.Catalog,
        DCAT.Dataset,
        DCAT.Distribution,
        DCAT.DataService,
        DCAT.DatasetSeries,
    ):
        assert of_class(everything, cls) & looked_at
    assert violations(everything, shapes) == []
    plain = replace(facts, settings=replace(facts.settings, contact=""), releases=())
    assert violations(describe_catalogue(plain), shapes) == []
    broken = describe_catalogue(facts)
    catalogue = URIRef(f"{BASE}/catalog")
    broken.remove((catalogue, URIRef("http://purl.org/dc/terms/publisher"), None))
    broken.remove((None, SPDX.algorithm, None))
    found = violations(broken, shapes)
    assert (catalogue, "http://purl.org/dc/terms/publisher") in {(f.focus, f.path) for f in found}
    assert str(SPDX.algorithm) in {f.path for f in found}


def test_catalogue_says_what_is_there(facts: Facts) -> None:
    graph = Graph().parse(data=describe_catalogue(facts).serialize(), format="turtle")
    assert set(graph.objects(None, DCAT.byteSize)) == {
        Literal(str(file.bytes), datatype=XSD.nonNegativeInteger)
        for release in facts.releases
        for file in release.files
        if file.graph is None
    }
    sums = {str(value) for value in graph.objects(None, SPDX.checksumValue)}
    assert {each.lower() for each in sums} == {
        f.sha256 for r in facts.releases for f in r.files if f.graph is None
    }
    release = URIRef(f"{BASE}/id/release/{facts.releases[0].id}")
    assert (release, DCAT.prev, URIRef(f"{BASE}/id/release/{facts.releases[1].id}")) in graph
    downloads = set(graph.objects(None, DCAT.downloadURL))
    assert all(str(each).startswith("https://portal.example/maillon/dumps/") for each in downloads)


def test_void(facts: Facts) -> None:
    graph = describe_void(facts)
    dataset = URIRef(f"{BASE}/catalog#dataset")
    assert graph.value(dataset, VOID.triples) == Literal(facts.releases[0].quads)
    for size in facts.releases[0].graphs:
        node = URIRef(size.iri)
        assert (dataset, VOID.subset, node) in graph
        assert graph.value(node, VOID.triples) == Literal(size.triples)
        assert len(set(graph.objects(node, VOID.dataDump))) == 4
    assert len(set(graph.objects(dataset, VOID.dataDump))) == 4
