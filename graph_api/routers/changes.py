"""What people changed in the graph: a page, JSON and a feed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.builder.decisions import DecisionLog
from graph_api.changes import Change, changes
from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.linked_data import last_modified
from graph_api.portal.details import Details, load_details
from graph_api.portal.facts import Fact, facts_in_words
from graph_api.portal.feeds import News, atom_feed
from graph_api.portal.i18n import catalogue
from graph_api.portal.rendering import (
    Links,
    PageRoute,
    links_for,
    origin_of,
    render,
    services_of,
)
from graph_api.routers.crawling import xml_response
from graph_api.routers.pages import wording_of
from graph_api.settlements import SettlementLog
from graph_api.suppressions import SuppressionLog
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

PAGE_SIZE = 50
MOST_NEWS = 50


@router.get("/{lang}/changes", include_in_schema=False)
async def changes_page(
    request: Request, lang: str, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show the changes that hold, the newest first.

    Raises:
        MissingError: there is no such page.
    """
    found = await _found(request)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    if page > pages:
        raise MissingError(f"there are {pages} pages")
    part = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    facts, details = await _words(request, lang, part)
    return render(
        request,
        "changes.html",
        changes=part,
        total=len(found),
        facts=facts,
        label=lambda iri: details.label(Iri(iri), lang),
        page=page,
        pages=pages,
        page_href=lambda number: links_for(request, lang).page("changes", page=number),
    )


@router.get("/{lang}/changes.json", include_in_schema=False)
async def changes_data(request: Request, lang: str) -> Response:
    """Return all changes that hold, the newest first."""
    found = await _found(request)
    data = {"changes": [change.to_json() for change in found]}
    return JSONResponse(data, headers={"Cache-Control": "no-cache"})


@router.get("/{lang}/changes.atom", include_in_schema=False)
async def changes_feed(request: Request, lang: str) -> Response:
    """The newest as an Atom feed."""
    links, services = links_for(request, lang), services_of(request)
    part = (await _found(request))[:MOST_NEWS]
    facts, details = await _words(request, lang, part)
    wording = wording_of(lang)
    news = []
    for change in part:
        said = facts.get(change.claim)
        about = f"{said.subject.text} {said.relation.text} {said.value.text}" if said else ""
        if change.iri:
            about = details.label(Iri(change.iri), lang).text
        key = change.claim or change.iri or f"document/{change.document}"
        news.append(
            News(
                f"{services.iris.base}/changes#{change.at}-{key.rpartition('/')[2]}",
                change.when,
                f"{wording.change(change.what)}: {about}" if about else wording.change(change.what),
                links.page("changes"),
            )
        )
    root = atom_feed(
        lang=lang,
        iri=services.iris.base + Links("", lang, "").page("changes.atom"),
        title=catalogue("portal", lang).gettext("What people changed"),
        author=services.settings.publisher,
        origin=origin_of(request),
        own=links.page("changes.atom"),
        page=links.page("changes"),
        updated=news[0].when if news else last_modified(request),
        entries=news,
    )
    return xml_response(request, root, "application/atom+xml")


async def _found(request: Request) -> list[Change]:
    folder = DataFolder(services_of(request).settings.data)
    place = folder.decisions

    def read() -> list[Change]:
        decisions, _ = DecisionLog(place).read()
        settled = SettlementLog(place).in_force()
        suppressed = {each.iri for each in SuppressionLog(folder.access).holding()}
        events = [e for e in IdentityLog(place).records() if not {e.iri, e.to} & suppressed]
        return changes(decisions, events, [s for s in settled if s.subject not in suppressed])

    return await run_in_threadpool(read)


async def _words(
    request: Request, lang: str, part: list[Change]
) -> tuple[dict[str, Fact], Details]:
    services = services_of(request)
    facts = await facts_in_words(services, lang, [change.claim for change in part])
    named = {Iri(iri) for change in part for iri in (change.iri, change.to) if iri}
    named |= {services.iris.document(change.document) for change in part if change.document}
    return facts, await load_details(services.queries, named)
