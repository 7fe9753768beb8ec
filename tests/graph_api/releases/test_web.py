"""Releases over HTTP, with real workers: live queries and pages, files, differences, descriptions."""

import gzip
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rdflib import VOID, Graph, URIRef

from tests.graph_api.published import Site, running_site
from tests.graph_api.releases.samples import BASE, Shelved

pytestmark = pytest.mark.service

B = f"{BASE}/id/actor/b"
ASK = f"ASK {{ <{B}> ?p ?o }}"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def site(shelved: Shelved) -> Iterator[Site]:
    with running_site(shelved.settings) as site:
        yield site


def test_sparql(site: Site, shelved: Shelved) -> None:
    old, new = shelved.old, shelved.new
    for release, known in ((old.id, True), (new.id, False), ("", False)):
        response = site.get("/sparql", params={"query": ASK, "release": release})
        assert response.json()["boolean"] is known
        assert response.headers.get("maillon-release", "") == release
    assert response.headers["maillon-generation"] == "2"
    posted = site.request(
        "POST", f"/sparql?release={old.id}", data={"query": ASK}, headers={"accept": "text/csv"}
    )
    assert posted.headers["maillon-generation"] == "1"
    missing = site.get("/sparql", params={"query": ASK, "release": "2001-01-01"})
    assert (missing.status_code, missing.json()["type"].partition("#")[2]) == (404, "missing")
    text = "PREFIX t: <http://jena.apache.org/text#> ASK { ?s t:query 'x' }"
    refused = site.get("/sparql", params={"query": text, "release": old.id})
    assert refused.status_code == 400
    assert refused.json()["type"].endswith("#text-query-with-release")
    page = site.get("/en/sparql", params={"query": ASK, "release": old.id}, headers=HTML)
    assert "true" in page.text
    assert f"release={old.id}" in page.text


def test_entity_pages(site: Site, shelved: Shelved) -> None:
    """What is gone is still there in the release that had it, as page, JSON and RDF."""
    at = f"?release={shelved.old.id}"
    assert site.get("/en/actor/b", headers=HTML).status_code != 200
    page = site.get(f"/en/actor/b{at}", headers=HTML)
    assert page.status_code == 200
    assert f"This is release {shelved.old.id}" in page.text
    assert site.get(f"/api/entities/actor/b{at}").json()["label"]["text"] == "B"
    answer = site.get(f"/id/actor/b{at}", headers={"accept": "text/turtle"})
    assert answer.status_code == 303
    data = site.get(answer.headers["location"])
    assert len(Graph().parse(data=data.text, format="turtle")) == 1
    assert site.get("/en/actor/a?release=2001-01-01", headers=HTML).status_code == 404


def test_files(site: Site, shelved: Shelved) -> None:
    listed = site.get(f"/dumps/{shelved.old.id}/").json()["files"]
    assert len(listed) == len(shelved.old.files)
    for file in listed:
        response = site.get(f"/dumps/{shelved.old.id}/{file['name']}")
        assert response.headers["content-type"] == "application/gzip"
        assert "content-encoding" not in response.headers
        assert response.headers["etag"] == f'"{file["sha256"]}"'
    again = {"if-none-match": response.headers["etag"]}
    name = f"/dumps/{shelved.old.id}/{file['name']}"
    assert site.get(name, headers=again).status_code == 304
    part = site.get(name, headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    for wrong in ("manifest", "%2e%2e/lock", "%2e%2e%2flock", "graphs/", "SHA256SUMS/x"):
        assert site.get(f"/dumps/{shelved.old.id}/{wrong}").status_code == 404
    assert (
        site.get("/dumps/", follow_redirects=False)
        .headers["location"]
        .endswith(f"/dumps/{shelved.new.id}/")
    )
    whole = site.get(f"/dumps/{shelved.new.id}/{shelved.new.whole('nq').name}").content
    store = ox.Store()
    store.load(gzip.decompress(whole), format=ox.RdfFormat.N_QUADS)
    void = Graph().parse(data=site.get("/.well-known/void").text, format="turtle")
    dataset = URIRef(f"{BASE}/catalog#dataset")
    assert int(str(void.value(dataset, VOID.triples))) == len(store)
    for node in store.named_graphs():
        count = len(list(store.quads_for_pattern(None, None, None, node)))
        assert int(str(void.value(URIRef(str(node)[1:-1]), VOID.triples))) == count


def test_difference(site: Site, shelved: Shelved) -> None:
    path = f"/releases/{shelved.old.id}/{shelved.new.id}"
    counts = site.get(f"{path}.json").json()
    assert (counts["added"], counts["gone"]) == (2, 1)
    page = site.get(f"/fr{path}", headers=HTML)
    assert "actor/c" in page.text
    quads = list(ox.parse(site.get(f"{path}.trig").content, format=ox.RdfFormat.TRIG))
    assert len(quads) == 3 + 3
    assert site.get(f"{path}.xls").status_code == 404
    assert site.get(f"/releases/{shelved.old.id}/2001-01-01.json").status_code == 404


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # it uses its own old names
def test_descriptions(site: Site, shelved: Shelved) -> None:
    """Every syntax says the same; a browser gets a page; the client's own copy is good enough."""
    graphs = []
    for media_type, name in (
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
    ):
        response = site.get("/catalog", headers={"accept": media_type})
        assert response.headers["content-type"].startswith(media_type)
        graphs.append(Graph().parse(data=response.content, format=name))
    assert len({len(graph) for graph in graphs}) == 1
    assert all(set(graph) == set(graphs[0]) for graph in graphs)
    tag = response.headers["etag"]
    headers = {"accept": "application/rdf+xml", "if-none-match": tag}
    assert site.get("/catalog", headers=headers).status_code == 304
    assert site.get("/catalog", headers={"accept": "image/png"}).status_code == 406
    for path in (
        "/catalog",
        "/releases",
        f"/releases/{shelved.old.id}",
        f"/dumps/{shelved.old.id}/",
    ):
        assert site.get(path, headers=HTML).headers["location"].startswith("/fr/releases")
    assert [each["live"] for each in site.get("/releases").json()["releases"]] == [True, True]
    cited = site.get(f"/id/release/{shelved.old.id}", headers={"accept": "text/turtle"})
    about = Graph().parse(data=site.get(cited.headers["location"]).text, format="turtle")
    assert URIRef(f"{BASE}/id/release/{shelved.old.id}") in set(about.subjects())
    for path in ("releases", f"releases/{shelved.old.id}"):
        page = site.get(f"/fr/{path}", headers=HTML)
        assert page.status_code == 200
        assert shelved.old.id in page.text
