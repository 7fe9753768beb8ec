"""Linked data: what an IRI of ours answers, in every form, also when it is gone.

https://www.w3.org/TR/cooluris/; conditional requests and 308, 410: RFC 9110.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pyoxigraph as ox
from fastapi import Request
from fastapi.responses import Response
from rdflib import DCTERMS, OWL, PROV, XSD, Graph, Literal, URIRef

from graph_api.errors import GoneError, MissingError, MovedError
from graph_api.identities import Fate, IdentityLog
from graph_api.portal.queries import construct_query, exists_query
from graph_api.portal.rendering import language_of, links_for
from graph_api.releases.dumps import declared, prefixes
from graph_api.releases.rdf_answers import SERIALISERS, not_modified
from graph_api.releases.reading import ReleaseQueries, release_asked, services_at, shelf_of
from graph_api.releases.shelf import release_iri
from graph_api.representations import MEDIA_TYPES
from graph_api.services import QueryRequest, Services
from ontology.model import Iri

__all__ = [
    "conditional",
    "describe",
    "ensure_known",
    "http_date",
    "identities_of",
    "last_modified",
    "raise_fate",
    "raise_recorded",
    "tombstone",
]

_STARTED = datetime.now(UTC)
_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}


async def ensure_known(request: Request, iri: Iri) -> Services:
    """Return the services that answer for an IRI about which something is said.

    With ``?release=`` that release is asked, and nothing else counts.

    Raises:
        MovedError: merged into another; the location is the same form of that one.
        GoneError: withdrawn, or no more in the graph, but in a release.
        MissingError: never heard of.
    """
    services = services_at(request)
    raise_recorded(request, iri)
    if await services.queries.ask(exists_query(iri)):
        return services
    await raise_fate(request, iri)
    raise MissingError(f"nothing is known about {iri}")


async def raise_fate(request: Request, iri: Iri) -> None:
    """Raise what became of an IRI that is not in the graph; return where nothing is known of it.

    Raises:
        MovedError, GoneError: as :func:`ensure_known`.
    """
    services: Services = request.app.state.services
    if release_asked(request) is not None:
        return
    raise_recorded(request, iri)
    shelf = shelf_of(request)
    for name in shelf.live():
        release, store = shelf.live_store(name)
        if await ReleaseQueries(services.queries, release, store).ask(exists_query(iri)):
            raise GoneError(
                f"{iri} is no longer in the graph. It was in release {name}.",
                iri=iri,
                release=name,
                release_iri=release_iri(services.iris, name),
            )


def identities_of(request: Request) -> IdentityLog:
    """The log of the app that serves this request, made at its first use."""
    state = request.app.state
    if not hasattr(state, "identities"):
        state.identities = IdentityLog(shelf_of(request).folder.decisions)
    log: IdentityLog = state.identities
    return log


async def describe(services: Services, iri: Iri, extension: str) -> bytes:
    """Return the concise description of an IRI with its evidence, in one of MEDIA_TYPES.

    The same graph gives the same bytes. Literals have their declared datatypes.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    query = construct_query(iri, services.iris)
    asked = QueryRequest(query, accept=MEDIA_TYPES["nt"], pages=True)
    answer = await services.queries.run(asked)
    data = b"".join([chunk async for chunk in answer.chunks()])
    return await asyncio.to_thread(_written, data, extension, services.iris.base)


def tombstone(error: GoneError, extension: str) -> Response:
    """Return 410 with what is known of an IRI that is gone, as RDF."""
    node = URIRef(str(error.extra["iri"]))
    graph = Graph()
    graph.add((node, OWL.deprecated, Literal(True)))
    if when := error.extra.get("when"):
        graph.add((node, PROV.invalidatedAtTime, Literal(str(when), datatype=XSD.dateTime)))
    if why := error.extra.get("why"):
        graph.add((node, DCTERMS.description, Literal(str(why))))
    if release := error.extra.get("release_iri"):
        graph.add((node, DCTERMS.isPartOf, URIRef(str(release))))
    media_type = MEDIA_TYPES[extension]
    body = graph.serialize(format=SERIALISERS[media_type], encoding="utf-8")
    return Response(body, 410, {"Cache-Control": "no-cache"}, media_type)


def last_modified(request: Request) -> datetime:
    """When what is shown may have changed last: a generation, a release, or this program."""
    if (release := release_asked(request)) is not None:
        return max(release.when, _STARTED)
    try:
        status = shelf_of(request).folder.current.stat()
    except FileNotFoundError:
        return _STARTED
    return max(datetime.fromtimestamp(int(status.st_mtime), UTC), _STARTED)


def http_date(when: datetime) -> str:
    """Return a moment as HTTP writes it (RFC 9110, 5.6.7)."""
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")


def conditional(request: Request, response: Response) -> Response:
    """Give an answer its date and, where it has none, its tag; 304 where the client has it already."""
    modified = last_modified(request)
    response.headers["Last-Modified"] = http_date(modified)
    if "etag" not in response.headers:
        response.headers["ETag"] = f'W/"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    if response.status_code == 200 and _has_it(request, response.headers["etag"], modified):
        kept = ("etag", "last-modified", "vary", "cache-control", "content-language", "link")
        headers = {name: value for name, value in response.headers.items() if name in kept}
        return Response(status_code=304, headers=headers)
    return response


def _has_it(request: Request, etag: str, modified: datetime) -> bool:
    if "if-none-match" in request.headers:
        return not_modified(request, etag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and modified.replace(microsecond=0) <= since


def raise_recorded(request: Request, iri: Iri) -> None:
    """Raise what people decided about an IRI; nothing where a release is asked.

    Raises:
        MovedError, GoneError: as :func:`ensure_known`.
    """
    if release_asked(request) is not None:
        return
    fate = identities_of(request).find(iri)
    if fate is None:
        return
    if fate.event == "merged":
        raise MovedError(f"{iri} was merged into {fate.to}", location=_same_form(request, fate))
    raise GoneError(f"{iri} was withdrawn.", iri=iri, when=fate.at, why=fate.why)


def _same_form(request: Request, fate: Fate) -> str:
    """Return the address of what an entity was merged into: as page, data or IRI, as was asked."""
    links = links_for(request, language_of(request))
    path = request.url.path.removeprefix(links.prefix)
    if path.startswith("/data/"):
        return links.data(fate.to, path.rpartition(".")[2])
    if path.startswith("/id/"):
        return links.to(f"/id/{fate.to.partition('/id/')[2]}")
    if path.startswith("/api/entities/"):
        return links.to(f"/api/entities/{fate.to.partition('/id/')[2]}")
    return links.iri(fate.to)


def _written(data: bytes, extension: str, base: str) -> bytes:
    triples = {
        declared(ox.Quad(t.subject, t.predicate, t.object)).triple
        for t in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
    }
    text = data.decode("utf-8")
    used = {name: iri for name, iri in sorted(prefixes(base).items()) if f"<{iri}" in text}
    ordered = sorted(triples, key=str)
    body = ox.serialize(ordered, format=_FORMATS[extension], prefixes=used) or b""
    if extension != "ttl":
        return body
    # The engine writes prefixes in a new order each time.
    lines = body.split(b"\n")
    return b"\n".join(sorted(lines[: len(used)]) + lines[len(used) :])
