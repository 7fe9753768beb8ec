"""The W3C's protocol suite: its requests, described in RDF, are sent as they are."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib import Graph, Namespace
from rdflib.term import Node

from tests.conftest import SHARED
from tests.w3c.manifests import MF, read_entries

pytestmark = pytest.mark.service

ROOT = SHARED / "conformance" / "sparql11"
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
TABLES = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv")
TYPES = {
    "boolean": TABLES[:2],
    "tabular": (*TABLES, "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"),
}


@dataclass(frozen=True)
class Exchange:
    """A request and what has to come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[int]
    """First digits."""
    form: str
    truth: bool | None


def read_exchanges(graph: Graph, entry: Node) -> Iterator[Exchange]:
    action = graph.value(entry, MF.action)
    for request in graph.items(_one(graph, action, HT.requests)):
        response = graph.value(request, HT.resp)
        truth = graph.value(response, MF.expectedBoolean)
        yield Exchange(
            method=str(graph.value(request, HT.methodName)),
            path=str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1),
            headers=tuple(_headers(graph, request)),
            body=_body(graph, graph.value(request, HT.body)),
            statuses=frozenset(
                int(str(each).rpartition("StatusCode")[2][0])
                for each in graph.objects(response, MF.expectedStatus)
            ),
            form=str(graph.value(response, MF.expectedFormat) or ""),
            truth=None if truth is None else truth == rdflib.Literal(True),
        )


def _one(graph: Graph, subject: Node | None, predicate: Node) -> Node:
    found = graph.value(subject, predicate)
    assert found is not None
    return found


def _headers(graph: Graph, request: Node) -> Iterator[tuple[str, str]]:
    described = graph.value(request, HT.headers)
    for header in graph.items(described) if described else ():
        yield str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue))


def _body(graph: Graph, body: Node | None) -> bytes:
    if body is None:
        return b""
    encoding = str(graph.value(body, CNT.characterEncoding))
    return str(graph.value(body, CNT.chars)).encode(encoding)


def read_suite() -> dict[str, list[Exchange]]:
    return {
        entry.fragment: list(read_exchanges(graph, entry))
        for graph, entry in read_entries(ROOT, "protocol/manifest.ttl")
    }


SUITE = read_suite() if ROOT.is_dir() else {}
QUERIES = [name for name in SUITE if "update" not in name]
UPDATES = [name for name in SUITE if "update" in name]


def test_all_cases_are_collected(conformance: Path) -> None:
    assert len(QUERIES) == 20
    assert len(UPDATES) == 14


@pytest.mark.parametrize("name", QUERIES)
def test_query_case(service: httpx.Client, name: str) -> None:
    for exchange in SUITE[name]:
        status, content_type, body = send(service, exchange)
        assert status // 100 in exchange.statuses, body
        if exchange.form:
            assert content_type in TYPES[exchange.form]
        if exchange.form == "RDF":
            rdflib.Graph().parse(data=body, format=content_type)
        if exchange.truth is not None:
            assert json.loads(body)["boolean"] is exchange.truth


@pytest.mark.parametrize("name", UPDATES)
def test_update_case_is_refused(service: httpx.Client, name: str) -> None:
    """Not offered: the first request of each, which is the update, is a 4xx and changes nothing."""
    status, _, body = send(service, SUITE[name][0])
    assert status in (400, 415), body


def send(service: httpx.Client, exchange: Exchange) -> tuple[int, str, bytes]:
    """Send it with nothing added: a client library would give a body without a type one."""
    connection = http.client.HTTPConnection(service.base_url.host, service.base_url.port)
    try:
        connection.putrequest(exchange.method, exchange.path, skip_accept_encoding=True)
        for field, value in exchange.headers:
            connection.putheader(field, value)
        connection.putheader("Content-Length", str(len(exchange.body)))
        connection.endheaders(exchange.body)
        response = connection.getresponse()
        content_type = response.getheader("Content-Type", "").partition(";")[0]
        return response.status, content_type, response.read()
    finally:
        connection.close()
