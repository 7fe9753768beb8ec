"""Territories on a map: picture, table, JSON and query count the same."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from corpus.territories import load_territories
from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.labels import text_of
from graph_api.portal.maps import STEPS, legend, step_of
from ontology import terms as mln
from ontology.model import Quad
from tests.graph_api.local import (
    IRIS,
    RELAIS,
    TREMPLIN,
    Client,
    Sample,
    add_quads,
    make_app,
    sample,
)
from tests.graph_api.placed import territory

TOTALS = {
    "fr": {"fr-reg-53": 2, "fr-reg-84": 1},
    "fr-dep": {"fr-dep-29": 1, "fr-dep-38": 1},
    "eu": {"eu-FR": 3},
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    made, graph = sample(tmp_path_factory.mktemp("mapped")), IRIS.graph("corpus")
    said = [
        (RELAIS, mln.locatedIn, "fr-dep-29"),
        (TREMPLIN, mln.appliesIn, "fr-reg-53"),
        (IRIS.entity("actor", "evil"), mln.locatedIn, "fr-dep-38"),
    ]
    add_quads(made.queries.store, load_territories().quads(IRIS))
    add_quads(made.queries.store, (Quad(s, p, territory(o), graph) for s, p, o in said))
    return made


@pytest.fixture(scope="module")
def client(found: Sample) -> Client:
    return Client(make_app(found.services))


def answer(client: Client, area: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        client.get(f"/api/territories/counts?area={area}", accept="*/*").content
    )
    return data


@pytest.mark.parametrize("area", TOTALS)
def test_all_count_the_same(client: Client, found: Sample, area: str) -> None:
    data = answer(client, area)
    # Authorities that govern a territory ship with the territories: they are there, too.
    every = {each["territory"].rpartition("/")[2]: each for each in data["territories"]}
    without = {slug: each["total"] - sum(1 for q in governed(slug)) for slug, each in every.items()}
    assert {slug: n for slug, n in without.items() if n} == TOTALS[area]
    counted = {each["territory"]: each["total"] for each in data["territories"]}
    rows = asyncio.run(found.queries.select(data["query"]))
    asked = {row["here"]: int(text_of(row["things"])) for row in rows}
    assert asked == {iri: total for iri, total in counted.items() if total}
    table = client.get(f"/en/territories/counts.csv?area={area}").text[1:]
    lines = csv.DictReader(io.StringIO(table))
    assert {line["iri"]: int(line["total"]) for line in lines} == counted


def governed(slug: str) -> set[str]:
    """The authorities of a territory and of its parts."""
    known = load_territories().by_slug
    below = {slug}
    while more := {t.slug for t in known.values() if below & set(t.within)} - below:
        below |= more
    return {known[each].authority for each in below if known[each].authority}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("area", TOTALS)
def test_the_picture_has_every_area_and_so_has_the_table(
    client: Client, lang: str, area: str
) -> None:
    text = client.get(f"/{lang}/territories?area={area}").text
    picture, table = text[text.index("<svg") : text.index("</svg>")], text[text.index("<table") :]
    for each in answer(client, area)["territories"]:
        path = f"/{lang}/territory/{each['territory'].rpartition('/')[2]}"
        assert picture.count(f'href="{path}" tabindex="-1"') == 1
        assert table.count(f'href="{path}"') == 1
    assert "Natural Earth" in text
    assert text.count("<h1") == 1


def test_steps_and_unknown_maps(client: Client) -> None:
    assert [step_of(n) for n in (0, *STEPS, 10**6)] == [0, 1, 2, 3, 4, 4]
    assert legend() == ((0, 0), (1, 2), (3, 9), (10, 29), (30, -1))
    for path in ("/api/territories/counts", "/en/territories", "/en/territories/counts.csv"):
        assert client.get(f"{path}?area=mars", accept="*/*").status_code == 404
