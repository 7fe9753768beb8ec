"""Territories: what is known there, its own and inherited, two side by side; the same set everywhere."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from graph_api.guide.offers import Knowledge
from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.labels import text_of
from graph_api.portal.territories import Placed, Scope, known_in, local_territories
from ontology import terms as mln
from tests.graph_api.local import IRIS, Client, Sample, add_quads, make_app, sample
from tests.graph_api.placed import placed_quads, territory

STATEMENT = ("thing", "relation", "territory")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    made = sample(tmp_path_factory.mktemp("placed"))
    add_quads(made.queries.store, placed_quads())
    return made


@pytest.fixture(scope="module")
def client(found: Sample) -> Client:
    return Client(make_app(found.services))


def answer(client: Client, *places: str) -> dict[str, Any]:
    asked = "&".join(f"place={place}" for place in places)
    response = client.get(f"/api/territories?{asked}", accept="*/*")
    assert response.status_code == 200
    data: dict[str, Any] = json.loads(response.content)
    return data


def things(client: Client, place: str) -> dict[str, set[str]]:
    said = answer(client, place)["territories"][0]
    return {scope: {each["thing"].rpartition("/")[2] for each in said[scope]} for scope in Scope}


def test_what_is_larger_is_inherited_and_what_is_smaller_is_not(client: Client) -> None:
    assert things(client, "town") == {
        "own": {"bourse", "mairie", "habitants", "guichet-unique", "relais-pays-bleu"},
        "wider": {"plan", "tremplin-local"},
        "inside": set(),
    }
    # That the Relais is in the region follows from its town: it stays "in a part of it".
    assert things(client, "region") == {
        "own": {"plan"},
        "wider": {"tremplin-local"},
        "inside": {"bourse", "mairie", "habitants", "guichet-unique", "relais-pays-bleu"},
    }
    assert things(client, "country")["wider"] == set()
    # A figure of a body is none of the town in which it has its seat.
    assert all("tremplin-projects" not in each for each in things(client, "town").values())


def test_a_thing_stands_once_in_its_nearest_scope() -> None:
    knowledge = Knowledge(part_of={territory("town"): frozenset({territory("country")})})
    thing = IRIS.entity("programme", "both")
    said = [Placed(thing, mln.appliesIn, territory(place)) for place in ("country", "town")]
    town = known_in(territory("town"), said, knowledge)
    assert [len(town.said[scope]) for scope in Scope] == [1, 1, 0]
    assert [len(town.things(scope, IRIS)) for scope in Scope] == [1, 0, 0]
    assert local_territories(said, knowledge) == {territory("town"), territory("country")}
    assert not known_in(territory("elsewhere"), said, knowledge).local


@pytest.mark.parametrize("places", [("town",), ("country",), ("hamlet",), ("town", "hamlet")])
def test_json_table_and_query_are_of_the_same_set(
    client: Client, found: Sample, places: tuple[str, ...]
) -> None:
    data = answer(client, *places)
    said = {
        (each["territory"], scope, *(statement[name] for name in STATEMENT))
        for each in data["territories"]
        for scope in Scope
        for statement in each[scope]
    }
    assert said
    rows = asyncio.run(found.queries.select(str(data["query"])))
    asked = {
        (row["place"], text_of(row["scope"]), *(row[name] for name in STATEMENT)) for row in rows
    }
    assert asked == said
    path = "/en/territories.csv?" + "&".join(f"place={place}" for place in places)
    lines = csv.DictReader(io.StringIO(client.get(path).text[1:]))
    assert {
        (x["territory"], x["scope"], x["thing"], str(mln.partOf).replace("partOf", x["relation"]),
         x["of_territory"])
        for x in lines
    } == said  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_its_own_from_what_it_inherits(client: Client, lang: str) -> None:
    page = client.get(f"/{lang}/territory/town")
    assert page.status_code == 200
    text = page.text
    assert text.count("<h1") == 1
    own, wider = text.index("/programme/bourse"), text.index("/programme/tremplin-local")
    title = {"fr": "Hérité de territoires plus grands", "en": "Inherited from larger"}[lang]
    assert own < text.index(title) < wider
    assert {"fr": "terminé", "en": "closed"}[lang] in text[own : own + 250]
    assert 'content="noindex"' not in text
    assert f"/{lang}/territories.csv?place=town" in text
    assert "/api/territories?place=town" in text
    assert f"/{lang}/territories/compare?place=town" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_local_is_said_in_words_and_kept_from_crawlers(client: Client, lang: str) -> None:
    words = {"fr": "Rien de local n", "en": "Nothing local is known here"}[lang]
    empty = client.get(f"/{lang}/territory/hamlet").text
    assert words in empty
    assert 'content="noindex"' in empty
    assert "/law/plan" in empty  # what it inherits is still there
    assert words not in client.get(f"/{lang}/territory/region").text
    nowhere = client.get(f"/{lang}/territory/elsewhere").text
    assert words in nowhere
    sitemap = client.get("/sitemap-territory-1.xml").text
    for slug, listed in (("town", True), ("region", True), ("country", True), ("hamlet", False),
                         ("elsewhere", False)):  # fmt: skip
        assert (f"/{lang}/territory/{slug}<" in sitemap) is listed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_territories_side_by_side(client: Client, lang: str) -> None:
    asked = client.get(f"/{lang}/territories/compare").text
    assert asked.count('name="place"') == 2
    text = client.get(f"/{lang}/territories/compare?place=Rivebourg&place=hamlet").text
    assert text.count("<h1") == 1
    assert 'content="noindex' in text
    programmes = text[text.index('id="k-programme"') : text.index('id="k-law"')]
    first, both, second = programmes.split("<h3>")[1:]
    assert "/programme/bourse" in first
    assert "/programme/tremplin-local" in both
    assert "<a" not in second


def test_names_that_mean_nothing_several_or_the_same(client: Client) -> None:
    page = "/en/territories/compare?"
    assert "“Atlantis”" in client.get(page + "place=Atlantis&place=town").text
    several = client.get(page + "place=Pays&place=town").text
    assert "place=country&amp;place=town" in several
    assert "place=elsewhere&amp;place=town" in several
    assert "the same territory" in client.get(page + "place=town&place=Rivebourg").text
    assert client.get(page + "place=a&place=b&place=c").status_code == 422
    for path, status in (
        ("place=Atlantis", 404), ("place=Pays", 404), ("", 422), ("place=a&place=b&place=c", 422),
    ):  # fmt: skip
        assert client.get("/api/territories?" + path, accept="*/*").status_code == status
    assert client.get(page + "place=%00%22%3Cscript%3E&place=town").status_code == 200
