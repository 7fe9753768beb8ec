"""Directory, research, calls, events, laws, recommendations, definitions, practices: lists with filters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from corpus.outlines import AREAS, load_outlines
from graph_api.errors import MissingError
from graph_api.guide.reader import GuideReader, guide_of
from graph_api.linked_data import last_modified
from graph_api.portal.bars import Amount, draw_bars
from graph_api.portal.calendars import Day, calendar_text, read_day
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import date_of, literal_text, type_names
from graph_api.portal.feeds import News, atom_feed
from graph_api.portal.labels import Text, choose_text, local_name, text_of
from graph_api.portal.listings import (
    LISTINGS,
    Entry,
    Listing,
    choices,
    entries_query,
    filter_entries,
    group_by_date,
    read_entries,
    see_listing,
    seen_query,
)
from graph_api.portal.maps import Area, box_of, legend
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import (
    Links,
    PageRoute,
    links_for,
    origin_of,
    render,
    services_of,
)
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.portal.timelines import Dates, Moment, Timeline, draw_timeline, moments_from
from graph_api.portal.views import Reference
from graph_api.routers.crawling import xml_response
from graph_api.routers.pages import wording_of
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Literal, Term

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

PAGE_SIZE = 40
MOST_NEWS = 100
MOST_CHOICES = 60
"""Values of a filter that can be chosen; the rest is found by search."""
MOST_BARS = 20
"""Values of which the counts are drawn, the most common first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a column in words; ``iri`` where it has a page."""

    text: Text
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words: columns that say something, by their label."""

    entry: Entry
    label: Text
    summary: Text | None
    types: tuple[str, ...]
    columns: tuple[tuple[Text, tuple[Cell, ...]], ...]


