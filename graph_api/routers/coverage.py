"""White zones: stages and kinds of support of a territory, known or unknown: a page, JSON, a table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from graph_api.errors import MissingError
from graph_api.guide.coverage import Cell, Coverage, cover
from graph_api.guide.queries import coverage_query
from graph_api.guide.reader import Option, guide_of
from graph_api.portal.bars import Amount, Bar, draw_bars
from graph_api.portal.details import load_details
from graph_api.portal.display import type_names
from graph_api.portal.labels import local_name
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

Where = Annotated[str, Query(max_length=100, title="slug of a territory, or a name that means one")]


@dataclass(frozen=True, slots=True)
class _Table:
    place: Iri
    coverage: Coverage
    stages: tuple[Option, ...]
    supports: tuple[Option, ...]
    query: str


@router.get("/{lang}/coverage", include_in_schema=False)
async def coverage_page(
    request: Request, lang: str, place: Where = "", support: str = "", stage: str = ""
) -> Response:
    """Show the table of a territory, and the programmes of one cell when it is chosen."""
    meant = await guide_of(request).meant(place)
    table = await _table(request, meant[0].iri, lang) if len(meant) == 1 else None
    cell = _chosen(table, support, stage) if table and (support or stage) else None
    wanted = {each.iri for each in meant[:30]} | {*(cell.known + cell.unplaced if cell else ())}
    details = await load_details(services_of(request).queries, wanted)
    return render(
        request,
        "coverage.html",
        asked=place,
        table=table,
        slug=local_name(table.place) if table else "",
        place_label=details.label(table.place, lang) if table else None,
        places=[
            (
                local_name(each.iri),
                details.label(each.iri, lang),
                type_names(details.types.get(each.iri, ()), "territory", lang),
                each.past,
            )
            for each in meant[:30]
        ],
        cell=cell,
        chosen=(support, stage),
        bars=_bars(table) if table else (),
        label=lambda iri: details.label(iri, lang),
    )


@router.get("/{lang}/coverage.csv", include_in_schema=False)
async def coverage_table(request: Request, lang: str, place: Where) -> Response:
    """Return the table of a territory, a cell a line, known and unknown."""
    table = await _settled(request, place, lang)
    rows = []
    for support in table.supports:
        for stage in table.stages:
            cell = table.coverage.cell(support.iri, stage.iri)
            rows.append(
                (
                    support.label.text, stage.label.text, "known" if cell.known else "unknown",
                    str(len(cell.known)), str(len(cell.unplaced)), " ".join(cell.known),
                )
            )  # fmt: skip
    head = ("support", "stage", "state", "programmes", "elsewhere_or_unsaid", "iris")
    return spreadsheet(f"maillon-coverage-{local_name(table.place)}", head, rows, lang)


@router.get("/api/coverage")
async def coverage_data(request: Request, place: Where) -> Response:
    """Return which stages meet which kinds of support in a territory, as JSON, with the SPARQL.

    ``known`` are programmes that sources say to be valid there, ``unplaced`` those of which no
    source says where. A cell without ``known`` is unknown, which is not the same as nothing there.

    Raises:
        MissingError: no territory, or several, have that name.
        EngineDownError, DeadlineError, BusyError
    """
    table = await _settled(request, place, "en")
    cells: list[dict[str, Any]] = []
    for support in table.coverage.supports:
        for stage in table.coverage.stages:
            cell = table.coverage.cell(support, stage)
            cells.append(
                {
                    "support": support,
                    "stage": stage,
                    "state": "known" if cell.known else "unknown",
                    "known": list(cell.known),
                    "unplaced": list(cell.unplaced),
                }
            )
    return JSONResponse(
        {"territory": table.place, "cells": cells, "query": table.query},
        headers={"Cache-Control": "no-cache"},
    )


async def _settled(request: Request, place: str, lang: str) -> _Table:
    meant = await guide_of(request).meant(place)
    if len(meant) != 1:
        names = ", ".join(local_name(each.iri) for each in meant[:10])
        raise MissingError(
            f"several territories are called {place!r}: {names}"
            if meant
            else f"no territory is called {place!r}"
        )
    return await _table(request, meant[0].iri, lang)


async def _table(request: Request, place: Iri, lang: str) -> _Table:
    reader, today = guide_of(request), datetime.now(UTC).date()
    stages = await reader.options("stages", lang)
    supports = await reader.options("support-types", lang)
    coverage = cover(
        place,
        (await reader.offers(today)).values(),
        await reader.knowledge(),
        tuple(each.iri for each in stages),
        tuple(each.iri for each in supports),
    )
    return _Table(
        place, coverage, stages, supports, coverage_query(place, services_of(request).iris, today)
    )


def _bars(table: _Table) -> tuple[Bar, ...]:
    """How many programmes are known at each stage."""
    return draw_bars(
        Amount(stage.label, len(table.coverage.programmes(stage.iri))) for stage in table.stages
    )


def _chosen(table: _Table, support: str, stage: str) -> Cell:
    supports = {each.slug: each.iri for each in table.supports}
    stages = {each.slug: each.iri for each in table.stages}
    if support not in supports or stage not in stages:
        raise MissingError(f"there is no support {support[:80]!r} at a stage {stage[:80]!r}")
    return table.coverage.cell(supports[support], stages[stage])
