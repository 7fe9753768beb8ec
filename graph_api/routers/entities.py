"""Lists of a kind, pages of entities, and their addresses as linked data."""

import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from babel import Locale
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from graph_api.errors import GoneError, MissingError, NotOfferedError
from graph_api.linked_data import (
    conditional,
    describe,
    ensure_known,
    raise_fate,
    raise_recorded,
    tombstone,
)
from graph_api.portal.details import load_details
from graph_api.portal.display import type_names
from graph_api.portal.elsewhere import Elsewhere
from graph_api.portal.labels import Text, choose_label
from graph_api.portal.neighbours import Neighbour, related_to, resembling
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import (
    kind_query,
    publication_query,
    reference,
    see_query,
)
from graph_api.portal.rendering import (
    PageRoute,
    language_of,
    links_for,
    origin_of,
    render,
    services_of,
)
from graph_api.portal.structured_data import structured_data
from graph_api.portal.themes import SCHEME
from graph_api.portal.timelines import (
    Moment,
    Timeline,
    adoptions_query,
    draw_timeline,
    moments_of,
    read_adoptions,
)
from graph_api.portal.views import EntityView, Fact, Reference, Value
from graph_api.releases.reading import release_asked, services_at
from graph_api.representations import MEDIA_TYPES, choose_representation
from graph_api.routers.figures import Group, settled_about
from graph_api.routers.mappings import told_elsewhere
from graph_api.routers.pages import reader_of
from graph_api.routers.territories import known_here
from graph_api.routers.themes import view_theme
from graph_api.services import QueryRequest, Services
from graph_api.usage import note_usage
from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import KINDS
from ontology.model import Iri, Literal
from ontology.vocabularies import RDF_SUBJECT
from search.service import Hit

__all__ = ["IRI_PATH", "router"]

router = APIRouter(route_class=PageRoute)

