"""The documentation says of each term what the files say, once, in both languages."""

import pytest
from rdflib import RDF, SKOS, Graph

from ontology.description import NAMESPACE
from ontology.documentation import MODULES, TermEntry, compact, document_ontology
from ontology.iris import Iris
from ontology.load import module_graphs, ontology_graph, scheme_graph, scheme_names
from ontology.schema import Schema


def entry(name: str) -> TermEntry:
    return next(term for term in document_ontology().terms if term.name == name)


def targets(name: str, relation: str) -> list[str]:
    return [compact(t) for r in entry(name).relations if r.name == relation for t in r.targets]


def test_every_term_stands_once_in_the_module_that_defines_it() -> None:
    doc = document_ontology()
    schema = Schema.load()
    names = [term.iri for term in doc.terms]
    known = {*schema.classes, *schema.properties, *schema.individuals}
    assert len(names) == len(set(names))
    assert known < set(names)
    assert {n.removeprefix(NAMESPACE) for n in set(names) - known} == {"PartialDate"}
    assert set(MODULES) == set(module_graphs())


def test_every_text_is_there_in_french_and_english() -> None:
    doc = document_ontology()
    texts = [doc.titles, doc.descriptions, *(module.titles for module in doc.modules)]
    for term in doc.terms:
        texts += [term.labels, term.definitions, *(c.messages for c in term.constraints)]
    for scheme in doc.schemes:
        texts += [scheme.titles, scheme.definitions]
    for each in texts:
        assert each["fr"].strip()
        assert each["en"].strip()


def test_a_class_says_where_it_stands_and_what_reaches_it() -> None:
    assert targets("Cooperative", "parent") == ["mln:Actor", "org:FormalOrganization"]
    assert "mln:Cooperative" in targets("Actor", "child")
    assert "mln:operates" in targets("Actor", "from")
    assert "mln:operatedBy" in targets("Actor", "to")
    assert "schema:NGO" in targets("Association", "closeMatch")


def test_a_property_says_its_ends_and_its_other_way_round() -> None:
    assert entry("operates").sort == "link"
    assert targets("operates", "domain") == ["mln:Actor"]
    assert targets("operates", "range") == ["mln:Actor", "mln:Programme"]
    assert targets("operates", "inverse") == ["mln:operatedBy"]
    assert entry("operates").inverse_labels == {}
    assert entry("theme").inverse_labels["en"] == "theme of"
    assert entry("partnerOf").traits == ("symmetric",)
    assert targets("budget", "range") == ["xsd:decimal"]
    assert entry("budget").sort == "attribute"


def test_a_mapping_of_a_table_is_shown_with_its_term() -> None:
    assert "org:memberOf" in targets("memberOf", "closeMatch")


@pytest.mark.parametrize(
    ("term", "name", "file", "severity"),
    [
        ("Programme", "ProgrammeOpenDated", "core", "Violation"),
        ("Programme", "PartnerProgrammeOperator", "partner", "Violation"),
        ("confidence", "AssertionConfidence", "core", "Violation"),
        ("Person", "PublishPersonRole", "publish", "Violation"),
    ],
)
def test_a_constraint_stands_with_what_it_holds(
    term: str, name: str, file: str, severity: str
) -> None:
    found = {c.name: (c.file, c.severity) for c in entry(term).constraints}
    assert found.get(name) == (file, severity), sorted(found)


def test_every_vocabulary_is_listed_with_its_concepts() -> None:
    schemes = {scheme.name: scheme for scheme in document_ontology().schemes}
    assert list(schemes) == list(scheme_names())
    assert len(schemes["result-indicators"].concepts) >= 22
    for name, scheme in schemes.items():
        graph = scheme_graph(name, Iris())
        assert len(scheme.concepts) == len(set(graph.subjects(RDF.type, SKOS.Concept))), name
        assert all(concept.labels.keys() >= {"fr", "en"} for concept in scheme.concepts), name
    names = [(concept.name, concept.depth) for concept in schemes["audiences"].concepts]
    above = names.index(("support-bodies", 0))
    assert names[above + 1] == ("incubators", 1)
    assert {"fr", "en", "es", "sv", "lv"} <= set(schemes["themes"].languages)


def test_outside_terms_are_written_with_their_prefix() -> None:
    assert compact("http://www.w3.org/ns/org#Organization") == "org:Organization"
    assert compact("http://elsewhere.example/a/b") == "http://elsewhere.example/a/b"


def test_nothing_documented_is_missing_from_the_graph() -> None:
    graph: Graph = ontology_graph()
    subjects = {str(s) for s in graph.subjects()}
    assert all(term.iri in subjects for term in document_ontology().terms)
