"""Our partners: who they are, what they sent and what came of it; pages, JSON and SHACL."""

from dataclasses import asdict, dataclass
from typing import Any

from babel import Locale
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from graph_api.partners.copies import Copies
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.partners.runs import Run, RunLog
from graph_api.partners.shacl import shacl_report
from graph_api.portal.rendering import PageRoute, language_of, links_for, render, services_of
from graph_api.releases.rdf_answers import file_response, graph_response
from ontology.iris import Iris

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class _Known:
    """A partner with what is live of it, and its last run that was no preview."""

    partner: Partner
    note: dict[str, Any]
    last: Run | None


@router.get("/{lang}/partners", include_in_schema=False)
async def partners_page(request: Request, lang: str) -> Response:
    """Show the partners with their countries, languages, licences, prefixes and last runs."""
    known = await run_in_threadpool(_all, request)
    return render(
        request,
        "partners.html",
        partners=[each.partner for each in known],
        live={each.partner.id: each.note for each in known},
        last={each.partner.id: each.last for each in known},
        names=Locale.parse(lang),
    )


@router.get("/api/partners")
async def partners_data(request: Request) -> JSONResponse:
    """Return the partners: who, country (ISO 3166-1), languages (BCP 47), licence, prefixes of their IRIs,
    feeds, graph; records and triples that are live; the last run."""
    known = await run_in_threadpool(_all, request)
    found = [_told(each, services_of(request).iris) for each in known]
    return JSONResponse({"partners": found}, headers={"Cache-Control": "no-cache"})


@router.get("/{lang}/partners/{partner}", include_in_schema=False)
async def partner_page(request: Request, lang: str, partner: str) -> Response:
    """Show a partner and its last runs.

    Raises:
        MissingError: there is no such partner.
    """

    def read() -> tuple[Partner, dict[str, Any], list[Run]]:
        partners = _folder(request)
        found = partners.get(partner)
        place = partners.place(found.id)
        runs = [run for run, _ in zip(RunLog(place).all(), range(_SHOWN), strict=False)]
        return found, Copies(place).note(), runs

    found, note, runs = await run_in_threadpool(read)
    return render(
        request, "partner.html", partner=found, note=note, runs=runs, names=Locale.parse(lang)
    )


@router.get("/{lang}/partners/{partner}/runs/{run}", include_in_schema=False)
async def run_page(request: Request, lang: str, partner: str, run: str) -> Response:
    """Show the report of a run: each record that was left out, the rule and the remedy.

    Raises:
        MissingError: there is no such partner or run.
    """
    who, found = await run_in_threadpool(_run, request, partner, run)
    address = f"/partners/{who.id}/runs/{found.id}"
    return render(request, "partner_run.html", partner=who, run=found, address=address)


@router.get("/partners/{partner}/runs/{run}")
async def run_report(request: Request, partner: str, run: str) -> Response:
    """The report of a run, at a stable address: a page, or a SHACL validation report by Accept; with
    ``.json`` or ``.ttl`` behind it in that form. What left-out records say is in none.

    Raises:
        MissingError: there is no such partner or run.
        NotOfferedError: the client takes none of the forms.
    """
    name, _, extension = run.partition(".")
    who, found = await run_in_threadpool(_run, request, partner, name)
    iri = f"{services_of(request).iris.base}/partners/{who.id}/runs/{found.id}"
    if extension == "json":
        return JSONResponse(found.to_json(public=True), headers=_NO_INDEX)
    if extension == "ttl":
        body = shacl_report(found, iri).serialize(format="turtle", encoding="utf-8")
        response = file_response(request, body, "text/turtle")
        response.headers.update(_NO_INDEX)
        return response
    if extension:
        raise MissingError("a report is there as .json or .ttl")
    if "text/html" in request.headers.get("accept", ""):
        page = links_for(request, language_of(request)).page(f"partners/{who.id}/runs/{found.id}")
        return RedirectResponse(page, 303, {"Vary": "Accept, Accept-Language"})
    return graph_response(request, shacl_report(found, iri), **_NO_INDEX)


_SHOWN = 50  # runs on the page of a partner
_NO_INDEX = {"X-Robots-Tag": "noindex", "Cache-Control": "no-cache"}


def _folder(request: Request) -> PartnerFolder:
    services = services_of(request)
    return PartnerFolder(DataFolder(services.settings.data), services.iris)


def _all(request: Request) -> list[_Known]:
    partners = _folder(request)
    places = ((each, partners.place(each.id)) for each in partners.all())
    return [_Known(each, Copies(place).note(), RunLog(place).last()) for each, place in places]


def _run(request: Request, partner: str, run: str) -> tuple[Partner, Run]:
    partners = _folder(request)
    found = partners.get(partner)
    return found, RunLog(partners.place(found.id)).get(run)


def _told(known: _Known, iris: Iris) -> dict[str, Any]:
    told = {**asdict(known.partner), "graph": iris.graph(f"partner/{known.partner.id}")}
    told["records"], told["triples"] = (known.note.get(n, 0) for n in ("records", "triples"))
    if known.last is not None:
        last = known.last
        told["last_run"] = {"id": last.id, "at": last.at, "state": last.state}
        told["last_run"] |= {"kept": last.kept, "left_out": last.left_out}
    return told
