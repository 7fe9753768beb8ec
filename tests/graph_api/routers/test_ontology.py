"""The addresses that the ontology's persistent address leads to."""

import gzip
import json
import re
from importlib.resources import files

import pytest
from rdflib import Graph

from graph_api.portal.i18n import LANGUAGES
from ontology.documentation import document_ontology
from ontology.load import ontology_graph, shapes_graph, skolemise
from tests.graph_api.local import Client

FORMS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("text/html", "/fr/ontology"),
        ("text/turtle", "/ontology.ttl"),
        ("application/ld+json", "/ontology.jsonld"),
        ("application/n-triples", "/ontology.nt"),
        ("application/rdf+xml", "/ontology.rdf"),
    ],
)
def test_the_address_leads_to_the_form_that_is_asked_for(
    client: Client, accept: str, place: str
) -> None:
    response = client.get("/ontology", accept=accept, **{"accept-language": "fr"})
    assert (response.status_code, response.headers["location"]) == (303, place)


def test_a_form_that_is_not_offered_is_406(client: Client) -> None:
    assert client.get("/ontology", accept="image/png").status_code == 406


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib about itself
@pytest.mark.parametrize("form", FORMS)
def test_the_data_is_the_ontology_and_is_sent_once(client: Client, form: str) -> None:
    response = client.get(f"/ontology.{form}")
    assert response.status_code == 200
    read = Graph().parse(data=response.content, format=FORMS[form])
    assert set(skolemise(read)) == set(skolemise(ontology_graph()))
    again = client.get(f"/ontology.{form}", **{"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.slow
def test_context_shapes_and_mappings_are_the_shipped_files(client: Client) -> None:
    assert "@context" in json.loads(client.get("/ontology/context.jsonld").content)
    shapes = Graph().parse(data=client.get("/ontology/shapes.ttl").content, format="turtle")
    assert set(skolemise(shapes)) == set(skolemise(shapes_graph()))
    for name in ("core", "partner", "publish"):
        text = (files("ontology") / "shapes" / f"{name}.ttl").read_bytes()
        assert client.get(f"/ontology/shapes/{name}.ttl").content == text
    for name, _, _ in document_ontology().alignments:
        assert b"subject_id\t" in client.get(f"/ontology/alignments/{name}.sssom.tsv").content


def test_a_released_version_stays_readable(client: Client) -> None:
    response = client.get("/ontology/0.1.0/ontology.ttl")
    assert b"0.1.0" in response.content
    Graph().parse(data=response.content, format="turtle")


@pytest.mark.parametrize(
    "path",
    [
        "/ontology.exe", "/ontology/9.9.9/ontology.ttl", "/ontology/shapes/none.ttl",
        "/ontology/alignments/none.sssom.tsv", "/ontology/shapes/..%2Fcore.ttl",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_an_anchor_for_every_term_and_no_dead_one(client: Client, lang: str) -> None:
    response = client.get(f"/{lang}/ontology")
    assert response.status_code == 200
    text = response.text
    anchors = re.findall(r' id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    assert {term.name for term in document_ontology().terms} <= set(anchors)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(anchors)
    assert len(gzip.compress(response.content)) < 60_000


@pytest.mark.slow
def test_the_page_links_only_to_what_is_there(client: Client) -> None:
    text = client.get("/en/ontology").text
    for path in sorted(set(re.findall(r'href="(/ontology[^"]+)"', text))):
        assert client.get(path).status_code == 200, path
