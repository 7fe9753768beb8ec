"""A small graph of ours as an answer, in the syntax that the client likes best."""

import hashlib

from fastapi import Request
from fastapi.responses import Response
from rdflib import Graph

from graph_api.errors import NotOfferedError
from graph_api.sparql.negotiation import GRAPH_TYPES, choose

__all__ = ["SERIALISERS", "file_response", "graph_response", "not_modified", "said_tag"]

SERIALISERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
"""Media type to rdflib's name of the syntax."""


def graph_response(request: Request, graph: Graph, **headers: str) -> Response:
    """Serialise a graph by Accept; 304 where the client has it already.

    Raises:
        NotOfferedError: the client takes none of the syntaxes.
    """
    media_type = choose(request.headers.get("accept", ""), GRAPH_TYPES)
    if media_type is None:
        raise NotOfferedError(f"offered are {', '.join(GRAPH_TYPES)}", offered=list(GRAPH_TYPES))
    body = graph.serialize(format=SERIALISERS[media_type], encoding="utf-8")
    etag = said_tag(graph, media_type)
    found = {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache", **headers}
    if not_modified(request, etag):
        return Response(status_code=304, headers=found)
    return Response(body, headers=found, media_type=media_type)


def said_tag(graph: Graph, media_type: str) -> str:
    """Return a weak tag for what a graph says, not for how it is written.

    Blank nodes have new labels each time: a graph that has some is skolemised by who calls.
    """
    said = "\n".join(sorted(" ".join(t.n3() for t in triple) for triple in graph))
    return f'W/"{hashlib.sha256(said.encode() + media_type.encode()).hexdigest()[:32]}"'


def file_response(request: Request, body: bytes, media_type: str, etag: str = "") -> Response:
    """Return bytes that change with the program only; 304 where the client has them already."""
    tag = etag or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=3600"}
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def not_modified(request: Request, etag: str) -> bool:
    """Whether ``If-None-Match`` names the tag, compared weakly (RFC 9110, 13.1.2)."""
    header = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
