"""SPARQL 1.1 Protocol, query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation

A plain ASGI application, because an answer is streamed, may end in the middle, and must notice when
its client leaves. What was sent before a failure ends as a broken body: the connection is closed
without the final chunk, so that no client takes a part for the whole.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from graph_api.errors import (
    BadQueryError,
    MaillonError,
    NotOfferedError,
    UnsupportedMediaError,
)
from graph_api.folder import DataFolder
from graph_api.portal.i18n import LANGUAGES
from graph_api.problems import problem_response
from graph_api.releases.shelf import Shelf
from graph_api.services import Answer, QueryRequest, Services
from graph_api.sparql.description import describe_service
from graph_api.sparql.negotiation import GRAPH_TYPES, RESULT_TYPES, choose, choose_for
from graph_api.sparql.refusals import (
    QueryTooLongError,
    RequestTimeoutError,
    UpdateRefusedError,
    UriTooLongError,
)
from graph_api.sparql.text_search import HITS_HEADER, prepare_query, tell_notes
from graph_api.sparql.tokens import check_query

__all__ = ["Operation", "SparqlEndpoint", "read_parameters"]

_METHODS = "GET, HEAD, POST, OPTIONS"
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Type, Retry-After, Maillon-Generation, "
    f"Maillon-Release, {HITS_HEADER}, X-Request-Id",
}
_PREFLIGHT = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
_EXTENSIONS = {
    "json": "application/sparql-results+json, application/ld+json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
_OTHER_NAMES = {"turtle": "ttl", "n3": "ttl", "json-ld": "jsonld", "rdf+xml": "rdf"}
"""Of formats, as SPARQLWrapper and other clients send them."""
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*\Z")
_FORM_FACTOR = 3  # a byte takes three characters in a form or an address
_OTHER_PARAMETERS = 8_192
_UPLOAD_FACTOR = 3  # of write_seconds: all a body may take, in however many pieces
_UNREAD = (408, 413, 415)  # refusals made before the body was read to its end
_LOG = logging.getLogger("maillon.sparql")


@dataclass(slots=True)
class Operation:
    """What a request asks for, after decoding and before any check of the query itself."""

    query: str | None = None
    default_graphs: list[str] = field(default_factory=list)
    named_graphs: list[str] = field(default_factory=list)
    accept: str | None = None
    """Replaces the Accept header (``format=csv``: a link in a page cannot set headers)."""
    min_generation: int = 0
    release: str = ""
    """Ask this release instead of the newest generation."""


def read_parameters(text: str) -> Operation:
    """Decode a query string or form, once.

    Raises:
        BadQueryError: not UTF-8, a parameter given twice, an IRI that is none, an unknown format.
        UpdateRefusedError: there is an ``update``.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except (ValueError, UnicodeDecodeError) as error:
        raise BadQueryError(f"The parameters cannot be decoded: {error}.") from None
    operation = Operation()
    for name, value in pairs:
        match name:
            case "query":
                if operation.query is not None:
                    raise BadQueryError("The parameter query is given twice.")
                operation.query = value
            case "default-graph-uri":
                operation.default_graphs.append(_check_iri(name, value))
            case "named-graph-uri":
                operation.named_graphs.append(_check_iri(name, value))
            case "update":
                raise UpdateRefusedError("SPARQL Update is not offered.")
            case "format":
                # Some clients give it twice: as a name and as a media type. The first counts.
                operation.accept = operation.accept or _read_format(value)
            case "release":
                operation.release = value
            case "min-generation":
                if not (value.isascii() and value.isdigit() and len(value) < 16):
                    raise BadQueryError("min-generation is a whole number.")
                operation.min_generation = int(value)
    return operation


def _read_format(value: str) -> str:
    """Return the Accept header that a ``format`` stands for: a name, or media types as they are."""
    if "/" in value:
        return value
    name = _OTHER_NAMES.get(value, value)
    if name not in _EXTENSIONS:
        raise BadQueryError(f"format is one of {', '.join(_EXTENSIONS)}.")
    return _EXTENSIONS[name]


