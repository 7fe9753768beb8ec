"""``/feed``: what was created, changed and deleted, for those who follow us (LDES, DCAT-AP Feeds)."""

import asyncio
import hashlib
from collections.abc import Iterable
from typing import Annotated

import pyoxigraph as ox
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from graph_api.change_log import ChangeLog
from graph_api.errors import GoneError, MissingError, NotOfferedError
from graph_api.exchange.event_stream import (
    FORMATS,
    StreamAddresses,
    describe_stream,
    page_quads,
    write,
)
from graph_api.portal.rendering import links_for, origin_of, services_of
from graph_api.releases.rdf_answers import not_modified
from graph_api.releases.reading import shelf_of
from graph_api.sparql.negotiation import choose

__all__ = ["change_log_of", "router"]

router = APIRouter()

_Number = Annotated[int, Path(ge=0, le=2**62)]
_CORS = {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}


@router.get("/feed")
async def feed(request: Request) -> Response:
    """The event stream: what it keeps, and the pages that hold its members.

    Raises:
        NotOfferedError: the client takes none of the syntaxes.
    """
    media_type, addresses = _media_type(request), _addresses(request)
    settings, log = services_of(request).settings, change_log_of(request)
    state = await asyncio.to_thread(log.state)
    tag = _tag(state.last, state.kept, media_type, addresses.place)
    if not_modified(request, tag):
        return Response(status_code=304, headers=_growing(tag))
    pages = await asyncio.to_thread(log.pages)
    quads = describe_stream(addresses, pages, settings.publisher, settings.licence)
    return await _answer(request, quads, media_type, _growing(tag))


@router.get("/feed/page/{page}")
async def feed_page(request: Request, page: _Number) -> Response:
    """A page of the stream. A full one never gets another member: others may keep it.

    Raises:
        MissingError: there is no such page yet.
        GoneError: later changes replaced all that it held.
        NotOfferedError: the client takes none of the syntaxes.
    """
    media_type, addresses = _media_type(request), _addresses(request)
    log = change_log_of(request)
    bounds = {each.page: each for each in await asyncio.to_thread(log.pages)}
    if page not in bounds:
        if 0 < page < max(bounds, default=0):
            raise GoneError("later changes replaced all that this page held")
        raise MissingError("the feed has no such page")
    settings = services_of(request).settings
    found = bounds[page]
    tag = _tag(found.number, found.kept, media_type, addresses.place)
    headers = _growing(tag)
    if not found.open:
        headers["Cache-Control"] = f"public, max-age={settings.feed_page_seconds}, immutable"
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    changes = await asyncio.to_thread(log.page, page)
    quads = page_quads(addresses, addresses.page(page), changes)
    return await _answer(request, quads, media_type, headers)


@router.get("/feed/change/{number}")
async def feed_change(request: Request, number: _Number) -> Response:
    """One change: when, of what kind, and what is said since.

    Raises:
        MissingError: there is no such change yet.
        GoneError: a later one of the same entity replaced it.
        NotOfferedError: the client takes none of the syntaxes.
    """
    media_type, addresses = _media_type(request), _addresses(request)
    log = change_log_of(request)
    change = await asyncio.to_thread(log.change, number)
    if change is None:
        if 0 < number < (await asyncio.to_thread(log.state)).last:
            raise GoneError("a later change of the same entity replaced this one")
        raise MissingError("there is no such change")
    node = f"{addresses.place}/change/{number}"
    return await _answer(
        request, page_quads(addresses, node, [change]), media_type, {"Cache-Control": "no-cache"}
    )


def change_log_of(request: Request) -> ChangeLog:
    """The change log of the app that serves this request."""
    return ChangeLog(shelf_of(request).folder)


def _addresses(request: Request) -> StreamAddresses:
    place = origin_of(request) + links_for(request, "en").to("/feed")
    return StreamAddresses(services_of(request).iris.base, place)


def _media_type(request: Request) -> str:
    offered = list(FORMATS)
    media_type = choose(request.headers.get("accept", ""), offered)
    if media_type is None:
        raise NotOfferedError(f"offered are {', '.join(offered)}", offered=offered)
    return media_type


def _tag(last: int, kept: int, media_type: str, place: str) -> str:
    """Changes are only added at the end and dropped: last and number tell all states of a page apart."""
    return f'W/"{last}-{kept}-{hashlib.sha256(f"{media_type} {place}".encode()).hexdigest()[:12]}"'


def _growing(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache", **_CORS}


async def _answer(
    request: Request, quads: Iterable[ox.Quad], media_type: str, headers: dict[str, str]
) -> Response:
    base = services_of(request).iris.base
    body = await asyncio.to_thread(write, quads, media_type, base)
    return Response(body, 200, {**_CORS, **headers}, media_type)
