"""Lists of a kind, pages of entities, and their addresses as linked data."""

import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from graph_api.errors import MissingError, NotOfferedError
from graph_api.portal.display import type_names
from graph_api.portal.labels import Text, choose_label
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import (
    construct_query,
    exists_query,
    kind_query,
    publication_query,
    reference,
    see_query,
)
from graph_api.portal.rendering import PageRoute, language_of, links_for, render, services_of
from graph_api.portal.views import EntityView, Fact, Reference, Value
from graph_api.releases.reading import release_asked, services_at
from graph_api.representations import MEDIA_TYPES, choose_representation
from graph_api.routers.pages import reader_of
from graph_api.services import QueryRequest, Services
from ontology.folding import fold
from ontology.iris import KINDS
from ontology.model import Iri, Literal
from ontology.vocabularies import RDF_SUBJECT

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

PAGE_SIZE = 50
_IRI_PATH = re.compile(  # what of RFC 3987 a path of ours may have: anything else is no name
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}"
    r"|[\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd])+\Z"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    iri: Iri
    label: Text
    types: tuple[str, ...] = ()
    summary: Text | None = None


@router.get("/id/claim/{claim}", include_in_schema=False)
async def claim(request: Request, claim: str) -> Response:
    """A statement's address: its data, or the page of its subject with its sources.

    Raises:
        MissingError, NotOfferedError
    """
    services = services_of(request)
    iri = _known_iri(services, f"claim/{claim}")
    rows = await services.queries.select(
        f"SELECT ?s {{ GRAPH ?g {{ {reference(iri)} <{RDF_SUBJECT}> ?s }} }} LIMIT 1"
    )
    if not rows:
        raise MissingError("there is no such statement")
    links = links_for(request, language_of(request))
    page = links.iri(str(rows[0]["s"])) + "#sources"
    return _see_other(request, iri, page)


@router.get("/id/{path:path}", include_in_schema=False)
async def dereference(request: Request, path: str) -> Response:
    """The address of a thing: 303 to its page or to its data, by Accept (httpRange-14).

    Raises:
        MissingError, NotOfferedError
    """
    services = services_at(request)
    iri = _known_iri(services, path)
    if not await services.queries.ask(exists_query(iri)):
        raise MissingError(f"nothing is known about {iri}")
    page = links_for(request, language_of(request)).iri(iri)
    return _see_other(request, iri, page)


