"""Review states of facts, by entity and by the passages of a document."""

from graph_api.builder.review_states import judged_entities, states_about, states_within
from graph_api.store.oxigraph import OxigraphStore
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Quad
from ontology.vocabularies import RDF_SUBJECT

IRIS = Iris()
AVISE, DLA = IRIS.entity("actor", "avise"), IRIS.entity("programme", "dla")
DOCUMENT = IRIS.graph("document/d1")


def claim(name: str, subject: Iri, state: Iri, start: int, graph: Iri = DOCUMENT) -> list[Quad]:
    node = IRIS.claim(name)
    return [
        Quad(node, RDF_SUBJECT, subject, graph),
        Quad(node, mln.reviewState, state, graph),
        Quad(node, mln.passage, IRIS.passage("d1", start, start + 9), graph),
    ]


def store() -> OxigraphStore:
    made = OxigraphStore()
    with made.writer() as writer:
        writer.replace(
            DOCUMENT,
            [
                *claim("a", AVISE, mln.accepted, 100),
                *claim("b", AVISE, mln.unreviewed, 20),
                *claim("c", DLA, mln.corrected, 20),
            ],
        )
        writer.replace(
            IRIS.graph("document/d2"),
            claim("d", DLA, mln.accepted, 7, IRIS.graph("document/d2")),
        )
    return made


def test_states_of_the_facts_about_an_entity() -> None:
    view = store().view()
    assert states_about(AVISE, view) == ("accepted", "unreviewed")
    assert states_about(DLA, view) == ("accepted", "corrected")
    assert states_about(IRIS.entity("actor", "nobody"), view) == ()


def test_states_by_where_a_document_proves_them() -> None:
    found = states_within("d1", store().view(), IRIS)
    assert found == [(20, "corrected"), (20, "unreviewed"), (100, "accepted")]


def test_a_judged_fact_touches_its_subject() -> None:
    view = store().view()
    changed = Quad(IRIS.claim("b"), mln.reviewState, mln.accepted, DOCUMENT)
    assert list(judged_entities([changed], view)) == [AVISE]
    assert list(judged_entities([changed._replace(predicate=mln.rule)], view)) == []
