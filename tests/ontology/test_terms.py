"""The ontology as a published vocabulary: FOOPS- and OOPS-like checks that need no network."""

from collections.abc import Iterator

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef
from rdflib.term import Node

from ontology import terms as mln
from ontology.iris import ONTOLOGY
from ontology.load import module_graphs, ontology_graph
from ontology.schema import Schema

HEADER = URIRef(ONTOLOGY)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return ontology_graph()


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema.load()


def our_terms(graph: Graph) -> Iterator[URIRef]:
    for term in set(graph.subjects()):
        if isinstance(term, URIRef) and term.startswith(f"{ONTOLOGY}#"):
            yield term


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    values = [v for v in graph.objects(subject, predicate) if isinstance(v, Literal)]
    return sorted(v.language or "" for v in values if str(v).strip())


def test_the_header_says_what_a_registry_asks(graph: Graph) -> None:
    version = graph.value(HEADER, OWL.versionIRI)
    assert version == URIRef(f"{ONTOLOGY}/{graph.value(HEADER, OWL.versionInfo)}")
    assert str(graph.value(HEADER, VANN.preferredNamespacePrefix)) == "mln"
    assert str(graph.value(HEADER, VANN.preferredNamespaceUri)) == f"{ONTOLOGY}#"
    assert "creativecommons.org/licenses/by/4.0" in str(graph.value(HEADER, DCTERMS.license))
    for predicate in (DCTERMS.creator, DCTERMS.publisher, DCTERMS.created, DCTERMS.modified):
        assert graph.value(HEADER, predicate) is not None, predicate
    assert languages(graph, HEADER, DCTERMS.title) == ["en", "fr"]
    assert languages(graph, HEADER, DCTERMS.description) == ["en", "fr"]


def test_each_term_has_one_label_and_one_definition_in_each_language(graph: Graph) -> None:
    terms = list(our_terms(graph))
    assert len(terms) > 150
    for term in terms:
        assert languages(graph, term, RDFS.label) == ["en", "fr"], term
        assert languages(graph, term, SKOS.definition) == ["en", "fr"], term
        assert list(graph.objects(term, RDFS.isDefinedBy)) == [HEADER], term


def test_each_term_is_defined_in_one_module() -> None:
    defined = [
        term
        for module in module_graphs().values()
        for term in module.subjects(RDFS.isDefinedBy, HEADER)
    ]
    assert len(defined) == len(set(defined))


def test_each_term_named_anywhere_is_defined(graph: Graph) -> None:
    named = {
        node
        for triple in graph
        for node in triple
        if isinstance(node, URIRef) and node.startswith(f"{ONTOLOGY}#")
    }
    assert named <= set(our_terms(graph))


def test_classes_are_connected(schema: Schema) -> None:
    for cls in schema.classes.values():
        assert cls.parents or cls.outside or cls.iri == mln.Entity, cls.name
        assert cls.iri not in cls.ancestors, f"{cls.name} is above itself"
        assert schema.is_a(cls.iri, "Entity") == (cls.kind is not None or cls.name == "Entity")


def test_properties_have_domain_and_range(schema: Schema) -> None:
    annotations = {"inverseLabel", "kind", "uncheckedLanguage"}
    for prop in schema.properties.values():
        assert prop.range, prop.name
        assert prop.domain or prop.name in annotations, prop.name


def test_inverses_are_mutual_and_mirror_domain_and_range(schema: Schema) -> None:
    for prop in schema.properties.values():
        if prop.inverse is None or prop.symmetric:
            continue
        other = schema.properties[prop.inverse]
        assert other.inverse == prop.iri, prop.name
        assert set(other.domain) == set(prop.range), prop.name
        assert set(other.range) == set(prop.domain), prop.name


def test_a_link_reads_from_both_ends_in_both_languages(schema: Schema) -> None:
    for prop in schema.properties.values():
        if prop.has_literal:
            continue
        assert set(prop.inverse_labels) == {"fr", "en"}, prop.name
        if not prop.symmetric:
            assert prop.inverse_labels != prop.labels, f"{prop.name} reads alike from both ends"


def test_labels_tell_properties_apart(schema: Schema) -> None:
    for lang in ("fr", "en"):
        links = [p.labels[lang] for p in schema.properties.values() if not p.has_literal]
        repeated = {label for label in links if links.count(label) > 1}
        assert not repeated


def test_ranges_are_canonical_datatypes(schema: Schema) -> None:
    allowed = {
        "xsd:string", "xsd:integer", "xsd:decimal", "xsd:date", "xsd:gYear",
        "rdfs:Literal", "rdf:langString", "mln:PartialDate",
    }  # fmt: skip
    for prop in schema.properties.values():
        if prop.datatype is not None:
            prefix, name = prop.datatype.rstrip("/").rsplit("/", 1)[-1].split("#")
            short = {"XMLSchema": "xsd", "22-rdf-syntax-ns": "rdf", "rdf-schema": "rdfs"}
            assert f"{short.get(prefix, 'mln')}:{name}" in allowed, prop.name


def test_kinds_are_disjoint(graph: Graph) -> None:
    groups = [
        {str(m).rpartition("#")[2] for m in graph.items(members)}
        for node in graph.subjects(RDF.type, OWL.AllDisjointClasses)
        for members in graph.objects(node, OWL.members)
    ]
    assert any({"Actor", "Programme", "Territory", "LegalFramework"} <= group for group in groups)


def test_only_public_programmes_are_public_services(schema: Schema) -> None:
    service = "http://purl.org/vocab/cpsv#PublicService"
    assert [c.name for c in schema.classes.values() if service in c.outside] == ["PublicProgramme"]


def test_a_plan_is_no_legal_resource(schema: Schema) -> None:
    plan = schema.class_named("Plan")
    lines = [plan, *(schema.classes[iri] for iri in plan.ancestors)]
    assert not any("eli/ontology" in iri for cls in lines for iri in cls.outside)


def test_constants_are_the_terms(graph: Graph) -> None:
    constants = {getattr(mln, name) for name in mln.__all__}
    assert constants == {str(term) for term in our_terms(graph)}
