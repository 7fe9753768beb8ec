"""The search page, the same search as JSON, and suggestions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

from babel import Locale
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from graph_api.guide.offers import Knowledge
from graph_api.guide.reader import guide_of
from graph_api.portal.details import Details, load_details
from graph_api.portal.labels import Text, local_name
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.portal.searching import FILTERS, SearchQuery, response_json
from graph_api.routers.pages import wording_of
from graph_api.services import Services
from ontology.model import Iri
from search.query import clean_text
from search.service import SearchResponse

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

VALUES_SHOWN = 12
DEEPEST_PAGE = 100
_FOLDED_AFTER = 2  # groups of filters that stand open


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: what the form sends, its label, its count, and whether it is on."""

    value: str
    label: Text
    count: int
    on: bool
    inside: "tuple[Choice, ...]" = ()
    """Choices that are parts of this one."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of choices. ``active`` counts those that are on."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    active: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, the address without it, and how many results that address gives."""

    title: str
    label: Text
    href: str
    count: int | None = None


def search_query(
    request: Request,
    q: Annotated[str, Query(title="words", max_length=2000)] = "",
    page: Annotated[int, Query(title="page of results", ge=1, le=DEEPEST_PAGE)] = 1,
    exact: Annotated[bool, Query(title="without other names of the same thing")] = False,
    like: Annotated[str, Query(title="address of what results resemble", max_length=400)] = "",
    document: Annotated[str, Query(title="only this document", max_length=64)] = "",
    apart: Annotated[bool, Query(title="each passage, not each document once")] = False,
) -> SearchQuery:
    """Read the parameters that page and API share; filters may be repeated."""
    given = request.query_params
    filters = {
        name: tuple(dict.fromkeys(v[:300] for v in given.getlist(name)[:20] if v))
        for name in FILTERS
    }
    return SearchQuery(
        q=clean_text(q),
        filters={name: values for name, values in filters.items() if values},
        page=page,
        bridges=not exact,
        size=services_of(request).settings.search_page_size,
        like=like,
        document=document,
        apart=apart,
    )


Asked = Annotated[SearchQuery, Depends(search_query)]


@router.get("/api/search")
def search_json(
    request: Request,
    asked: Asked,
    size: Annotated[int | None, Query(title="results on a page", ge=1, le=100)] = None,
    ui: Annotated[str, Query(title="language of labels", pattern="^[a-z]{2}$")] = "en",
) -> dict[str, Any]:
    """Search passages, documents and entities.

    Filters, each may be repeated: ``type`` (``passage``, ``entity``, ``document`` or a kind), ``lang``
    (of the content), ``theme``, ``territory``, ``stage``, ``audience``, ``support``, ``year``,
    ``country``, ``publisher``, ``review`` (states of facts). Answers ``{total, facets, generation, results}``.

    Raises:
        EngineDownError: there is no index yet.
    """
    services = services_of(request)
    query = replace(asked, size=size or asked.size, ui=ui)
    response = services.index.current().search(query.request())
    return response_json(response, services.queries.generation)


@router.get("/api/suggest")
def suggest(
    request: Request,
    q: Annotated[str, Query(title="what was typed so far", max_length=200)] = "",
    lang: Annotated[str, Query(title="language of labels", pattern="^([a-z]{2})?$")] = "",
) -> dict[str, Any]:
    """Names that go on from what was typed."""
    found = services_of(request).index.current().suggest(q, lang)
    return {"suggestions": [asdict(each) for each in found]}


