"""Territories around territories, and the countries among them."""

from graph_api.builder.placing import are_moved, countries_of, places_around
from graph_api.store.oxigraph import OxigraphStore
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import RDF_TYPE, SKOS_NOTATION

IRIS = Iris()
TERRITORIES = IRIS.graph("territories")


def place(slug: str) -> Iri:
    return IRIS.entity("territory", slug)


def within(inner: str, outer: str, graph: Iri = TERRITORIES) -> Quad:
    return Quad(place(inner), mln.partOf, place(outer), graph)


def store(*quads: Quad) -> OxigraphStore:
    made = OxigraphStore()
    with made.writer() as writer:
        for graph in {quad.graph for quad in quads}:
            writer.replace(graph, [quad for quad in quads if quad.graph == graph])
    return made


def test_a_commune_brings_department_region_and_country() -> None:
    view = store(within("town", "dep"), within("dep", "reg"), within("reg", "land")).view()
    found = places_around([place("town")], view, IRIS)
    assert found == tuple(map(place, ("town", "dep", "reg", "land")))


def test_what_lies_in_two_has_both_and_a_ring_ends() -> None:
    quads = [within("town", "dep"), within("town", "union"), within("dep", "town")]
    found = places_around([place("town"), place("dep")], store(*quads).view(), IRIS)
    assert set(found) == set(map(place, ("town", "dep", "union")))
    assert len(found) == 3


def test_conclusions_say_nothing_here() -> None:
    view = store(within("town", "land", IRIS.graph("inferred/transitive"))).view()
    assert places_around([place("town")], view, IRIS) == (place("town"),)


def test_codes_of_the_countries_only() -> None:
    view = store(
        Quad(place("land"), RDF_TYPE, mln.Country, TERRITORIES),
        Quad(place("land"), SKOS_NOTATION, Literal("FR"), TERRITORIES),
        Quad(place("town"), SKOS_NOTATION, Literal("59350"), TERRITORIES),
    ).view()
    assert countries_of([place("town"), place("land")], view) == ("FR",)


def test_only_territories_are_moved() -> None:
    axis = Quad(IRIS.entity("practice", "a"), mln.partOf, IRIS.entity("law", "b"), TERRITORIES)
    assert are_moved([axis, within("town", "dep")], IRIS)
    assert not are_moved([axis], IRIS)
