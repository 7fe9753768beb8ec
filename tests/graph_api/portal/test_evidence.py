import pytest

from graph_api.portal.evidence import (
    Description,
    PassageName,
    SourceList,
    is_reviewed,
    read_passage_name,
)
from graph_api.portal.labels import Text
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT

IRIS = Iris()
GRAPH = IRIS.graph("corpus")
ONE, TWO = IRIS.entity("actor", "one"), IRIS.entity("actor", "two")
REPORT = IRIS.entity("publication", "report")


def assertion(name: str, value: Term, *more: tuple[Iri, Term]) -> list[Quad]:
    node = IRIS.claim(name)
    pairs: list[tuple[Iri, Term]] = [
        (RDF_SUBJECT, ONE), (RDF_PREDICATE, mln.operates), (RDF_OBJECT, value), *more,
    ]  # fmt: skip
    return [Quad(node, predicate, each, GRAPH) for predicate, each in pairs]


def cited(name: str, place: str) -> list[Quad]:
    node = Iri(f"{IRIS.claim(name)}#citation-1")
    return [
        Quad(IRIS.claim(name), mln.citation, node, GRAPH),
        Quad(node, mln.citedPublication, REPORT, GRAPH),
        Quad(node, mln.place, Literal(place), GRAPH),
    ]


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (IRIS.passage("ab", 3, 9), PassageName("ab", 3, 9)),
        (IRIS.document("ab"), None),
        (Iri(IRIS.document("ab") + "/p/3-x"), None),
        (Iri(IRIS.document("ab") + "/p/²-9"), None),
        (Iri("https://other.example/id/document/ab/p/1-2"), None),
        (Iri(IRIS.document("ab") + "/p/1-" + "9" * 40), None),
    ],
)
def test_the_name_of_a_passage(iri: Iri, name: PassageName | None) -> None:
    assert read_passage_name(iri, IRIS) == name


def test_a_description_is_the_same_in_any_order_and_ignores_repetition() -> None:
    quads = assertion("b", TWO) + assertion("a", TWO)
    one, two = Description(quads), Description([*reversed(quads), *quads])
    assert one.assertions() == two.assertions()
    assert [each.iri for each in one.assertions()] == [IRIS.claim("a"), IRIS.claim("b")]


def test_an_incomplete_assertion_is_none() -> None:
    quads = [q for q in assertion("a", TWO) if q.predicate != RDF_OBJECT]
    assert Description(quads).assertions() == []


def test_sources_are_numbered_in_the_order_of_use_and_shared() -> None:
    passage = IRIS.passage("ab", 0, 5)
    description = Description(
        [
            *assertion("a", TWO, (mln.passage, passage)),
            *assertion("b", REPORT, (mln.passage, passage)),
            *assertion("c", GRAPH),
            *cited("c", "5.2"),
        ]
    )
    sources = SourceList(description, IRIS)
    said = (Text("Operates"), Text("x"))
    first, second, third = description.assertions()
    assert sources.cite(third, said) == [1]
    assert sources.cite(first, said) == [2]
    assert sources.cite(second, said) == [2]
    labels = {iri: Text(iri) for iri in sources.references()}
    place, read = sources.sources(labels)
    assert (place.place, place.document) == ("5.2", "")
    assert (read.document, read.start, read.end) == ("ab", 0, 5)
    assert len(read.supports) == 2
    assert read.quote is None  # the store holds no selector for it


def test_a_citation_found_again_does_not_hide_the_other_one() -> None:
    document, other = IRIS.document("ab"), IRIS.entity("publication", "other")
    node = Iri(f"{IRIS.claim('a')}#citation-2")
    description = Description(
        [
            *assertion("a", TWO, (mln.passage, IRIS.passage("ab", 0, 5)), (mln.citation, node)),
            *cited("a", "5.2"),
            Quad(node, mln.citedPublication, other, GRAPH),
            Quad(node, mln.place, Literal("9"), GRAPH),
            Quad(document, mln.fileOf, REPORT, GRAPH),
        ]
    )
    sources = SourceList(description, IRIS)
    assert sources.cite(description.assertions()[0], (Text("p"), Text("v"))) == [1, 2]
    labels = {iri: Text(iri) for iri in sources.references()}
    again, plain = sources.sources(labels)
    assert (again.reanchored, again.place) == (True, "5.2")
    assert (plain.reanchored, plain.place) == (False, "9")
    assert plain.publication is not None
    assert plain.publication.iri == other


def test_review_states() -> None:
    for state, reviewed in ((mln.accepted, True), (mln.corrected, True), (mln.unreviewed, False)):
        description = Description(assertion("a", TWO, (mln.reviewState, state)))
        assert is_reviewed(description, IRIS.claim("a")) is reviewed
    assert not is_reviewed(Description([]), IRIS.claim("a"))


def test_a_confidence_that_is_no_number_is_none() -> None:
    description = Description(
        assertion(
            "a", TWO, (mln.confidence, Literal("high")), (mln.passage, IRIS.passage("a", 0, 1))
        )
    )
    sources = SourceList(description, IRIS)
    sources.cite(description.assertions()[0], (Text("p"), Text("v")))
    labels = {iri: Text(iri) for iri in sources.references()}
    assert sources.sources(labels)[0].supports[0].confidence is None
