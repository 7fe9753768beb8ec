"""Releases, their files and differences, and what the site says about its data: DCAT-AP and VoID."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import (
    FileResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from graph_api.errors import (
    BusyError,
    DeadlineError,
    EngineDownError,
    MissingError,
    NotOfferedError,
)
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import (
    PageRoute,
    language_of,
    links_for,
    origin_of,
    render,
    services_of,
)
from graph_api.releases.catalogue import Facts, describe_catalogue, describe_release, describe_void
from graph_api.releases.rdf_answers import SERIALISERS, graph_response
from graph_api.releases.reading import shelf_of
from graph_api.releases.shelf import LIVE, Release, release_iri
from graph_api.representations import MEDIA_TYPES, choose_representation
from graph_api.services import Row
from graph_api.sparql.negotiation import choose
from ontology.iris import KINDS
from ontology.model import Literal

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_JSON = "application/json"
_PIECE = 65_536
_KEPT = 50  # differences whose counts stay in memory: releases never change
_SHOWN = 200  # entities of a sort on the page of a difference


@router.get("/releases")
async def list_releases(request: Request) -> Response:
    """List the releases, the newest first, as JSON; a browser is sent to the page."""
    if _wants_page(request):
        return _to_page(request, "releases")
    shelf = shelf_of(request)
    live = shelf.live()
    found = [
        {
            "id": each.id,
            "iri": release_iri(services_of(request).iris, each.id),
            "issued": each.issued,
            "generation": each.generation,
            "quads": each.quads,
            "hash": each.hash,
            "note": each.note,
            "live": each.id in live,
        }
        for each in shelf.all()
    ]
    return JSONResponse(
        {"releases": found}, headers={"Vary": "Accept", "Cache-Control": "no-cache"}
    )


@router.get("/releases/{release}")
async def get_release(request: Request, release: str) -> Response:
    """Return a release's manifest: its graphs, and its files with their checksums.

    Raises:
        MissingError: no such release.
    """
    found = shelf_of(request).get(release)
    if _wants_page(request):
        return _to_page(request, f"releases/{found.id}")
    return JSONResponse(found.to_json(), headers={"Vary": "Accept", "Cache-Control": "no-cache"})


@router.get("/releases/{old}/{new}.{form}")
async def get_difference(request: Request, old: str, new: str, form: str) -> Response:
    """Return what changed from one release to another: ``json`` for counts, ``trig`` for the quads.

    The quads added to and removed from a graph are in two graphs of their own, which say by
    ``prov:wasDerivedFrom`` which graph that is.

    Raises:
        MissingError: no such release or form.
        BusyError, DeadlineError
    """
    first, second = shelf_of(request).get(old), shelf_of(request).get(new)
    if form == "json":
        return JSONResponse(await _difference(request, first, second))
    if form != "trig":
        raise MissingError("a difference is offered as .json and .trig")
    name = f"maillon-{first.id}-{second.id}.trig"
    return StreamingResponse(
        _difference_trig(request, first, second),
        media_type="application/trig",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/dumps/")
async def newest_dumps(request: Request) -> Response:
    """Lead to the files of the newest release.

    Raises:
        MissingError: there is no release yet.
    """
    newest = next(iter(shelf_of(request).all()), None)
    if newest is None:
        raise MissingError("there is no release yet; `maillon release make` makes one")
    return RedirectResponse(links_for(request, "en").to(f"/dumps/{newest.id}/"), status_code=307)


@router.get("/dumps/{release}/")
async def dumps_of(request: Request, release: str) -> Response:
    """List the files of a release; a browser is sent to its page.

    Raises:
        MissingError: no such release.
    """
    found = shelf_of(request).get(release)
    if _wants_page(request):
        return _to_page(request, f"releases/{found.id}")
    files = [
        {"name": f.name, "bytes": f.bytes, "sha256": f.sha256, "graph": f.graph}
        for f in found.files
    ]
    return JSONResponse({"release": found.id, "files": files}, headers={"Vary": "Accept"})


@router.get("/dumps/{release}/{name:path}")
async def dump_file(request: Request, release: str, name: str) -> Response:
    """A file of a release, with its SHA-256 as entity tag; parts of it by ``Range``.

    Raises:
        MissingError: no such release or file.
    """
    shelf = shelf_of(request)
    found = shelf.get(release)
    path = shelf.file(found, name)
    listed = next((each for each in found.files if each.name == name), None)
    etag = f'"{listed.sha256}"' if listed else None
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    if etag:
        headers["ETag"] = etag
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
    media_type = "application/gzip" if name.endswith(".gz") else "text/plain"
    if name.endswith(".json"):
        media_type = _JSON
    return FileResponse(path, media_type=media_type, headers=headers)


@router.get("/catalog")
async def catalogue(request: Request) -> Response:
    """The DCAT-AP 3.0.1 catalogue of this site, by Accept; a browser is sent to the releases."""
    if _wants_page(request):
        return _to_page(request, "releases")
    facts = await _facts(request, counted=False)
    graph = await asyncio.to_thread(describe_catalogue, facts)
    return graph_response(request, graph, **{"Last-Modified": _http_date(facts.modified)})


@router.get("/.well-known/void")
async def void(request: Request) -> Response:
    """The VoID description: graphs with their sizes, classes, dumps, endpoint; by Accept."""
    facts = await _facts(request, counted=True)
    graph = await asyncio.to_thread(describe_void, facts)
    return graph_response(request, graph, **{"Last-Modified": _http_date(facts.modified)})


@router.get("/id/release/{release}", include_in_schema=False)
async def cite_release(request: Request, release: str) -> Response:
    """The address by which a release is cited: 303 to its page or its description.

    Raises:
        MissingError, NotOfferedError
    """
    found = shelf_of(request).get(release)
    chosen = choose_representation(request.headers.get("accept", ""))
    if chosen is None:
        raise NotOfferedError(
            "offered are a page (text/html) and " + ", ".join(MEDIA_TYPES.values())
        )
    if chosen == "html":
        return _to_page(request, f"releases/{found.id}")
    links = links_for(request, language_of(request))
    target = links.data(release_iri(services_of(request).iris, found.id), chosen)
    return RedirectResponse(target, status_code=303, headers={"Vary": "Accept, Accept-Language"})


@router.get("/data/release/{release}.{extension}", include_in_schema=False)
async def release_data(request: Request, release: str, extension: str) -> Response:
    """What is said about a release: its files with checksums, in RDF.

    Raises:
        MissingError: no such release or syntax.
    """
    # The identifier may have a dot of its own.
    name, _, form = f"{release}.{extension}".rpartition(".")
    found = shelf_of(request).get(name)
    if form not in MEDIA_TYPES:
        raise MissingError(f"no such data file: {extension[:80]}")
    facts = await _facts(request, counted=False)
    graph = describe_release(found, facts)
    media_type = MEDIA_TYPES[form]
    body = graph.serialize(format=SERIALISERS[media_type], encoding="utf-8")
    return Response(body, media_type=media_type, headers={"Cache-Control": "no-cache"})


@router.get("/{lang}/releases", include_in_schema=False)
async def releases_page(request: Request, lang: str) -> Response:
    """All releases, with how to cite and to query them, and the other ways to take the data."""
    shelf = shelf_of(request)
    return render(request, "releases.html", releases=shelf.all(), live=shelf.live(), most_live=LIVE)


@router.get("/{lang}/releases/{release}", include_in_schema=False)
async def release_page(request: Request, lang: str, release: str) -> Response:
    """A release: how to cite it, its files with checksums, its graphs.

    Raises:
        MissingError: no such release.
    """
    shelf = shelf_of(request)
    found = shelf.get(release)
    later = [each for each in shelf.all() if each.issued > found.issued]
    return render(
        request,
        "release.html",
        release=found,
        iri=release_iri(services_of(request).iris, found.id),
        live=found.id in shelf.live(),
        later=later[-1] if later else None,
        whole=[each for each in found.files if each.graph is None],
        graphs=[(size, [f for f in found.files if f.graph == size.iri]) for size in found.graphs],
    )


@router.get("/{lang}/releases/{old}/{new}", include_in_schema=False)
async def difference_page(request: Request, lang: str, old: str, new: str) -> Response:
    """What changed between two releases: counts by graph, entities that came, went or changed.

    Raises:
        MissingError, BusyError, DeadlineError
    """
    first, second = shelf_of(request).get(old), shelf_of(request).get(new)
    return render(
        request,
        "difference.html",
        old=first,
        new=second,
        difference=await _difference(request, first, second),
        shown=_SHOWN,
    )


async def _facts(request: Request, *, counted: bool) -> Facts:
    services = services_of(request)
    queries = services.queries
    graphs: tuple[tuple[str, int], ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    examples: tuple[str, ...] = ()
    if counted:
        cache = cache_of(request)

        async def count_graphs() -> list[Row]:
            return await queries.select(
                "SELECT ?key (COUNT(*) AS ?n) { GRAPH ?key { ?s ?p ?o } } GROUP BY ?key ORDER BY ?key"
            )

        async def count_classes() -> list[Row]:
            start = f"{services.iris.base}/id/"
            return await queries.select(
                "SELECT ?key (COUNT(DISTINCT ?s) AS ?n) (MIN(?s) AS ?first) { GRAPH ?g { ?s a ?key } "
                f'FILTER(STRSTARTS(STR(?s), "{start}")) }} GROUP BY ?key ORDER BY ?key'
            )

        graphs = _counts(await cache.get(queries.generation, "void/graphs", count_graphs))
        by_class = await cache.get(queries.generation, "void/classes", count_classes)
        classes = _counts(by_class)
        kinds: dict[str, str] = {}
        for row in by_class:
            split = services.iris.split(str(row["first"]))
            if split and split[0] in KINDS:
                kinds.setdefault(split[0], str(row["first"]))
        examples = tuple(kinds.values())
    return Facts(
        services.settings,
        origin_of(request) + links_for(request, "en").to(""),
        queries.generation,
        _published(request),
        tuple(shelf_of(request).all()),
        graphs,
        classes,
        examples,
    )


def _counts(rows: list[Row]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (str(row["key"]), int(row["n"].value)) for row in rows if isinstance(row["n"], Literal)
    )


def _published(request: Request) -> datetime:
    """When the newest generation was published. Raises EngineDownError before the first."""
    try:
        status = shelf_of(request).folder.current.stat()
    except FileNotFoundError:
        raise EngineDownError("there is no graph yet", retry_after=5) from None
    return datetime.fromtimestamp(int(status.st_mtime), UTC)


def _http_date(when: datetime) -> str:
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")


async def _difference(request: Request, old: Release, new: Release) -> dict[str, Any]:
    """Counts and entities of a difference, computed once."""
    state = request.app.state
    if not hasattr(state, "differences"):
        state.differences = {}
    known: dict[tuple[object, ...], dict[str, Any]] = state.differences
    key = (old.id, new.id, old.withheld, new.withheld)
    if key not in known:
        data = b"".join([piece async for piece in _run_difference(request, old, new, "json")])
        if len(known) >= _KEPT:
            known.pop(next(iter(known)))
        known[key] = json.loads(data)
    return known[key]


async def _difference_trig(request: Request, old: Release, new: Release) -> AsyncIterator[bytes]:
    async for piece in _run_difference(request, old, new, "trig"):
        yield piece


async def _run_difference(
    request: Request, old: Release, new: Release, form: str
) -> AsyncIterator[bytes]:
    """Yield what a process of its own writes; two at a time at most, within the slow lane's time."""
    state = request.app.state
    if not hasattr(state, "comparing"):
        state.comparing = asyncio.Semaphore(2)
    comparing: asyncio.Semaphore = state.comparing
    if comparing.locked():
        raise BusyError("two differences are being computed; try again", retry_after=5)
    settings = services_of(request).settings
    async with comparing:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "graph_api.releases.difference"),
            *(str(settings.data), old.id, new.id, form),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(settings.slow_seconds):
                assert process.stdout is not None  # noqa: S101 - it is a pipe
                while piece := await process.stdout.read(_PIECE):
                    yield piece
                if await process.wait():
                    raise EngineDownError("the difference could not be computed")
        except TimeoutError:
            raise DeadlineError(
                f"The difference was stopped after {settings.slow_seconds:g} seconds. Compare the "
                "dumps instead: their N-Quads are sorted.",
                limit=settings.slow_seconds,
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _wants_page(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return choose(accept, (_JSON, *SERIALISERS, "text/html")) == "text/html"


def _to_page(request: Request, path: str) -> Response:
    links = links_for(request, language_of(request))
    return RedirectResponse(
        links.page(path), status_code=303, headers={"Vary": "Accept, Accept-Language"}
    )
