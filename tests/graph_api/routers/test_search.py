import json
from pathlib import Path
from typing import Any

import pytest

from graph_api.routers.search import DEEPEST_PAGE
from tests.graph_api.local import TREMPLIN, Client, Sample, add_quads, make_app, sample
from tests.graph_api.placed import placed_quads


def ask(client: Client, query: str) -> dict[str, Any]:
    response = client.get(f"/api/search?{query}", "application/json")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = json.loads(response.content)
    return found


@pytest.mark.parametrize("words", ["tremplin local", "TL", "local springboard", "TREMPLIN"])
def test_names_in_both_languages_lead_to_one_page(client: Client, words: str) -> None:
    assert ask(client, f"q={words}")["results"][0]["id"] == TREMPLIN
    text = client.get(f"/fr/search?q={words}").text
    assert 'href="/fr/programme/tremplin-local"' in text


def test_the_wire_shape(client: Client, portal: Sample) -> None:
    found = ask(client, "q=diagnostic&type=passage")
    assert found["generation"] == 7
    assert found["total"] == len(found["results"]) == 1
    hit = found["results"][0]
    assert hit["document"] == portal.french.sha256
    passage = portal.french.text[hit["start"] : hit["end"]]
    assert "diagnostic partagé" in passage
    assert "diagnostic" in [hit["snippet"][start:end] for start, end in hit["marks"]]


def test_the_page_says_what_the_api_says(client: Client) -> None:
    total = ask(client, "q=tremplin&ui=fr")["total"]
    text = client.get("/fr/search?q=tremplin").text
    assert f"{total}\xa0résultats pour «\xa0tremplin\xa0»</h1>" in text
    assert f"<title>{total}\xa0résultats pour" in text
    assert "<mark>Tremplin</mark>" in text


def test_a_document_is_listed_once_and_leads_to_its_passages(
    client: Client, portal: Sample
) -> None:
    found = ask(client, "q=tremplin&type=passage")
    documents = [hit["document"] for hit in found["results"]]
    assert len(documents) == len(set(documents)) == found["total"]
    first = next(hit for hit in found["results"] if hit["passages"] > 1)
    text = client.get("/en/search?q=tremplin&type=passage").text
    assert f"{first['passages']} passages of this document</a>" in text
    one = ask(client, f"q=tremplin&type=passage&document={first['document']}&apart=1")
    assert {hit["document"] for hit in one["results"]} == {first["document"]}
    assert one["total"] == first["passages"]


def test_more_like_this_goes_with_filters_and_exports(client: Client) -> None:
    found = ask(client, f"like={TREMPLIN}")
    assert found["results"]
    assert TREMPLIN not in {hit["id"] for hit in found["results"]}
    page = client.get(f"/en/search?like={TREMPLIN}").text
    assert "What resembles" in page
    assert f'<input type="hidden" name="like" value="{TREMPLIN}">' in page
    assert client.get(f"/api/search.atom?like={TREMPLIN}", "*/*").status_code == 200
    assert ask(client, "like=https://e.example/x")["notes"][0]["key"] == "query.like"
    assert "is not in the index" in client.get("/en/search?like=x").text


def test_a_passage_opens_its_sentence(client: Client, portal: Sample) -> None:
    hit = ask(client, "q=diagnostic&type=passage")["results"][0]
    href = f"/fr/document/{portal.french.sha256}?mark={hit['start']}-{hit['end']}#mark"
    assert f'href="{href}"' in client.get("/fr/search?q=diagnostic").text


def test_filters_are_check_boxes_and_chips_that_can_be_taken_away(client: Client) -> None:
    text = client.get("/fr/search?q=tremplin&type=programme&theme=habitat").text
    assert 'name="type" value="programme" checked' in text
    assert 'name="theme" value="habitat" checked' in text
    assert 'href="/fr/search?q=tremplin&amp;theme=habitat"' in text
    assert 'href="/fr/search?q=tremplin&amp;type=programme"' in text
    assert "noindex, nofollow" in text


def test_territories_stand_below_those_that_hold_them(tmp_path: Path) -> None:
    made = sample(tmp_path)
    add_quads(made.queries.store, placed_quads())
    client = Client(make_app(made.services))
    text = client.get("/en/search?q=relais&territory=region&country=FR&review=accepted").text
    country, region, town = (
        text.index(f'name="territory" value="{slug}"') for slug in ("country", "region", "town")
    )
    assert country < region < town
    assert text[country:region].count('class="inside"') == 1
    assert text[region:town].count('class="inside"') == 1
    assert 'name="territory" value="region" checked' in text
    assert 'name="country" value="FR" checked' in text
    assert "<span>France</span>" in text
    assert "accepted by a person" in text
    assert 'role="group" aria-label="' in text


def test_nothing_found_offers_ways_on_with_their_counts(client: Client) -> None:
    text = client.get("/en/search?q=diagnostic&type=actor").text
    assert "0 results" in text
    assert "without “Actors”" in text
    assert "1 result</span>" in text


def test_pages_of_results(client: Client, portal: Sample) -> None:
    total = ask(client, "apart=1")["total"]
    assert total > ask(client, "")["total"]
    assert f"Page 1 of {-(-total // 20)}" in client.get("/en/search?apart=1").text
    last = client.get(f"/en/search?apart=1&page={-(-total // 20)}").text
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last
    assert client.get("/en/search?page=0").status_code == 422
    assert client.get(f"/en/search?page={DEEPEST_PAGE + 1}").status_code == 422
    assert len(ask(client, "size=2")["results"]) == 2
    assert ask(client, "size=2&page=2")["results"] != ask(client, "size=2")["results"]


@pytest.mark.parametrize(
    "query",
    ["q=" + "(" * 1500, "q=*e*", "q=%00%E2%80%AE", "q=AND%20OR%20NOT", "lang=xx", "year=abc",
     "type=nothing", "theme=" + "x" * 900],
)  # fmt: skip
def test_odd_questions_have_a_page(client: Client, query: str) -> None:
    assert client.get(f"/fr/search?{query}").status_code == 200


def test_suggestions(client: Client) -> None:
    found = json.loads(client.get("/api/suggest?q=trem", "application/json").content)
    assert found["suggestions"][0]["id"] == TREMPLIN
    assert {"label", "lang", "kind"} <= set(found["suggestions"][0])
