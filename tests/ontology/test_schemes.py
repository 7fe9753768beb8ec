"""The vocabularies: SKOS integrity, both languages, one base."""

import pytest
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from ontology import terms as mln
from ontology.iris import Iris
from ontology.load import ontology_graph, scheme_graph, scheme_names

IRIS = Iris("https://graph.example/base")
EXPECTED = {
    "themes", "stages", "support-types", "audiences", "actor-roles", "legal-statuses",
    "resource-types", "review-states", "programme-statuses", "needs", "financing-instruments",
    "practice-questions", "action-levers", "result-indicators", "characterisation-grid",
    "criterion-properties", "criterion-operators", "reaches", "indicator-states",
    "comparison-classes",
}  # fmt: skip
OF_THE_ONTOLOGY = {
    "review-states", "programme-statuses", "criterion-operators", "indicator-states",
    "comparison-classes",
}  # fmt: skip
UNCHECKED = URIRef(mln.uncheckedLanguage)


def test_the_vocabularies_are_there() -> None:
    assert set(scheme_names()) == EXPECTED


@pytest.fixture(params=sorted(EXPECTED), scope="module")
def scheme(request: pytest.FixtureRequest) -> tuple[str, Graph]:
    name: str = request.param
    return name, scheme_graph(name, IRIS)


def concepts(graph: Graph) -> list[URIRef]:
    found = [c for c in graph.subjects(RDF.type, SKOS.Concept) if isinstance(c, URIRef)]
    assert found
    return found


def test_concepts_lie_below_the_base(scheme: tuple[str, Graph]) -> None:
    name, graph = scheme
    assert (URIRef(IRIS.scheme(name)), RDF.type, SKOS.ConceptScheme) in graph
    for concept in concepts(graph):
        assert (concept, SKOS.inScheme, URIRef(IRIS.scheme(name))) in graph
        if name not in OF_THE_ONTOLOGY:
            assert str(concept) == IRIS.concept(name, concept.rpartition("/")[2])


def test_each_concept_is_labelled_and_defined_in_both_languages(scheme: tuple[str, Graph]) -> None:
    _, graph = scheme
    whole = graph + ontology_graph()
    for concept in [*concepts(graph), *graph.subjects(RDF.type, SKOS.ConceptScheme)]:
        for predicate in (SKOS.prefLabel, SKOS.definition):
            texts = [t for t in whole.objects(concept, predicate) if isinstance(t, Literal)]
            flagged = {str(tag) for tag in graph.objects(concept, UNCHECKED)}
            asked = {"en", "fr"} | (flagged if predicate == SKOS.prefLabel else set())
            assert sorted(t.language or "" for t in texts) == sorted(asked), (concept, predicate)


def test_top_concepts_speak_three_more_languages_flagged_as_unchecked(
    scheme: tuple[str, Graph],
) -> None:
    _, graph = scheme
    for concept in graph.subjects(SKOS.topConceptOf):
        assert {str(t) for t in graph.objects(concept, UNCHECKED)} == {"es", "sv", "lv"}, concept


def test_preferred_labels_are_unique_within_a_vocabulary(scheme: tuple[str, Graph]) -> None:
    _, graph = scheme
    labels = [str(o) for o in graph.objects(None, SKOS.prefLabel) if o]
    twice = {
        (label.language, str(label))
        for label in graph.objects(None, SKOS.prefLabel)
        if isinstance(label, Literal) and len(list(graph.subjects(SKOS.prefLabel, label))) > 1
    }
    assert not twice, labels


def test_no_label_has_two_roles(scheme: tuple[str, Graph]) -> None:
    """SKOS S13: the label properties are disjoint."""
    _, graph = scheme
    for concept in concepts(graph):
        preferred = set(graph.objects(concept, SKOS.prefLabel))
        assert not preferred & set(graph.objects(concept, SKOS.altLabel)), concept


def test_each_concept_hangs_on_the_vocabulary(scheme: tuple[str, Graph]) -> None:
    _, graph = scheme
    for concept in concepts(graph):
        above = list(graph.transitive_objects(concept, SKOS.broader))
        assert any((c, SKOS.topConceptOf, None) in graph for c in above), concept
        for other in graph.objects(concept, SKOS.related):
            assert other not in above, "S27: related is disjoint with broader"


def test_what_a_concept_points_to_exists(scheme: tuple[str, Graph]) -> None:
    _, graph = scheme
    everything = set()
    for name in scheme_names():
        everything |= set(scheme_graph(name, IRIS).subjects(RDF.type, SKOS.Concept))
    for predicate in (SKOS.broader, SKOS.related, SKOS.relatedMatch):
        for target in graph.objects(None, predicate):
            assert target in everything, target


def test_support_types_carry_their_codes() -> None:
    graph = scheme_graph("support-types", IRIS)
    codes = {str(code) for code in graph.objects(None, SKOS.notation)}
    assert codes == {
        "knowledge-skills", "methods-tools", "meeting-networks", "cross-sector-cooperation",
        "linking-up", "advisory", "upscaling", "impact-assessment", "financing",
        "financing-info", "business-development",
    }  # fmt: skip


def leaves(name: str) -> list[URIRef]:
    graph = scheme_graph(name, IRIS)
    return [c for c in concepts(graph) if (None, SKOS.broader, c) not in graph]


def test_counts_that_a_source_states() -> None:
    assert len(leaves("result-indicators")) == 22
    assert len(leaves("practice-questions")) == 12
    assert len(leaves("action-levers")) == 10
    assert len(leaves("characterisation-grid")) == 3, "its groups; no criterion is invented"


def test_indicators_say_where_the_roadmap_lists_them() -> None:
    graph = scheme_graph("result-indicators", IRIS)
    places = [str(graph.value(concept, SKOS.notation)) for concept in leaves("result-indicators")]
    by_axis = {axis: sum(p.startswith(f"5.{axis}.3-") for p in places) for axis in range(1, 5)}
    assert by_axis == {1: 7, 2: 6, 3: 4, 4: 5}


def test_questions_are_numbered_in_order() -> None:
    graph = scheme_graph("practice-questions", IRIS)
    numbers = sorted(int(str(n)) for n in graph.objects(None, SKOS.notation))
    assert numbers == list(range(1, 13))
