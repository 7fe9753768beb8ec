"""What the SPARQL benchmarks stand on: the graph they make, the queries, the curves and tables."""

from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from tests.bench.curves import draw
from tests.bench.questions import HEAVY, light_queries
from tests.bench.sparql_report import fill, ratios
from tests.bench.synthetic import QUADS_PER_DOCUMENT, Territories, write_graph

SIZE = 12_000


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "graph.nq"
    write_graph(path, SIZE)
    return path


@pytest.fixture(scope="module")
def store(graph: Path) -> ox.Store:
    store = ox.Store()
    store.load(path=str(graph), format=ox.RdfFormat.N_QUADS)
    return store


def test_the_graph_has_its_size_and_is_the_same_each_time(
    graph: Path, store: ox.Store, tmp_path: Path
) -> None:
    again = tmp_path / "again.nq"
    count = write_graph(again, SIZE)
    assert again.read_bytes() == graph.read_bytes()
    assert len(store) == count  # no quad twice
    assert SIZE <= count < SIZE + 2 * QUADS_PER_DOCUMENT


def test_a_document_has_about_the_quads_that_it_is_said_to_have(store: ox.Store) -> None:
    documents = [g for g in store.named_graphs() if "/graph/document/" in str(g)]
    counts = [sum(1 for _ in store.quads_for_pattern(None, None, None, g)) for g in documents]
    assert all(abs(count / QUADS_PER_DOCUMENT - 1) < 0.05 for count in counts)


def test_territories_form_a_tree() -> None:
    triples = list(Territories(SIZE).quads())
    wholes = {s: o for s, p, o in triples if "partOf" in p}
    names = {s for s, *_ in triples}
    assert len(names) - len(wholes) == 1
    assert set(wholes.values()) <= names


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_queries_find_something(store: ox.Store, name: str) -> None:
    result = store.query(HEAVY[name], use_default_graph_as_union=True)
    assert isinstance(result, ox.QuerySolutions)
    first = next(result)
    assert all(first[number] != ox.Literal(0) for number in range(len(result.variables)))


def test_light_queries_find_something_and_are_the_same_each_time(store: ox.Store) -> None:
    queries = light_queries(SIZE)
    assert queries == light_queries(SIZE)
    for name, query in islice(queries, 21):
        result = store.query(query, use_default_graph_as_union=True)
        assert isinstance(result, ox.QuerySolutions)
        assert next(result, None) is not None, (name, query)


def test_curves_are_pictures_with_a_title_and_every_point() -> None:
    series = {"a <b>": [(10.0, 1.0), (1_000.0, 30.0)], "c": [(10.0, 5.0)]}
    picture = ElementTree.fromstring(draw("Title & more", "quads", "ms", series))  # noqa: S314
    space = "{http://www.w3.org/2000/svg}"
    assert picture.findtext(f"{space}title") == "Title & more"
    assert len(picture.findall(f"{space}circle")) == 3
    assert "a <b>" in {text.text for text in picture.iter(f"{space}text")}


def test_tables_are_put_between_their_marks_only() -> None:
    text = "before\n<!-- x: begin -->\nold\n<!-- x: end -->\nafter\n"
    assert fill(text, "x", "new\n") == text.replace("old", "new")
    with pytest.raises(ValueError, match="no marks"):
        fill(text, "y", "new")


def test_ratios_are_ours_to_the_engines_own_server() -> None:
    def row(name: str, light: float, heavy: float, load: float) -> dict[str, object]:
        return {"server": name, "light_per_s": light, "heavy_per_s": heavy, "load_s": load}

    found = ratios(
        [
            row("maillon, memory", 600, 30, 4),
            row("oxigraph server, memory", 2000, 20, 0),
            row("oxigraph server, disk", 1000, 10, 8),
        ]
    )
    assert list(found.values()) == [3.0, 1.5, 0.6, 2.0]
