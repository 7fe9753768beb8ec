"""The contract of stores, on disk and in memory, and the canonical hash."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.store.base import Delta, Store, StoreError
from graph_api.store.canonical import canonical_hash
from graph_api.store.oxigraph import OxigraphStore, OxigraphView, from_ox, quad_line, to_ox
from ontology.iris import Iris
from ontology.model import XSD, Iri, Literal, Quad

IRIS = Iris()
G = IRIS.graph("corpus")


def iri(name: str) -> Iri:
    return Iri(f"https://example.org/{name}")


def quad(name: str, value: str = "x", graph: Iri = G) -> Quad:
    return Quad(iri(name), iri("p"), Literal(value), graph)


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return OxigraphStore(tmp_path / "store" if request.param == "disk" else None)


def replace(store: Store, graph: Iri, *quads: Quad) -> Delta:
    with store.writer() as writer:
        return writer.replace(graph, quads)


def test_replace_returns_just_the_difference(store: Store) -> None:
    assert replace(store, G, quad("a"), quad("b")).added == (quad("a"), quad("b"))
    delta = replace(store, G, quad("b"), quad("c"))
    assert delta == Delta(added=(quad("c"),), removed=(quad("a"),))
    assert set(store.view().quads()) == {quad("b"), quad("c")}


def test_the_same_quads_are_no_change(store: Store) -> None:
    replace(store, G, quad("a"), quad("b"))
    assert not replace(store, G, quad("b"), quad("a"), quad("a"))


def test_a_form_that_the_store_rewrites_is_no_change(store: Store) -> None:
    number = Quad(iri("a"), iri("p"), Literal("01", Iri(XSD + "integer")), G)
    assert replace(store, G, number).added[0].object == Literal("1", Iri(XSD + "integer"))
    assert not replace(store, G, number)


def test_other_graphs_stay(store: Store) -> None:
    other = IRIS.graph("other")
    replace(store, other, quad("a", graph=other))
    replace(store, G, quad("a"))
    replace(store, G)
    assert set(store.view().graphs()) == {other}
    assert len(store.view()) == 1


def test_a_quad_of_another_graph_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="another graph"):
        replace(store, G, quad("a", graph=IRIS.graph("other")))


@pytest.mark.parametrize(
    "bad",
    [
        Quad(Iri("not an iri"), iri("p"), Literal("x"), G),
        Quad(iri("s"), iri("p"), Literal("x", lang="not a tag"), G),
    ],
)
def test_what_is_not_rdf_is_refused(store: Store, bad: Quad) -> None:
    replace(store, G, quad("a"))
    with pytest.raises(StoreError, match="invalid RDF"):
        replace(store, G, bad)
    assert set(store.view().quads()) == {quad("a")}


def test_patterns_choose_quads(store: Store) -> None:
    replace(store, G, quad("a"), quad("b"), Quad(iri("a"), iri("q"), iri("b"), G))
    view = store.view()
    assert len(list(view.quads(subject=iri("a")))) == 2
    assert len(list(view.quads(predicate=iri("p")))) == 2
    assert [q.subject for q in view.quads(object=iri("b"))] == [iri("a")]
    assert list(view.quads(graph=iri("none"))) == []


def test_a_checkpoint_stays_as_it_was(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    replace(store, G, quad("a"))
    store.checkpoint(tmp_path / "1")
    replace(store, G, quad("b"))
    assert list(OxigraphView.open(tmp_path / "1").quads()) == [quad("a")]
    with pytest.raises(StoreError):
        store.checkpoint(tmp_path / "1")


def test_a_checkpoint_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        OxigraphView.open(tmp_path / "none")


def test_one_store_opens_once(tmp_path: Path) -> None:
    first = OxigraphStore(tmp_path / "store")
    with pytest.raises(StoreError, match="cannot be opened"):
        OxigraphStore(tmp_path / "store")
    assert len(first.view()) == 0


def test_the_hash_depends_on_the_quads_alone() -> None:
    hashes = set()
    for order in ((quad("a"), quad("b")), (quad("b"), quad("a"))):
        store = OxigraphStore()
        for each in order:
            replace(store, G, *set(store.view().quads()), each)
        hashes.add(canonical_hash(store.view(), IRIS))
    assert len(hashes) == 1


def test_the_catalogue_is_not_hashed() -> None:
    store = OxigraphStore()
    replace(store, G, quad("a"))
    before = canonical_hash(store.view(), IRIS)
    catalogue = IRIS.graph("catalogue")
    replace(store, catalogue, quad("a", "2026-01-01", catalogue))
    assert canonical_hash(store.view(), IRIS) == before
    replace(store, G, quad("a", "other"))
    assert canonical_hash(store.view(), IRIS) != before


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([None, "fr", "en-gb"]))
def test_terms_survive_the_conversion(value: str, lang: str | None) -> None:
    made = Quad(iri("s"), iri("p"), Literal(value, lang=lang), G)
    back = from_ox(to_ox(made))
    assert isinstance(back.object, Literal)
    assert (back.object.value, back.object.lang) == (value, lang)
    line = quad_line(made)
    assert "\n" not in line
    assert line.endswith(f"<{G}> .")
