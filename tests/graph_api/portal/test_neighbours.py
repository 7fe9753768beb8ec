"""Things related through the graph, and what resembles a page."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_api.portal.neighbours import MOST, rank_related, related_query
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from tests.graph_api.local import (
    BILAN,
    IRIS,
    RELAIS,
    TREMPLIN,
    Client,
    Sample,
    add_quads,
    make_app,
    sample,
)

HOUSING, HEALTH = IRIS.concept("themes", "housing"), IRIS.concept("themes", "health")
OTHER = [IRIS.entity("programme", f"other{n}") for n in range(9)]
CORPUS = IRIS.graph("corpus")


@pytest.fixture
def found(tmp_path: Path) -> Sample:
    made = sample(tmp_path)
    quads = [Quad(TREMPLIN, mln.theme, each, CORPUS) for each in (HOUSING, HEALTH)]
    quads += [Quad(each, mln.theme, HEALTH, CORPUS) for each in OTHER]
    quads += [Quad(each, mln.theme, HOUSING, CORPUS) for each in OTHER[5:7]]
    quads.append(Quad(OTHER[0], mln.operatedBy, RELAIS, IRIS.graph("inferred/inverse")))
    quads.append(Quad(TREMPLIN, mln.operatedBy, RELAIS, CORPUS))
    quads.append(Quad(OTHER[6], mln.operatedBy, RELAIS, CORPUS))
    add_quads(made.queries.store, quads)
    return made


def related(made: Sample, most: int = MOST) -> list[tuple[Iri, tuple[Iri, ...]]]:
    solutions = made.queries.store.query(
        related_query(TREMPLIN, IRIS), use_default_graph_as_union=True
    )
    assert isinstance(solutions, ox.QuerySolutions)
    rows: list[Row] = [{n: Iri(row[n].value) for n in ("other", "shared")} for row in solutions]
    return [(each.iri, each.shared) for each in rank_related(rows, IRIS, most)]


def test_who_shares_more_and_what_is_rarer_comes_first(found: Sample) -> None:
    first, second, *others = related(found)
    assert first == (OTHER[6], (RELAIS, HOUSING, HEALTH))
    assert second == (OTHER[5], (HOUSING, HEALTH))
    # What follows by rules only is left out: the ninth says no more than the others.
    assert all(shared == (HEALTH,) for _, shared in others)
    assert len(others) == MOST - 2


def test_it_is_the_same_in_any_order_and_needs_things_of_ours() -> None:
    outside = Iri("https://elsewhere.example/x")
    rows: list[Row] = [{"other": OTHER[n], "shared": HOUSING} for n in (2, 1)]
    strange: list[Row] = [
        {"other": outside, "shared": HOUSING},
        {"other": OTHER[3], "shared": Literal("x")},
    ]
    expected = rank_related(rows, Iris(), 5)
    assert [each.iri for each in expected] == [OTHER[1], OTHER[2]]
    assert rank_related([*strange, *reversed(rows)], Iris(), 5) == expected


def test_a_page_shows_both(found: Sample) -> None:
    client = Client(make_app(found.services))
    text = client.get("/en/programme/tremplin-local").text
    assert "Related through the graph" in text
    assert "/en/concept/themes/housing" in text.split("Related through the graph")[1]
    assert "More like this" in text
    assert f"/en/search?like={IRIS.base.replace(':', '%3A').replace('/', '%2F')}" in text
    document = client.get(f"/fr/document/{found.french.sha256}").text
    assert 'id="alike"' in document


def test_a_page_is_shown_without_an_index(found: Sample, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "index")
    client = Client(make_app(found.services))
    response = client.get("/fr/publication/" + BILAN.rpartition("/")[2])
    assert response.status_code == 200
    assert 'id="alike"' not in response.text
