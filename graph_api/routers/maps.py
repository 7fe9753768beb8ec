"""Territories on a map: how much is known of each, as a picture, a table, JSON."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from corpus.outlines import AREAS, load_outlines
from graph_api.errors import MissingError
from graph_api.guide.reader import guide_of
from graph_api.portal.details import load_details
from graph_api.portal.labels import Text
from graph_api.portal.maps import Area, box_of, legend
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.portal.territories import HERE, count_local, see_counts
from graph_api.routers.territories import placed_of
from ontology.folding import fold
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

AreaName = Annotated[
    str,
    Query(title="fr (régions of France), fr-dep (départements), eu (Member States)", max_length=10),
]


@dataclass(frozen=True, slots=True)
class Line:
    """One territory: what is known of it or of its parts, by kind; ``path`` is its outline."""

    iri: Iri
    label: Text
    path: str
    counts: dict[str, int]
    total: int


@router.get("/{lang}/territories", include_in_schema=False)
async def territories_map(request: Request, lang: str, area: AreaName = AREAS[0]) -> Response:
    """Show how much is known of each territory of an area: a map, and the same as a table.

    Raises:
        MissingError: no such map.
        EngineDownError, DeadlineError, BusyError
    """
    lines = await _lines(request, area, lang)
    links = links_for(request, lang)
    return render(
        request,
        "map.html",
        area=area,
        lines=lines,
        kinds=[kind for kind in HERE if any(line.counts[kind] for line in lines)],
        areas=[Area(each.label, each.path, each.total, links.iri(each.iri)) for each in lines],
        box=box_of(area),
        legend=legend(),
        query=see_counts([line.iri for line in lines], services_of(request).iris),
    )


@router.get("/{lang}/territories/counts.csv", include_in_schema=False)
async def table(request: Request, lang: str, area: AreaName = AREAS[0]) -> Response:
    """Return the table of a map."""
    rows = [
        (line.iri, line.label.text, *(str(line.counts[kind]) for kind in HERE), str(line.total))
        for line in await _lines(request, area, lang)
    ]
    return spreadsheet(f"maillon-map-{area}", ("iri", "label", *HERE, "total"), rows, lang)


@router.get("/api/territories/counts")
async def data(request: Request, area: AreaName = AREAS[0]) -> Response:
    """Return how many things of each kind are known of a map's territories or of their parts.

    Raises:
        MissingError: no such map.
        EngineDownError, DeadlineError, BusyError
    """
    lines = await _lines(request, area, "en")
    found: list[dict[str, Any]] = [
        {"territory": line.iri, "counts": line.counts, "total": line.total} for line in lines
    ]
    query = see_counts([line.iri for line in lines], services_of(request).iris)
    return JSONResponse(
        {"area": area, "territories": found, "query": query}, headers={"Cache-Control": "no-cache"}
    )


async def _lines(request: Request, area: str, lang: str) -> list[Line]:
    """The territories of a map, those of which most is known first."""
    if area not in AREAS:
        raise MissingError(f"the maps are {', '.join(AREAS)}")
    services = services_of(request)
    paths = {
        services.iris.entity("territory", slug): path
        for slug, path in load_outlines(area).paths.items()
    }
    knowledge = await guide_of(request).knowledge()
    counts = count_local(paths, await placed_of(request), knowledge, services.iris)
    details = await load_details(services.queries, paths)
    lines = [
        Line(iri, details.label(iri, lang), path, counts[iri], total)
        for iri, path in paths.items()
        for total in [sum(counts[iri].values())]
    ]
    return sorted(lines, key=lambda line: (-line.total, fold(line.label.text), line.iri))
