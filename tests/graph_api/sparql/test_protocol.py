"""SPARQL 1.1 Protocol over the whole application and its real workers."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from graph_api.errors import BadQueryError
from graph_api.settings import Settings
from graph_api.sparql.protocol import read_parameters
from tests.graph_api.published import (
    CROSS_PRODUCT,
    EVERYTHING,
    Publisher,
    Site,
    quad,
    quads,
    running_site,
)

pytestmark = pytest.mark.service

POINT = "SELECT ?o { <http://e/s1> ?p ?o }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("data")
    spaced = ox.NamedNode("http://e/a%20b")
    publisher = Publisher(data, [*quads(3_000), quad(5, "été", graph="mappings")])
    publisher.store.add(ox.Quad(spaced, spaced, ox.Literal("été"), spaced))
    publisher.publish()
    with running_site(Settings(data=data, slow_seconds=2, write_seconds=1)) as site:
        yield site


def assert_problem(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    """The one shape of all errors."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    body: dict[str, Any] = response.json()
    assert body["type"].endswith(f"#{name}")
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def test_get(site: Site) -> None:
    response = site.get("/sparql", params={"query": POINT})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert response.headers["maillon-generation"] == "1"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Accept" in response.headers["vary"]
    assert response.json()["results"]["bindings"][0]["o"]["value"] == "value 1"


@pytest.mark.parametrize("way", ["get", "form", "raw"])
def test_each_way_decodes_exactly_once(site: Site, way: str) -> None:
    query = 'SELECT ?o { <http://e/a%20b> ?p ?o FILTER(?o = "été" && "1+1" = "1+1") }'
    if way == "get":
        response = site.get("/sparql", params={"query": query})
    elif way == "form":
        response = site.request("POST", "/sparql", data={"query": query})
    else:
        response = site.request(
            "POST", "/sparql", content=query.encode(), headers={"Content-Type": QUERY}
        )
    assert response.json()["results"]["bindings"] == [{"o": {"type": "literal", "value": "été"}}]


@pytest.mark.parametrize(
    ("query", "accept", "content_type", "start"),
    [
        (POINT, "application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        (POINT, "text/csv", "text/csv; charset=utf-8", "o\r\n"),
        (POINT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?o\n"),
        ("ASK {}", "", "application/sparql-results+json", "{"),
        ("CONSTRUCT WHERE { <http://e/s1> ?p ?o }", "", "text/turtle; charset=utf-8", "<http"),
        ("DESCRIBE <http://e/s1>", "application/n-triples", "application/n-triples", "<http"),
        ("DESCRIBE <http://e/s1>", "application/ld+json", "application/ld+json", "["),
        ("DESCRIBE <http://e/s1>", "application/rdf+xml", "application/rdf+xml", "<?xml"),
    ],
)
def test_formats(site: Site, query: str, accept: str, content_type: str, start: str) -> None:
    response = site.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.headers["content-type"] == content_type
    assert response.text.startswith(start)


def test_format_parameter_replaces_the_header(site: Site) -> None:
    params = {"query": POINT, "format": "csv"}
    response = site.get("/sparql", params=params, headers={"Accept": "text/html"})
    assert response.text == "o\r\nvalue 1\r\n"
    response = site.request("POST", "/sparql?format=csv", data={"query": POINT})
    assert response.text == "o\r\nvalue 1\r\n"


@pytest.mark.parametrize(
    ("query", "formats", "content_type"),
    [  # what SPARQLWrapper 2 sends, beside a header that fits
        (POINT, ["tsv", "text/tab-separated-values"], "text/tab-separated-values; charset=utf-8"),
        ("DESCRIBE <http://e/s1>", ["turtle"], "text/turtle; charset=utf-8"),
        ("DESCRIBE <http://e/s1>", ["n3"], "text/turtle; charset=utf-8"),
        ("DESCRIBE <http://e/s1>", ["rdf+xml", "application/rdf+xml"], "application/rdf+xml"),
        ("DESCRIBE <http://e/s1>", ["json-ld", "application/ld+json"], "application/ld+json"),
        ("DESCRIBE <http://e/s1>", ["application/n-triples"], "application/n-triples"),
    ],
)
def test_formats_as_clients_name_them(
    site: Site, query: str, formats: list[str], content_type: str
) -> None:
    pairs = [("query", query), *(("format", each) for each in formats)]
    encoded = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    assert site.get_raw("/sparql", encoded).headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ([], 3_001),  # the union of all graphs but mappings
        ([("default-graph-uri", "http://e/graph/a")], 1_000),
        ([("default-graph-uri", "http://e/graph/a"), ("default-graph-uri", "http://e/graph/b")],
         2_000),
        ([("named-graph-uri", "http://e/graph/a")], 0),
    ],
)  # fmt: skip
def test_datasets(tmp_path: Any, site: Site, parameters: list[tuple[str, str]], count: int) -> None:
    # The data's base is that of the settings: its mappings are http://…/graph/mappings.
    hidden = "FILTER NOT EXISTS { GRAPH <http://e/graph/mappings> { ?s ?p ?o } }"
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o {hidden} }}"
    for send in ("get", "form"):
        pairs = [("query", query), ("format", "csv"), *parameters]
        encoded = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
        if send == "get":
            response = site.get(f"/sparql?{encoded}")
        else:
            response = site.request(
                "POST", "/sparql", content=encoded.encode(), headers={"Content-Type": FORM}
            )
        assert response.text == f"n\r\n{count}\r\n"


