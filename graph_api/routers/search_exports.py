"""Any search as a file or a feed: the same query object as the page, in CSV, JSON-LD and Atom.

A saved search is its address: who follows the feed needs no account.
"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from graph_api.linked_data import last_modified
from graph_api.portal.feeds import News, atom_feed
from graph_api.portal.rendering import Links, PageRoute, links_for, origin_of, services_of
from graph_api.portal.searching import SearchQuery
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.routers.crawling import xml_response
from graph_api.routers.feed import change_log_of
from graph_api.routers.search import Asked
from search.service import MOST_RESULTS, Hit, SearchResponse

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

Size = Annotated[int, Query(title="results", ge=1, le=MOST_RESULTS)]
Language = Annotated[str, Query(title="language of labels", pattern="^(fr|en)$")]

_COLUMNS = (
    "id", "type", "kind", "label", "lang", "publisher", "year", "document", "start", "end",
    "page", "section", "snippet", "matched", "address",
)  # fmt: skip


@router.get("/api/search.csv")
def search_csv(
    request: Request, asked: Asked, size: Size = MOST_RESULTS, ui: Language = "en"
) -> Response:
    """Return results of a search as a table that French (``ui=fr``) and English spreadsheets open.

    Raises:
        EngineDownError: there is no index yet.
    """
    links, origin = links_for(request, ui), origin_of(request)
    response = _search(request, asked, size, ui)
    rows = [_row(hit, origin + _address(links, hit)) for hit in response.results]
    return spreadsheet("search", _COLUMNS, rows, ui)


@router.get("/api/search.jsonld")
def search_jsonld(
    request: Request, asked: Asked, size: Size = MOST_RESULTS, ui: Language = "en"
) -> Response:
    """Return results of a search as a list of schema.org items, in their order.

    Raises:
        EngineDownError: there is no index yet.
    """
    links, origin = links_for(request, ui), origin_of(request)
    response = _search(request, asked, size, ui)
    first = (asked.page - 1) * size + 1
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "item": _item(hit, origin + _address(links, hit)),
        }
        for position, hit in enumerate(response.results, start=first)
    ]
    own = links.to("/api/search.jsonld", ui=ui, **asked.parameters(asked.page))
    body = {
        "@context": "https://schema.org",
        "@id": origin + own,
        "@type": "ItemList",
        "name": response.read_as,
        "numberOfItems": response.total,
        "itemListElement": items,
    }
    return JSONResponse(body, media_type="application/ld+json")


@router.get("/api/search.atom")
def search_atom(request: Request, asked: Asked, size: Size = 50, ui: Language = "en") -> Response:
    """Return results of a search as an Atom feed; each has the moment of its last change.

    Raises:
        EngineDownError: there is no index yet.
    """
    links, services = links_for(request, ui), services_of(request)
    response = _search(request, asked, size, ui)
    stamp = last_modified(request)
    # A passage changes with its document.
    subjects = {
        hit.id: str(services.iris.document(hit.document)) if hit.document else hit.id
        for hit in response.results
    }
    changed = change_log_of(request).moments(subjects.values())
    query = {"ui": ui, **asked.parameters()}
    root = atom_feed(
        lang=ui,
        iri=services.iris.base + Links("", ui, "").to("/api/search.atom", **query),
        title=asked.q[:200] or services.settings.publisher,
        author=services.settings.publisher,
        origin=origin_of(request),
        own=links.to("/api/search.atom", **query),
        page=links.page("search", **asked.parameters()),
        updated=stamp,
        entries=[
            News(
                hit.id,
                changed.get(subjects[hit.id], stamp),
                hit.label,
                _address(links, hit),
                _snippet(hit),
            )
            for hit in response.results
        ],
    )
    return xml_response(request, root, "application/atom+xml")


def _search(request: Request, asked: SearchQuery, size: int, ui: str) -> SearchResponse:
    query = replace(asked, size=size, ui=ui)
    return services_of(request).index.current().search(query.request())


def _address(links: Links, hit: Hit) -> str:
    """The page of a result: of a passage, its place in the document."""
    if hit.document:
        return links.document(hit.document, hit.start, hit.end)
    return links.iri(hit.id) or links.page()


def _row(hit: Hit, address: str) -> list[str]:
    row: dict[str, Any] = {name: getattr(hit, name, "") for name in _COLUMNS}
    row |= {"snippet": _snippet(hit), "matched": " · ".join(hit.matched), "address": address}
    if not hit.document:
        row |= {"start": "", "end": ""}
    return ["" if row[name] is None else str(row[name]) for name in _COLUMNS]


def _item(hit: Hit, address: str) -> dict[str, Any]:
    item: dict[str, Any] = {"@id": hit.id, "name": hit.label, "url": address}
    if hit.lang:
        item["inLanguage"] = hit.lang
    if hit.year is not None:
        item["datePublished"] = str(hit.year)
    if hit.snippet:
        item["description"] = _snippet(hit)
    return item


def _snippet(hit: Hit) -> str:
    return "".join(part for part, _ in hit.snippet)
