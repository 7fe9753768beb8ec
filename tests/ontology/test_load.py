"""Loading: our own types, one base, no blank nodes, the same result every time."""

import subprocess
import sys

import pytest
from rdflib import BNode, Graph, URIRef

from ontology import load
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import SKOS_PREF_LABEL

IRIS = Iris("https://graph.example")

PRINT_HASH = (
    "import hashlib; from ontology.iris import Iris; from ontology.load import quads;"
    "print(hashlib.sha256(repr(list(quads(Iris()))).encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(load.quads(IRIS))


def test_each_vocabulary_is_a_graph_of_its_own(quads: list[Quad]) -> None:
    graphs = {quad.graph for quad in quads}
    assert graphs == {
        IRIS.graph("ontology"),
        *(IRIS.graph(f"vocabulary/{name}") for name in load.scheme_names()),
    }


def test_concepts_follow_the_base_and_terms_do_not(quads: list[Quad]) -> None:
    label = Literal("économie sociale et solidaire", lang="fr")
    concept = IRIS.concept("themes", "social-economy")
    assert Quad(concept, SKOS_PREF_LABEL, label, IRIS.graph("vocabulary/themes")) in quads
    ours = {quad.subject for quad in quads if quad.graph == IRIS.graph("ontology")}
    assert Iri(f"{ONTOLOGY}#Actor") in ours
    assert not any("maillon.example" in value for quad in quads for value in map(str, quad))


def test_no_blank_node_is_left(quads: list[Quad]) -> None:
    for quad in quads:
        assert quad.subject.startswith("http"), quad
        assert not isinstance(quad.object, Iri) or ":" in quad.object, quad


def test_no_statement_is_lost_or_repeated(quads: list[Quad]) -> None:
    """Blank nodes apart, every triple of the files is there, once."""
    assert len(set(quads)) == len(quads)
    loaded = {tuple(quad)[:3] for quad in quads if quad.graph == IRIS.graph("ontology")}
    for subject, predicate, value in load.ontology_graph():
        if not isinstance(subject, BNode) and not isinstance(value, BNode):
            assert (str(subject), str(predicate), load.term(value)) in loaded


def test_what_is_shared_refuses_to_be_changed() -> None:
    shared = load.ontology_graph()
    size, triple = len(shared), next(iter(shared))
    with pytest.raises(TypeError, match="is shared"):
        shared.remove(triple)
    with pytest.raises(TypeError, match="is shared"):
        shared.add((URIRef("http://e/s"), URIRef("http://e/p"), URIRef("http://e/o")))
    copy = Graph() + shared
    copy.remove(triple)
    assert len(shared) == len(load.ontology_graph()) == size == len(copy) + 1


@pytest.mark.slow
def test_the_same_quads_in_every_process(quads: list[Quad]) -> None:
    """Blank nodes are named anew by each parser run: their IRIs must not show it."""
    run = [sys.executable, "-c", PRINT_HASH]
    answers = {subprocess.run(run, check=True, capture_output=True).stdout for _ in range(2)}
    assert len(answers) == 1


def test_equal_expressions_get_one_name() -> None:
    text = """
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <http://e.example/> .
    :p :domain [ owl:unionOf ( :A :B ) ] . :q :domain [ owl:unionOf ( :A :B ) ] .
    :r :domain [ owl:unionOf ( :B :A ) ] .
    """
    graph = load.skolemise(Graph().parse(data=text, format="turtle"))
    domains = {
        str(subject): value
        for subject, value in graph.subject_objects(URIRef("http://e.example/domain"))
    }
    assert domains["http://e.example/p"] == domains["http://e.example/q"]
    assert domains["http://e.example/p"] != domains["http://e.example/r"]
    assert not any(isinstance(node, BNode) for triple in graph for node in triple)


def test_a_ring_of_blank_nodes_is_refused() -> None:
    text = "@prefix : <http://e.example/> . _:a :next _:b . _:b :next _:a ."
    with pytest.raises(ValueError, match="ring"):
        load.skolemise(Graph().parse(data=text, format="turtle"))


def test_a_blank_node_is_no_term() -> None:
    with pytest.raises(ValueError, match="neither"):
        load.term(BNode())


def test_shapes_by_name() -> None:
    assert 0 < len(load.shapes_graph("core")) < len(load.shapes_graph())
    assert len(load.shapes_graph("no-such-file")) == 0