def test_from_is_not_overridden_by_the_union(site: Site) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <http://e/graph/a> { ?s ?p ?o }"
    assert site.get("/sparql", params={"query": query, "format": "csv"}).text == "n\r\n1000\r\n"


def test_head_tells_what_get_would_be(site: Site) -> None:
    response = site.request("HEAD", "/sparql", params={"query": POINT})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert response.content == b""


def test_a_small_result_comes_in_one_piece_a_long_one_as_a_stream(site: Site) -> None:
    small = site.get("/sparql", params={"query": POINT}, headers={"Accept": "text/csv"})
    assert int(small.headers["content-length"]) == len(small.content) > 0
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 30000"
    long = site.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert "content-length" not in long.headers
    assert long.content.count(b"\n") == 30_001


def test_options(site: Site) -> None:
    response = site.request("OPTIONS", "/sparql")
    assert response.status_code == 204
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert site.request("DELETE", "/sparql").status_code == 405


def test_gzip(site: Site) -> None:
    params = {"query": EVERYTHING, "format": "csv"}
    plain = site.get("/sparql", params=params, headers={"Accept-Encoding": "identity"})
    packed = site.get("/sparql", params=params, headers={"Accept-Encoding": "gzip;q=0.5"})
    refused = site.get("/sparql", params=params, headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.text == plain.text == refused.text
    assert len(plain.content) > len(gzip.compress(plain.content))


def test_browsers_are_sent_to_the_page(site: Site) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de, en;q=0.9, fr;q=0.8"}
    response = site.get("/sparql?query=SELECT%20%2A%20%7B%7D", headers=headers)
    assert response.status_code == 303
    assert response.headers["location"] == "/en/sparql?query=SELECT%20%2A%20%7B%7D"
    assert "Accept-Language" in response.headers["vary"]
    response = site.get("/sparql", headers={"Accept": "text/html"})
    assert response.headers["location"] == "/fr/sparql"


def test_service_description(site: Site) -> None:
    response = site.get("/sparql", headers={"Accept": "application/n-triples"})
    store = ox.Store()
    store.load(response.content, format=ox.RdfFormat.N_TRIPLES)
    prefix = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
    asked = "ASK { <http://site.test/sparql> a sd:Service ; sd:endpoint <http://site.test/sparql> }"
    assert store.query(prefix + asked)
    assert "2 seconds" in response.text
    for accept in ("text/turtle", "application/ld+json", "application/rdf+xml", ""):
        assert site.get("/sparql", headers={"Accept": accept}).status_code == 200
    assert_problem(site.get("/sparql", headers={"Accept": "image/png"}), 406, "not-acceptable")


def test_syntax_errors_are_located(site: Site) -> None:
    response = site.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"})
    body = assert_problem(response, 400, "bad-query")
    assert (body["line"], body["column"]) == (2, 9)
    assert "line 2" in body["detail"]


def test_refusals(site: Site) -> None:
    def get(**params: str) -> httpx.Response:
        return site.get("/sparql", params=params)

    def post(content: bytes, content_type: str) -> httpx.Response:
        headers = {"Content-Type": content_type} if content_type else {}
        return site.request("POST", "/sparql", content=content, headers=headers)

    assert_problem(get(query="SELECT * { SERVICE <http://127.0.0.1/> {} }"), 400,
                   "federation-not-offered")  # fmt: skip
    deep = "SELECT * " + "{" * 20_000 + "}" * 20_000
    assert_problem(site.get_raw("/sparql", f"query={quote(deep)}"), 400, "query-nesting")
    assert_problem(post(deep.encode(), QUERY), 400, "query-nesting")
    assert_problem(get(query="DROP ALL"), 400, "update-not-offered")
    assert_problem(post(b"update=DROP+ALL", FORM), 400, "update-not-offered")
    assert_problem(post(b"DROP ALL", "application/sparql-update"), 400, "update-not-offered")
    assert_problem(post(b"ASK {}", "text/plain"), 415, "unsupported-media-type")
    assert_problem(post(b"ASK {}", ""), 415, "unsupported-media-type")
    assert_problem(post(b"", FORM), 400, "bad-query")
    assert_problem(post(b"\xff", QUERY), 400, "bad-query")
    assert_problem(post(b"query=ASK+%7B%7D&query=ASK+%7B%7D", FORM), 400, "bad-query")
    assert_problem(post(b"ASK {} #" + b"x" * 100_000, QUERY), 413, "query-too-long")
    long = "query=ASK+%7B%7D%23" + "x" * 100_000
    assert_problem(site.get_raw("/sparql", long), 413, "query-too-long")
    assert_problem(site.get_raw("/sparql", "query=" + "x" * 400_000), 414, "uri-too-long")
    assert_problem(get(query=POINT, format="pdf"), 400, "bad-query")
    accept = {"Accept": "image/png"}
    response = site.get("/sparql", params={"query": POINT}, headers=accept)
    assert_problem(response, 406, "not-acceptable")


def test_eight_cross_products_end_with_a_reason_while_pages_answer(site: Site) -> None:
    async def attack() -> tuple[list[httpx.Response], list[int]]:
        bombs = [
            asyncio.create_task(site.arequest("GET", "/sparql", params={"query": CROSS_PRODUCT}))
            for _ in range(8)
        ]
        statuses = []
        while not all(bomb.done() for bomb in bombs):
            options = {"params": {"query": POINT}, "client": ("192.0.2.99", 1)}
            statuses.append((await site.arequest("GET", "/sparql", **options)).status_code)
            statuses.append((await site.arequest("GET", "/fr/")).status_code)
        return [bomb.result() for bomb in bombs], statuses

    responses, statuses = site.loop.run(attack())
    for response in responses:
        body = assert_problem(response, 504, "deadline")
        assert body["limit"] == 2
        assert body["reached"] >= 2
    assert len(statuses) > 3
    assert set(statuses) == {200}


def test_a_generation_that_is_not_there_is_busy(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_api.workers.pool._GENERATION_SECONDS", 0.2)
    response = site.get("/sparql", params={"query": POINT, "min-generation": "7"})
    assert_problem(response, 503, "busy")
    assert response.headers["retry-after"]


@pytest.mark.parametrize(
    "text",
    [
        "query=%ff",
        "query=a&query=b",
        "default-graph-uri=relative",
        "default-graph-uri=http://a%20b",
        "named-graph-uri=",
        "min-generation=-1",
        "min-generation=%C2%B2",
        "&".join("a=b" for _ in range(2_000)),
    ],
)
def test_rubbish_parameters(text: str) -> None:
    with pytest.raises(BadQueryError):
        read_parameters(text)


def test_parameters_of_others_are_ignored() -> None:
    operation = read_parameters("query=ASK+%7B%7D&callback=x&empty=")
    assert operation.query == "ASK {}"
    assert json.dumps(operation.default_graphs) == "[]"
