import json

import pyoxigraph as ox
import pytest

from graph_api.portal.labels import Text
from graph_api.routers.entities import group_by_kind
from ontology.model import Iri
from tests.graph_api.local import IRIS, TREMPLIN, Client, Sample

MEDIA_TYPES = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


def test_the_page_leads_from_a_fact_to_its_sentence(client: Client, portal: Sample) -> None:
    text = client.get("/fr/programme/tremplin-local").text
    quote = "Le Relais du Pays bleu pilote le Tremplin local depuis 2002."
    start = portal.french.text.index(quote)
    mark = f"/fr/document/{portal.french.sha256}?mark={start}-{start + len(quote)}#mark"
    assert f'href="{mark}"' in text
    assert 'href="#source-1"' in text
    assert 'id="source-1"' in text
    page = client.get(mark.removesuffix("#mark")).text
    assert f'<mark id="mark">{quote}</mark>' in page


def test_a_place_is_shown_where_the_report_is_not_in(client: Client) -> None:
    text = client.get("/en/programme/tremplin-local").text
    assert 'Bilan régional</span> <span class="code"' in text
    assert "at 2.1" in text
    assert "noted by a person" in text
    assert "found again in the text" in text


def test_other_languages_are_marked_for_speech(client: Client) -> None:
    text = client.get("/fr/programme/tremplin-local").text
    assert '<blockquote lang="en">' in text
    assert '<span lang="en">Local Springboard</span>' in text
    english = client.get("/en/programme/tremplin-local").text
    assert 'class="lead" lang="fr"' in english
    assert "Only in French" in english


def test_the_page_offers_data_and_the_query(client: Client) -> None:
    text = client.get("/en/programme/tremplin-local").text
    for extension in MEDIA_TYPES:
        assert f'href="/data/programme/tremplin-local.{extension}"' in text
    query = text.split('href="/en/sparql?query=')[1].split('"')[0]
    result = client.get(f"/en/sparql?query={query}".replace("&amp;", "&"))
    assert result.status_code == 200
    assert "Le Relais du Pays bleu pilote" in result.text


@pytest.mark.parametrize("extension", list(MEDIA_TYPES))
def test_the_data_twin_says_the_same_in_every_syntax(client: Client, extension: str) -> None:
    media_type, format_ = MEDIA_TYPES[extension]
    response = client.get(f"/data/programme/tremplin-local.{extension}", accept="*/*")
    assert response.headers["content-type"].startswith(media_type)
    found = {str(quad.triple) for quad in ox.parse(response.content, format=format_)}
    plain = client.get("/data/programme/tremplin-local.nt", accept="*/*")
    assert found == {
        str(quad.triple) for quad in ox.parse(plain.content, format=ox.RdfFormat.N_TRIPLES)
    }
    assert any("TextQuoteSelector" in triple for triple in found)


@pytest.mark.parametrize(
    "path", ["programme/nobody.ttl", "programme/tremplin-local.docx", "programme/a b.ttl", "x"]
)
def test_no_data_of_what_is_not_there(client: Client, path: str) -> None:
    assert client.get(f"/data/{path}", accept="*/*").status_code == 404


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", "/fr/programme/tremplin-local"),
        ("text/turtle", "/data/programme/tremplin-local.ttl"),
        ("application/ld+json", "/data/programme/tremplin-local.jsonld"),
    ],
)
def test_the_address_of_a_thing_sees_other(client: Client, accept: str, location: str) -> None:
    response = client.get("/id/programme/tremplin-local", accept, **{"accept-language": "fr"})
    assert (response.status_code, response.headers["location"]) == (303, location)
    assert "Accept" in response.headers["vary"]


def test_addresses_of_documents_passages_claims_and_concepts(
    client: Client, portal: Sample
) -> None:
    sha = portal.french.sha256
    english = {"accept-language": "en"}
    passage = next(
        line.split("<")[1].split(">")[0].removeprefix(IRIS.base)
        for line in client.get(f"/data/document/{sha}.nt", accept="*/*").text.splitlines()
        if "hasSource" in line
    )
    page = client.get(passage, **english).headers["location"]
    span = passage.rpartition("/p/")[2]
    assert page == f"/en/document/{sha}?mark={span}#mark"
    assert client.get(f"/id/document/{sha}", **english).headers["location"] == (
        f"/en/document/{sha}"
    )
    assert client.get("/id/claim/sheet0", **english).headers["location"] == (
        "/en/actor/relais-pays-bleu#sources"
    )
    assert client.get("/id/claim/sheet0", "text/turtle").headers["location"] == (
        "/data/claim/sheet0.ttl"
    )


@pytest.mark.parametrize(
    "path", ["actor/nobody", "claim/none", "document/" + "0" * 64, "actor/a%3Eb", "nothing/at/all"]
)
def test_unknown_things_are_404(client: Client, path: str) -> None:
    assert client.get(f"/id/{path}", "text/turtle").status_code == 404


@pytest.mark.parametrize(
    "slug", ["%FF", "%EE%80%80", "%EF%BF%BF", "a%25zz", "a%5Bb", "a%23b", "a%0Ab"]
)
def test_what_can_be_no_name_is_404_everywhere(client: Client, slug: str) -> None:
    for path in ("id/actor/{}", "id/claim/{}", "fr/actor/{}", "data/actor/{}.ttl",
                 "api/entities/actor/{}"):  # fmt: skip
        assert client.get(f"/{path.format(slug)}", "text/turtle").status_code == 404


def test_a_form_that_is_not_offered_is_406(client: Client) -> None:
    assert client.get("/id/programme/tremplin-local", "image/png").status_code == 406


def test_the_api_gives_the_model_of_the_page(client: Client) -> None:
    response = client.get("/api/entities/programme/tremplin-local?ui=en", "application/json")
    found = json.loads(response.content)
    assert found["iri"] == TREMPLIN
    assert found["label"] == {"text": "Local Springboard", "lang": "en", "fallback": False}
    assert {fact["label"]["text"] for fact in found["facts"]} >= {"Created in"}
    assert found["sources"][0]["supports"]
    assert client.get("/api/entities/programme/nobody", "application/json").status_code == 404
    assert client.get("/api/entities/nokind/x", "application/json").status_code == 404


def test_lists_are_sorted_by_folded_name(client: Client) -> None:
    text = client.get("/fr/actor").text
    assert text.index("Fonds des rives") < text.index("Relais du Pays bleu")
    assert "3 au total" in text
    assert client.get("/fr/actor?page=2").status_code == 404
    assert client.get("/fr/actor?page=x").status_code == 422
    assert "encore rien de ce type" in client.get("/fr/event").text


def test_a_publication_lists_its_files_and_what_they_mention(
    client: Client, portal: Sample
) -> None:
    text = client.get("/fr/publication/bilan-regional").text
    assert f'href="/fr/document/{portal.french.sha256}"' in text
    assert 'href="/fr/law/loi-2014-07-31"' in text


def test_things_are_grouped_in_the_order_of_kinds_and_by_folded_name() -> None:
    def thing(kind: str, name: str) -> tuple[tuple[str, str] | None, Text, Iri]:
        return (kind, name), Text(name), IRIS.entity(kind, name)

    groups = group_by_kind(
        [thing("law", "b"), thing("actor", "Zoé"), thing("actor", "Émile"), thing("concept", "x"),
         (None, Text("outside"), Iri("https://elsewhere.example/x"))]
    )  # fmt: skip
    assert [group.label.text for group in groups] == ["actor", "law"]
    assert [value.text.text for value in groups[0].values] == ["Émile", "Zoé"]
