"""What may be the same thing in another country is proposed from names; nobody is asked twice."""

from dataclasses import replace

import pyoxigraph as ox

from graph_api.exchange.elsewhere import propose, records_of
from graph_api.store.oxigraph import OxigraphView
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import RDF_TYPE, SKOS_ALT_LABEL, SKOS_PREF_LABEL
from tests.graph_api.local import add_quads
from tests.graph_api.partners.test_registry import LATVIA

IRIS = Iris()
ESTONIA = replace(LATVIA, id="ee", country="EE", prefixes=("https://ee.example/id/",))
FUND = IRIS.entity("programme", "fund")


def named(iri: Iri, cls: Iri, graph: str, *names: str) -> list[Quad]:
    place = IRIS.graph(graph)
    return [
        Quad(iri, RDF_TYPE, cls, place),
        *(
            Quad(iri, SKOS_ALT_LABEL if n else SKOS_PREF_LABEL, Literal(name, lang="en"), place)
            for n, name in enumerate(names)
        ),
    ]


def view() -> OxigraphView:
    store = ox.Store()
    lv, ee = "https://lv.example/id", "https://ee.example/id"
    quads = [
        *named(FUND, mln.SupportScheme, "corpus", "Social Innovation Seed Fund", "SISF"),
        *named(IRIS.entity("actor", "house"), mln.Actor, "corpus", "House of Projects"),
        *named(
            Iri(f"{lv}/1"), mln.Fund, "partner/lv", "Sēklas fonds", "Social innovation seed fund"
        ),
        *named(Iri(f"{lv}/2"), mln.Programme, "partner/lv", "House of Projects"),
        *named(Iri(f"{lv}/3"), mln.Programme, "partner/lv", "Baltic bridge scheme"),
        *named(Iri(f"{ee}/1"), mln.Programme, "partner/ee", "Baltic Bridge Scheme"),
        *named(
            Iri(f"{ee}/1#x"), Iri("https://else.example/X"), "partner/ee", "Baltic Bridge Scheme"
        ),
    ]
    add_quads(store, quads)
    return OxigraphView(store)


def test_records_have_the_kind_of_their_class() -> None:
    found = records_of(view(), IRIS, LATVIA)
    assert [(each.id[-1], each.kind) for each in found] == [
        ("1", "programme"), ("2", "programme"), ("3", "programme"),
    ]  # fmt: skip
    assert found[0].names == ("Social innovation seed fund", "Sēklas fonds")


def test_the_same_name_of_the_same_kind_is_proposed_between_all_collections() -> None:
    found = {
        (each.subject, each.object): each
        for each in propose(view(), IRIS, [LATVIA, ESTONIA], frozenset())
    }
    assert set(found) == {
        (FUND, "https://lv.example/id/1"),
        ("https://lv.example/id/3", "https://ee.example/id/1"),
    }
    row = found[FUND, "https://lv.example/id/1"].row()
    assert (row["justification"], row["confidence"]) == ("semapv:LexicalMatching", "1.00")
    assert row["comment"] == "Social Innovation Seed Fund / Social innovation seed fund"


def test_what_was_judged_is_not_proposed_again() -> None:
    judged = {frozenset((str(FUND), "https://lv.example/id/1"))}
    found = list(propose(view(), IRIS, [LATVIA], judged))
    assert found == []