PAGE_SIZE = 50
IRI_PATH = re.compile(  # what of RFC 3987 a path of ours may have: anything else is no name
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
        MissingError, GoneError, NotOfferedError
    """
    iri = _known_iri(services_of(request), f"claim/{claim}")
    form = _chosen_form(request)
    try:
        services = await ensure_known(request, iri)
    except GoneError as error:
        return _gone(error, form)
    rows = await services.queries.select(
        f"SELECT ?s {{ GRAPH ?g {{ {reference(iri)} <{RDF_SUBJECT}> ?s }} }} LIMIT 1"
    )
    if not rows:
        raise MissingError("there is no such statement")
    links = links_for(request, language_of(request))
    page = links.iri(str(rows[0]["s"])) + "#sources"
    return _see_other(request, iri, page, form)


@router.get("/id/{path:path}", include_in_schema=False)
async def dereference(request: Request, path: str) -> Response:
    """The address of a thing: 303 to its page or to its data, by Accept (httpRange-14).

    What was withdrawn answers 410 with a tombstone, what was merged 308 to what it is now.

    Raises:
        MissingError, GoneError, MovedError, NotOfferedError
    """
    iri = _known_iri(services_of(request), path)
    form = _chosen_form(request)
    try:
        await ensure_known(request, iri)
    except GoneError as error:
        return _gone(error, form)
    page = links_for(request, language_of(request)).iri(iri)
    return _see_other(request, iri, page, form)


@router.get("/data/{path:path}", include_in_schema=False)
async def data(request: Request, path: str) -> Response:
    """The data twin of a page: everything said about it, with evidence, in the syntax asked for.

    Raises:
        MissingError: an unknown thing or syntax.
        MovedError: merged into another.
    """
    name, _, extension = path.rpartition(".")
    if extension not in MEDIA_TYPES:
        raise MissingError(f"no such data file: {path[:200]}")
    iri = _known_iri(services_of(request), name)
    try:
        services = await ensure_known(request, iri)
    except GoneError as error:
        return _gone(error, extension)
    filename = "-".join(name.split("/")[-2:]) + f".{extension}"
    response = Response(
        await describe(services, iri, extension),
        media_type=MEDIA_TYPES[extension],
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
            "Link": f'<{iri}>; rel="describes"',
            "X-Content-Type-Options": "nosniff",
        },
    )
    return conditional(request, response)


@router.get("/graph/{path:path}")
async def graph(request: Request, path: str) -> Response:
    """The address of a named graph: its triples by Accept; a browser is sent to the SPARQL page.

    Raises:
        MissingError: no such graph.
        GoneError: the data of that partner were withdrawn.
        NotOfferedError, BusyError, DeadlineError, TooLargeError
    """
    if not IRI_PATH.match(path):
        raise MissingError("there is no such graph")
    services = services_at(request)
    iri = services.iris.graph(path)
    raise_recorded(request, iri)
    if not await services.queries.ask(f"ASK {{ GRAPH {reference(iri)} {{ ?s ?p ?o }} }}"):
        raise MissingError(f"there is no graph {iri}")
    form = _chosen_form(request)
    pattern = f"GRAPH {reference(iri)} {{ ?s ?p ?o }}"
    if form == "html":
        query = f"SELECT ?s ?p ?o WHERE {{\n  {pattern}\n}}\nLIMIT 200"
        release = request.query_params.get("release", "")
        page = links_for(request, language_of(request)).page("sparql", query=query, release=release)
        headers = {"Vary": "Accept, Accept-Language"}
        return RedirectResponse(page, status_code=303, headers=headers)
    asked = QueryRequest(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}",
        accept=MEDIA_TYPES[form],
        client=request.client.host if request.client else "",
    )
    answer = await services.queries.run(asked)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return StreamingResponse(answer.chunks(), media_type=answer.media_type, headers=headers)


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
    details = await load_details(queries, (iri for _, iri in shown))
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
    known, theme = None, None
    if kind == "concept" and slug.startswith(f"{SCHEME}/"):
        theme = await view_theme(request, Iri(view.iri), lang)
    if kind == "territory" and release_asked(request) is None:
        known = await known_here(request, Iri(view.iri), lang)
    related: tuple[Neighbour, ...] = ()
    alike: tuple[Hit, ...] = ()
    settled: list[Group] = []
    elsewhere: list[Elsewhere] = []
    if release_asked(request) is None:
        related = await related_to(request, Iri(view.iri), lang)
        alike = await resembling(request, Iri(view.iri), lang)
        settled = await settled_about(request, Iri(view.iri), lang)
        elsewhere = await told_elsewhere(request, view.iri, lang)
    note_usage(request, "theme", *_themes(view))
    page = origin_of(request) + links_for(request, lang).page(f"{view.kind}/{view.slug}")
    response = render(
        request,
        "entity.html",
        entity=view,
        mentioned=mentioned,
        known=known,
        theme=theme,
        related=related,
        alike=alike,
        settled=settled,
        elsewhere=elsewhere,
        countries=Locale.parse(lang).territories,
        timeline=draw_timeline(moments_of(view)),
        adoptions=await _adoptions(request, view),
        **({} if known is None or known.local else {"indexed": False}),
        see=see_query(Iri(view.iri)),
        release=release_asked(request),
        structured=structured_data(view, page),
    )
    return conditional(request, response)


async def _read(request: Request, kind: str, slug: str, lang: str) -> EntityView:
    if kind not in (*KINDS, "concept"):
        raise MissingError(f"there is no kind {kind[:80]}")
    iri = _known_iri(services_of(request), f"{kind}/{slug}")
    raise_recorded(request, iri)
    view = await reader_of(request, lang).read(iri, lang)
    if view is None:
        await raise_fate(request, iri)
        raise MissingError(f"nothing is known about {iri}")
    return view


def _themes(view: EntityView) -> list[str]:
    """The slugs of the themes that a page is about, its own where it is of a theme."""
    own = [view.slug] if view.kind == "concept" else []
    said = [
        value.reference.iri.partition("/id/concept/")[2]
        for fact in view.facts
        for value in fact.values
        if fact.property == mln.theme and value.reference and not value.inferred
    ]
    return [each.removeprefix(f"{SCHEME}/") for each in own + said if each.startswith(f"{SCHEME}/")]


async def _adoptions(request: Request, view: EntityView) -> list[tuple[Reference, Timeline]]:
    """With a law: each plan that rests on it, and who adopted it when."""
    if view.kind != "law":
        return []
    services = services_at(request)
    adopted = read_adoptions(await services.queries.select(adoptions_query(Iri(view.iri))))
    named = {*adopted, *(who for several in adopted.values() for who, _ in several)}
    details = await load_details(services.queries, named)

    def told(iri: Iri) -> Reference:
        return Reference(iri, details.label(iri, view.lang))

    drawn = {
        plan: draw_timeline(
            (Moment(Text(""), year, thing=told(who)) for who, year in several), alone=True
        )
        for plan, several in adopted.items()
    }
    return [(told(plan), timeline) for plan, timeline in drawn.items() if timeline]


async def _mentioned(request: Request, iri: Iri, lang: str) -> tuple[Fact, ...]:
    """What the files of a publication mention, by kind."""
    services = services_at(request)
    rows = await services.queries.select(publication_query(iri))
    things = {row["o"] for row in rows if isinstance(row["o"], Iri)}
    details = await load_details(services.queries, things)
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
    if not IRI_PATH.match(path):
        raise MissingError("nothing is known under that address")
    return Iri(f"{services.iris.base}/id/{path}")


def _chosen_form(request: Request) -> str:
    """Return ``html`` or one of MEDIA_TYPES. Raises NotOfferedError."""
    chosen = choose_representation(request.headers.get("accept", ""))
    if chosen is None:
        raise NotOfferedError(
            "offered are a page (text/html) and " + ", ".join(MEDIA_TYPES.values())
        )
    return chosen


def _gone(error: GoneError, form: str) -> Response:
    """A tombstone as RDF; a browser gets the page of the error."""
    if form == "html":
        raise error
    return tombstone(error, form)


def _see_other(request: Request, iri: Iri, page: str, form: str) -> Response:
    links = links_for(request, language_of(request))
    html = form == "html"
    target = page if html and page else links.data(iri, "ttl" if html else form)
    if release := request.query_params.get("release", ""):
        place, mark, fragment = target.partition("#")
        target = f"{place}?{urlencode({'release': release})}{mark}{fragment}"
    return RedirectResponse(target, status_code=303, headers={"Vary": "Accept, Accept-Language"})