@router.get("/data/{path:path}", include_in_schema=False)
async def data(request: Request, path: str) -> Response:
    """The data twin of a page: everything said about it, with evidence, in the syntax asked for.

    Raises:
        MissingError: an unknown thing or syntax.
    """
    services = services_at(request)
    name, _, extension = path.rpartition(".")
    if extension not in MEDIA_TYPES:
        raise MissingError(f"no such data file: {path[:200]}")
    iri = _known_iri(services, name)
    if not await services.queries.ask(exists_query(iri)):
        raise MissingError(f"nothing is known about {iri}")
    answer = await services.queries.run(
        QueryRequest(construct_query(iri, services.iris), accept=MEDIA_TYPES[extension], pages=True)
    )
    filename = "-".join(name.split("/")[-2:]) + f".{extension}"
    return StreamingResponse(
        answer.chunks(),
        media_type=answer.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "Cache-Control": "no-cache",
            "Link": f'<{iri}>; rel="describes"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.get("/api/entities/{kind}/{slug:path}")
async def entity_json(
    request: Request,
    kind: str,
    slug: str,
    ui: Annotated[str, Query(title="language of labels", pattern="^[a-z]{2}$")] = "en",
) -> dict[str, Any]:
    """The same as the page of an entity, as JSON.

    Raises:
        MissingError: no such entity.
    """
    return asdict(await _read(request, kind, slug, ui))


@router.get("/{lang}/{kind}", include_in_schema=False)
async def browse(
    request: Request,
    lang: str,
    kind: str,
    page: Annotated[int, Query(title="page of the list", ge=1, le=400)] = 1,
) -> Response:
    """All entities of a kind by name, fifty a page.

    Raises:
        MissingError: a page behind the last, or a kind that has no list.
    """
    if kind not in KINDS:
        raise MissingError("there is no such list")
    services = services_of(request)
    queries = services.queries

    async def names() -> list[tuple[Text, Iri]]:
        labels: dict[Iri, list[Literal]] = {}
        for row in await queries.select(kind_query(services.iris, kind)):
            if isinstance(row["s"], Iri) and isinstance(row["label"], Literal):
                labels.setdefault(row["s"], []).append(row["label"])
        found = [(choose_label(iri, literals, lang), iri) for iri, literals in labels.items()]
        return sorted(found, key=lambda pair: (fold(pair[0].text), pair[1]))

    everything = await cache_of(request).get(queries.generation, f"{kind}/{lang}", names)
    shown = everything[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if page > 1 and not shown:
        raise MissingError("the list has no such page")
    reader = reader_of(request, lang)
    details = await reader.details(iri for _, iri in shown)
    entries = [
        Entry(
            iri,
            label,
            type_names(details.types.get(iri, ()), kind, lang),
            details.summary(iri, lang),
        )
        for label, iri in shown
    ]
    pages = -(-len(everything) // PAGE_SIZE)
    links = links_for(request, lang)
    return render(
        request,
        "browse.html",
        kind=kind,
        entries=entries,
        total=len(everything),
        page=page,
        pages=pages,
        href=lambda number: links.page(kind, page=number if number > 1 else None),
    )


@router.get("/{lang}/{kind}/{slug:path}", include_in_schema=False)
async def entity(request: Request, lang: str, kind: str, slug: str) -> Response:
    """The page of an entity: what is known, and where each fact was read.

    Raises:
        MissingError: nothing is known under that name.
    """
    view = await _read(request, kind, slug, lang)
    mentioned: tuple[Fact, ...] = ()
    if kind == "publication":
        mentioned = await _mentioned(request, Iri(view.iri), lang)
    return render(
        request,
        "entity.html",
        entity=view,
        mentioned=mentioned,
        see=see_query(Iri(view.iri)),
        release=release_asked(request),
    )


async def _read(request: Request, kind: str, slug: str, lang: str) -> EntityView:
    if kind not in (*KINDS, "concept"):
        raise MissingError(f"there is no kind {kind[:80]}")
    iri = _known_iri(services_of(request), f"{kind}/{slug}")
    view = await reader_of(request, lang).read(iri, lang)
    if view is None:
        raise MissingError(f"nothing is known about {iri}")
    return view


async def _mentioned(request: Request, iri: Iri, lang: str) -> tuple[Fact, ...]:
    """What the files of a publication mention, by kind."""
    services = services_at(request)
    rows = await services.queries.select(publication_query(iri))
    things = {row["o"] for row in rows if isinstance(row["o"], Iri)}
    details = await reader_of(request, lang).details(things)
    return group_by_kind(
        [(services.iris.split(each), details.label(each, lang), each) for each in things]
    )


def group_by_kind(things: list[tuple[tuple[str, str] | None, Text, Iri]]) -> tuple[Fact, ...]:
    """Things as one :class:`Fact` a kind, whose label is the kind; what has no page is left out."""
    groups: dict[str, list[tuple[str, Text, Iri]]] = {}
    for place, label, iri in things:
        if place and place[0] in KINDS:
            groups.setdefault(place[0], []).append((fold(label.text), label, iri))
    return tuple(
        Fact(
            property="",
            label=Text(kind),
            values=tuple(
                Value(text=label, reference=Reference(iri, label, kind))
                for _, label, iri in sorted(groups[kind], key=lambda each: (each[0], each[2]))
            ),
        )
        for kind in KINDS
        if kind in groups
    )


def _known_iri(services: Services, path: str) -> Iri:
    if not _IRI_PATH.match(path):
        raise MissingError("nothing is known under that address")
    return Iri(f"{services.iris.base}/id/{path}")


def _see_other(request: Request, iri: Iri, page: str) -> Response:
    chosen = choose_representation(request.headers.get("accept", ""))
    if chosen is None:
        raise NotOfferedError(
            "offered are a page (text/html) and " + ", ".join(MEDIA_TYPES.values())
        )
    links = links_for(request, language_of(request))
    target = (
        page
        if chosen == "html" and page
        else links.data(iri, "ttl" if chosen == "html" else chosen)
    )
    if release := request.query_params.get("release", ""):
        place, mark, fragment = target.partition("#")
        target = f"{place}?{urlencode({'release': release})}{mark}{fragment}"
    return RedirectResponse(target, status_code=303, headers={"Vary": "Accept, Accept-Language"})