@router.get("/{lang}/search", include_in_schema=False)
async def search_page(request: Request, lang: str, asked: Asked) -> Response:
    """Results with filters; without words and filters, everything that there is."""
    services = services_of(request)
    query = replace(asked, ui=lang)
    response = await run_in_threadpool(_search, services, query)
    details = await _details(request, query, response)
    knowledge = await guide_of(request).knowledge()
    chips = _chips(request, lang, query, details)
    if not response.total and chips:
        chips = await run_in_threadpool(_count_without, services, query, chips)
    groups = _groups(lang, query, response, details, knowledge)
    pages = min(DEEPEST_PAGE, -(-response.total // query.size))
    links = links_for(request, lang)
    return render(
        request,
        "search.html",
        query=query,
        response=response,
        groups=groups,
        open_groups=_FOLDED_AFTER,
        chips=chips,
        pages=pages,
        href=lambda page: links.page("search", **query.parameters(page)),
        other=lambda q: links.page("search", **{**query.parameters(), "q": q}),
        exact=links.page("search", **{**query.parameters(), "exact": 1}),
        clear=links.page("search", q=query.q, like=query.like),
        publisher=lambda hit: _value_label("publisher", hit.publisher, lang, details),
        model=_value_label("like", query.like, lang, details) if query.like else None,
        inside=lambda hit: links.page(
            "search", **replace(query, document=hit.document, apart=True).parameters()
        ),
        everywhere=links.page("search", **replace(query, document="", apart=False).parameters()),
    )


def _search(services: Services, query: SearchQuery) -> SearchResponse:
    return services.index.current().search(query.request())


def _count_without(services: Services, query: SearchQuery, chips: list[Chip]) -> list[Chip]:
    """Say for each of the first filters what the search gives without it."""
    index = services.index.current()
    counted: list[Chip] = []
    for chip, (name, value) in zip(chips, query.chosen(), strict=True):
        total = None
        if len(counted) < 5:
            total = index.search(query.without(name, value).request()).total
        counted.append(Chip(chip.title, chip.label, chip.href, total))
    return counted


async def _details(request: Request, query: SearchQuery, response: SearchResponse) -> Details:
    """Labels of the filters, of the results' publishers and of what they resemble."""
    values = [each.value for name in FILTERS for each in query.facet(response, name)[:VALUES_SHOWN]]
    named = (*values, *(hit.publisher for hit in response.results), query.like)
    wanted = {Iri(each) for each in named if each.startswith(("http://", "https://"))}
    return await load_details(services_of(request).queries, wanted)


def _groups(
    lang: str,
    query: SearchQuery,
    response: SearchResponse,
    details: Details,
    knowledge: Knowledge,
) -> list[Group]:
    word = wording_of(lang)
    groups = []
    for name in FILTERS:
        values = query.facet(response, name)
        on = [each for each in values if query.has(name, each.value)]
        shown = [*on, *(each for each in values if each not in on)][: max(VALUES_SHOWN, len(on))]
        flat = {
            each.value: Choice(
                local_name(each.value) if "://" in each.value else each.value,
                _value_label(name, each.value, lang, details),
                each.count,
                each in on,
            )
            for each in shown
        }
        choices = _nested(flat, knowledge) if name == "territory" else tuple(flat.values())
        if len(flat) > 1 or on:
            groups.append(Group(name, word.facet(name), choices, len(on)))
    return groups


def _nested(flat: Mapping[str, Choice], knowledge: Knowledge) -> tuple[Choice, ...]:
    """Put each territory below the narrowest other one that holds it, in the order of counts."""
    around = {value: knowledge.around(Iri(value)) for value in flat}
    inside: dict[str, list[str]] = {}
    for value in flat:
        holding = [each for each in flat if each != value and each in around[value]]
        nearest = max(holding, key=lambda each: (len(around[Iri(each)]), each), default="")
        inside.setdefault(nearest, []).append(value)

    def below(value: str) -> tuple[Choice, ...]:
        return tuple(replace(flat[v], inside=below(v)) for v in inside.get(value, ()))

    return below("")


def _chips(request: Request, lang: str, query: SearchQuery, details: Details) -> list[Chip]:
    word, links = wording_of(lang), links_for(request, lang)
    known = {local_name(iri): iri for iri in details.labels}
    return [
        Chip(
            word.facet(name),
            _value_label(name, known.get(value, value), lang, details),
            links.page("search", **query.without(name, value).parameters()),
        )
        for name, value in query.chosen()
    ]


def _value_label(name: str, value: str, lang: str, details: Details) -> Text:
    word = wording_of(lang)
    if value.startswith(("http://", "https://")):
        return details.label(Iri(value), lang)
    if name == "type":
        return Text(word.kinds(value), lang)
    if name == "lang":
        return Text(word.language(value), lang)
    if name == "review":
        return Text(word.review(value), lang)
    if name == "country":
        return Text(Locale.parse(lang).territories.get(value.upper(), value), lang)
    return Text(value)