class SparqlEndpoint:
    """``/sparql``. Holds no state but the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings
        self._shelf = Shelf(DataFolder(services.settings.data))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request, send)
        except ClientDisconnect:
            return
        except MaillonError as error:
            response = problem_response(error, getattr(request.state, "request_id", ""))
            response.headers.update(_CORS)
            if request.method == "POST" and error.status in _UNREAD:
                response.headers["Connection"] = "close"  # what follows is the rest of the body
        if response is not None:
            await response(scope, receive, send)

    async def _respond(self, request: Request, send: Send) -> Response | None:
        """Return what to answer, or None where the answer was streamed."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**_CORS, **_PREFLIGHT})
        if request.method not in ("GET", "HEAD", "POST"):
            return Response(status_code=405, headers={**_CORS, "Allow": _METHODS})
        operation = await self._read(request)
        accept = operation.accept or ", ".join(request.headers.getlist("accept"))
        if request.method != "POST" and operation.accept is None and _prefers_page(accept):
            return self._redirect_to_page(request)
        if operation.query is None:
            if request.method == "POST":
                raise BadQueryError("The parameter query is missing.")
            return self._describe(request, accept)
        release = None
        store = ""
        if operation.release:
            release, place = self._shelf.live_store(operation.release)
            store = str(place)
        asked = QueryRequest(
            operation.query,
            accept,
            operation.default_graphs,
            operation.named_graphs,
            client=request.client.host if request.client else "",
            min_generation=operation.min_generation,
            gzip=_accepts_gzip(request.headers.get("accept-encoding", "")),
            store=store,
        )
        if request.method == "HEAD":
            return self._answer_head(asked)
        asked, notes = await prepare_query(self._services, asked)
        told = {HITS_HEADER: tell_notes(notes)} if notes else {}
        if release is not None:
            told |= {"Maillon-Release": release.id, "Maillon-Generation": str(release.generation)}
        await self._stream(request, asked, send, told)
        return None

    async def _read(self, request: Request) -> Operation:
        raw_query = request.scope.get("query_string", b"")
        if len(raw_query) > self._settings.query_bytes * _FORM_FACTOR + _OTHER_PARAMETERS:
            raise UriTooLongError("The address is too long: send the query by POST.")
        in_address = read_parameters(_decode(raw_query))
        if request.method != "POST":
            return in_address
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        limit = self._settings.query_bytes
        if content_type == "application/x-www-form-urlencoded":
            limit = limit * _FORM_FACTOR + _OTHER_PARAMETERS
            in_body = read_parameters(_decode(await self._read_body(request, limit)))
            # Ours, not the protocol's: these may stand in the address of a form too.
            in_body.accept = in_body.accept or in_address.accept
            in_body.min_generation = in_body.min_generation or in_address.min_generation
            in_body.release = in_body.release or in_address.release
            return in_body
        if content_type == "application/sparql-query":
            in_address.query = _decode(await self._read_body(request, limit))
            return in_address
        if content_type == "application/sparql-update":
            raise UpdateRefusedError("SPARQL Update is not offered.")
        raise UnsupportedMediaError(
            "Send a query as application/sparql-query or application/x-www-form-urlencoded, not as "
            f"{content_type or 'a body without a type'}."
        )

    async def _read_body(self, request: Request, limit: int) -> bytes:
        """Return the body.

        Raises:
            QueryTooLongError: more than ``limit`` bytes.
            RequestTimeoutError: it comes too slowly.
        """
        idle = self._settings.write_seconds
        body = bytearray()
        parts = request.stream()
        try:
            async with asyncio.timeout(idle * _UPLOAD_FACTOR):
                while True:
                    async with asyncio.timeout(idle):
                        part = await anext(parts, None)
                    if part is None:
                        return bytes(body)
                    body += part
                    if len(body) > limit:
                        raise QueryTooLongError(
                            f"The body has more than {limit} bytes.", limit=limit
                        )
        except TimeoutError:
            raise RequestTimeoutError("The query was sent too slowly.") from None

    def _redirect_to_page(self, request: Request) -> Response:
        root = request.scope.get("root_path", "")
        lang = _preferred_language(request.headers.get("accept-language", ""))
        query = request.scope.get("query_string", b"").decode("latin-1")
        tail = f"?{quote(query, safe='%&=+;/?:@!$()*,~-._')}" if query else ""
        return RedirectResponse(
            f"{root}/{lang}/sparql{tail}",
            status_code=303,
            headers={**_CORS, "Vary": "Accept, Accept-Language"},
        )

    def _describe(self, request: Request, accept: str) -> Response:
        media_type = choose(accept, GRAPH_TYPES)
        if media_type is None:
            raise NotOfferedError(
                f"The service description is offered as {', '.join(GRAPH_TYPES)}.",
                offered=list(GRAPH_TYPES),
            )
        public = self._settings.public_url.rstrip("/")
        root = request.scope.get("root_path", "")
        here = public or f"{request.url.scheme}://{request.url.netloc}{root}"
        body = describe_service(f"{here}/sparql", media_type, self._settings)
        headers = {**_CORS, "Vary": "Accept", "Cache-Control": "no-cache"}
        return Response(body, headers=headers, media_type=media_type)

    def _answer_head(self, asked: QueryRequest) -> Response:
        """Say what GET would be, without evaluating the query."""
        query = check_query(
            asked.query,
            max_bytes=self._settings.query_bytes,
            max_nesting=self._settings.query_nesting,
        )
        media_type = choose_for(query.form, asked.accept)
        headers = {**_CORS, "Vary": "Accept, Accept-Encoding", "Content-Type": _typed(media_type)}
        return Response(headers=headers)

    async def _stream(
        self, request: Request, asked: QueryRequest, send: Send, told: Mapping[str, str]
    ) -> None:
        """Evaluate and send; stop evaluating when the client leaves or reads no more."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker
        done = left = False

        def leave(_: object) -> None:
            nonlocal left
            if not done:
                left = True
                task.cancel()

        leaving = asyncio.create_task(_wait_for_leaving(request))
        leaving.add_done_callback(leave)
        try:
            answer = await self._services.queries.run(asked)
            await self._send(answer, send, told)
        except asyncio.CancelledError:
            if not left:
                raise
            task.uncancel()
        finally:
            done = True
            leaving.cancel()

    async def _send(self, answer: Answer, send: Send, told: Mapping[str, str]) -> None:
        """Send the answer; leave it without an end where it breaks off."""
        headers = {
            **_CORS,
            "Content-Type": _typed(answer.media_type),
            "Vary": "Accept, Accept-Encoding",
            "Cache-Control": "no-cache",
            "Maillon-Generation": str(answer.generation),
            **told,
        }
        if answer.encoding:
            headers["Content-Encoding"] = answer.encoding
        if (whole := answer.whole()) is not None:
            headers["Content-Length"] = str(len(whole))
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        if whole is not None:
            with contextlib.suppress(TimeoutError):  # it stopped reading
                async with asyncio.timeout(self._settings.write_seconds):
                    await send({"type": "http.response.body", "body": whole, "more_body": False})
            return
        blocks = answer.chunks()
        try:
            async for block in blocks:
                async with asyncio.timeout(self._settings.write_seconds):
                    await send({"type": "http.response.body", "body": block, "more_body": True})
        except MaillonError as error:
            _LOG.warning("result broken off: %s", error.problem)
            return
        except TimeoutError:
            _LOG.info("client stopped reading")
            return
        finally:
            if isinstance(blocks, AsyncGenerator):
                await blocks.aclose()  # now, not when it is collected: it ends the worker
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait_for_leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQueryError(f"Not UTF-8: {error.reason} at byte {error.start}.") from None


def _check_iri(name: str, value: str) -> str:
    if not _IRI.match(value):
        raise BadQueryError(f"{name} is not an absolute IRI.")
    return value


def _prefers_page(accept: str) -> bool:
    # A client that says nothing, or takes anything, is a program.
    return choose(accept, (*RESULT_TYPES, *GRAPH_TYPES, "text/html")) == "text/html"


def _preferred_language(header: str) -> str:
    """Return the first of our languages in the order of the header's weights, else French."""
    found = []
    for position, element in enumerate(header.lower().split(",")):
        tag, _, parameter = element.strip().partition(";")
        with contextlib.suppress(ValueError):
            weight = float(parameter.partition("=")[2]) if parameter else 1.0
            found.append((-weight, position, tag.partition("-")[0]))
    return next((lang for weight, _, lang in sorted(found) if lang in LANGUAGES and weight), "fr")


def _accepts_gzip(header: str) -> bool:
    for element in header.lower().split(","):
        coding, _, parameter = element.strip().partition(";")
        if coding.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", parameter)
    return False


def _typed(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
