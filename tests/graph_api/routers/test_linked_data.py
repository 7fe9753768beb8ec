"""Linked data over the sample: forms, conditions, tombstones, redirects, feeds and sitemaps."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rdflib import OWL, Graph, URIRef

from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.linked_data import http_date
from tests.graph_api.local import FONDS, IRIS, RELAIS, TREMPLIN, Client, Sample, make_app, sample

parse_xml = ET.fromstring
SYNTAXES = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
TURTLE = "text/turtle"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A sample that tests may tell that something was withdrawn."""
    return sample(tmp_path_factory.mktemp("own"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # it uses its own old names
def test_every_syntax_says_the_same(client: Client) -> None:
    graphs = []
    for extension, name in SYNTAXES.items():
        response = client.get(f"/data/programme/tremplin-local.{extension}", accept="*/*")
        assert response.status_code == 200
        graphs.append(set(Graph().parse(data=response.content, format=name)))
        assert client.get(f"/data/programme/tremplin-local.{extension}").content == response.content
    assert all(graph == graphs[0] for graph in graphs)
    assert "XMLSchema#nonNegativeInteger" in str(graphs[0])
    about = {str(subject) for subject, _, _ in graphs[0]}
    assert TREMPLIN in about
    assert any("/claim/" in subject for subject in about)
    assert any("/p/" in subject for subject in about)


def test_dates() -> None:
    assert http_date(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "Fri, 02 Jan 2026 03:04:05 GMT"


def test_conditions(client: Client) -> None:
    for path in ("/data/programme/tremplin-local.ttl", "/fr/programme/tremplin-local",
                 "/fr/new.atom", "/sitemap.xml"):  # fmt: skip
        response = client.get(path)
        tag, modified = response.headers["etag"], response.headers["last-modified"]
        for headers in (
            {"if-none-match": tag},
            {"if-none-match": f'"other", {tag}'},
            {"if-none-match": tag.removeprefix("W/")},
            {"if-modified-since": modified},
        ):
            again = client.get(path, **headers)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        for headers in (
            {"if-none-match": '"other"', "if-modified-since": modified},
            {"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
            {"if-modified-since": "yesterday"},
        ):
            assert client.get(path, **headers).status_code == 200


def test_rights_hold_in_every_form(client: Client, portal: Sample) -> None:
    """Nothing of a document that may not be shown, whatever the syntax."""
    text = portal.secret.text.split("\n")[-2]
    words = text[:30]
    node = portal.services.iris.document(portal.secret.sha256).partition("/id/")[2]
    for extension in SYNTAXES:
        for path in (f"/data/{node}.{extension}", f"/data/actor/evil.{extension}"):
            response = client.get(path, accept="*/*")
            assert response.status_code == 200
            assert words not in response.text
    assert words not in client.get("/graph/document/" + portal.secret.sha256, accept=TURTLE).text


def test_tombstones_and_redirects(own: Sample) -> None:
    client = Client(make_app(own.services))
    log = IdentityLog(DataFolder(own.services.settings.data).decisions)
    log.path.parent.mkdir(exist_ok=True)
    document = IRIS.document("ef" * 32)
    log.append(new_fate(FONDS, "withdrawn", who="nobody's business", why="Asked <by> its board"))
    log.append(new_fate(document, "withdrawn", who="w", also=[IRIS.claim("c1")]))
    log.append(new_fate(IRIS.entity("actor", "old"), "merged", who="w", to=RELAIS))
    for path in ("/fr/actor/fonds-des-rives", "/id/actor/fonds-des-rives", "/id/claim/c1",
                 f"/id/document/{'ef' * 32}", f"/id/document/{'ef' * 32}/p/1-5"):  # fmt: skip
        response = client.get(path)
        assert response.status_code == 410, path
        assert "nobody" not in response.text
    assert "Asked &lt;by&gt; its board" in client.get("/fr/actor/fonds-des-rives").text
    for path in ("/id/actor/fonds-des-rives", "/data/actor/fonds-des-rives.ttl"):
        response = client.get(path, accept=TURTLE)
        assert (response.status_code, response.headers["content-type"][:11]) == (410, TURTLE)
        graph = Graph().parse(data=response.text, format="turtle")
        assert (URIRef(FONDS), OWL.deprecated, None) in graph
    assert client.get("/api/entities/actor/fonds-des-rives", accept="*/*").status_code == 410
    for path, target in (
        ("/id/actor/old", "/id/actor/relais-pays-bleu"),
        ("/fr/actor/old", "/fr/actor/relais-pays-bleu"),
        ("/data/actor/old.ttl", "/data/actor/relais-pays-bleu.ttl"),
        ("/api/entities/actor/old", "/api/entities/actor/relais-pays-bleu"),
    ):
        response = client.get(path)
        assert (response.status_code, response.headers["location"]) == (308, target)
    assert client.get("/id/actor/never").status_code == 404
    log.append(new_fate(FONDS, "restored", who="w"))
    assert client.get("/id/actor/fonds-des-rives").status_code == 303


def test_graphs_answer(client: Client, portal: Sample) -> None:
    response = client.get("/graph/corpus")
    assert response.status_code == 303
    assert "/fr/sparql?query=" in response.headers["location"]
    data = client.get("/graph/corpus", accept=TURTLE)
    assert (URIRef(TREMPLIN), None, None) in Graph().parse(data=data.text, format="turtle")
    for path in ("/graph/none", "/graph/a%3E%20b", "/graph/"):
        assert client.get(path, accept=TURTLE).status_code == 404
    assert client.get("/graph/corpus", accept="image/png").status_code == 406


def test_structured_data(client: Client) -> None:
    """A page says to search engines what its JSON says; markup in names stays text."""
    for path, kind in (("programme/tremplin-local", "Service"), ("actor/evil", "Organization")):
        page = client.get(f"/en/{path}").text
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        said = json.loads(found[1])
        view = client.get(f"/api/entities/{path}?ui=en", accept="*/*").json()
        assert said["@type"] == kind
        assert (said["@id"], said["name"]) == (view["iri"], view["label"]["text"])
        assert said.get("alternateName", []) == [name["text"] for name in view["names"]]
        assert said["url"].endswith(f"/en/{path}")


@pytest.mark.slow
def test_sitemaps(client: Client) -> None:
    """Every entity is in one of them, in both languages, and nothing leads nowhere."""
    ns = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = parse_xml(client.get("/sitemap.xml").content)
    found = []
    for place in index.iterfind("s:sitemap/s:loc", ns):
        assert place.text is not None
        part = parse_xml(client.get(place.text.removeprefix("http://portal.test")).content)
        found += [each.text or "" for each in part.iterfind("s:url/s:loc", ns)]
    assert len(found) == len(set(found)) > 100
    for lang in ("fr", "en"):
        assert f"http://portal.test/{lang}/programme/tremplin-local" in found
    wanted = [each for each in found if "/concept/" not in each]
    for address in wanted:
        assert client.get(address.removeprefix("http://portal.test")).status_code == 200, address
    for path in ("/sitemap-actor-2.xml", "/sitemap-actor-0.xml", "/sitemap-dragon-1.xml"):
        assert client.get(path).status_code == 404
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://portal.test/sitemap.xml" in robots
    assert "Disallow: /api/" in robots


def test_what_is_new(own: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "original.md"
    given.write_text("x")
    monkeypatch.setattr(own.documents, "original", lambda sha256: given)
    client = Client(make_app(own.services))
    feed = parse_xml(client.get("/fr/new.atom").content)
    ns = {"a": "http://www.w3.org/2005/Atom"}
    titles = {entry.findtext("a:title", "", ns) for entry in feed.iterfind("a:entry", ns)}
    assert len(titles) >= 3
    assert "Bilan régional" in titles
    for entry in feed.iterfind("a:entry", ns):
        link = entry.find("a:link", ns)
        assert link is not None
        path = link.attrib["href"].removeprefix("http://portal.test")
        assert client.get(path).status_code == 200
        assert entry.findtext("a:id", "", ns).startswith(f"{IRIS.base}/id/document/")
