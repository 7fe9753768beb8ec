"""Outside vocabularies: each term we name exists there."""

from rdflib import Graph, Literal, URIRef

from ontology import vocabularies
from ontology.iris import Iris
from ontology.load import ontology_graph, scheme_graph, scheme_names, shapes_graph
from ontology.model import Iri
from ontology.outside import missing_terms


def named_in(graph: Graph) -> set[str]:
    nodes = {node for triple in graph for node in triple}
    datatypes = {str(n.datatype) for n in nodes if isinstance(n, Literal) and n.datatype}
    return {str(node) for node in nodes if isinstance(node, URIRef)} | datatypes


def test_the_ontology_names_only_terms_that_exist() -> None:
    assert missing_terms(named_in(ontology_graph())) == []


def test_so_do_vocabularies_and_shapes() -> None:
    graphs = [scheme_graph(name, Iris()) for name in scheme_names()]
    for graph in [*graphs, shapes_graph()]:
        assert missing_terms(named_in(graph)) == []


def test_so_do_the_constants() -> None:
    constants = [getattr(vocabularies, name) for name in vocabularies.__all__]
    terms = [value for value in constants if isinstance(value, Iri)]
    assert len(terms) > 100
    assert missing_terms(terms) == []


def test_a_term_that_nobody_defined_is_found() -> None:
    wrong = [
        "http://data.europa.eu/m8g/hasContactPoint",
        "http://purl.org/vocab/cpsv#FormalFramework",
        "http://www.w3.org/2004/02/skos/core#prefLabels",
        "http://schema.org/NoSuchThing",
        "http://www.w3.org/ns/oa#hasQuote",
    ]
    right = [
        "http://schema.org/Organization",
        "http://www.w3.org/2004/02/skos/core#",
        "https://elsewhere.example/anything",
    ]
    assert missing_terms([*wrong, *right]) == sorted(wrong)
