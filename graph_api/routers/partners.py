"""Our partners: who they are and what they sent, as a page and as JSON."""

from dataclasses import asdict
from typing import Any

from babel import Locale
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.folder import DataFolder
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.portal.rendering import PageRoute, render, services_of
from ontology.iris import Iris

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@router.get("/{lang}/partners", include_in_schema=False)
async def partners_page(request: Request, lang: str) -> Response:
    """Show the partners with their countries, languages, licences and prefixes."""
    return render(
        request,
        "partners.html",
        partners=await run_in_threadpool(_all, request),
        names=Locale.parse(lang),
    )


@router.get("/api/partners")
async def partners_data(request: Request) -> JSONResponse:
    """Return the partners: who, country (ISO 3166-1), languages (BCP 47), licence, prefixes of their IRIs,
    feeds."""
    iris = services_of(request).iris
    found = [_told(each, iris) for each in await run_in_threadpool(_all, request)]
    return JSONResponse({"partners": found}, headers={"Cache-Control": "no-cache"})


def _all(request: Request) -> list[Partner]:
    services = services_of(request)
    return list(PartnerFolder(DataFolder(services.settings.data), services.iris).all())


def _told(partner: Partner, iris: Iris) -> dict[str, Any]:
    return {**asdict(partner), "graph": iris.graph(f"partner/{partner.id}")}