async def listing_page(request: Request, lang: str) -> Response:
    """Show a list with its filters."""
    listing = _listing(request)
    entries, found, chosen, reader = await _filtered(request, listing)
    page = _page(request)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if not shown and page > 1:
        raise MissingError(f"there is no page {page}")
    knowledge = await reader.knowledge()
    offered = {
        name: values[:MOST_CHOICES] for name, values in choices(listing, entries, knowledge).items()
    }
    counted = choices(listing, found, knowledge)
    drawn = counted.get(listing.drawn, [])[:MOST_BARS]
    outlines = _outlines(listing, dict(counted.get(listing.mapped, [])), services_of(request).iris)
    mapped = [(iri, count) for iri, _, count in outlines]
    details = await _details(request, shown, {**offered, "drawn": drawn, "mapped": mapped})
    links = links_for(request, lang)
    lines = {entry.iri: _line(listing, entry, details, lang) for entry in shown}
    today = datetime.now(UTC).date()
    groups = group_by_date(listing, shown, today) if listing.ends else {"all": shown}
    base = services_of(request).iris
    return render(
        request,
        "listing.html",
        listing=listing,
        groups={name: [lines[e.iri] for e in group] for name, group in groups.items()},
        total=len(found),
        offered={
            name: [
                (_slug(iri, base.base), details.label(iri, lang), count) for iri, count in values
            ]
            for name, values in offered.items()
        },
        filter_labels={name: details.label(prop, lang) for name, prop in listing.filters.items()},
        chosen={name: _slug(iri, base.base) for name, iri in chosen.items()},
        page=page,
        pages=max(1, -(-len(found) // PAGE_SIZE)),
        page_href=lambda n: links.page(
            listing.name, **{k: _slug(v, base.base) for k, v in chosen.items()}, page=n
        ),
        query=see_listing(listing, chosen, base),
        bars=draw_bars(
            Amount(
                details.label(iri, lang),
                count,
                href=links.page(listing.name, **{listing.drawn: _slug(iri, base.base)}),
            )
            for iri, count in drawn
        ),
        areas=[
            Area(
                details.label(iri, lang),
                path,
                count,
                links.page(listing.name, **{listing.mapped: _slug(iri, base.base)}),
            )
            for iri, path, count in outlines
        ],
        box=box_of(AREAS[0]),
        legend=legend(),
        timeline=_timeline(listing, lines.values(), details, lang) if listing.starts else None,
    )


async def listing_data(request: Request, lang: str) -> Response:
    """Return the same set as JSON: IRIs, labels, values, the year of the newest source."""
    listing = _listing(request)
    _, found, chosen, _ = await _filtered(request, listing)
    said = [
        {
            "iri": entry.iri,
            "labels": {label.lang or "": label.value for label in entry.labels},
            "values": {
                local_name(prop): [text_of(value) for value in values]
                for prop, values in entry.values.items()
            },
            "seen": entry.seen,
        }
        for entry in found
    ]
    query = see_listing(listing, chosen, services_of(request).iris)
    return JSONResponse({"total": len(said), "entries": said, "query": query})


async def listing_table(request: Request, lang: str) -> Response:
    """Return the same set as a table that French and English spreadsheets open."""
    listing = _listing(request)
    _, found, _, _ = await _filtered(request, listing)
    details = await _details(request, found, {})
    head = ["iri", "label", "summary", *(local_name(prop) for prop in listing.columns), "seen"]
    rows = [
        [
            entry.iri,
            entry.label(lang).text,
            (entry.summary(lang) or Text("")).text,
            *(
                " | ".join(_cell(v, details, lang).text.text for v in entry.values.get(prop, ()))
                for prop in listing.columns
            ),
            entry.seen,
        ]
        for entry in found
    ]
    return spreadsheet(f"maillon-{listing.name}", head, rows, lang)


async def listing_feed(request: Request, lang: str) -> Response:
    """Return the same set, filters included, as an Atom feed; dated lists with their dates."""
    listing = _listing(request)
    _, found, chosen, _ = await _filtered(request, listing)
    links, services = links_for(request, lang), services_of(request)
    own = {name: _slug(iri, services.iris.base) for name, iri in chosen.items()}
    stamp = last_modified(request)
    news = [
        News(e.iri, stamp, e.label(lang).text, links.iri(e.iri), _dated(listing, e, lang))
        for e in found[:MOST_NEWS]
    ]
    root = atom_feed(
        lang=lang,
        iri=services.iris.base + Links("", lang, "").page(f"{listing.name}.atom", **own),
        title=wording_of(lang).listing(listing.name),
        author=services.settings.publisher,
        origin=origin_of(request),
        own=links.page(f"{listing.name}.atom", **own),
        page=links.page(listing.name, **own),
        updated=stamp,
        entries=news,
    )
    return xml_response(request, root, "application/atom+xml")


async def listing_calendar(request: Request, lang: str) -> Response:
    """Return what has a day as a calendar: an event from its first day to its last, a call on its last."""
    listing = _listing(request)
    _, found, _, _ = await _filtered(request, listing)
    links, origin = links_for(request, lang), origin_of(request)
    days = []
    for entry in found:
        end = read_day(entry.when(listing.ends)) or read_day(entry.when(listing.starts))
        if end is None:
            continue
        first = read_day(entry.when(listing.starts)) or end
        start = end if listing.deadline else min(first, end)
        url = origin + links.iri(entry.iri)
        text = entry.summary(lang)
        days.append(
            Day(entry.iri, entry.label(lang).text, start, end, url, text.text if text else "")
        )
    body = calendar_text(wording_of(lang).listing(listing.name), days, last_modified(request))
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="maillon-{listing.name}.ics"',
    }
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


for _name in LISTINGS:
    router.add_api_route(f"/{{lang}}/{_name}.atom", listing_feed, include_in_schema=False)
    if LISTINGS[_name].ends:
        router.add_api_route(f"/{{lang}}/{_name}.ics", listing_calendar, include_in_schema=False)
    router.add_api_route(f"/{{lang}}/{_name}", listing_page, include_in_schema=False)
    router.add_api_route(f"/{{lang}}/{_name}.json", listing_data, include_in_schema=False)
    router.add_api_route(f"/{{lang}}/{_name}.csv", listing_table, include_in_schema=False)


def _listing(request: Request) -> Listing:
    name = request.url.path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return LISTINGS[name]


def _dated(listing: Listing, entry: Entry, lang: str) -> str:
    """The summary, after the dates where the list has them."""
    days = [day for prop in (listing.starts, listing.ends) if (day := entry.when(prop))]
    summary = entry.summary(lang)
    return ". ".join(
        [*([" – ".join(dict.fromkeys(days))] if days else []), *([summary.text] if summary else [])]
    )


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 10_000:
        raise MissingError(f"there is no page {text[:20]!r}")
    return int(text[:6])


async def _filtered(
    request: Request, listing: Listing
) -> tuple[tuple[Entry, ...], tuple[Entry, ...], dict[str, Iri], GuideReader]:
    services = services_of(request)
    cache, generation = cache_of(request), services.queries.generation

    async def load() -> tuple[Entry, ...]:
        rows = await services.queries.select(entries_query(listing))
        seen = await services.queries.select(seen_query(listing))
        return read_entries(listing, rows, seen, services.iris)

    entries = await cache.get(generation, f"listing/{listing.name}", load)
    reader = guide_of(request)
    chosen = _chosen(request, listing, services.iris.base)
    return (
        entries,
        filter_entries(listing, entries, chosen, await reader.knowledge()),
        chosen,
        reader,
    )


def _chosen(request: Request, listing: Listing, base: str) -> dict[str, Iri]:
    """What the address chooses; a value is a path (``territory/fr-dep-31``) or a term's name."""
    found = {}
    for name in listing.filters:
        path = request.query_params.get(name, "").strip()
        if path:
            iri = Iri(f"{base}/id/{path}" if "/" in path else f"{ONTOLOGY}#{path}")
            if any(char in path for char in '<>"{}|^`\\ \t\r\n\0'):
                raise MissingError(f"there is no {name} {path[:80]!r}")
            found[name] = iri
    return found


def _slug(iri: Iri, base: str) -> str:
    """How an address names a value: the path of a thing, the local name of a term of the ontology."""
    return iri.removeprefix(f"{base}/id/").removeprefix(f"{ONTOLOGY}#")


async def _details(
    request: Request,
    entries: tuple[Entry, ...],
    offered: Mapping[str, list[tuple[Iri, int]]],
) -> Details:
    wanted = {iri for values in offered.values() for iri, _ in values}
    for entry in entries:
        wanted |= {v for values in entry.values.values() for v in values if isinstance(v, Iri)}
    return await load_details(services_of(request).queries, wanted)


def _line(listing: Listing, entry: Entry, details: Details, lang: str) -> Line:
    columns = []
    for prop in listing.columns:
        values = entry.values.get(prop, ())
        texts = [v for v in values if isinstance(v, Literal) and v.lang]
        chosen = choose_text(texts, lang)
        cells = [Cell(chosen)] if chosen else [_cell(value, details, lang) for value in values]
        if cells:
            columns.append((details.label(prop, lang), tuple(cells)))
    kind = entry.iri.rpartition("/")[0].rpartition("/")[2]
    return Line(
        entry,
        entry.label(lang),
        entry.summary(lang),
        type_names(entry.types, kind, lang),
        tuple(columns),
    )


def _outlines(
    listing: Listing, counts: Mapping[Iri, int], iris: Iris
) -> list[tuple[Iri, str, int]]:
    """The régions with their outlines and what is counted there; none where nothing is."""
    if not listing.mapped:
        return []
    found = [
        (iri, path, counts.get(iri, 0))
        for slug, path in load_outlines(AREAS[0]).paths.items()
        for iri in [iris.entity("territory", slug)]
    ]
    return sorted(found, key=lambda each: (-each[2], each[0])) if any(n for *_, n in found) else []


def _capital(label: Text) -> Text:
    return Text(label.text[:1].upper() + label.text[1:], label.lang)


def _timeline(
    listing: Listing, lines: Iterable[Line], details: Details, lang: str
) -> Timeline | None:
    """The dates of the entries shown; with a deadline or an end, today too."""
    moments: list[Moment] = []
    for line in lines:
        dates = [
            Dates(prop, _capital(details.label(prop, lang)), tuple((when, ()) for when in said))
            for prop in listing.columns
            if (said := [when for v in line.entry.values.get(prop, ()) if (when := date_of(v))])
        ]
        thing = Reference(line.entry.iri, line.label)
        moments += moments_from(dates, thing)
    return draw_timeline(moments, datetime.now(UTC).date() if listing.ends else None)


def _cell(value: Term, details: Details, lang: str) -> Cell:
    if isinstance(value, Iri):
        return Cell(details.label(value, lang), "" if "#" in value else value)
    return Cell(literal_text(value, lang))
